import type { CqlNativeName, CqlType } from '../../../cql-type.ts';

const packageName = 'org.apache.cassandra.db.marshal.';

const nativeClasses: Readonly<Record<string, CqlNativeName>> = {
  AsciiType: 'ascii',
  LongType: 'bigint',
  BytesType: 'blob',
  BooleanType: 'boolean',
  CounterColumnType: 'counter',
  DecimalType: 'decimal',
  DoubleType: 'double',
  FloatType: 'float',
  Int32Type: 'int',
  TimestampType: 'timestamp',
  UUIDType: 'uuid',
  UTF8Type: 'text',
  IntegerType: 'varint',
  TimeUUIDType: 'timeuuid',
  InetAddressType: 'inet',
  SimpleDateType: 'date',
  TimeType: 'time',
  ShortType: 'smallint',
  ByteType: 'tinyint',
  DurationType: 'duration',
};

/**
 * The type that a Java class of Cassandra stands for: what version 4 of the protocol has no code for, such as
 * `org.apache.cassandra.db.marshal.VectorType(org.apache.cassandra.db.marshal.FloatType, 3)`, is told that way.
 * A class that is not known, or whose inside is not, is 'custom'.
 */
export function typeOfClass(className: string): CqlType {
  const { name, parameters } = parseClass(className);
  const custom: CqlType = { kind: 'custom', className };
  const native = nativeClasses[name];
  if (native !== undefined) return { kind: 'native', name: native };
  if (name === 'VectorType') {
    const [of, size] = parameters;
    return parameters.length === 2 && /^\d+$/.test(size!)
      ? { kind: 'vector', of: typeOfClass(of!), size: Number(size) }
      : custom;
  }
  if (name === 'UserType') return userType(parameters) ?? custom;
  const types = parameters.map(typeOfClass);
  const [first, second] = types;
  if (first === undefined) return custom;
  switch (name) {
    case 'FrozenType':
    case 'ReversedType':
      return first;
    case 'ListType':
      return { kind: 'list', of: first };
    case 'SetType':
      return { kind: 'set', of: first };
    case 'MapType':
      return second === undefined ? custom : { kind: 'map', key: first, value: second };
    case 'TupleType':
      return { kind: 'tuple', of: types };
  }
  return custom;
}

/** `UserType(keyspace,name in hex,field in hex:type,…)`. */
function userType(parameters: readonly string[]): CqlType | undefined {
  const [keyspace, name, ...fields] = parameters;
  if (keyspace === undefined || name === undefined) return undefined;
  return {
    kind: 'udt',
    keyspace,
    name: unhex(name),
    fields: fields.map((field) => {
      const colon = field.indexOf(':');
      return { name: unhex(field.slice(0, colon)), type: typeOfClass(field.slice(colon + 1)) };
    }),
  };
}

function unhex(hex: string): string {
  return Buffer.from(hex, 'hex').toString();
}

/** Name without the package, and what stands in its parentheses, split at the commas that are in no others. */
function parseClass(text: string): { readonly name: string; readonly parameters: readonly string[] } {
  const open = text.indexOf('(');
  const path = (open < 0 ? text : text.slice(0, open)).trim();
  const name = path.startsWith(packageName) ? path.slice(packageName.length) : path;
  if (open < 0) return { name, parameters: [] };
  const parameters: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = start; at < text.length; at++) {
    const character = text[at]!;
    if ((character === ',' || character === ')') && depth === 0) {
      parameters.push(text.slice(start, at).trim());
      start = at + 1;
    }
    if (character === '(') depth++;
    if (character === ')') depth--;
  }
  return { name, parameters };
}
