import { histogramLayout } from './results.ts';

/*
 * The layout is HdrHistogram's for 3 significant digits (https://github.com/HdrHistogram/HdrHistogram,
 * AbstractHistogram): 2,048 values of single units, then 1,024 steps for every further power of two.
 */

const halfBucketsLog2 = 10;
export const halfBuckets = 1024;
/** Buckets that the whole range takes. */
export const bucketCount = bucketOf(histogramLayout.highestTrackableValue) + 1;

/** The index of a value in HDR's layout; whole values from 0 to 2^52. */
export function bucketOf(value: number): number {
  if (value < 2 * halfBuckets) return value;
  if (value < 0x8000_0000) {
    const bucket = 31 - halfBucketsLog2 - Math.clz32(value);
    return bucket * halfBuckets + (value >> bucket);
  }
  // Bits above 31 are beyond clz32 and shifts: the upper bits alone tell the power of two.
  const bucket = 52 - halfBucketsLog2 - Math.clz32(Math.floor(value / 0x20_0000));
  return bucket * halfBuckets + Math.floor(value / 2 ** bucket);
}
