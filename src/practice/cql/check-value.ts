import { isUtf8 } from 'node:buffer';
import { invalid } from './cql-refusal.ts';
import { fixedBytes, typeText } from './cql-type.ts';
import type { CqlType } from './cql-type.ts';

const bytesOf: Readonly<Record<string, number>> = { date: 4, time: 8, smallint: 2, tinyint: 1 };

/** Refuses bytes that are no value of the type, as a server does before it writes them. */
export function checkValue(value: Buffer, type: CqlType): void {
  if (!isValue(value, type)) {
    throw invalid(`The ${value.length} bytes given are no value of type ${typeText(type)}`);
  }
}

function isValue(value: Buffer, type: CqlType): boolean {
  switch (type.kind) {
    case 'native': {
      const bytes = bytesOf[type.name] ?? fixedBytes(type);
      if (bytes !== undefined) return value.length === bytes || value.length === 0;
      switch (type.name) {
        case 'text':
          return isUtf8(value);
        case 'ascii':
          return value.every((byte) => byte < 0x80);
        case 'inet':
          return [0, 4, 16].includes(value.length);
        case 'decimal':
          return value.length === 0 || value.length > 4;
        case 'duration':
          return value.length >= 3;
        default:
          return true;
      }
    }
    case 'list':
    case 'set':
      return areItems(value, 4, value.length < 4 ? 0 : value.readInt32BE(0), () => type.of);
    case 'map':
      return areItems(value, 4, value.length < 4 ? 0 : value.readInt32BE(0) * 2, (index) =>
        index % 2 === 0 ? type.key : type.value,
      );
    case 'tuple':
      return areItems(value, 0, undefined, (index) => type.of[index]);
    case 'udt':
      return areItems(value, 0, undefined, (index) => type.udt.fields[index]?.type);
    case 'vector': {
      const bytes = fixedBytes(type);
      return bytes === undefined ? value.length >= type.size : value.length === bytes;
    }
  }
}

/** Whether behind `offset` there are `count` items, or without a count items up to the end. */
function areItems(
  value: Buffer,
  offset: number,
  count: number | undefined,
  typeAt: (index: number) => CqlType | undefined,
): boolean {
  if (value.length < offset) return false;
  let at = offset;
  for (let index = 0; count === undefined ? at < value.length : index < count; index++) {
    const type = typeAt(index);
    if (type === undefined || at + 4 > value.length) return false;
    const length = value.readInt32BE(at);
    at += 4;
    // Only what has no count of its items may lack some.
    if (length < 0 && count !== undefined) return false;
    if (length < 0) continue;
    if (at + length > value.length || !isValue(value.subarray(at, at + length), type)) return false;
    at += length;
  }
  return at === value.length;
}
