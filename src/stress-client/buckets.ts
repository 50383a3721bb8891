import { halfBuckets } from './bucket-layout.ts';

/**
 * The samples of one time in whole nanoseconds: HDR's buckets that hold any, lowest first. Plain data, valid
 * for good, and small: times span few buckets of the many that there are.
 */
export interface Buckets {
  /** Samples in all; at least 1. */
  readonly count: number;
  readonly indexes: Uint16Array;
  readonly counts: Float64Array;
  /** The smallest and the largest sample, exact. */
  readonly minimumNs: number;
  readonly maximumNs: number;
}

/** The lowest value of a bucket, and how many whole values it holds. */
export function rangeOfBucket(index: number): { readonly lowestNs: number; readonly width: number } {
  const power = Math.max(0, Math.floor(index / halfBuckets) - 1);
  const width = 2 ** power;
  return { lowestNs: (index - power * halfBuckets) * width, width };
}
