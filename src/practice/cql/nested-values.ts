/*
 * What collections, tuples and UDTs hold: native_protocol_v4.spec, section 6.
 */

/** The items of a list or set; of a map, with two for each entry, keys and values in turn. */
export function collectionItems(value: Buffer, perEntry = 1): Buffer[] {
  if (value.length < 4) return [];
  const items: Buffer[] = [];
  let offset = 4;
  for (let left = value.readInt32BE(0) * perEntry; left > 0; left--) {
    const length = Math.max(0, value.readInt32BE(offset));
    items.push(value.subarray(offset + 4, offset + 4 + length));
    offset += 4 + length;
  }
  return items;
}

/** The bytes of a collection of `items`, of which `perEntry` make an entry. */
export function collectionOf(items: readonly Buffer[], perEntry = 1): Buffer {
  const count = Buffer.alloc(4);
  count.writeInt32BE(items.length / perEntry);
  return Buffer.concat([count, ...items.flatMap((item) => [lengthOf(item), item])]);
}

/** The items of a tuple, or the fields of a UDT; what was left off at its end is missing here, too. */
export function tupleItems(value: Buffer): (Buffer | null)[] {
  const items: (Buffer | null)[] = [];
  let offset = 0;
  while (offset + 4 <= value.length) {
    const length = value.readInt32BE(offset);
    items.push(length < 0 ? null : value.subarray(offset + 4, offset + 4 + length));
    offset += 4 + Math.max(0, length);
  }
  return items;
}

export function tupleOf(items: readonly (Buffer | null)[]): Buffer {
  return Buffer.concat(items.flatMap((item) => (item === null ? [lengthOf(item)] : [lengthOf(item), item])));
}

function lengthOf(item: Buffer | null): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(item === null ? -1 : item.length);
  return bytes;
}
