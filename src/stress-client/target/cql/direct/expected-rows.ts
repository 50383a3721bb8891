import type { ExpectedValues } from '../../../cql-plan.ts';
import type { Operation } from '../../../plan.ts';

/**
 * Compares answers with the row that is expected of an operation, byte by byte where they lie: a row of a RESULT is
 * its values with their lengths, which is what the plan writes.
 */
export class ExpectedRows {
  readonly #values: ExpectedValues;
  readonly #row: Uint8Array;

  constructor(values: ExpectedValues) {
    this.#values = values;
    this.#row = new Uint8Array(values.bytesAtMost);
  }

  /** Whether the bytes from `start` to `end` are `count` rows, each of them the expected one. */
  match(of: Operation, count: number, bytes: Uint8Array, start: number, end: number): boolean {
    const row = this.#row;
    const length = this.#values.write(of, row, 0);
    if (end - start !== count * length) return false;
    for (let rowStart = start; rowStart < end; rowStart += length) {
      for (let at = 0; at < length; at++) if (bytes[rowStart + at] !== row[at]) return false;
    }
    return true;
  }
}
