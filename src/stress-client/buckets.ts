import { JsHistogram, type Histogram } from 'hdr-histogram-js';
import { bucketOf, halfBuckets } from './bucket-layout.ts';

/** All that a histogram knows: its buckets that hold samples, lowest first. Costs little to take and to keep. */
export interface Buckets {
  /** Samples in all; at least 1. */
  readonly count: number;
  readonly indexes: readonly number[];
  readonly counts: readonly number[];
}

/** A copy, valid for good; undefined where there is no sample. */
export function bucketsOf(histogram: Histogram | undefined): Buckets | undefined {
  if (histogram === undefined || histogram.totalCount === 0) return undefined;
  if (!(histogram instanceof JsHistogram)) throw new TypeError('expected a histogram in JavaScript memory');
  const count = histogram.totalCount;
  const indexes: number[] = [];
  const counts: number[] = [];
  let seen = 0;
  // Thousands of empty buckets lie before the first time of most: hundreds of statements would stop for them.
  const first = histogram.getCountAtIndex(0) > 0 ? 0 : bucketOf(histogram.minNonZeroValue);
  for (let index = first; seen < count && index < histogram.countsArrayLength; index++) {
    const inBucket = histogram.getCountAtIndex(index);
    if (inBucket === 0) continue;
    indexes.push(index);
    counts.push(inBucket);
    seen += inBucket;
  }
  return { count, indexes, counts };
}

/** The lowest value of a bucket, and how many whole values it holds. */
export function rangeOfBucket(index: number): { readonly lowestNs: number; readonly width: number } {
  const power = Math.max(0, Math.floor(index / halfBuckets) - 1);
  const width = 2 ** power;
  return { lowestNs: (index - power * halfBuckets) * width, width };
}
