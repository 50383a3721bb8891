import { rangeOfBucket, type Buckets } from '../stress-client/buckets.ts';

/** Finds the bucket of a rank without walking through all of them. */
export class RankedBuckets {
  readonly #indexes: Uint16Array;
  /** Samples up to and with each bucket. */
  readonly #upTo: Float64Array;

  constructor({ indexes, counts }: Buckets) {
    this.#indexes = indexes;
    let sum = 0;
    this.#upTo = counts.map((count) => (sum += count));
  }

  /** The bucket that holds the sample of a rank, counted from 1; the last one's for higher ranks. */
  rangeAt(rank: number): { readonly lowestNs: number; readonly width: number } {
    let [low, high] = [0, this.#upTo.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#upTo[middle]! >= rank) high = middle;
      else low = middle + 1;
    }
    return rangeOfBucket(this.#indexes[low]!);
  }
}
