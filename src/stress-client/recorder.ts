import { bucketOf } from './bucket-layout.ts';
import { CountPages } from './count-pages.ts';
import { histogramLayout } from './results.ts';

const longestNs = histogramLayout.highestTrackableValue;

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
  readonly #counts = new CountPages();
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
    this.#counts.add(bucketOf(value), count);
    this.#count += count;
    if (value > this.#maximumNs) this.#maximumNs = value;
    if (value < this.#minimumNs && value > 0) this.#minimumNs = value;
  }

  /** Hands out what was recorded since the last call, and forgets it; undefined when nothing was. */
  take(): TimeDelta | undefined {
    if (this.#count === 0) return undefined;
    const delta = {
      buckets: this.#counts.pairs(),
      count: this.#count,
      minimumNs: this.#minimumNs,
      maximumNs: this.#maximumNs,
    };
    this.#counts.clear();
    this.#count = 0;
    this.#minimumNs = Infinity;
    this.#maximumNs = 0;
    this.clamped = 0;
    return delta;
  }
}
