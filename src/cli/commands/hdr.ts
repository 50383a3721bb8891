import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { alignColumns } from '../../reporting/columns.ts';
import { encodeBuckets } from '../../reporting/histogram-encoding.ts';
import { histogramLogHead, histogramLogLine } from '../../reporting/histogram-log.ts';
import {
  mergeHistogramLogs,
  totalsOfHistogramLogs,
  type Alignment,
} from '../../reporting/merge-histogram-logs.ts';
import { HistogramLogError } from '../../reporting/read-histogram-log.ts';
import type { Buckets } from '../../stress-client/buckets.ts';
import { timeFiguresOf, type TimeFigures } from '../../stress-client/time-figures.ts';
import { formatCount, formatDuration, formatItems } from '../../stress-client/units.ts';
import { UsageError } from '../usage-error.ts';
import { version } from '../version.ts';
import { writeOutput, type OutputFlags } from '../write-output.ts';

/** Part of logs that is looked at. */
export interface LogSelection {
  /** Tags as they stand in the log; absent: all. */
  readonly tag?: readonly string[];
  /** Seconds since a log's first interval. */
  readonly from?: number;
  readonly to?: number;
}

export interface HdrMergeOptions extends OutputFlags {
  readonly align: Alignment;
  /** Nanoseconds. */
  readonly interval: number;
}

/** Merges logs of several machines or runs into one; answers with the exit code. */
export async function hdrMergeCommand(paths: readonly string[], options: HdrMergeOptions): Promise<number> {
  await orUsageError(writeOutput(mergedLog(paths, options), options));
  return 0;
}

async function* mergedLog(
  paths: readonly string[],
  { align, interval }: HdrMergeOptions,
): AsyncIterable<string> {
  let baseMs: number | undefined;
  for await (const { tag, startMs, endMs, buckets } of mergeHistogramLogs(paths, align, interval / 1e6)) {
    if (baseMs === undefined) {
      baseMs = startMs;
      const what = `stressql ${version}, ${formatItems(paths.length, 'log')} merged by ${align === 'clock' ? 'the clock' : 'their start'}`;
      yield histogramLogHead(what, baseMs);
    }
    const times = [(startMs - baseMs) * 1e6, (endMs - baseMs) * 1e6] as const;
    const maxNs = timeFiguresOf(buckets, 0)!.maxNs;
    yield histogramLogLine(tag, ...times, { maxNs, histogram: encodeBuckets(buckets) });
  }
  if (baseMs === undefined) throw new HistogramLogError('there is no sample in these logs');
}

export interface HdrPrintOptions extends LogSelection {
  readonly format: 'text' | 'csv' | 'json' | 'percentiles';
}

/** Prints the figures of logs taken together, tag by tag; answers with the exit code. */
export async function hdrPrintCommand(paths: readonly string[], options: HdrPrintOptions): Promise<number> {
  const totals = await selected(paths, options);
  process.stdout.write(printed(totals, options.format));
  return 0;
}

/** Prints two logs side by side, tag by tag; answers with the exit code. */
export async function hdrDiffCommand(one: string, other: string, options: LogSelection): Promise<number> {
  const [before, after] = [await selected([one], options), await selected([other], options)];
  const blocks: string[] = [];
  for (const tag of new Set([...before.keys(), ...after.keys()])) {
    const [first, second] = [before.get(tag), after.get(tag)];
    if (first === undefined || second === undefined) {
      blocks.push(`${nameOf(tag)}: only in ${first === undefined ? other : one}\n`);
      continue;
    }
    blocks.push(`${alignColumns(rowsOfDiff(tag, figuresOf(first), figuresOf(second))).join('\n')}\n`);
  }
  process.stdout.write(`A ${one}\nB ${other}\n\n${blocks.join('\n')}`);
  process.stdout.write(
    '\nWhether a difference is more than chance, stressql compare tells from run folders.\n',
  );
  return 0;
}

/** Tags of a run folder begin with the position of their statement. */
const inOrder = new Intl.Collator('en', { numeric: true });

const percentileNames = ['p50', 'p75', 'p90', 'p95', 'p99', 'p99.9', 'p99.99'] as const;

