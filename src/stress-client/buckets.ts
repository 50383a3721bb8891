import { JsHistogram, type Histogram } from 'hdr-histogram-js';

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
  for (let index = 0; seen < count && index < histogram.countsArrayLength; index++) {
    const inBucket = histogram.getCountAtIndex(index);
    if (inBucket === 0) continue;
    indexes.push(index);
    counts.push(inBucket);
    seen += inBucket;
  }
  return { count, indexes, counts };
}

/** `histogramLayout` keeps 3 significant digits: 2,048 buckets of 1 ns, then 1,024 for every further power of two. */
const halfBuckets = 1024;

/** The lowest value of a bucket, and how many whole values it holds. */
export function rangeOfBucket(index: number): { readonly lowestNs: number; readonly width: number } {
  const power = Math.max(0, Math.floor(index / halfBuckets) - 1);
  const width = 2 ** power;
  return { lowestNs: (index - power * halfBuckets) * width, width };
}
