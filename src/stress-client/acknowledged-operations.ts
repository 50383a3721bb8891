import type { AcknowledgedIndexes } from './acknowledged.ts';

/** More holes than this are not kept: the oldest part of the range leaves the sampling set. */
const holesAtMost = 4096;
/** A bit each for the latest operations: clients that share a statement are as far apart as what they do in 100 ms. */
const windowWords = 2048;
const windowOperations = 32 * windowWords;

/**
 * Which operations of an INSERT are known to be acknowledged: a range of operations, less its holes (those in
 * flight, failed or unknown). Never empty again once anything was acknowledged. Bounded whatever fails, and
 * cheap in whatever order operations end.
 */
export class AcknowledgedOperations implements AcknowledgedIndexes {
  readonly #items: number;
  readonly #batchSize: number;
  /* Operations: [start, base) less the holes, and of [base, end) those with a bit. */
  #start = 0;
  #base = 0;
  #end = 0;
  /** Rising; all within [start, base). */
  readonly #holes: number[] = [];
  /** A ring: the word of operation k is k / 32 modulo its length. */
  readonly #window = new Int32Array(windowWords);
  #operations = 0;

  /** Of a statement with so many items, which may be Infinity, in operations of `batchSize`. */
  constructor(items: number, batchSize: number) {
    this.#items = items;
    this.#batchSize = batchSize;
  }

  get count(): number {
    // Only the statement's last operation may be short.
    return this.#operations * this.#batchSize - (this.#end * this.#batchSize - this.end);
  }

  get end(): number {
    return Math.min(this.#end * this.#batchSize, this.#items);
  }

  has(index: number): boolean {
    const operation = Math.floor(index / this.#batchSize);
    if (operation < this.#start || index < 0 || index >= this.end) return false;
    if (operation < this.#base) return this.#holes[this.#holeFrom(operation)] !== operation;
    return (this.#window[wordOf(operation)]! & bitOf(operation)) !== 0;
  }

  /** Operation `operation` was acknowledged. Later ones may have been before. */
  add(operation: number): void {
    if (operation < this.#base) {
      this.#fill(operation);
      return;
    }
    if (operation >= this.#base + windowOperations) this.#slide(operation);
    this.#window[wordOf(operation)]! |= bitOf(operation);
    this.#operations++;
    if (operation >= this.#end) this.#end = operation + 1;
  }

  /** All of the statement's items are there. */
  addAll(): void {
    this.#end = Math.ceil(this.#items / this.#batchSize);
    this.#base = this.#end;
    this.#operations = this.#end;
  }

  #fill(hole: number): void {
    const at = this.#holeFrom(hole);
    if (this.#holes[at] !== hole) return;
    this.#holes.copyWithin(at, at + 1);
    this.#holes.pop();
    this.#operations++;
  }

  /** Moves the window up to the one that ends with the operation's word. */
  #slide(operation: number): void {
    const base = (Math.floor(operation / 32) - windowWords + 1) * 32;
    const gap = base - this.#end;
    const leaving = Math.min(base - this.#base, windowOperations) / 32;
    for (let word = 0; word < leaving; word++) {
      const first = this.#base + 32 * word;
      const at = wordOf(first);
      const bits = this.#window[at]!;
      this.#window[at] = 0;
      if (gap > holesAtMost || bits === -1) continue;
      for (let bit = 0; bit < 32; bit++) if (!(bits & (1 << bit))) this.#dig(first + bit);
    }
    if (gap > holesAtMost) {
      // Nothing of what was known is near what comes.
      this.#holes.length = 0;
      this.#start = base;
      this.#operations = 0;
    } else {
      for (let hole = this.#base + 32 * leaving; hole < base; hole++) this.#dig(hole);
    }
    this.#base = base;
  }

  #dig(hole: number): void {
    this.#holes.push(hole);
    if (this.#holes.length <= holesAtMost) return;
    const dropped = this.#holes.splice(0, holesAtMost / 2);
    const start = dropped.at(-1)! + 1;
    this.#operations -= start - this.#start - dropped.length;
    this.#start = start;
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

function wordOf(operation: number): number {
  return Math.floor(operation / 32) % windowWords;
}

function bitOf(operation: number): number {
  return 1 << (operation % 32);
}
