import type { ExpectedValues } from '../../../cql-plan.ts';
import type { Operation } from '../../../plan.ts';

/**
 * Compares answers with the row that is expected of an operation, byte by byte where they lie: a row of a RESULT is
 * its values with their lengths, which is what the plan writes.
 */
export class ExpectedRows {
  readonly #values: ExpectedValues;
  readonly #row: Uint8Array;
  readonly #rowWords: DataView;
  /** What was compared last: most answers come in the same buffer. */
  #bytes: Uint8Array | undefined = undefined;
  #words!: DataView;

  constructor(values: ExpectedValues) {
    this.#values = values;
    this.#row = new Uint8Array(values.bytesAtMost);
    this.#rowWords = wordsOf(this.#row);
  }

  /** Whether the bytes from `start` to `end` are `count` rows, each of them the expected one. */
  match(of: Operation, count: number, bytes: Uint8Array, start: number, end: number): boolean {
    const length = this.#values.write(of, this.#row, 0);
    if (end - start !== count * length) return false;
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#words = wordsOf(bytes);
    }
    for (let at = start; at < end; at += length) if (!this.#matchesAt(bytes, at, length)) return false;
    return true;
  }

  /** Four bytes at a time, which for rows of load is cheaper than a call out of JavaScript. */
  #matchesAt(bytes: Uint8Array, start: number, length: number): boolean {
    const row = this.#row;
    const words = this.#words;
    const rowWords = this.#rowWords;
    let at = 0;
    for (; at + 4 <= length; at += 4) if (words.getInt32(start + at) !== rowWords.getInt32(at)) return false;
    for (; at < length; at++) if (bytes[start + at] !== row[at]) return false;
    return true;
  }
}

function wordsOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
