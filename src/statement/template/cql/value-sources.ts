import { cqlTypeText, type CqlType } from '../../../stress-client/cql-type.ts';
import { printSlot } from '../../../parser/print-words.ts';
import { encode, writeBytes, writeText } from '../bytes.ts';
import { slotText } from '../code/slot-text.ts';
import { constantBytes } from '../code/text-code.ts';
import type { Composition, PlacedSlot } from '../compose.ts';
import { timeNs } from '../timeline.ts';
import type { ValueEncoder, ValueSource } from '../value-source.ts';
import { literalEncoder } from './literal-encoder.ts';
import type { LiteralTree } from './literal-tree.ts';
import { isAscii } from './read-constant.ts';
import { writeInt64, writePointTime } from './serialization.ts';
import { slotEncoder } from './slot-encoder.ts';

/** A slot or a choice by itself. */
export function slotSource({ slot, rankOf, ranks = Infinity }: PlacedSlot): ValueSource {
  return {
    text: printSlot(slot.node),
    encoder: (type) =>
      slotEncoder({ slot, type: slot.resolved, made: slot.made, rankOf, ranks: slot.count ?? ranks }, type),
  };
}

/** A string with slots: one text. A slot that is all of the string is the slot's value. */
export function compositionSource(parts: Composition, text: string): ValueSource {
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'object' && only.slot.type?.literal === 'quoted')
    return { ...slotSource(only), text };
  return {
    text,
    encoder: (type) => {
      if (type.kind !== 'native' || (type.name !== 'text' && type.name !== 'ascii'))
        return {
          problem: `is a text, which can not become ${cqlTypeText(type)}`,
          hint: 'a slot without quotes around it takes the type of its column',
        };
      if (type.name === 'ascii') {
        const known = parts.flatMap((part) =>
          typeof part === 'string' ? [part] : (part.slot.values.texts ?? []),
        );
        const foreign = known.find((each) => !isAscii(each));
        if (foreign !== undefined) return { problem: `has '${foreign}', which is not ASCII` };
      }
      return textEncoder(parts);
    },
  };
}

function textEncoder(parts: Composition): ValueEncoder {
  const pieces = parts.map((part) => {
    if (typeof part === 'string') {
      const bytes = encode(part);
      return {
        bytesAtMost: bytes.length,
        write: (_, staging, offset) => writeBytes(bytes, staging, offset),
      } satisfies ValueEncoder;
    }
    const { values } = part.slot;
    return {
      bytesAtMost: values.bytesAtMost,
      write: (place, staging, offset) => values.write(part.rankOf(place), place, staging, offset),
    } satisfies ValueEncoder;
  });
  return {
    bytesAtMost: pieces.reduce((bytes, piece) => bytes + piece.bytesAtMost, 0),
    write: (place, staging, offset) => {
      let at = offset;
      for (const piece of pieces) at = piece.write(place, staging, at);
      return at;
    },
    code: (code, place) => {
      for (const part of parts) {
        if (typeof part === 'string') code.line(constantBytes(code, encode(part)));
        else slotText(code, place, part.slot);
      }
      return true;
    },
  };
}

/** A literal of a list, set, map, UDT, vector or tuple with slots inside: CQL has no markers there. */
export function literalSource(tree: LiteralTree<ValueSource>, text: string): ValueSource {
  return { text, encoder: (type) => literalEncoder(tree, type) };
}

const timeNames: ReadonlyMap<number, string> = new Map([
  [0, 's'],
  [3, 'ms'],
  [6, 'us'],
  [9, 'ns'],
]);

/** The item's own time, cut to `digits` decimals of a second: milliseconds in a timestamp, else its units. */
export function pointTimeSource(digits: number): ValueSource {
  return { text: `the time in ${timeNames.get(digits)}`, encoder: (type) => timeEncoder(type, digits) };
}

function timeEncoder(type: CqlType, digits: number): ReturnType<ValueSource['encoder']> {
  if (type.kind === 'native') {
    switch (type.name) {
      case 'timestamp': {
        const unit = 10 ** Math.max(0, 3 - digits);
        return {
          bytesAtMost: 8,
          write: ({ seconds, nanoseconds }, staging, offset) =>
            writeInt64(seconds * 1000 + Math.floor(nanoseconds / 1e6 / unit) * unit, staging, offset),
        };
      }
      case 'bigint':
        return {
          bytesAtMost: 8,
          write: (place, staging, offset) => writePointTime(place, digits, staging, offset),
        };
      case 'text':
      case 'ascii':
        return {
          bytesAtMost: 20,
          write: (place, staging, offset) =>
            writeText(String(timeNs(place, digits) / 10n ** BigInt(9 - digits)), staging, offset),
        };
      default:
        break;
    }
  }
  return {
    problem: `can not become ${cqlTypeText(type)}`,
    hint: 'times fit timestamp, bigint and text',
  };
}
