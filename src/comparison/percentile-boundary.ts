import type { Buckets } from '../stress-client/buckets.ts';

/** Where a percentile of all samples lies: what parts the samples of an interval into those up to it and those beyond. */
export class PercentileBoundary {
  /** The bucket that the percentile is in. */
  readonly #index: number;
  /** The part of that bucket's samples that lies beyond the percentile, as if they were spread evenly. */
  readonly #partBeyond: number;

  /** `share` is above 0 and below 1. */
  constructor(total: Buckets, share: number) {
    const rank = share * total.count;
    let seen = 0;
    let at = 0;
    while (at < total.indexes.length - 1 && seen + total.counts[at]! < rank) seen += total.counts[at++]!;
    this.#index = total.indexes[at]!;
    this.#partBeyond = Math.min(1, Math.max(0, 1 - (rank - seen) / total.counts[at]!));
  }

  /** How many samples lie beyond the percentile; that of the total itself is its count less the rank. */
  beyond({ indexes, counts }: Buckets): number {
    let beyond = 0;
    for (let at = indexes.length - 1; at >= 0 && indexes[at]! >= this.#index; at--) {
      beyond += indexes[at] === this.#index ? counts[at]! * this.#partBeyond : counts[at]!;
    }
    return beyond;
  }
}
