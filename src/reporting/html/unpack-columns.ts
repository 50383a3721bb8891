import type { PackedColumns } from './report-data.ts';

/** What `packColumns` has packed, by name; null where there is no value, as charts have it. */
export function unpackColumns({
  names,
  length,
  bytes,
}: PackedColumns): ReadonlyMap<string, readonly (number | null)[]> {
  const packed = atob(bytes);
  const columns = new Map<string, readonly (number | null)[]>();
  let next = 0;
  for (const name of names) {
    const column: (number | null)[] = [];
    let last = 0;
    for (let at = 0; at < length; at++) {
      let [value, unit, byte] = [0, 1, 0x80];
      while (byte >= 0x80) {
        byte = packed.charCodeAt(next++);
        value += (byte % 0x80) * unit;
        unit *= 0x80;
      }
      if (value === 0) {
        column.push(null);
        continue;
      }
      const zigzag = value - 1;
      last += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
      column.push(last);
    }
    columns.set(name, column);
  }
  return columns;
}
