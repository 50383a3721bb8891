import type {
  CqlMarker,
  CqlPlan,
  CqlTableKeys,
  CqlValues,
  PreparedText,
} from '../../src/stress-client/cql-plan.ts';
import type { CqlNativeName } from '../../src/stress-client/cql-type.ts';

/** Native types by column. */
export type ColumnTypes = Readonly<Record<string, CqlNativeName>>;

/** What a server tells about a text whose markers stand in `column = ?`, `LIMIT ?` or the values of an INSERT. */
export function preparedAs(text: string, types: ColumnTypes): PreparedText {
  const written = /^INSERT INTO \S+ \((.*)\) VALUES \(/.exec(text);
  const names =
    written === null
      ? [...text.matchAll(/("(?:[^"]|"")+"|\w+)(?: [=<>]+)? \?/g)].map(([, name]) => name!)
      : written[1]!.split(', ');
  const markers = names.map((name): CqlMarker => {
    const column = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
    const type = types[column];
    if (type === undefined) throw new Error(`no type of ${column}`);
    return { name: column, type: { kind: 'native', name: type } };
  });
  return { markers };
}

/** A plan's texts and values, against columns of such types. */
export interface Bound {
  readonly texts: readonly string[];
  readonly prepared: readonly PreparedText[];
  readonly values: CqlValues;
}

export function bound(plan: CqlPlan, types: ColumnTypes, keys: readonly CqlTableKeys[] = []): Bound {
  const texts = plan.texts(keys);
  if ('problem' in texts) throw new Error(texts.problem);
  const prepared = texts.map((text) => preparedAs(text, types));
  const values = plan.bind(prepared, keys);
  if ('problem' in values) throw new Error(values.problem);
  return { texts, prepared, values };
}

/** Cuts what a plan wrote into the serialized values of the markers; null is null. */
export function serializedValues(values: CqlValues, index: number, pick: number): (Buffer | null)[] {
  const staging = Buffer.alloc(values.itemBytesAtMost + 3, 0xee);
  const end = values.write(index, pick, 0, staging, 3);
  if (end > staging.length) throw new Error(`wrote ${end - 3} bytes of at most ${values.itemBytesAtMost}`);
  const cut: (Buffer | null)[] = [];
  for (let at = 3; at < end;) {
    const length = staging.readInt32BE(at);
    at += 4;
    cut.push(length < 0 ? null : staging.subarray(at, at + length));
    at += Math.max(0, length);
  }
  return cut;
}

/** The text of an item with its values as literals. */
export function executedText({ texts, prepared, values }: Bound, index: number, pick: number): string {
  const chosen = values.textOf(index, pick);
  const serialized = serializedValues(values, index, pick);
  const { markers } = prepared[chosen]!;
  if (serialized.length !== markers.length) throw new Error(`${serialized.length} values`);
  let at = 0;
  return texts[chosen]!.replaceAll('?', () => literal(markers[at]!, serialized[at++]!));
}

function literal({ type }: CqlMarker, bytes: Buffer | null): string {
  if (bytes === null || type.kind !== 'native') throw new Error('no native value');
  switch (type.name) {
    case 'int':
      return String(bytes.readInt32BE());
    case 'bigint':
      return String(bytes.readBigInt64BE());
    case 'double':
      return String(bytes.readDoubleBE());
    case 'boolean':
      return String(bytes[0] === 1);
    case 'uuid':
      return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    case 'date':
      return `'${new Date((bytes.readUInt32BE() - 2 ** 31) * 86_400_000).toISOString().slice(0, 10)}'`;
    case 'timestamp':
      return `'${new Date(Number(bytes.readBigInt64BE())).toISOString()}'`;
    case 'text':
      return `'${bytes.toString().replaceAll("'", "''")}'`;
    default:
      throw new Error(`no literal of ${type.name}`);
  }
}
