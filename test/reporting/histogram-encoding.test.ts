import { array, assert, integer, maxSafeInteger, oneof, property, tuple } from 'fast-check';
import { decodeFromCompressedBase64, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { bucketsOf, decodeBuckets } from '../../src/reporting/decode-histogram.ts';
import { encodeBuckets } from '../../src/reporting/histogram-encoding.ts';
import { rangeOfBucket } from '../../src/stress-client/buckets.ts';
import { histogramLayout } from '../../src/stress-client/results.ts';
import { histogramOf } from './sample-run.ts';

const longest = histogramLayout.highestTrackableValue;
const values = oneof(
  integer({ min: 0, max: 5000 }),
  maxSafeInteger().map((value) => Math.abs(value) % longest),
);
const samples = array(
  tuple(values, oneof(integer({ min: 1, max: 300 }), integer({ min: 1, max: 50_000_000 }))),
  {
    minLength: 1,
    maxLength: 60,
  },
);

test('what is encoded is what HdrHistogram’s own encoder keeps', () => {
  assert(
    property(samples, (recorded) => {
      const histogram = histogramOf(...recorded);
      const buckets = bucketsOf(histogram)!;
      const encoded = encodeBuckets(buckets);
      const own = decodeFromCompressedBase64(encoded);
      const theirs = decodeFromCompressedBase64(encodeIntoCompressedBase64(histogram));
      const { count, indexes, counts } = buckets;
      expect(decodeBuckets(encoded)).toMatchObject({ count, indexes, counts });
      expect(bucketsOf(theirs)).toEqual(decodeBuckets(encoded));
      expect([own.totalCount, own.maxValue, own.minNonZeroValue]).toEqual([
        theirs.totalCount,
        theirs.maxValue,
        theirs.minNonZeroValue,
      ]);
      expect(own.highestTrackableValue).toBe(longest);
      expect(own.numberOfSignificantValueDigits).toBe(3);
    }),
    { seed: 5, numRuns: 60 },
  );
});

test.each([
  [0, 0, 1],
  [2047, 2047, 1],
  [2048, 2048, 2],
  [3071, 4094, 2],
  [3072, 4096, 4],
  [13 * 1024, 4_194_304, 4096],
])('bucket %d begins at %d ns and holds %d values', (index, lowestNs, width) => {
  expect(rangeOfBucket(index)).toEqual({ lowestNs, width });
  expect(bucketsOf(histogramOf(lowestNs, lowestNs + width - 1))!.indexes).toEqual(Uint16Array.of(index));
});
