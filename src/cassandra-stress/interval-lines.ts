import { fixed } from './java-format.ts';
import type { TimeFigures } from './time-figures.ts';

/** What garbage collection at the server did; 0 where it is not told. */
export interface CollectionFigures {
  readonly count: number;
  readonly maximumMs: number;
  readonly sumMs: number;
  readonly deviationMs: number;
  readonly megabytes: number;
}

export const noCollections: CollectionFigures = {
  count: 0,
  maximumMs: 0,
  sumMs: 0,
  deviationMs: 0,
  megabytes: 0,
};

export interface IntervalFigures {
  /** Such as WRITE, the name of a query, or `total`. */
  readonly type: string;
  /** Since the start. */
  readonly totalOperations: number;
  readonly operationsPerSecond: number;
  readonly partitionsPerSecond: number;
  readonly rowsPerSecond: number;
  readonly times: TimeFigures;
  /** Since the start. */
  readonly elapsedSeconds: number;
  readonly uncertainty: number;
  readonly errors: number;
  readonly collections: CollectionFigures;
}

const titles = [
  ['type', -10],
  ['total ops', 10],
  ['op/s', 8],
  ['pk/s', 8],
  ['row/s', 8],
  ['mean', 8],
  ['med', 8],
  ['.95', 8],
  ['.99', 8],
  ['.999', 8],
  ['max', 8],
  ['time', 7],
  ['stderr', 9],
  ['errors', 7],
  ['gc: #', 7],
  ['max ms', 8],
  ['sum ms', 8],
  ['sdv ms', 8],
  ['mb', 8],
] as const;

/** The line above the intervals. */
export const intervalHeader = lineOf(titles.map(([title, width]) => pad(title, width)));

/** One line of an interval: tools split it at its commas. */
export function intervalLine(figures: IntervalFigures): string {
  const { times, collections } = figures;
  const texts = [
    `${figures.type},`,
    String(figures.totalOperations),
    ...[figures.operationsPerSecond, figures.partitionsPerSecond, figures.rowsPerSecond].map((each) =>
      fixed(each, 0),
    ),
    ...[times.mean, times.median, times.p95, times.p99, times.p999, times.maximum].map((each) =>
      fixed(each, 1),
    ),
    fixed(figures.elapsedSeconds, 1),
    fixed(figures.uncertainty, 5),
    String(figures.errors),
    ...[
      collections.count,
      collections.maximumMs,
      collections.sumMs,
      collections.deviationMs,
      collections.megabytes,
    ].map((each) => fixed(each, 0)),
  ];
  return lineOf(texts.map((text, index) => pad(text, titles[index]![1])));
}

/** The type has a comma of its own, before its blanks. */
function lineOf([type, ...rest]: readonly string[]): string {
  return `${type}${rest.join(',')}`;
}

function pad(text: string, width: number): string {
  return width < 0 ? text.padEnd(-width) : text.padStart(width);
}

/**
 * The table at the end of a run with several thread counts: its header and a line for each, with the count before it.
 */
export function comparisonLines(
  rows: readonly { readonly id: string; readonly figures: IntervalFigures }[],
): readonly string[] {
  const width = Math.max(0, ...rows.map(({ id }) => id.length));
  return [
    `${'id'.padStart(width)}, ${intervalHeader}`,
    ...rows.map(({ id, figures }) => `${id.padStart(width)}, ${intervalLine(figures)}`),
  ];
}

/** The header of `format=pystress`. */
export const pystressHeader =
  ' total ops,    op/s,  mean,     med,     .95,     .99,    .999,     max,   time,  errors';

/** The line of `format=pystress`: the total alone, in fewer columns. */
export function pystressLine({
  totalOperations,
  operationsPerSecond,
  times,
  elapsedSeconds,
  errors,
}: IntervalFigures): string {
  const columns = [
    String(totalOperations).padStart(10),
    fixed(operationsPerSecond, 0).padStart(8),
    fixed(times.mean, 1).padStart(6),
    ...[times.median, times.p95, times.p99, times.p999, times.maximum].map((each) =>
      fixed(each, 1).padStart(8),
    ),
  ];
  return `${columns.join(',')},${fixed(elapsedSeconds, 1).padStart(7)}${String(errors).padStart(9)}`;
}

/** `Improvement over 4 threadCount: 149%`. Both in operations a second. */
export function improvementLine(threads: number, before: number, after: number): string {
  return `Improvement over ${threads} threadCount: ${fixed((100 * (after - before)) / before, 0)}%`;
}
