import type { CqlType } from './cql-type.ts';
import { collectionItems, tupleItems } from './nested-values.ts';

/** How values of a type are in order, as a clustering column sorts them. */
export type Compare = (one: Buffer, other: Buffer) => number;

export function compareBy(type: CqlType): Compare {
  switch (type.kind) {
    case 'native':
      switch (type.name) {
        case 'tinyint':
        case 'smallint':
        case 'int':
        case 'bigint':
        case 'counter':
        case 'timestamp':
          return bySignedBytes;
        case 'float':
          return (one, other) => one.readFloatBE() - other.readFloatBE();
        case 'double':
          return (one, other) => one.readDoubleBE() - other.readDoubleBE();
        case 'varint':
          return (one, other) => byNumber(integerOf(one), integerOf(other));
        case 'decimal':
          return byDecimal;
        case 'timeuuid':
          return byTime;
        case 'uuid':
          return byVersion;
        default:
          return Buffer.compare;
      }
    case 'list':
    case 'set':
      return inTurn(collectionItems, () => compareBy(type.of));
    case 'map': {
      const [byKey, byValue] = [compareBy(type.key), compareBy(type.value)];
      return inTurn(
        (value) => collectionItems(value, 2),
        (index) => (index % 2 === 0 ? byKey : byValue),
      );
    }
    case 'tuple': {
      const each = type.of.map(compareBy);
      return inTurn(tupleItems, (index) => each[index] ?? Buffer.compare);
    }
    case 'udt':
      return inTurn(tupleItems, (index) =>
        type.udt.fields[index] === undefined ? Buffer.compare : compareBy(type.udt.fields[index].type),
      );
    case 'vector':
      return Buffer.compare;
  }
}

/** A whole number of any length. */
export function integerOf(bytes: Uint8Array): bigint {
  const hex = Buffer.from(bytes).toString('hex');
  return hex === '' ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`));
}

function byNumber(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function bySignedBytes(one: Buffer, other: Buffer): number {
  // The sign bit is the first: turned over, bytes are in order.
  if (one.length === 0 || other.length === 0) return one.length - other.length;
  return (one[0]! ^ 0x80) - (other[0]! ^ 0x80) || Buffer.compare(one, other);
}

function byDecimal(one: Buffer, other: Buffer): number {
  const [scale, otherScale] = [one.readInt32BE(), other.readInt32BE()];
  const most = Math.max(scale, otherScale);
  const scaled = (value: Buffer, from: number): bigint =>
    integerOf(value.subarray(4)) * 10n ** BigInt(most - from);
  return byNumber(scaled(one, scale), scaled(other, otherScale));
}

function byTime(one: Buffer, other: Buffer): number {
  return byNumber(timeOf(one), timeOf(other)) || Buffer.compare(one.subarray(8), other.subarray(8));
}

function byVersion(one: Buffer, other: Buffer): number {
  const version = one[6]! >> 4;
  return version - (other[6]! >> 4) || (version === 1 ? byTime(one, other) : Buffer.compare(one, other));
}

/** The 100 ns since 1582 of a time UUID. */
export function timeOf(uuid: Buffer): bigint {
  return (
    (BigInt(uuid.readUInt16BE(6) & 0x0fff) << 48n) |
    (BigInt(uuid.readUInt16BE(4)) << 32n) |
    BigInt(uuid.readUInt32BE(0))
  );
}

function inTurn(
  itemsOf: (value: Buffer) => readonly (Buffer | null)[],
  compareAt: (index: number) => Compare,
): Compare {
  return (one, other) => {
    const items = itemsOf(one);
    const others = itemsOf(other);
    for (let index = 0; index < Math.min(items.length, others.length); index++) {
      const [item, otherItem] = [items[index]!, others[index]!];
      if (item === null || otherItem === null) {
        if (item !== otherItem) return item === null ? -1 : 1;
        continue;
      }
      const order = compareAt(index)(item, otherItem);
      if (order !== 0) return order;
    }
    return items.length - others.length;
  };
}
