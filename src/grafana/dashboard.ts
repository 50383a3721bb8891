import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AnnotationQueryBuilder,
  CustomVariableBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
  QueryVariableBuilder,
  type AnnotationQuery,
  type Dashboard,
  type DashboardBuilder,
  type DataSourceRef,
  type VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { percentileFieldNames } from '../reporting/influx/schema.ts';
import { Select, tagValues } from './influxql.ts';
import { dashboardUids, dataSourceUid } from './uids.ts';

/** What Grafana 10 writes itself; later ones bring it up to what they write. */
const schemaVersion = 38;

export const dataSource: DataSourceRef = { type: 'influxdb', uid: dataSourceUid };

/** A variable asks for its values when the dashboard is opened, and whenever the time changes. */
export const refreshedWithTheTime = 2 as VariableRefresh.OnTimeRangeChanged;

const runsAtMost = 500;

/** Runs by their label, newest first; the value is the identity. Lists of tags would have no order. */
export function runVariable(name: string, label: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(dataSource)
    .query(new Select('run').show('run_label').newestFirst(runsAtMost).text)
    .regex('/^(?<text>.* (?<value>\\S+))$/')
    .refresh(refreshedWithTheTime);
}

/** Statements, or kinds of them, of the runs that `runs` stands for: several of them or all. */
export function tagVariable(name: 'statement' | 'kind', runs: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(name === 'statement' ? 'Statement' : 'Kind')
    .datasource(dataSource)
    .query(tagValues('interval', name, runs))
    .refresh(refreshedWithTheTime)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}

/** Which percentile the times show, by the name that it has in fields. */
export function percentileVariable(): CustomVariableBuilder {
  const all = { ...percentileFieldNames, longest: 'max' };
  return new CustomVariableBuilder('percentile')
    .label('Percentile')
    .values(
      Object.entries(all)
        .map(([text, value]) => `${text} : ${value}`)
        .join(', '),
    )
    .options(Object.entries(all).map(([text, value]) => ({ selected: value === 'p99', text, value })))
    .current({ selected: true, text: 'p99', value: 'p99' });
}

/** The end of an event by the name that Grafana's server gives the column: that of the measurement before it. */
const timeEndColumn = 'event.time_end';

/**
 * Events of the run as Grafana marks them: only the nested form of the query is heard. Columns have their names where
 * the browser reads the answer (Grafana 10.0 to 10.2), and the measurement's before them where the server does; the
 * column of the end must be the same to the letter, so it is there under both. The first column without a role becomes
 * the title.
 */
export function eventAnnotation(name: string, kinds: string, color: string): Builder<AnnotationQuery> {
  const query = new Select('event')
    .show('kind', 'event_text', 'event_tags', 'time_end')
    .showAs('time_end', timeEndColumn)
    .where('test_id', '$run')
    .where('kind', kinds)
    .shown();
  const target = {
    refId: 'Anno',
    rawQuery: true,
    fromAnnotations: true,
    query: query.text,
    textColumn: 'event_text',
    tagsColumn: 'event_tags',
    timeEndColumn,
  };
  const annotation = new AnnotationQueryBuilder()
    .name(name)
    .datasource(dataSource)
    .iconColor(color)
    .enable(true)
    .build();
  // The SDK knows only what the data source of Grafana's own annotations takes.
  return { build: () => ({ ...annotation, target: target as never }) };
}

/** A link at the top of a dashboard to another one, with what it is to show. */
export function linkTo(to: keyof typeof dashboardUids, title: string, query = ''): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .icon('dashboard')
    .url(`/d/${dashboardUids[to]}${query}`);
}

/** The dashboard with what a file needs: identities of its panels, and of all that is the same each time it is made. */
export function finished(builder: DashboardBuilder): Dashboard {
  const dashboard = builder.build();
  let id = 0;
  for (const panel of dashboard.panels ?? []) panel.id = ++id;
  return { ...dashboard, schemaVersion, version: 1 };
}
