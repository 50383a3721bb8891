import type { PackedColumns } from './report-data.ts';

/** Whole numbers of at most 2^52, or no value. */
export type Column = readonly (number | undefined)[];

/**
 * Packs columns into a third of what they take as JSON: neighbours differ by little. Columns without any value are left
 * out. `unpackColumns` makes them again.
 */
export function packColumns(columns: Readonly<Record<string, Column>>, length: number): PackedColumns {
  const kept = Object.entries(columns).filter(([, column]) => column.some((value) => value !== undefined));
  const bytes: number[] = [];
  for (const [, column] of kept) {
    let last = 0;
    for (let at = 0; at < length; at++) {
      const value = column[at];
      if (value === undefined) {
        bytes.push(0);
        continue;
      }
      const difference = value - last;
      last = value;
      let rest = (difference < 0 ? -2 * difference - 1 : 2 * difference) + 1;
      for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
      bytes.push(rest);
    }
  }
  return {
    names: kept.map(([name]) => name),
    length,
    bytes: Buffer.from(bytes).toString('base64'),
  };
}
