import {
  DashboardBuilder,
  DashboardCursorSync,
  QueryVariableBuilder,
  RowBuilder,
  type Dashboard,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { dataSource, finished, linkTo, refreshedWithTheTime } from './dashboard.ts';
import { Select, tagValues } from './influxql.ts';
import { table, timeSeries } from './panels.ts';
import { runColumns, runFields, statementColumns, statementFields } from './report-columns.ts';
import { dashboardUids } from './uids.ts';

/** The statement in every run of the time that is shown. */
function summaries(): Select<'summary'> {
  return new Select('summary')
    .where('statement', '$statement')
    .where('kind', '$kind')
    .where('test_name', '$test_name')
    .shown();
}

/** One statement over many runs, a point a run. */
export function historyDashboard(): Dashboard {
  const series = ['test_name', 'target'] as const;
  const chart = (
    title: string,
    description: string,
    unit: string,
    of: readonly (readonly [Parameters<Select<'summary'>['of']>[1], string])[],
  ) => {
    const select = summaries();
    for (const [field, as] of of) select.of('max', field, as);
    const alias = of.length === 1 ? '$tag_test_name $tag_target' : '$tag_test_name $tag_target $col';
    return timeSeries({
      title,
      description,
      unit,
      width: 12,
      sparse: true,
      queries: [{ text: select.overTime(...series).text, alias }],
    });
  };
  return finished(
    new DashboardBuilder('stressql: History')
      .uid(dashboardUids.history)
      .description('One statement over many runs: a point a run, at the run’s start.')
      .tags(['stressql'])
      .time({ from: 'now-90d', to: 'now' })
      .timezone('browser')
      .tooltip(DashboardCursorSync.Crosshair)
      .withVariable(
        new QueryVariableBuilder('statement')
          .label('Statement')
          .datasource(dataSource)
          .query(tagValues('summary', 'statement'))
          .refresh(refreshedWithTheTime),
      )
      .withVariable(
        new QueryVariableBuilder('kind')
          .label('Kind')
          .datasource(dataSource)
          .query(`${tagValues('summary', 'kind')} WHERE "statement" =~ /^$statement$/`)
          .refresh(refreshedWithTheTime)
          .multi(true)
          .includeAll(true)
          .allValue('.*')
          .current({ selected: true, text: ['All'], value: ['$__all'] }),
      )
      .withVariable(
        new QueryVariableBuilder('test_name')
          .label('TestName')
          .datasource(dataSource)
          .query(tagValues('summary', 'test_name'))
          .refresh(refreshedWithTheTime)
          .multi(true)
          .includeAll(true)
          .allValue('.*')
          .current({ selected: true, text: ['All'], value: ['$__all'] }),
      )
      .link(linkTo('run', 'Runs'))
      .link(linkTo('compare', 'Compare'))
      .withRow(new RowBuilder('${statement}'))
      .withPanel(
        chart(
          'Throughput of the run, items a second',
          'Acknowledged, over the whole statement. Where a point stands for several runs, the largest.',
          'short',
          [['items_per_second', 'items/s']],
        ),
      )
      .withPanel(
        chart(
          'Requests that failed or stayed unknown',
          'Of the whole statement. Where a point stands for several runs, the largest.',
          'short',
          [['errors', 'errors']],
        ),
      )
      .withPanel(
        chart(
          'Service time: p50, p99 and p99.9 of the run',
          'From whole histograms. Sent to answered. Where a point stands for several runs, the largest.',
          'ns',
          [
            ['service_p50_ns', 'p50'],
            ['service_p99_ns', 'p99'],
            ['service_p99_9_ns', 'p99.9'],
          ],
        ),
      )
      .withPanel(
        chart(
          'Response time (open model): p50, p99 and p99.9 of the run',
          'From whole histograms. From when a request was due. Where a point stands for several runs, the largest.',
          'ns',
          [
            ['response_p50_ns', 'p50'],
            ['response_p99_ns', 'p99'],
            ['response_p99_9_ns', 'p99.9'],
          ],
        ).noValue('A closed model has no response time'),
      )
      .withPanel(
        table({
          title: 'Every run of the statement: figures of the whole statement',
          description: 'Percentiles of the run, from whole histograms.',
          width: 24,
          height: 9,
          queries: [
            {
              text: summaries()
                .show('test_id', 'test_name', ...statementFields)
                .newestFirst(500).text,
            },
          ],
          columns: [
            { name: 'Time', title: 'Start', width: 170 },
            {
              name: 'test_id',
              title: 'Run',
              width: 110,
              links: {
                'Compare with this run': `/d/${dashboardUids.compare}?var-baseline=\${__data.fields.test_id}`,
              },
            },
            { name: 'test_name', title: 'TestName' },
            ...statementColumns,
          ],
        }),
      )
      .withPanel(
        table({
          title: 'All runs of this time',
          description: 'A click on a run shows it, in its own time.',
          width: 24,
          queries: [
            {
              text: new Select('run')
                .show('test_id', ...runFields)
                .shown()
                .newestFirst(500).text,
            },
          ],
          columns: runColumns,
        }),
      ),
  );
}
