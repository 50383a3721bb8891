import { rangeOfBucket } from '../../../stress-client/buckets.ts';
import { formatBytes, formatCount, formatDuration, formatPerSecond } from '../../../stress-client/units.ts';
import type { StatementCharts } from '../report-data.ts';
import { ninesOf } from '../spectrum.ts';
import { unpackColumns } from '../unpack-columns.ts';
import type { DrawnChart } from './charts-in-view.ts';
import { drawHeatMap } from './heat-map-chart.ts';
import { drawLines, type Line, type LineChart } from './line-chart.ts';
import type { Mark } from './marks.ts';

type Columns = ReadonlyMap<string, readonly (number | null)[]>;

/** Draws one chart of a statement, by its name. */
export function drawStatementChart(
  name: string,
  place: HTMLElement,
  width: number,
  charts: StatementCharts,
  marks: readonly Mark[],
): DrawnChart {
  if (name === 'heat') return drawHeatMap(place, width, charts.heatMap!, marks);
  if (name === 'spectrum') return drawLines(place, width, spectrumChart(charts));
  const columns = columnsOf(charts);
  const overTime = {
    x: columns.get('endUs')!.map((us) => us! / 1e6),
    from: charts.startNs / 1e9,
    along: 'seconds',
    marks,
    mark: charts.mark,
  } as const;
  return drawLines(place, width, { ...overTime, ...chartOf(name, columns, charts) });
}

let lastUnpacked: { readonly charts: StatementCharts; readonly columns: Columns } | undefined;

/** The charts of a statement are drawn one after the other: what the last one has unpacked serves the next. */
function columnsOf(charts: StatementCharts): Columns {
  if (lastUnpacked?.charts !== charts) lastUnpacked = { charts, columns: unpackColumns(charts.series) };
  return lastUnpacked.columns;
}

const figureColours: Readonly<Record<string, string>> = {
  p50: 'series-1',
  p90: 'series-2',
  p99: 'series-3',
  'p99.9': 'series-4',
  max: 'series-5',
};

function chartOf(
  name: string,
  columns: Columns,
  { errorClasses }: StatementCharts,
): Pick<LineChart, 'lines' | 'logarithmic' | 'format'> & { readonly mark?: string } {
  const line = (
    column: string,
    label: string,
    colour: string,
    more: Partial<Line> = {},
    scale = 1,
  ): Line[] => {
    const values = columns.get(column);
    if (values === undefined) return [];
    return [
      { label, colour, values: values.map((value) => (value === null ? null : value * scale)), ...more },
    ];
  };
  switch (name) {
    case 'throughput':
      return {
        lines: [
          ...line('achieved', 'achieved', 'series-1', { filled: true }, 1e-3),
          ...line('offered', 'offered', 'series-3', { dashed: true }, 1e-3),
        ],
        logarithmic: false,
        format: formatPerSecond,
        mark: '',
      };
    case 'volume':
      return {
        lines: [
          ...line('requestBytes', 'sent', 'series-1', {}, 1e-3),
          ...line('responseBytes', 'received', 'series-2', {}, 1e-3),
        ],
        logarithmic: false,
        format: formatBytes,
        mark: '',
      };
    case 'errors':
      return {
        lines: errorClasses.flatMap((errorClass, at) =>
          line(`error:${errorClass}`, errorClass, `series-${((at + 3) % 5) + 1}`, { filled: true }),
        ),
        logarithmic: false,
        format: formatCount,
        mark: '',
      };
    case 'inFlight':
      return {
        lines: line('inFlight', 'in flight', 'series-1'),
        logarithmic: false,
        format: formatCount,
        mark: '',
      };
    case 'waits':
      return {
        lines: [
          ...timeLines(columns, 'lateness', 'lateness ', { p99: 'series-1', max: 'series-2' }),
          ...timeLines(columns, 'slotWait', 'slot wait ', { p99: 'series-3', max: 'series-4' }),
        ],
        logarithmic: true,
        format: formatDuration,
      };
    default:
      return {
        lines: timeLines(columns, name, '', figureColours),
        logarithmic: true,
        format: formatDuration,
      };
  }
}

/** Figures of a time, whose columns hold the buckets that the figures are the upper ends of. */
function timeLines(
  columns: Columns,
  time: string,
  label: string,
  colours: Readonly<Record<string, string>>,
): readonly Line[] {
  return Object.entries(colours).flatMap(([figure, colour]) => {
    const buckets = columns.get(`${time}:${figure}`);
    if (buckets === undefined) return [];
    const values = buckets.map((bucket) => {
      if (bucket === null) return null;
      const { lowestNs, width } = rangeOfBucket(bucket);
      return lowestNs + width - 1;
    });
    // A maximum often lies on the percentiles below it.
    return [{ label: `${label}${figure}`, colour, values, dashed: figure === 'max' }];
  });
}

const spectrumColours = { response: 'series-1', service: 'series-3', failed: 'series-4' } as const;

/** The percentiles of all times on one axis of nines. Times of fewer samples reach less far. */
function spectrumChart({ spectra, mark }: StatementCharts): LineChart {
  const longest = spectra.reduce((most, each) => (each.count > most.count ? each : most));
  const x = [...new Set(spectra.flatMap(({ valuesNs, count }) => ninesOf(valuesNs.length, count)))].toSorted(
    (a, b) => a - b,
  );
  return {
    x,
    along: 'nines',
    lines: spectra.map(({ time, valuesNs, count }) => {
      const valueAt = new Map(ninesOf(valuesNs.length, count).map((nines, at) => [nines, valuesNs[at]!]));
      // Undefined is no gap in a line: the point belongs to another one.
      const values = x.map((nines) => valueAt.get(nines) ?? (undefined as unknown as null));
      return {
        label: time,
        colour: spectrumColours[time],
        values,
        dashed: longest.time !== time && time === 'service',
      };
    }),
    logarithmic: true,
    format: formatDuration,
    mark,
  };
}
