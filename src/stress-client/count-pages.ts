import { bucketCount } from './bucket-layout.ts';
import type { Buckets } from './buckets.ts';

const pageBucketsLog2 = 7;
const pageBuckets = 1 << pageBucketsLog2;

/** A count for each bucket, exact to 2^53, in pages that are made when first used: times span but a few of them. */
export class CountPages {
  readonly #pages = Array.from<Float64Array | undefined>({ length: Math.ceil(bucketCount / pageBuckets) });

  add(bucket: number, count: number): void {
    const page = (this.#pages[bucket >> pageBucketsLog2] ??= new Float64Array(pageBuckets));
    page[bucket & (pageBuckets - 1)]! += count;
  }

  /** Buckets rising, without those that are empty. */
  sparse(): Pick<Buckets, 'indexes' | 'counts'> {
    const indexes: number[] = [];
    const counts: number[] = [];
    for (const [index, page] of this.#pages.entries()) {
      if (page === undefined) continue;
      for (let at = 0; at < pageBuckets; at++) {
        const count = page[at]!;
        if (count === 0) continue;
        indexes.push(index * pageBuckets + at);
        counts.push(count);
      }
    }
    return { indexes, counts };
  }

  clear(): void {
    for (const page of this.#pages) page?.fill(0);
  }
}
