import type { CqlNativeName, CqlType } from '../../../stress-client/cql-type.ts';
import type { ValueEncoder } from '../value-source.ts';

/** Which of two serialized values comes first: below 0, the first; above 0, the second. */
type Order = (one: Buffer, other: Buffer) => number;

/** Of numbers of one size, without making any: the first byte has the sign. */
const bySize: Order = (one, other) => one.readInt8() - other.readInt8() || Buffer.compare(one, other);
const byNumber: Order = (one, other) => Number(signed(one) - signed(other));
const byReal =
  (read: (bytes: Buffer) => number): Order =>
  (one, other) => {
    const [first, second] = [read(one), read(other)];
    // Zero is above minus zero.
    return first === second ? bySize(one, other) : first - second;
  };

/** Of the native types whose order is that of their bytes, or of the numbers that these are. */
const orders: Partial<Record<CqlNativeName, Order>> = {
  ascii: Buffer.compare,
  text: Buffer.compare,
  blob: Buffer.compare,
  boolean: Buffer.compare,
  date: Buffer.compare,
  inet: Buffer.compare,
  tinyint: bySize,
  smallint: bySize,
  int: bySize,
  bigint: bySize,
  varint: byNumber,
  time: bySize,
  timestamp: bySize,
  float: byReal((bytes) => bytes.readFloatBE()),
  double: byReal((bytes) => bytes.readDoubleBE()),
};

/** Whether it is known how the server sorts values of a native type. */
export function hasServerOrder(name: string): boolean {
  return name in orders;
}

/** A number of any size, as its bytes say it. */
function signed(bytes: Buffer): bigint {
  return BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString('hex')}`));
}

/** Has the elements of a set, or the keys of a map, in the order in which the server answers with them, where it is known. */
export function inServerOrder(encoder: ValueEncoder, type: CqlType): ValueEncoder {
  const sortedBy = type.kind === 'set' ? type.of : type.kind === 'map' ? type.key : undefined;
  const order = sortedBy?.kind === 'native' ? orders[sortedBy.name] : undefined;
  if (order === undefined) return encoder;
  const { bytesAtMost, ofItem } = encoder;
  return {
    bytesAtMost,
    ...(ofItem && { ofItem }),
    write: (place, staging, offset) => {
      const end = encoder.write(place, staging, offset);
      if (end > offset)
        sortEntries(Buffer.from(staging.buffer, staging.byteOffset, end), offset, type.kind === 'map', order);
      return end;
    },
  };
}

/** Sorts the entries of a collection at `offset`: a count, and elements, or keys and values, each behind its length. */
function sortEntries(staging: Buffer, offset: number, areKeyed: boolean, order: Order): void {
  const copy = Buffer.from(staging.subarray(offset + 4));
  const entries: { readonly key: Buffer; readonly all: Buffer }[] = [];
  for (let at = 0; at < copy.length;) {
    const endOfKey = at + 4 + copy.readInt32BE(at);
    const end = areKeyed ? endOfKey + 4 + Math.max(0, copy.readInt32BE(endOfKey)) : endOfKey;
    entries.push({ key: copy.subarray(at + 4, endOfKey), all: copy.subarray(at, end) });
    at = end;
  }
  let at = offset + 4;
  for (const { all } of entries.sort((one, other) => order(one.key, other.key))) at += all.copy(staging, at);
}