/** What is printed of a tag, in nanoseconds. */
const figures: readonly (readonly [string, (time: TimeFigures) => number])[] = [
  ['mean', ({ meanNs }) => meanNs],
  ...percentileNames.map((name) => [name, (time: TimeFigures) => time.percentilesNs[name]] as const),
  ['max', ({ maxNs }) => maxNs],
];

function printed(totals: ReadonlyMap<string, Buckets>, format: HdrPrintOptions['format']): string {
  const times = [...totals].map(([tag, buckets]) => [tag, figuresOf(buckets)] as const);
  switch (format) {
    case 'text': {
      const head = ['tag', 'samples', ...figures.map(([name]) => name)];
      const rows = times.map(([tag, time]) => [
        nameOf(tag),
        formatCount(time.count),
        ...figures.map(([, valueOf]) => formatDuration(valueOf(time))),
      ]);
      return `${alignColumns([head, ...rows]).join('\n')}\n`;
    }
    case 'csv': {
      const head = ['tag', 'count', ...figures.map(([name]) => `${name}_ns`)];
      const rows = times.map(([tag, time]) => [
        `"${tag.replaceAll('"', '""')}"`,
        time.count,
        ...figures.map(([, valueOf]) => valueOf(time)),
      ]);
      return [head, ...rows].map((row) => `${row.join(',')}\n`).join('');
    }
    case 'json':
      return `${JSON.stringify({ schemaVersion: 1, tags: times.map(([tag, time]) => ({ tag, ...time })) }, null, 2)}\n`;
    case 'percentiles':
      return [...totals].map(([tag, buckets]) => percentileDistribution(tag, buckets)).join('\n');
  }
}

/** The table that HdrHistogram's plotters read (`.hgrm`), in milliseconds. */
function percentileDistribution(tag: string, buckets: Buckets): string {
  const histogram = decodeFromCompressedBase64(encodeBuckets(buckets), 64);
  return `#[Tag: ${nameOf(tag)}]\n${histogram.outputPercentileDistribution(5, 1e6)}`;
}

function rowsOfDiff(tag: string, before: TimeFigures, after: TimeFigures): readonly (readonly string[])[] {
  return [
    [nameOf(tag), 'A', 'B', 'B to A'],
    ['  samples', formatCount(before.count), formatCount(after.count), change(before.count, after.count)],
    ...figures.map(([name, valueOf]) => {
      const [one, other] = [valueOf(before), valueOf(after)];
      return [`  ${name}`, formatDuration(one), formatDuration(other), change(one, other)];
    }),
  ];
}

function change(before: number, after: number): string {
  if (before === 0) return after === 0 ? '+0.0 %' : '';
  const percent = (after / before - 1) * 100;
  return `${percent < 0 ? '' : '+'}${percent.toFixed(1)} %`;
}

function figuresOf(buckets: Buckets): TimeFigures {
  return timeFiguresOf(buckets, 0)!;
}

function nameOf(tag: string): string {
  return tag === '' ? '(no tag)' : tag;
}

async function selected(
  paths: readonly string[],
  { tag: tags, from, to }: LogSelection,
): Promise<ReadonlyMap<string, Buckets>> {
  const part = {
    ...(from !== undefined && { fromMs: from * 1000 }),
    ...(to !== undefined && { toMs: to * 1000 }),
  };
  const totals = await orUsageError(totalsOfHistogramLogs(paths, part));
  if (totals.size === 0) throw new UsageError(`${paths.join(', ')}: no sample in this part of the log`);
  if (tags === undefined)
    return new Map([...totals].toSorted(([one], [other]) => inOrder.compare(one, other)));
  const unknown = tags.find((tag) => !totals.has(tag));
  if (unknown !== undefined) {
    throw new UsageError(
      `${paths.join(', ')}: no tag ${unknown}; there is ${[...totals.keys()].map(nameOf).join(', ')}`,
    );
  }
  return new Map(tags.map((tag) => [tag, totals.get(tag)!]));
}

async function orUsageError<Value>(reading: Promise<Value>): Promise<Value> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof HistogramLogError) throw new UsageError(error.message);
    throw error;
  }
}
