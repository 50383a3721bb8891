import { bucketCount } from './bucket-layout.ts';
import type { Buckets } from './buckets.ts';

const pageBucketsLog2 = 7;
const pageBuckets = 1 << pageBucketsLog2;

const foundIndexes = new Uint16Array(bucketCount);
const foundCounts = new Float64Array(bucketCount);

/** A count for each bucket, exact to 2^53, in pages that are made when first used: times span but a few of them. */
export class CountPages {
  readonly #pages = Array.from<Float64Array | undefined>({ length: Math.ceil(bucketCount / pageBuckets) });

  add(bucket: number, count: number): void {
    const page = (this.#pages[bucket >> pageBucketsLog2] ??= new Float64Array(pageBuckets));
    page[bucket & (pageBuckets - 1)]! += count;
  }

  /** Buckets rising, without those that are empty. */
  sparse(): Pick<Buckets, 'indexes' | 'counts'> {
    let size = 0;
    for (const [index, page] of this.#pages.entries()) {
      if (page === undefined) continue;
      for (let at = 0; at < pageBuckets; at++) {
        const count = page[at]!;
        if (count === 0) continue;
        foundIndexes[size] = index * pageBuckets + at;
        foundCounts[size++] = count;
      }
    }
    return { indexes: foundIndexes.slice(0, size), counts: foundCounts.slice(0, size) };
  }

  clear(): void {
    for (const page of this.#pages) page?.fill(0);
  }
}
