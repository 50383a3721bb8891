import type { Buckets } from './buckets.ts';
import { CountPages } from './count-pages.ts';

/** The samples of one time, added up. */
export class TimeTotals {
  readonly #pages = new CountPages();
  #count = 0;
  #minimumNs = Infinity;
  #maximumNs = 0;
  /** What `buckets` has answered since the last change: every sink asks for the same. */
  #buckets: Buckets | undefined;

  /** All samples so far; undefined while there is none. */
  get buckets(): Buckets | undefined {
    if (this.#count === 0) return undefined;
    return (this.#buckets ??= {
      count: this.#count,
      ...this.#pages.sparse(),
      minimumNs: this.#minimumNs,
      maximumNs: this.#maximumNs,
    });
  }

  add({ count, indexes, counts, minimumNs, maximumNs }: Buckets): void {
    for (const [at, index] of indexes.entries()) this.#pages.add(index, counts[at]!);
    this.#count += count;
    this.#minimumNs = Math.min(this.#minimumNs, minimumNs);
    this.#maximumNs = Math.max(this.#maximumNs, maximumNs);
    this.#buckets = undefined;
  }

  reset(): void {
    this.#pages.clear();
    this.#count = 0;
    this.#minimumNs = Infinity;
    this.#maximumNs = 0;
    this.#buckets = undefined;
  }
}
