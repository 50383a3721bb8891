import { byteLength, encode, fixedText, writeBytes, writeFixed, writeText, writeWhole } from './bytes.ts';
import type { NumberCode } from './code/code.ts';
import type { Place } from './place.ts';
import type { GeneratedValues } from './stress/generated-rows.ts';
import type { WordStream } from './word-stream.ts';

/** A number of a rank. */
export type Real = (rank: number, place: Place) => number;

/**
 * The values of a slot: a pure function of a rank (the item's index, its turn, or the slot's digit in the
 * odometer, as the slot stands) and, for times and walks, of the item's place. Texts are unescaped.
 */
export interface Values {
  /** The value as text. What it says defines the value. */
  text(rank: number, place: Place): string;
  /** Writes the same as UTF-8 at `offset` and returns the end. */
  write(rank: number, place: Place, staging: Uint8Array, offset: number): number;
  /** No value's UTF-8 is longer. */
  readonly bytesAtMost: number;
  /** No value is shorter, in UTF-8. */
  readonly bytesAtLeast: number;
  /** Holds only letters, digits, `+`, `-`, `.`, `:`: no protocol escapes them. */
  readonly plain: boolean;
  /** Depends on the rank alone. */
  readonly ofRank: boolean;
  /** Every text there can be, where they are few and known. */
  readonly texts?: readonly string[];
  /** Where `texts` are known: which of them a rank has. */
  readonly draw?: Real;
  /** The value as a number, where it is one. */
  number?(rank: number, place: Place): number;
  /**
   * What a number is written from: whole units of its last decimal. Where these pass 2^53, `write` writes it as
   * a double.
   */
  readonly units?: {
    readonly at: Real;
    readonly decimals: number;
    /** How straight-line code makes the units. */
    readonly code: NumberCode | undefined;
  };
  /** Where the units are independent draws of more than 65,536 numbers: `first` and a number below `size`. */
  readonly draws?: { readonly stream: WordStream; readonly size: number; readonly first: number };
  /** Of bytes: the value itself, of which the text is the digits. */
  readonly bytes?: {
    readonly atMost: number;
    write(rank: number, place: Place, staging: Uint8Array, offset: number): number;
  };
  /** A column of a profile of cassandra-stress: what it is made from. */
  readonly generated?: GeneratedValues;
  /** Random hexadecimal digits alone: so many, eight from each lane from the first on. */
  readonly digits?: { readonly stream: WordStream; readonly lane: number; readonly count: number };
}

/** Whole numbers within ±(2^53 - 1). */
export function wholeValues(at: Real, ofRank = true, code?: NumberCode): Values {
  return {
    text: (rank, place) => String(at(rank, place)),
    write: (rank, place, staging, offset) => writeWhole(at(rank, place), staging, offset),
    number: at,
    units: { at, decimals: 0, code },
    bytesAtMost: 17,
    bytesAtLeast: 1,
    plain: true,
    ofRank,
  };
}

/**
 * Numbers of a fixed number of decimals, at most 15, given in units of the last; beyond 2^53 units they are
 * written as doubles.
 */
export function fixedValues(units: Real, decimals: number, ofRank = true, code?: NumberCode): Values {
  const scale = 10 ** decimals;
  return {
    text: (rank, place) => {
      const value = units(rank, place);
      return Number.isSafeInteger(value) ? fixedText(value, decimals) : String(value / scale);
    },
    write: (rank, place, staging, offset) => {
      const value = units(rank, place);
      return Number.isSafeInteger(value)
        ? writeFixed(value, decimals, staging, offset)
        : writeText(String(value / scale), staging, offset);
    },
    number: (rank, place) => units(rank, place) / scale,
    units: { at: units, decimals, code },
    bytesAtMost: 18 + Math.max(7, decimals),
    bytesAtLeast: 1,
    plain: true,
    ofRank,
  };
}

/** Doubles, in the shortest text that reads back as the same. */
export function realValues(at: Real, ofRank = true): Values {
  return {
    text: (rank, place) => String(at(rank, place)),
    write: (rank, place, staging, offset) => writeText(String(at(rank, place)), staging, offset),
    number: at,
    bytesAtMost: 25,
    bytesAtLeast: 1,
    plain: true,
    ofRank,
  };
}

/** A few known texts, and which of them a rank has. `numbers`: the same as numbers. */
export function tableValues(texts: readonly string[], at: Real, numbers?: readonly number[]): Values {
  let encoded: readonly Uint8Array[] | undefined;
  const lengths = texts.map(byteLength);
  return {
    text: (rank, place) => texts[at(rank, place)]!,
    write: (rank, place, staging, offset) => {
      encoded ??= texts.map(encode);
      return writeBytes(encoded[at(rank, place)]!, staging, offset);
    },
    ...(numbers === undefined ? {} : { number: (rank, place) => numbers[at(rank, place)]! }),
    bytesAtMost: Math.max(...lengths),
    bytesAtLeast: Math.min(...lengths),
    plain: texts.every((text) => /^[\w+\-.:]*$/.test(text)),
    ofRank: true,
    texts,
    draw: at,
  };
}

interface TextShape {
  readonly bytesAtLeast: number;
  readonly bytesAtMost: number;
  readonly plain: boolean;
  readonly ofRank: boolean;
}

/** Texts made one by one. */
export function textValues(text: (rank: number, place: Place) => string, shape: TextShape): Values {
  return {
    text,
    write: (rank, place, staging, offset) => writeText(text(rank, place), staging, offset),
    ...shape,
  };
}

/** Whole numbers that stand for something with a text of its own, such as milliseconds for a timestamp. */
export function formattedValues(at: Real, format: (value: number) => string, shape: TextShape): Values {
  return { ...textValues((rank, place) => format(at(rank, place)), shape), number: at };
}
