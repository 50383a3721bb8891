import { rangeOfBucket, type Buckets } from '../stress-client/buckets.ts';
import { timeNames, type Tally, type TimeName } from '../stress-client/results.ts';
import { TimeTotals } from '../stress-client/time-totals.ts';
import type { TimeName as StressTime } from './histogram-log.ts';

/** What was done of one type of operation, or of several together, as cassandra-stress counts it. */
export interface OperationCounts {
  /** Failed ones too. */
  readonly operations: number;
  /** Of operations that did not fail; of a query its one, where it returned rows. */
  readonly partitions: number;
  readonly rows: number;
  readonly errors: number;
  /** As the engine has measured them. */
  readonly times: Tally['times'];
}

export const nothingDone: OperationCounts = { operations: 0, partitions: 0, rows: 0, errors: 0, times: {} };

export function countsOf(kind: 'insert' | 'query', tally: Tally): OperationCounts {
  const { acknowledged, failed, unknown } = tally.operations;
  return {
    operations: acknowledged + failed + unknown,
    partitions: kind === 'query' ? tally.answersWithRows : tally.items.acknowledged,
    // An INSERT of partitions counts their rows as it sends them.
    rows: kind === 'query' || tally.rows > 0 ? tally.rows : tally.items.acknowledged,
    errors: failed + unknown,
    times: tally.times,
  };
}

/** All of them together. */
export function sumOf(all: readonly OperationCounts[]): OperationCounts {
  const sum = (of: (counts: OperationCounts) => number): number =>
    all.reduce((total, each) => total + of(each), 0);
  return {
    operations: sum(({ operations }) => operations),
    partitions: sum(({ partitions }) => partitions),
    rows: sum(({ rows }) => rows),
    errors: sum(({ errors }) => errors),
    times: timesOf((name) => together(all.map(({ times }) => times[name]))),
  };
}

/** What `all` has that `earlier`, a part of it, has not. */
export function restOf(all: OperationCounts, earlier: OperationCounts): OperationCounts {
  return {
    operations: all.operations - earlier.operations,
    partitions: all.partitions - earlier.partitions,
    rows: all.rows - earlier.rows,
    errors: all.errors - earlier.errors,
    times: timesOf((name) => without(all.times[name], earlier.times[name])),
  };
}

/**
 * A time of operations in the words of cassandra-stress, failed ones among them: of these service time is all that is
 * known.
 */
export function timeOf({ times }: OperationCounts, time: StressTime): Buckets | undefined {
  switch (time) {
    case 'st':
      return together([times.service, times.failed]);
    case 'rt':
      return together([times.response, times.response && times.failed]);
    case 'wt':
      return waits(times.lateness, times.slotWait);
  }
}

/**
 * How long operations waited from when they were due: for a free slot, or, those that found one, for the client.
 * Who waited for a slot is sent at once, so that its lateness is among the least.
 */
function waits(lateness: Buckets | undefined, slotWait: Buckets | undefined): Buckets | undefined {
  if (lateness === undefined || slotWait === undefined) return undefined;
  const counts = new Map<number, number>();
  let waited = 0;
  for (const [at, index] of slotWait.indexes.entries()) {
    if (index === 0) continue;
    counts.set(index, slotWait.counts[at]!);
    waited += slotWait.counts[at]!;
  }
  for (const [at, index] of lateness.indexes.entries()) {
    const count = lateness.counts[at]!;
    const left = Math.max(0, count - waited);
    waited -= count - left;
    counts.set(index, (counts.get(index) ?? 0) + left);
  }
  return bucketsOf(counts);
}

function together(all: readonly (Buckets | undefined)[]): Buckets | undefined {
  const totals = new TimeTotals();
  for (const buckets of all) if (buckets !== undefined) totals.add(buckets);
  return totals.buckets;
}

function without(all: Buckets | undefined, earlier: Buckets | undefined): Buckets | undefined {
  if (all === undefined || earlier === undefined) return all;
  const counts = new Map([...all.indexes].map((index, at) => [index, all.counts[at]!]));
  for (const [at, index] of earlier.indexes.entries()) {
    counts.set(index, counts.get(index)! - earlier.counts[at]!);
  }
  return bucketsOf(counts);
}

function bucketsOf(counts: ReadonlyMap<number, number>): Buckets | undefined {
  const filled = [...counts].filter(([, count]) => count > 0).sort(([one], [other]) => one - other);
  if (filled.length === 0) return undefined;
  const last = rangeOfBucket(filled.at(-1)![0]);
  return {
    count: filled.reduce((sum, [, count]) => sum + count, 0),
    indexes: Uint16Array.from(filled, ([index]) => index),
    counts: Float64Array.from(filled, ([, count]) => count),
    minimumNs: rangeOfBucket(filled[0]![0]).lowestNs,
    maximumNs: last.lowestNs + last.width - 1,
  };
}

function timesOf(time: (name: TimeName) => Buckets | undefined): Tally['times'] {
  const all = timeNames.map((name) => [name, time(name)] as const);
  return Object.fromEntries(all.filter(([, buckets]) => buckets !== undefined));
}
