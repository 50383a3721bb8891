import { types } from 'cassandra-driver';

const textLengthAtMost = 1 << 20;

/** Rows as JSON, one a line; those past the first MiB are left out. Empty where the result has no rows. */
export function rowsText({ rows, columns }: types.ResultSet): string {
  const lines: string[] = [];
  let length = 0;
  for (const row of rows ?? []) {
    const line = JSON.stringify(Object.fromEntries(columns.map(({ name }) => [name, plain(row[name])])));
    length += line.length + 1;
    if (length > textLengthAtMost) break;
    lines.push(line);
  }
  return lines.join('\n');
}

/** A value of the driver's as JSON has it: its own types as text, blobs as CQL writes them. */
function plain(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') return value;
  if (Buffer.isBuffer(value)) return `0x${value.toString('hex')}`;
  if (value instanceof types.Tuple) return value.values().map(plain);
  if (Symbol.iterator in value) return Array.from(value as Iterable<unknown>, plain);
  if (value instanceof Date) return value.toISOString();
  const isPlain = Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}
