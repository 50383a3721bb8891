import type { Buckets } from './buckets.ts';

/** The samples of one time, added up: as large as the buckets that hold any. */
export class TimeTotals {
  #count = 0;
  /** Rising. */
  #indexes = new Uint16Array(0);
  #counts = new Float64Array(0);
  #minimumNs = Infinity;
  #maximumNs = 0;

  /** A copy of all samples so far; undefined while there is none. */
  get buckets(): Buckets | undefined {
    if (this.#count === 0) return undefined;
    return {
      count: this.#count,
      indexes: this.#indexes.slice(),
      counts: this.#counts.slice(),
      minimumNs: this.#minimumNs,
      maximumNs: this.#maximumNs,
    };
  }

  add(added: Buckets): void {
    if (!this.#addInPlace(added)) this.#merge(added);
    this.#count += added.count;
    this.#minimumNs = Math.min(this.#minimumNs, added.minimumNs);
    this.#maximumNs = Math.max(this.#maximumNs, added.maximumNs);
  }

  /** Does nothing, and answers false, where one of the buckets is new: most are known after the first intervals. */
  #addInPlace({ indexes, counts }: Buckets): boolean {
    const known = this.#indexes;
    let at = 0;
    for (const index of indexes) {
      while (known[at]! < index) at++;
      if (known[at] !== index) return false;
    }
    at = 0;
    for (const [from, index] of indexes.entries()) {
      while (known[at]! < index) at++;
      this.#counts[at]! += counts[from]!;
    }
    return true;
  }

  #merge({ indexes, counts }: Buckets): void {
    const known = this.#indexes;
    const mergedIndexes = new Uint16Array(known.length + indexes.length);
    const mergedCounts = new Float64Array(known.length + indexes.length);
    let [at, from, size] = [0, 0, 0];
    while (at < known.length || from < indexes.length) {
      const index = Math.min(known[at] ?? Infinity, indexes[from] ?? Infinity);
      let count = 0;
      if (known[at] === index) count += this.#counts[at++]!;
      if (indexes[from] === index) count += counts[from++]!;
      mergedIndexes[size] = index;
      mergedCounts[size++] = count;
    }
    this.#indexes = mergedIndexes.slice(0, size);
    this.#counts = mergedCounts.slice(0, size);
  }
}
