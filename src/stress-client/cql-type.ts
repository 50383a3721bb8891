/** A type of CQL, as PREPARE and the schema tell it. */
export type CqlType =
  | { readonly kind: 'native'; readonly name: CqlNativeName }
  | { readonly kind: 'list' | 'set'; readonly of: CqlType }
  | { readonly kind: 'map'; readonly key: CqlType; readonly value: CqlType }
  | { readonly kind: 'tuple'; readonly of: readonly CqlType[] }
  | {
      readonly kind: 'udt';
      readonly keyspace: string;
      readonly name: string;
      readonly fields: readonly { readonly name: string; readonly type: CqlType }[];
    }
  | { readonly kind: 'vector'; readonly of: CqlType; readonly size: number }
  /** A type of the server's own, named by its Java class: only blobs fit it. */
  | { readonly kind: 'custom'; readonly className: string };

/** Names of the native types with their codes in the protocol: native_protocol_v4.spec, section 4.2.5.2. */
export const cqlNativeCodes = {
  ascii: 0x01,
  bigint: 0x02,
  blob: 0x03,
  boolean: 0x04,
  counter: 0x05,
  decimal: 0x06,
  double: 0x07,
  float: 0x08,
  int: 0x09,
  timestamp: 0x0b,
  uuid: 0x0c,
  text: 0x0d,
  varint: 0x0e,
  timeuuid: 0x0f,
  inet: 0x10,
  date: 0x11,
  time: 0x12,
  smallint: 0x13,
  tinyint: 0x14,
  duration: 0x15,
} as const;
export type CqlNativeName = keyof typeof cqlNativeCodes;

/** As CQL writes it, such as `map<text, frozen<list<int>>>` without the `frozen`. */
export function cqlTypeText(type: CqlType): string {
  switch (type.kind) {
    case 'native':
      return type.name;
    case 'list':
    case 'set':
      return `${type.kind}<${cqlTypeText(type.of)}>`;
    case 'map':
      return `map<${cqlTypeText(type.key)}, ${cqlTypeText(type.value)}>`;
    case 'tuple':
      return `tuple<${type.of.map(cqlTypeText).join(', ')}>`;
    case 'udt':
      return type.name;
    case 'vector':
      return `vector<${cqlTypeText(type.of)}, ${type.size}>`;
    case 'custom':
      return `'${type.className}'`;
  }
}
