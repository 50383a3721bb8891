import { halfBuckets, halfBucketsLog2, pageCount } from './bucket-layout.ts';

/** A count for each bucket, in pages of a power of two each: made when first used, since times span but a few. */
export class CountPages {
  readonly #pages = Array.from<Int32Array | undefined>({ length: pageCount });

  add(bucket: number, count: number): void {
    const page = (this.#pages[bucket >> halfBucketsLog2] ??= new Int32Array(halfBuckets));
    page[bucket & (halfBuckets - 1)]! += count;
  }

  /** Pairs of bucket and count, buckets rising, without those that are empty. */
  pairs(): number[] {
    const pairs: number[] = [];
    for (const [index, page] of this.#pages.entries()) {
      if (page === undefined) continue;
      for (let at = 0; at < halfBuckets; at++) {
        const count = page[at]!;
        if (count > 0) pairs.push(index * halfBuckets + at, count);
      }
    }
    return pairs;
  }

  clear(): void {
    for (const page of this.#pages) page?.fill(0);
  }
}
