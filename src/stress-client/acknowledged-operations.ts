import type { AcknowledgedIndexes } from './acknowledged.ts';

/** More holes than this are not kept: the oldest part of the range leaves the sampling set. */
const holesAtMost = 4096;

/**
 * Which operations of an INSERT are known to be acknowledged: a range of operations, less its holes (those in
 * flight, failed or unknown). Never empty again once anything was acknowledged. Bounded whatever fails; ending in order, the usual case, costs an addition.
 */
export class AcknowledgedOperations implements AcknowledgedIndexes {
  readonly #items: number;
  readonly #batchSize: number;
  /* Operations, the half-open range that is known of. */
  #start = 0;
  #end = 0;
  /** Rising; all within the range. */
  readonly #holes: number[] = [];

  /** Of a statement with so many items, which may be Infinity, in operations of `batchSize`. */
  constructor(items: number, batchSize: number) {
    this.#items = items;
    this.#batchSize = batchSize;
  }

  get count(): number {
    // Only the statement's last operation may be short, and the range's last one is never a hole.
    return this.end - (this.#start + this.#holes.length) * this.#batchSize;
  }

  get end(): number {
    return Math.min(this.#end * this.#batchSize, this.#items);
  }

  has(index: number): boolean {
    const operation = Math.floor(index / this.#batchSize);
    if (operation < this.#start || index < 0 || index >= this.end) return false;
    const at = this.#holeFrom(operation);
    return this.#holes[at] !== operation;
  }

  /** Operation `operation` was acknowledged. Later ones may have been before. */
  add(operation: number): void {
    if (operation >= this.#end) {
      if (operation - this.#end > holesAtMost) {
        this.#start = operation;
        this.#holes.length = 0;
      } else for (let hole = this.#end; hole < operation; hole++) this.#dig(hole);
      this.#end = operation + 1;
      return;
    }
    const at = this.#holeFrom(operation);
    if (this.#holes[at] !== operation) return;
    this.#holes.copyWithin(at, at + 1);
    this.#holes.pop();
  }

  /** All of the statement's items are there. */
  addAll(): void {
    this.#end = Math.ceil(this.#items / this.#batchSize);
  }

  #dig(hole: number): void {
    this.#holes.push(hole);
    if (this.#holes.length <= holesAtMost) return;
    const dropped = this.#holes.splice(0, holesAtMost / 2);
    this.#start = dropped.at(-1)! + 1;
  }

  /** The position of the first hole that is not below `operation`. */
  #holeFrom(operation: number): number {
    let low = 0;
    let high = this.#holes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#holes[middle]! < operation) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
