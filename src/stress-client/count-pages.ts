import { halfBuckets, halfBucketsLog2, pageCount } from './bucket-layout.ts';
import type { Buckets } from './buckets.ts';

/**
 * A count for each bucket, in pages of a power of two each: made when first used, since times span but a few.
 * Counts are exact to 2^53: a day of a million operations a second passes 2^31.
 */
export class CountPages {
  readonly #pages = Array.from<Float64Array | undefined>({ length: pageCount });

  add(bucket: number, count: number): void {
    const page = (this.#pages[bucket >> halfBucketsLog2] ??= new Float64Array(halfBuckets));
    page[bucket & (halfBuckets - 1)]! += count;
  }

  /** Buckets rising, without those that are empty. */
  sparse(): Pick<Buckets, 'indexes' | 'counts'> {
    const indexes: number[] = [];
    const counts: number[] = [];
    for (const [index, page] of this.#pages.entries()) {
      if (page === undefined) continue;
      for (let at = 0; at < halfBuckets; at++) {
        const count = page[at]!;
        if (count === 0) continue;
        indexes.push(index * halfBuckets + at);
        counts.push(count);
      }
    }
    return { indexes, counts };
  }

  clear(): void {
    for (const page of this.#pages) page?.fill(0);
  }
}
