import { decodeFromCompressedBase64, type Histogram, JsHistogram } from 'hdr-histogram-js';
import { bucketOf } from '../stress-client/bucket-layout.ts';
import type { Buckets } from '../stress-client/buckets.ts';

/** What `encodeBuckets` has encoded; the smallest and the largest sample are those of their buckets. Undefined without a sample. */
export function decodeBuckets(encoded: string): Buckets | undefined {
  return bucketsOf(decodeFromCompressedBase64(encoded));
}

/** The buckets of a histogram of `histogramLayout`. */
export function bucketsOf(histogram: Histogram): Buckets | undefined {
  if (histogram.totalCount === 0) return undefined;
  if (!(histogram instanceof JsHistogram)) throw new TypeError('expected a histogram in JavaScript memory');
  const count = histogram.totalCount;
  const indexes: number[] = [];
  const counts: number[] = [];
  const isZeroAmong = histogram.getCountAtIndex(0) > 0;
  let seen = 0;
  // Thousands of empty buckets lie before the first time of most.
  const first = isZeroAmong ? 0 : bucketOf(histogram.minNonZeroValue);
  for (let index = first; seen < count && index < histogram.countsArrayLength; index++) {
    const inBucket = histogram.getCountAtIndex(index);
    if (inBucket === 0) continue;
    indexes.push(index);
    counts.push(inBucket);
    seen += inBucket;
  }
  const minimumNs = isZeroAmong ? 0 : histogram.minNonZeroValue;
  return {
    count,
    indexes: Uint16Array.from(indexes),
    counts: Float64Array.from(counts),
    minimumNs,
    maximumNs: histogram.maxValue,
  };
}
