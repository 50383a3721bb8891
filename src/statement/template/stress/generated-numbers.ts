import { dateText, timestampText, timeText } from '../calendar.ts';
import {
  writeDays,
  writeFloat32,
  writeFloat64,
  writeInt16,
  writeInt32,
  writeInt64,
  writeInt8,
  writeVarint,
} from '../cql/serialization.ts';
import type { ColumnHash } from './column-hash.ts';
import { timeWords } from '../uuid-time.ts';
import type { Salt } from './name-salt.ts';

/** What a type makes of a draw, and how cassandra-stress hashes and sorts that. */
export interface GeneratedNumber {
  /** Draws are fractions. */
  readonly real?: boolean;
  /** Distribution of the draws where none is given; otherwise `uniform(1..100b)`. */
  readonly population?: string;
  readonly bytesAtMost: number;
  /** The value of a draw: whole draws lose the bits that the type has no room for. */
  of(draw: number): number;
  /** Writes a value in the protocol's serialization and returns the end. */
  write(value: number, staging: Uint8Array, offset: number, salt: Salt): number;
  text(value: number, salt: Salt): string;
  /** Takes a value into the hash; without it, its bytes are taken. */
  hash?(value: number, hash: ColumnHash, salt: Salt): void;
  /** What is sorted in place of the value. */
  order?(value: number): number;
}

/** Times in milliseconds within 50 years of 1970. */
const milliseconds = 'uniform(1..1576800000000)';

function same(draw: number): number {
  return draw;
}

function addWhole(value: number, hash: ColumnHash): void {
  hash.addWhole(value);
}

const long: GeneratedNumber = {
  bytesAtMost: 8,
  of: same,
  write: writeInt64,
  text: String,
  hash: addWhole,
};

/** A type that holds the lowest `bits` of a draw. */
function small(bits: number, write: GeneratedNumber['write']): GeneratedNumber {
  const unused = 32 - bits;
  return {
    bytesAtMost: bits / 8,
    of: (draw) => (draw << unused) >> unused,
    write,
    text: String,
    hash: addWhole,
  };
}

function hexadecimal(word: number, digits = 8): string {
  return (word >>> 0).toString(16).padStart(digits, '0');
}

/** The words of a UUID as its text. */
function uuidText(first: number, second: number, third: number, fourth: number): string {
  const digits = [first, second, third, fourth].map((word) => hexadecimal(word)).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const twoTo32 = 0x1_0000_0000;

function highOf(value: number): number {
  return Math.floor(value / twoTo32) | 0;
}

function writeWords(words: readonly number[], staging: Uint8Array, offset: number): number {
  let end = offset;
  for (const word of words) end = writeInt32(word, staging, end);
  return end;
}

/** Types whose values are numbers, by their names in CQL. */
const generatedNumbers = {
  tinyint: small(8, writeInt8),
  smallint: small(16, writeInt16),
  int: small(32, writeInt32),
  bigint: long,
  counter: long,
  varint: { ...long, write: writeVarint },
  decimal: {
    ...long,
    bytesAtMost: 12,
    write: (value, staging, offset) => writeVarint(value, staging, writeInt32(0, staging, offset)),
  },
  float: {
    real: true,
    bytesAtMost: 4,
    of: Math.fround,
    write: writeFloat32,
    text: String,
    hash: (value, hash) => hash.addWhole(Math.trunc(value)),
  },
  double: {
    real: true,
    bytesAtMost: 8,
    of: same,
    write: writeFloat64,
    text: String,
    hash: (value, hash) => hash.addWhole(Math.trunc(value)),
  },
  boolean: {
    bytesAtMost: 1,
    // It asks whether 1 divides the draw.
    of: () => 1,
    write: writeInt8,
    text: () => 'true',
  },
  uuid: {
    bytesAtMost: 16,
    of: same,
    // Both halves are the draw.
    write: (value, staging, offset) => writeInt64(value, staging, writeInt64(value, staging, offset)),
    text: (value) => uuidText(highOf(value), value, highOf(value), value),
    hash: (_, hash) => hash.add(0, 0),
  },
  timeuuid: {
    population: milliseconds,
    bytesAtMost: 16,
    of: same,
    // Clock and node are the salt of the column, whatever a variant would ask for.
    write: (value, staging, offset, { high, low }) =>
      writeWords([...timeWords(value, 0), high, low], staging, offset),
    text: (value, { high, low }) => uuidText(...timeWords(value, 0), high, low),
    hash: (value, hash, { high, low }) => {
      const [upper, lower] = timeWords(value, 0);
      hash.add(upper ^ high, lower ^ low);
    },
    // By the words of the time as they stand, the lowest first.
    order: (value) => {
      const [upper, lower] = timeWords(value, 0);
      return upper + (lower >>> 0) / twoTo32;
    },
  },
  timestamp: {
    population: milliseconds,
    bytesAtMost: 8,
    of: same,
    write: writeInt64,
    text: timestampText,
  },
  date: {
    bytesAtMost: 4,
    of: (draw) => draw | 0,
    write: writeDays,
    // CQL reads days beyond the calendar as the number that is written.
    text: (days) => (Math.abs(days) < 1e8 ? dateText(days) : String(days + 2 ** 31)),
    hash: addWhole,
  },
  time: { ...long, text: timeText },
  inet: {
    bytesAtMost: 4,
    of: (draw) => draw | 0,
    write: writeInt32,
    text: (value) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.'),
  },
} as const satisfies Record<string, GeneratedNumber>;
export type GeneratedNumberName = keyof typeof generatedNumbers;

export function generatedNumber(name: GeneratedNumberName): GeneratedNumber {
  return generatedNumbers[name];
}
