import type { Murmur3 } from './murmur3.ts';

/** Finds the partition key among the values of a request, and its token. */
export class PartitionKey {
  /** Markers of the key's columns, in the key's order; at least one. */
  readonly #markers: readonly number[];
  readonly #last: number;
  /** Where each value up to the last that counts begins, its length included. */
  readonly #starts: Int32Array;
  /** A key of several columns, put together: each with a length in front and a zero behind. */
  #composite = new Uint8Array(256);

  constructor(markers: readonly number[]) {
    this.#markers = markers;
    this.#last = Math.max(...markers);
    this.#starts = new Int32Array(this.#last + 1);
  }

  /** Hashes the key of the values that begin at `start`. */
  hash(bytes: Uint8Array, start: number, into: Murmur3): void {
    let at = start;
    for (let marker = 0; marker < this.#last; marker++) {
      this.#starts[marker] = at;
      at += 4 + lengthAt(bytes, at);
    }
    this.#starts[this.#last] = at;
    const markers = this.#markers;
    if (markers.length === 1) {
      into.hash(bytes, at + 4, at + 4 + lengthAt(bytes, at));
      return;
    }
    let end = 0;
    for (let column = 0; column < markers.length; column++) {
      at = this.#starts[markers[column]!]!;
      const length = lengthAt(bytes, at);
      this.#reserve(end, length + 3);
      const composite = this.#composite;
      composite[end] = length >>> 8;
      composite[end + 1] = length;
      end += 2;
      for (let byte = 0; byte < length; byte++) composite[end + byte] = bytes[at + 4 + byte]!;
      end += length;
      composite[end++] = 0;
    }
    into.hash(this.#composite, 0, end);
  }

  #reserve(end: number, more: number): void {
    if (end + more <= this.#composite.length) return;
    const larger = new Uint8Array(2 * (end + more));
    larger.set(this.#composite);
    this.#composite = larger;
  }
}

/** The length of the value at `at`; a null has none, and no partition either: the node will say so. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const length = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  return Math.max(0, length);
}
