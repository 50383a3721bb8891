import { fixed, grouped } from './java-format.ts';
import type { TimeFigures } from './time-figures.ts';

export interface SummaryFigures {
  readonly operationsPerSecond: number;
  readonly partitionsPerSecond: number;
  readonly rowsPerSecond: number;
  readonly times: TimeFigures;
  readonly partitions: number;
  readonly errors: number;
}

export interface SummaryCollections {
  readonly count: number;
  readonly bytes: number;
  readonly sumMs: number;
  readonly deviationMs: number;
}

export const noSummaryCollections: SummaryCollections = { count: 0, bytes: 0, sumMs: 0, deviationMs: 0 };

/** A run: all together, and each type of operation by its name. */
export interface Summary {
  readonly total: SummaryFigures;
  readonly types: ReadonlyMap<string, SummaryFigures>;
  readonly collections: SummaryCollections;
  readonly elapsedMs: number;
}

/** `Results:` and what follows, to the empty line before `END`. */
export function summaryLines({ total, types, collections, elapsedMs }: Summary): readonly string[] {
  const each = (show: (figures: SummaryFigures) => string): string =>
    `[${sorted(types)
      .map(([name, figures]) => `${name}: ${show(figures)}`)
      .join(', ')}]`;
  const rate = (of: (figures: SummaryFigures) => number, unit: string): string => {
    const shown = (figures: SummaryFigures): string => `${grouped(of(figures))} ${unit}`;
    return `${grouped(of(total)).padStart(8)} ${unit.padEnd(5)} ${each(shown)}`;
  };
  const time = (of: (times: TimeFigures) => number): string => {
    const shown = ({ times }: SummaryFigures): string => `${fixed(of(times), 1)} ms`;
    return `${fixed(of(total.times), 1).padStart(6)} ms ${each(shown)}`;
  };
  const count = (of: (figures: SummaryFigures) => number): string =>
    `${grouped(of(total)).padStart(10)} ${each((figures) => grouped(of(figures)))}`;
  const average = collections.count === 0 ? NaN : collections.sumMs / collections.count;
  return [
    'Results:',
    line(
      'Op rate',
      rate((figures) => figures.operationsPerSecond, 'op/s'),
    ),
    line(
      'Partition rate',
      rate((figures) => figures.partitionsPerSecond, 'pk/s'),
    ),
    line(
      'Row rate',
      rate((figures) => figures.rowsPerSecond, 'row/s'),
    ),
    ...latencies.map(([name, of]) => line(name, time(of))),
    line(
      'Total partitions',
      count((figures) => figures.partitions),
    ),
    line(
      'Total errors',
      count((figures) => figures.errors),
    ),
    line('Total GC count', grouped(collections.count)),
    line('Total GC memory', memory(collections.bytes)),
    line('Total GC time', `${grouped(collections.sumMs / 1000, 1).padStart(6)} seconds`),
    line('Avg GC time', `${grouped(average, 1).padStart(6)} ms`),
    line('StdDev GC time', `${grouped(collections.deviationMs, 1).padStart(6)} ms`),
    line('Total operation time', clockTime(elapsedMs)),
    '',
  ];
}

/** The summary of `format=pystress`: fewer lines, figures without columns. */
export function pystressSummaryLines({ total, types, elapsedMs }: Summary): readonly string[] {
  const each = (show: (figures: SummaryFigures) => string): string =>
    `[${sorted(types)
      .map(([name, figures]) => `${name}: ${show(figures)}`)
      .join(', ')}]`;
  const rate = (figures: SummaryFigures): string => `${grouped(figures.operationsPerSecond)} op/s`;
  return [
    'Results:',
    line('Op rate', `${rate(total)}  ${each(rate)}`),
    ...latencies.map(([name, of]) => {
      const shown = ({ times }: SummaryFigures): string => `${fixed(of(times), 1)} ms`;
      return line(name, ` ${shown(total)} ${each(shown)}`);
    }),
    line('Total operation time', clockTime(elapsedMs)),
  ];
}

const latencies: readonly (readonly [string, (times: TimeFigures) => number])[] = [
  ['Latency mean', (times) => times.mean],
  ['Latency median', (times) => times.median],
  ['Latency 95th percentile', (times) => times.p95],
  ['Latency 99th percentile', (times) => times.p99],
  ['Latency 99.9th percentile', (times) => times.p999],
  ['Latency max', (times) => times.maximum],
];

function line(name: string, value: string): string {
  return `${name.padEnd(26)}: ${value}`;
}

function sorted(types: Summary['types']): readonly (readonly [string, SummaryFigures])[] {
  return [...types].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function memory(bytes: number): string {
  if (bytes >= 2 ** 30) return `${fixed(bytes / 2 ** 30, 3)} GiB`;
  if (bytes >= 2 ** 20) return `${fixed(bytes / 2 ** 20, 3)} MiB`;
  return `${fixed(bytes / 2 ** 10, 3)} KiB`;
}

/** `HH:mm:ss`, whole seconds that passed. */
function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((each) => String(each).padStart(2, '0'))
    .join(':');
}
