import type { CqlType } from '../../../stress-client/cql-type.ts';
import { writeMarker } from '../bind-markers.ts';
import type { ValueEncoder } from '../value-source.ts';
import { SeenBytes } from './seen-bytes.ts';
import { writeInt32, writeUnsignedVint } from './serialization.ts';

/** Null, which tuples and UDTs may hold. */
export const nullEncoder: ValueEncoder = { bytesAtMost: 0, write: () => -1 };

function bytesAtMost(elements: readonly ValueEncoder[]): number {
  return elements.reduce((bytes, element) => bytes + 4 + element.bytesAtMost, 0);
}

export function listEncoder(elements: readonly ValueEncoder[]): ValueEncoder {
  return {
    bytesAtMost: 4 + bytesAtMost(elements),
    write: (place, staging, offset) => {
      let at = writeInt32(elements.length, staging, offset);
      for (const element of elements) at = writeMarker(element, place, staging, at);
      return at;
    },
  };
}

/** Each value once; the server sorts them. */
export function setEncoder(elements: readonly ValueEncoder[]): ValueEncoder {
  const seen = new SeenBytes(elements.length);
  return {
    bytesAtMost: 4 + bytesAtMost(elements),
    write: (place, staging, offset) => {
      seen.clear();
      let count = 0;
      let at = offset + 4;
      for (const element of elements) {
        const end = writeMarker(element, place, staging, at);
        if (!seen.add(staging, at, end)) continue;
        at = end;
        count++;
      }
      writeInt32(count, staging, offset);
      return at;
    },
  };
}

/** Each key once, the last one's value with it; the server sorts them. */
export function mapEncoder(
  entries: readonly (readonly [key: ValueEncoder, value: ValueEncoder])[],
): ValueEncoder {
  const seen = new SeenBytes(entries.length);
  const backwards = entries.toReversed();
  return {
    bytesAtMost: 4 + bytesAtMost(entries.flat()),
    write: (place, staging, offset) => {
      seen.clear();
      let count = 0;
      let at = offset + 4;
      for (const [key, value] of backwards) {
        const end = writeMarker(key, place, staging, at);
        if (!seen.add(staging, at, end)) continue;
        at = writeMarker(value, place, staging, end);
        count++;
      }
      writeInt32(count, staging, offset);
      return at;
    },
  };
}

/** Tuples, and UDTs in the order of their fields. */
export function tupleEncoder(elements: readonly ValueEncoder[]): ValueEncoder {
  return {
    bytesAtMost: bytesAtMost(elements),
    write: (place, staging, offset) => {
      let at = offset;
      for (const element of elements) at = writeMarker(element, place, staging, at);
      return at;
    },
  };
}

/** Types whose vectors have no lengths: those that Cassandra's `AbstractType.valueLengthIfFixed` gives one. */
const fixedSizes: ReadonlySet<string> = new Set([
  'boolean',
  'int',
  'bigint',
  'float',
  'double',
  'timestamp',
  'uuid',
  'timeuuid',
]);

function isFixedSize(type: CqlType): boolean {
  return type.kind === 'native' ? fixedSizes.has(type.name) : type.kind === 'vector' && isFixedSize(type.of);
}

/** Elements one after the other; those of varying sizes with an unsigned [vint] of their length before each. */
export function vectorEncoder(elements: readonly ValueEncoder[], of: CqlType): ValueEncoder {
  if (isFixedSize(of))
    return {
      bytesAtMost: elements.reduce((bytes, element) => bytes + element.bytesAtMost, 0),
      write: (place, staging, offset) => {
        let at = offset;
        for (const element of elements) at = element.write(place, staging, at);
        return at;
      },
    };
  const longestLength = 5;
  return {
    bytesAtMost: elements.reduce((bytes, element) => bytes + longestLength + element.bytesAtMost, 0),
    write: (place, staging, offset) => {
      let at = offset;
      for (const element of elements) {
        const start = at + longestLength;
        const end = element.write(place, staging, start);
        at = writeUnsignedVint(end - start, staging, at);
        staging.copyWithin(at, start, end);
        at += end - start;
      }
      return at;
    },
  };
}
