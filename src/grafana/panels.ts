import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type DynamicConfigValue,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeriesPanel } from '@grafana/grafana-foundation-sdk/timeseries';
import { dataSource } from './dashboard.ts';

/** A query of a panel; the SDK has none for InfluxQL. */
export interface PanelQuery {
  readonly text: string;
  /** What the legend calls its series, such as `$tag_statement`. */
  readonly alias?: string;
}

interface PanelOptions {
  readonly title: string;
  /** What the figures are, and what they are not. */
  readonly description: string;
  /** Of 24. */
  readonly width: number;
  readonly height?: number;
  readonly queries: readonly PanelQuery[];
}

export interface TimeSeriesOptions extends PanelOptions {
  /** As Grafana calls it: `ns`, `Bps`, `short`, … */
  readonly unit: string;
  /** Shortest stretch of time that a point stands for. */
  readonly interval?: string;
  /** Points with lines, where there are few. */
  readonly sparse?: boolean;
  /** A line across the chart. */
  readonly line?: number;
}

/** A chart over time. */
export function timeSeries(options: TimeSeriesOptions): TimeSeriesPanel {
  const { unit, interval = '1s', sparse = false, line, width, height = 8 } = options;
  const panel = new TimeSeriesPanel()
    .title(options.title)
    .description(options.description)
    .datasource(dataSource)
    .interval(interval)
    .unit(unit)
    .min(0)
    .span(width)
    .height(height)
    .lineWidth(1)
    .fillOpacity(0)
    .showPoints(sparse ? VisibilityMode.Always : VisibilityMode.Auto)
    .spanNulls(sparse)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (line !== undefined) {
    panel.thresholds(thresholds([null, 'transparent'], [line, 'text'])).thresholdsStyle({
      build: () => ({ mode: 'dashed' as never }),
    });
  }
  return panel.targets(targets(options.queries, 'time_series'));
}

/** How a column of a table is shown. */
export interface Column {
  readonly name: string;
  readonly title?: string;
  readonly unit?: string;
  readonly decimals?: number;
  readonly width?: number;
  readonly hidden?: boolean;
  /** Colours behind the value, by the least value of each; the first has none. */
  readonly colors?: readonly Step[];
  /** Colours behind the texts that match a pattern. */
  readonly words?: Readonly<Record<string, string>>;
  /** Where its values lead: addresses by their title. */
  readonly links?: Readonly<Record<string, string>>;
}

export type Step = readonly [from: number | null, color: string];

export interface TableOptions extends PanelOptions {
  readonly columns: readonly Column[];
}

/** A row a row of the answer. The time of the rows is hidden, unless `columns` says how it is shown. */
export function table(options: TableOptions): TablePanel {
  const { columns, width, height = 8 } = options;
  const panel = new TablePanel()
    .title(options.title)
    .description(options.description)
    .datasource(dataSource)
    .span(width)
    .height(height);
  const time = columns.some(({ name }) => name === 'Time') ? [] : [{ name: 'Time', hidden: true }];
  for (const column of [...time, ...columns]) panel.overrideByName(column.name, propertiesOf(column));
  return panel.targets(targets(options.queries, 'table'));
}

function propertiesOf(column: Column): DynamicConfigValue[] {
  const { title, unit, decimals, width, hidden, colors, words, links } = column;
  const properties: DynamicConfigValue[] = [];
  const set = (id: string, value: unknown): void => void properties.push({ id, value });
  if (hidden === true) set('custom.hidden', true);
  if (title !== undefined) set('displayName', title);
  if (unit !== undefined) set('unit', unit);
  if (decimals !== undefined) set('decimals', decimals);
  if (width !== undefined) set('custom.width', width);
  if (colors !== undefined || words !== undefined) {
    set('custom.cellOptions', { type: 'color-background', mode: 'basic' });
  }
  if (colors !== undefined) {
    set('color', { mode: 'thresholds' });
    set('thresholds', thresholds([null, 'transparent'], ...colors).build());
  }
  if (words !== undefined) {
    const mappings = Object.entries(words).map(([pattern, color], index) => ({
      type: 'regex',
      options: { pattern, result: { color, index } },
    }));
    set('mappings', mappings);
  }
  if (links !== undefined) {
    set(
      'links',
      Object.entries(links).map(([text, url]) => ({ title: text, url })),
    );
  }
  return properties;
}

function thresholds(...steps: readonly Step[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })));
}

/** What Grafana's InfluxDB data source takes as a query. */
interface InfluxQlTarget extends Dataquery {
  readonly refId: string;
  readonly datasource: typeof dataSource;
  readonly rawQuery: true;
  readonly query: string;
  readonly resultFormat: 'time_series' | 'table';
  readonly alias?: string;
}

function targets(queries: readonly PanelQuery[], resultFormat: InfluxQlTarget['resultFormat']) {
  return queries.map(({ text, alias }, index) => {
    const target: Omit<InfluxQlTarget, '_implementsDataqueryVariant'> = {
      refId: String.fromCharCode(65 + index),
      datasource: dataSource,
      rawQuery: true,
      query: text,
      resultFormat,
      ...(alias !== undefined && { alias }),
    };
    return { build: (): Dataquery => target as InfluxQlTarget };
  });
}
