import type { ByteWriter } from './byte-writer.ts';

const customCode = 0x00;
const marshal = 'org.apache.cassandra.db.marshal';

/** Native types: code in the protocol, class in the server, and how long a value is where that is fixed. */
const nativeTypes = {
  ascii: { code: 0x01, className: 'AsciiType' },
  bigint: { code: 0x02, className: 'LongType', bytes: 8 },
  blob: { code: 0x03, className: 'BytesType' },
  boolean: { code: 0x04, className: 'BooleanType', bytes: 1 },
  counter: { code: 0x05, className: 'CounterColumnType', bytes: 8 },
  decimal: { code: 0x06, className: 'DecimalType' },
  double: { code: 0x07, className: 'DoubleType', bytes: 8 },
  float: { code: 0x08, className: 'FloatType', bytes: 4 },
  int: { code: 0x09, className: 'Int32Type', bytes: 4 },
  timestamp: { code: 0x0b, className: 'TimestampType', bytes: 8 },
  uuid: { code: 0x0c, className: 'UUIDType', bytes: 16 },
  text: { code: 0x0d, className: 'UTF8Type' },
  varint: { code: 0x0e, className: 'IntegerType' },
  timeuuid: { code: 0x0f, className: 'TimeUUIDType', bytes: 16 },
  inet: { code: 0x10, className: 'InetAddressType' },
  date: { code: 0x11, className: 'SimpleDateType', bytes: 4 },
  time: { code: 0x12, className: 'TimeType', bytes: 8 },
  smallint: { code: 0x13, className: 'ShortType', bytes: 2 },
  tinyint: { code: 0x14, className: 'ByteType', bytes: 1 },
  duration: { code: 0x15, className: 'DurationType' },
} as const satisfies Record<string, { code: number; className: string; bytes?: number }>;
export type NativeName = keyof typeof nativeTypes;

/** A type as CREATE TYPE made it and ALTER TYPE may change it. */
export interface UserType {
  readonly keyspace: string;
  readonly name: string;
  readonly fields: { readonly name: string; readonly type: CqlType }[];
}

export type CqlType =
  | { readonly kind: 'native'; readonly name: NativeName }
  | { readonly kind: 'list' | 'set'; readonly of: CqlType; readonly frozen: boolean }
  | { readonly kind: 'map'; readonly key: CqlType; readonly value: CqlType; readonly frozen: boolean }
  | { readonly kind: 'tuple'; readonly of: readonly CqlType[] }
  | { readonly kind: 'udt'; readonly udt: UserType; readonly frozen: boolean }
  | { readonly kind: 'vector'; readonly of: CqlType; readonly size: number };

export function nativeType(name: string): CqlType | undefined {
  const known = name === 'varchar' ? 'text' : name;
  return Object.hasOwn(nativeTypes, known) ? { kind: 'native', name: known as NativeName } : undefined;
}

export function native(name: NativeName): CqlType {
  return { kind: 'native', name };
}

/** Collections and UDTs whose elements are written one by one. */
export function isMultiCell(type: CqlType): boolean {
  return 'frozen' in type && !type.frozen;
}

/** The same type in one piece, and so what is in it. */
export function frozen(type: CqlType): CqlType {
  switch (type.kind) {
    case 'list':
    case 'set':
      return { ...type, of: frozen(type.of), frozen: true };
    case 'map':
      return { ...type, key: frozen(type.key), value: frozen(type.value), frozen: true };
    case 'udt':
      return { ...type, frozen: true };
    default:
      return type;
  }
}

/** As CQL, and the system_schema tables, write it. */
export function typeText(type: CqlType): string {
  switch (type.kind) {
    case 'native':
      return type.name;
    case 'list':
    case 'set':
      return inFrozen(type.frozen, `${type.kind}<${typeText(type.of)}>`);
    case 'map':
      return inFrozen(type.frozen, `map<${typeText(type.key)}, ${typeText(type.value)}>`);
    case 'tuple':
      return `frozen<tuple<${type.of.map(typeText).join(', ')}>>`;
    case 'udt':
      return inFrozen(type.frozen, type.udt.name);
    case 'vector':
      return `vector<${typeText(type.of)}, ${type.size}>`;
  }
}

function inFrozen(frozen: boolean, text: string): string {
  return frozen ? `frozen<${text}>` : text;
}

/** How long every value of a type is, where they are all alike: so a vector packs them. */
export function fixedBytes(type: CqlType): number | undefined {
  if (type.kind === 'vector') {
    const each = fixedBytes(type.of);
    return each === undefined ? undefined : each * type.size;
  }
  if (type.kind !== 'native') return undefined;
  const { name } = type;
  // Of these the server says that they vary, so that a vector gives each its length.
  if (name === 'date' || name === 'time' || name === 'smallint' || name === 'tinyint') return undefined;
  const native = nativeTypes[name];
  return 'bytes' in native ? native.bytes : undefined;
}

/** Writes an [option] as a server tells a type to a client of protocol v4: section 4.2.5.2. */
export function writeType(writer: ByteWriter, type: CqlType): void {
  switch (type.kind) {
    case 'native':
      // Protocol v4 has no code for it.
      if (type.name === 'duration') {
        writer.short(customCode);
        writer.string(className(type));
      } else writer.short(nativeTypes[type.name].code);
      break;
    case 'list':
      writer.short(0x20);
      writeType(writer, type.of);
      break;
    case 'set':
      writer.short(0x22);
      writeType(writer, type.of);
      break;
    case 'map':
      writer.short(0x21);
      writeType(writer, type.key);
      writeType(writer, type.value);
      break;
    case 'tuple':
      writer.short(0x31);
      writer.short(type.of.length);
      for (const of of type.of) writeType(writer, of);
      break;
    case 'udt':
      writer.short(0x30);
      writer.string(type.udt.keyspace);
      writer.string(type.udt.name);
      writer.short(type.udt.fields.length);
      for (const field of type.udt.fields) {
        writer.string(field.name);
        writeType(writer, field.type);
      }
      break;
    case 'vector':
      writer.short(customCode);
      writer.string(className(type));
  }
}

/** The server's class, as the type of a vector names it: frozen is said once, around everything that is in it. */
function className(type: CqlType, within = false): string {
  const frozenClass = (text: string): string =>
    'frozen' in type && type.frozen && !within ? `${marshal}.FrozenType(${text})` : text;
  const inner = (of: CqlType): string => className(of, within || ('frozen' in type && type.frozen));
  switch (type.kind) {
    case 'native':
      return `${marshal}.${nativeTypes[type.name].className}`;
    case 'list':
      return frozenClass(`${marshal}.ListType(${inner(type.of)})`);
    case 'set':
      return frozenClass(`${marshal}.SetType(${inner(type.of)})`);
    case 'map':
      return frozenClass(`${marshal}.MapType(${inner(type.key)},${inner(type.value)})`);
    case 'tuple':
      return `${marshal}.TupleType(${type.of.map(inner).join(',')})`;
    case 'udt': {
      const { keyspace, name, fields } = type.udt;
      const parts = fields.map((field) => `${hex(field.name)}:${inner(field.type)}`);
      return frozenClass(`${marshal}.UserType(${[keyspace, hex(name), ...parts].join(',')})`);
    }
    case 'vector':
      return `${marshal}.VectorType(${inner(type.of)} , ${type.size})`;
  }
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}
