import { encode, writeBytes, writeHex } from './bytes.ts';
import {
  ArgumentProblem,
  constant,
  eachOf,
  fromFile,
  shape,
  type Cell,
  type Made,
  type Makings,
} from './cell.ts';
import { indexWords } from './index-words.ts';
import { permutation } from './permutation.ts';
import type { Values } from './values.ts';
import { wholeFunctions } from './whole-functions.ts';
import { words } from './words.ts';

const hexDigits = 13;
/** The lanes before it choose lengths and order. */
const firstLane = 16;

/** Exactly `length` hexadecimal digits; for a bounded slot the first 13 are a permutation, so that all differ. */
export function hexText({ stream, count }: Makings, length: number): { values: Values; different: number } {
  const led = Math.min(length, hexDigits);
  const size = 16 ** led;
  const lead = count === undefined ? undefined : permutation(size, stream);
  const write = (rank: number, staging: Uint8Array, offset: number): number => {
    let at = offset;
    if (lead !== undefined) {
      const image = lead(rank);
      const low = Math.min(led, 8);
      at = writeHex(Math.floor(image / 4294967296), led - low, staging, at);
      at = writeHex(image | 0, low, staging, at);
    }
    const end = offset + length;
    for (let lane = firstLane; at < end; lane++)
      at = writeHex(stream.word(rank, lane), Math.min(8, end - at), staging, at);
    return at;
  };
  /** The same digits two a byte, of an even number of them. */
  const writePacked = (rank: number, staging: Uint8Array, offset: number): number => {
    let at = offset;
    /** What has no byte yet: digits, and the one before them where these are not even. */
    let rest = length;
    let half = 0;
    if (lead !== undefined) {
      const image = lead(rank);
      half = image & 15;
      rest -= led;
      at = writeBigEndian(rest % 2 === 0 ? image : Math.floor(image / 16), led >> 1, staging, at);
    }
    const end = offset + length / 2;
    for (let lane = firstLane; at < end; lane++) {
      const word = stream.word(rank, lane) << (4 * Math.max(0, 8 - rest));
      const four = rest % 2 === 0 ? word : (half << 28) | (word >>> 4);
      staging[at++] = four >>> 24;
      if (at < end) staging[at++] = four >>> 16;
      if (at < end) staging[at++] = four >>> 8;
      if (at < end) staging[at++] = four;
      half = word;
      rest -= 8;
    }
    return end;
  };
  return {
    values: {
      text: (rank) => {
        const bytes = Buffer.alloc(length);
        write(rank, bytes, 0);
        return bytes.toString('latin1');
      },
      write: (rank, _, staging, offset) => write(rank, staging, offset),
      bytes: {
        atMost: length / 2,
        write: (rank, _, staging, offset) => writePacked(rank, staging, offset),
      },
      bytesAtMost: length,
      bytesAtLeast: length,
      plain: true,
      ofRank: true,
      ...(lead === undefined && { digits: { stream, lane: firstLane, count: length } }),
    },
    different: size,
  };
}

/** The lowest bytes of a whole number, highest first. */
function writeBigEndian(value: number, bytes: number, staging: Uint8Array, offset: number): number {
  let high = Math.floor(value / 0x1_0000_0000);
  let low = value | 0;
  for (let at = offset + bytes - 1; at >= offset; at--) {
    staging[at] = low;
    low = (low >>> 8) | (high << 24);
    high >>>= 8;
  }
  return offset + bytes;
}

/** Lengths from `from` to `to`, each of so many digits: rank r has the (r mod lengths)-th where the slot is bounded, else a drawn one. */
export function hexTexts(makings: Makings, from: number, to: number, digits = 1): Made | ArgumentProblem {
  if (from > to) return new ArgumentProblem(1, `is below ${from}, the smallest length`);
  const lengths: Values[] = [];
  const ofLength = (index: number): Values =>
    (lengths[index] ??= hexText(makings, (from + index) * digits).values);
  const { stream, count } = makings;
  const size = to - from + 1;
  const pick = (rank: number): number => (count === undefined ? stream.below(size, rank, 0) : rank % size);
  const within = (rank: number): number => (count === undefined ? rank : Math.floor(rank / size));
  return {
    values: {
      text: (rank, place) => ofLength(pick(rank)).text(within(rank), place),
      write: (rank, place, staging, offset) =>
        ofLength(pick(rank)).write(within(rank), place, staging, offset),
      bytes: {
        atMost: (to * digits) / 2,
        write: (rank, place, staging, offset) =>
          ofLength(pick(rank)).bytes!.write(within(rank), place, staging, offset),
      },
      bytesAtMost: to * digits,
      bytesAtLeast: from * digits,
      plain: true,
      ofRank: true,
    },
    different: size * hexText(makings, from * digits).different,
  };
}

function prose({ stream }: Makings, from: number, to: number): Made | ArgumentProblem {
  if (from > to) return new ArgumentProblem(1, `is below ${from}, the smallest number of words`);
  const longest = Math.max(...words.map((word) => word.length));
  const shortest = Math.min(...words.map((word) => word.length));
  const bytesAtMost = to * (longest + 1) - 1;
  const write = (rank: number, staging: Uint8Array, offset: number): number => {
    const length = from + stream.below(to - from + 1, rank, 0);
    let at = offset;
    for (let which = 0; which < length; which++) {
      if (which > 0) staging[at++] = space;
      at = writeBytes(encodedWords[stream.below(words.length, rank, 2 + which)]!, staging, at);
    }
    return at;
  };
  return {
    values: {
      text: (rank) => {
        const bytes = Buffer.alloc(bytesAtMost);
        return bytes.toString('latin1', 0, write(rank, bytes, 0));
      },
      write: (rank, _, staging, offset) => write(rank, staging, offset),
      bytesAtLeast: from * (shortest + 1) - 1,
      bytesAtMost,
      plain: to === 1,
      ofRank: true,
    },
    different: undefined,
  };
}

const space = 32;
const encodedWords = words.map(encode);

/** Functions of text. */
export const textFunctions = {
  inc: wholeFunctions.inc,
  seq: wholeFunctions.seq,
  rand: [
    shape(['n: length'], 'exactly n hexadecimal digits', (makings, n) => hexText(makings, n)),
    shape(['min: length', 'max: length'], 'min to max hexadecimal digits', (makings, from, to) =>
      hexTexts(makings, from, to),
    ),
  ],
  const: constant(),
  hash: [
    shape(
      ['n: length'],
      'n hexadecimal digits from the index alone: the same in every slot, statement and seed',
      (makings, n) => ({
        values: hexText({ ...makings, stream: indexWords, count: undefined }, n).values,
        different: undefined,
      }),
    ),
  ],
  text: [
    shape(['words: words'], 'so many English words', (makings, n) => prose(makings, n, n)),
    shape(['min: words', 'max: words'], 'min to max English words', prose),
  ],
  each: eachOf(),
  file: fromFile(),
} satisfies Record<string, Cell>;
