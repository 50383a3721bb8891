import { writeText } from './bytes.ts';

/* Rows as statements with literals: what a preview shows, and what a sink without tables is given. */

const lineEnd = 10;

/** Writes rows `first` to `end`, a line each, and returns the end. */
export function writeLiterals(
  rowOf: (index: number) => string,
  first: number,
  end: number,
  staging: Uint8Array,
  offset: number,
): number {
  let at = offset;
  for (let index = first; index < end; index++) {
    if (index !== first) staging[at++] = lineEnd;
    at = writeText(rowOf(index), staging, at);
  }
  return at;
}

/** Mean bytes of a row with its line end. */
export function averageLiteralBytes(rowOf: (index: number) => string, indexes: readonly number[]): number {
  return indexes.reduce((sum, index) => sum + Buffer.byteLength(rowOf(index)) + 1, 0) / indexes.length;
}
