import * as fc from 'fast-check';
import { Int32Histogram } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { bucketsOf } from '../../src/reporting/decode-histogram.ts';
import { bucketOf } from '../../src/stress-client/bucket-layout.ts';
import type { Buckets } from '../../src/stress-client/buckets.ts';
import { emptyCounts, type LoadDeltas } from '../../src/stress-client/load-deltas.ts';
import { Recorder } from '../../src/stress-client/recorder.ts';
import { histogramLayout } from '../../src/stress-client/results.ts';
import { RunningTally } from '../../src/stress-client/running-tally.ts';

const { lowestDiscernibleValue, highestTrackableValue, numberOfSignificantValueDigits } = histogramLayout;
const emptyHistogram = () =>
  new Int32Histogram(lowestDiscernibleValue, highestTrackableValue, numberOfSignificantValueDigits);
const value = fc.oneof(
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  fc.integer({ min: 0, max: highestTrackableValue }),
  fc.integer({ min: 0, max: 41 }).map((power) => 2 ** power),
  fc.integer({ min: 1, max: 41 }).map((power) => 2 ** power - 1),
);

const emptyDeltas: LoadDeltas = {
  statementId: '',
  operations: emptyCounts(),
  items: emptyCounts(),
  warmup: { operations: emptyCounts(), items: emptyCounts() },
  retries: 0,
  requestBytes: 0,
  responseBytes: 0,
  rows: 0,
  answersWithRows: 0,
  clamped: 0,
  censored: { service: 0, response: 0 },
  errors: [],
  times: {},
  notApplied: 0,
  stageItems: [],
  inFlight: 0,
  firstNs: undefined,
  lastNs: 0,
};

/** What a tally has of what a recorder hands out. */
function totalOf(recorder: Recorder): Buckets {
  const tally = new RunningTally();
  tally.add({ ...emptyDeltas, times: { service: recorder.take()! } });
  return tally.times.service!;
}

test('buckets are those of HdrHistogram', () => {
  const histogram = emptyHistogram();
  fc.assert(
    fc.property(value, (ns) => {
      expect(bucketOf(ns)).toBe(histogram.countsArrayIndex(ns));
    }),
    { seed: 42, numRuns: 20_000 },
  );
});

test('what is recorded, taken and added up is what a histogram would have recorded', () => {
  fc.assert(
    fc.property(fc.array(fc.array(value, { maxLength: 50 }), { maxLength: 5 }), (takes) => {
      const recorder = new Recorder();
      const expected = emptyHistogram();
      const tally = new RunningTally();
      for (const samples of takes) {
        for (const ns of samples) {
          recorder.record(ns);
          expected.recordValue(ns);
        }
        const service = recorder.take();
        expect(service === undefined).toBe(samples.length === 0);
        if (service !== undefined) {
          tally.add({ ...emptyDeltas, times: { service } });
        }
      }
      const all = takes.flat();
      const extremes = { minimumNs: Math.min(...all), maximumNs: Math.max(...all) };
      const sum = bucketsOf(expected);
      expect(tally.times.service).toEqual(sum && { ...sum, ...extremes });
    }),
    { seed: 42, numRuns: 200 },
  );
});

test.each<[number, number]>([
  [NaN, 0],
  [-1, 0],
  [-Infinity, 0],
  [Infinity, highestTrackableValue],
  [highestTrackableValue + 1, highestTrackableValue],
])('a sample of %d is clamped to %d and counted', (sample, clampedTo) => {
  const recorder = new Recorder();
  recorder.record(5);
  recorder.record(sample);
  expect(recorder.clamped).toBe(1);
  const { count, indexes } = totalOf(recorder);
  expect([count, indexes.includes(bucketOf(clampedTo))]).toEqual([2, true]);
});

test('many samples at once count as many', () => {
  const recorder = new Recorder();
  recorder.recordMany(2e9, 1_000_000);
  recorder.record(1);
  expect(totalOf(recorder)).toEqual({
    count: 1_000_001,
    indexes: Uint16Array.of(bucketOf(1), bucketOf(2e9)),
    counts: Float64Array.of(1, 1_000_000),
    minimumNs: 1,
    maximumNs: 2e9,
  });
});
