import type { ComparedRun } from '../../src/comparison/compared-run.ts';
import { comparedRunOf } from '../../src/comparison/compared-run.ts';
import type { IntervalLine } from '../../src/reporting/interval-line.ts';
import type { RunRecord } from '../../src/reporting/run-record.ts';
import { summarise, summariseTally } from '../../src/reporting/summary.ts';
import { bucketOf } from '../../src/stress-client/bucket-layout.ts';
import { rangeOfBucket, type Buckets } from '../../src/stress-client/buckets.ts';
import type { Tally } from '../../src/stress-client/results.ts';
import { TimeTotals } from '../../src/stress-client/time-totals.ts';
import {
  allAcknowledged,
  identity,
  loadReport,
  machine,
  result,
  run,
  tally,
} from '../reporting/sample-run.ts';
import type { Random } from './random.ts';

export interface SimulatedLoad {
  readonly intervals: number;
  /** Operations that end in an interval, on average. */
  readonly operations: number;
  /** How much intervals vary, as a share of their mean. */
  readonly deviation: number;
  /** Of an interval with the one before it: 0 is none. */
  readonly correlation: number;
  /** Times of all operations, against 1. */
  readonly slowdown: number;
  /** Part of the operations that fail. */
  readonly failing?: number;
}

/**
 * A closed INSERT of lognormal times, interval by interval: each interval has a speed of its own, from a first-order
 * autoregression, by which its times are divided and its operations multiplied.
 */
export async function simulatedRun(load: SimulatedLoad, random: Random): Promise<ComparedRun> {
  const { intervals, operations, deviation, correlation, slowdown, failing = 0 } = load;
  const lines: IntervalLine[] = [];
  const times = new TimeTotals();
  const id = identity();
  let [swing, sum, errors] = [random.normal(), 0, 0];
  for (let at = 0; at < intervals; at++) {
    const speed = Math.exp(deviation * swing) / slowdown;
    const count = Math.max(1, Math.round(operations * speed));
    let failed = 0;
    const samples = new Map<number, number>();
    for (let each = 0; each < count; each++) {
      if (failing > 0 && random.uniform() < failing) failed++;
      const bucket = bucketOf(Math.round((2e6 / speed) * Math.exp(0.5 * random.normal())));
      samples.set(bucket, (samples.get(bucket) ?? 0) + 1);
    }
    swing = correlation * swing + Math.sqrt(1 - correlation ** 2) * random.normal();
    sum += count;
    errors += failed;
    const buckets = bucketsFrom(samples, count);
    times.add(buckets);
    lines.push({
      ...head,
      interval: at,
      startNs: at * 1e9,
      endNs: (at + 1) * 1e9,
      ...summariseTally(tallyOf(count, failed, buckets)),
    });
  }
  const ended = result({
    identity: id,
    endedNs: intervals * 1e9,
    batchSize: 1,
    total: tallyOf(sum, errors, times.buckets!),
  });
  const summary = summarise(run({ statements: [loadReport(ended)] }), machine);
  const record = { parameters: {} } as Partial<RunRecord> as RunRecord;
  return comparedRunOf({
    summary,
    record,
    settings: {},
    script: '',
    events: [],
    intervals: async function* () {
      yield* lines;
    },
  });
}

const head = {
  schemaVersion: 1,
  startedMs: 0,
  wallMs: 0,
  statementId: 'aaaaaaaa',
  name: 'cpu',
  kind: 'insert',
  position: 1,
  background: false,
  tags: {},
  model: 'closed',
  itemName: 'point',
  inFlight: 1,
  progress: { itemsDone: 0, items: null, elapsedNs: 0 },
} as const;

function tallyOf(count: number, failed: number, service: Buckets): Tally {
  const counts = { ...allAcknowledged(count), acknowledged: count - failed, failed };
  return tally({ operations: counts, items: counts, times: { service } });
}

function bucketsFrom(samples: ReadonlyMap<number, number>, count: number): Buckets {
  const indexes = Uint16Array.from(samples.keys()).sort();
  return {
    count,
    indexes,
    counts: Float64Array.from(indexes, (index) => samples.get(index)!),
    minimumNs: rangeOfBucket(indexes[0]!).lowestNs,
    maximumNs: rangeOfBucket(indexes.at(-1)!).lowestNs,
  };
}
