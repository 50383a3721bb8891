import { histogramLayout } from './results.ts';

/*
 * The layout is HdrHistogram's (https://github.com/HdrHistogram/HdrHistogram, AbstractHistogram): 2,048
 * values of single units, then 1,024 steps for every further power of two.
 */
const halfBuckets = 1024;
const halfBucketsLog2 = 10;
const longestNs = histogramLayout.highestTrackableValue;
const pageCount = (bucketOf(longestNs) >> halfBucketsLog2) + 1;

/** The samples of one time since they were last taken: plain data, sparse. */
export interface TimeDelta {
  /** Pairs of bucket index and count, buckets rising. */
  readonly buckets: readonly number[];
  readonly count: number;
  /** Smallest sample above 0, exact; Infinity when there is none. */
  readonly minimumNs: number;
  /** Largest sample, exact. */
  readonly maximumNs: number;
}

/**
 * Counts samples of one time in HDR's exact bucket layout, several times cheaper than an HdrHistogram; the hub
 * makes histograms of what it hands out. Takes whole nanoseconds; what is out of `histogramLayout`'s range, or
 * no number, is clamped and counted.
 */
export class Recorder {
  /** Samples that were clamped since the last `take`. */
  clamped = 0;
  /** A page of counts for each power of two: made when first used, since a statement's times span but a few. */
  readonly #pages = Array.from<Int32Array | undefined>({ length: pageCount });
  #count = 0;
  #minimumNs = Infinity;
  #maximumNs = 0;

  record(ns: number): void {
    this.recordMany(ns, 1);
  }

  /** Counts `count` samples of the same bucket at once. */
  recordMany(ns: number, count: number): void {
    let value = ns;
    if (!(value >= 0)) {
      value = 0;
      this.clamped += count;
    } else if (value > longestNs) {
      value = longestNs;
      this.clamped += count;
    }
    const bucket = bucketOf(value);
    const page = (this.#pages[bucket >> halfBucketsLog2] ??= new Int32Array(halfBuckets));
    page[bucket & (halfBuckets - 1)]! += count;
    this.#count += count;
    if (value > this.#maximumNs) this.#maximumNs = value;
    if (value < this.#minimumNs && value > 0) this.#minimumNs = value;
  }

  /** Hands out what was recorded since the last call, and forgets it; undefined when nothing was. */
  take(): TimeDelta | undefined {
    if (this.#count === 0) return undefined;
    const buckets: number[] = [];
    for (const [index, page] of this.#pages.entries()) {
      if (page === undefined) continue;
      for (let at = 0; at < halfBuckets; at++) {
        const count = page[at]!;
        if (count > 0) buckets.push(index * halfBuckets + at, count);
      }
      page.fill(0);
    }
    const delta = { buckets, count: this.#count, minimumNs: this.#minimumNs, maximumNs: this.#maximumNs };
    this.#count = 0;
    this.#minimumNs = Infinity;
    this.#maximumNs = 0;
    this.clamped = 0;
    return delta;
  }
}

/** The index of a value in HDR's layout of 3 significant digits; whole values from 0 to 2^52. */
export function bucketOf(value: number): number {
  if (value < 2 * halfBuckets) return value;
  // Bits above 31 are beyond clz32 and shifts: the upper bits alone tell the power of two.
  const power = value < 0x8000_0000 ? 31 - Math.clz32(value) : 52 - Math.clz32(Math.floor(value / 0x20_0000));
  const bucket = power - halfBucketsLog2;
  return bucket * halfBuckets + Math.floor(value / 2 ** bucket);
}
