import { addressText } from './arguments.ts';
import { constant, eachOf, fromFile, shape, unbounded, type Cell, type Made, type Makings } from './cell.ts';
import { ArgumentProblem } from './cell.ts';
import { writeInt32 } from './cql/serialization.ts';
import { indexWords } from './index-words.ts';
import type { Place } from './place.ts';
import { stressFunctions } from './stress/stress-functions.ts';
import { hexText, hexTexts } from './text-functions.ts';
import { timeWords } from './uuid-time.ts';
import { uuidValues } from './uuid-values.ts';
import { formattedValues, type Values } from './values.ts';
import { counting, wholeDraw } from './whole-functions.ts';
import type { WordStream } from './word-stream.ts';

/** Random UUIDs, version 4. */
function randomUuids(stream: WordStream, element: number): Values {
  return uuidValues((rank, _, staging, offset) => {
    const index = rank + element;
    const third = stream.word(index, 2);
    let at = writeInt32(stream.word(index, 0), staging, offset);
    at = writeInt32((stream.word(index, 1) & 0xffff_0fff) | 0x4000, staging, at);
    at = writeInt32(0x8000_0000 | ((third & 0x3fff) << 16) | (third >>> 16), staging, at);
    return writeInt32(stream.word(index, 3), staging, at);
  }, true);
}

/** Numbers up to 2^53 in the last digits of UUIDs that are version 4 in form. */
function numberedUuids(number: (rank: number, place: Place) => number): Values {
  return uuidValues((rank, place, staging, offset) => {
    const value = number(rank, place);
    const at = writeInt32(0x4000, staging, writeInt32(0, staging, offset));
    // What 48 bits have no room for is in the variant's.
    const third = 0x8000_0000 + Math.floor(value / 0x1_0000_0000);
    return writeInt32(value | 0, staging, writeInt32(third, staging, at));
  }, true);
}

/** Functions of UUIDs. */
export const uuidFunctions = {
  inc: [
    shape(
      ['start: whole', 'step: whole = 1'],
      'numbered UUIDs, 00000000-0000-4000-8000-000000000000 for 0',
      (makings, start, step) => {
        const made = counting({ ...makings, smallest: 0 }, start, step);
        if (made instanceof ArgumentProblem) return made;
        return { values: numberedUuids(made.values.number!), different: made.different };
      },
    ),
  ],
  rand: [
    shape([], 'random UUIDs, version 4', ({ stream }) => ({
      values: randomUuids(stream, 0),
      different: unbounded,
    })),
  ],
  const: constant(),
  hash: [
    shape([], 'UUIDs from the index alone: the same in every slot, statement and seed', ({ element }) => ({
      values: randomUuids(indexWords, element),
      different: unbounded,
    })),
  ],
  each: eachOf(),
  file: fromFile(),
} satisfies Record<string, Cell>;

/** Version 1 UUIDs of a time in milliseconds since 1970 and 100 ns after them, with clock sequence and node from the stream, so that equal times differ. */
function uuidsOfTime(
  { stream }: Makings,
  msOf: (rank: number, place: Place) => number,
  ticksOf: (place: Place) => number = () => 0,
): Values {
  return uuidValues((rank, place, staging, offset) => {
    const [first, second] = timeWords(msOf(rank, place), ticksOf(place));
    const { index } = place;
    // The multicast bit marks a node that is no network card's address (RFC 9562, section 6.10).
    const third =
      0x8000_0000 | ((stream.word(index, 4) & 0x3fff) << 16) | (stream.word(index, 5) >>> 16) | 0x0100;
    const at = writeInt32(second, staging, writeInt32(first, staging, offset));
    return writeInt32(stream.word(index, 6), staging, writeInt32(third, staging, at));
  }, false);
}

function timeuuids(makings: Makings, made: Made | ArgumentProblem): Made | ArgumentProblem {
  if (made instanceof ArgumentProblem) return made;
  return { ...made, values: uuidsOfTime(makings, made.values.number!) };
}

/** Milliseconds since 1970 that the 60 bits of a UUID's time hold: 1582 to 5236. */
const uuidTimes = { smallest: -12_219_292_800_000, largest: 103_072_857_660_683 } as const;

function countedTimeuuids(makings: Makings, start: number, stepNs: number): Made | ArgumentProblem {
  return timeuuids(makings, counting({ ...makings, ...uuidTimes }, start, stepNs / 1e6));
}

/** Functions of time-based UUIDs. */
export const timeuuidFunctions = {
  inc: [
    shape(
      ['start: timestamp', 'step: milliseconds = 1s'],
      'of the times start, start + step, … at every item',
      countedTimeuuids,
    ),
  ],
  seq: [
    shape(
      ['start: timestamp', 'step: milliseconds = 1s'],
      'of the times start, start + step, … at every turn',
      countedTimeuuids,
    ),
  ],
  rand: [
    shape(['min: timestamp', 'max: timestamp'], 'of a time drawn from min to max', (makings, from, to) =>
      timeuuids(makings, wholeDraw({ ...makings, ...uuidTimes }, from, to)),
    ),
  ],
  const: constant(),
  now: [
    shape([], 'of the time when the operation was meant to start', (makings) => {
      const ms = ({ intendedNs }: Place): number => Math.floor(intendedNs / 1e6);
      return {
        values: uuidsOfTime(
          makings,
          (_, place) => makings.startMs + ms(place),
          (place) => Math.floor((place.intendedNs - ms(place) * 1e6) / 100),
        ),
        different: undefined,
      };
    }),
  ],
  each: eachOf(),
  file: fromFile(),
} satisfies Record<string, Cell>;

const addressShape = { bytesAtLeast: 7, bytesAtMost: 15, plain: true, ofRank: true } as const;

function addresses(made: Made | ArgumentProblem): Made | ArgumentProblem {
  if (made instanceof ArgumentProblem) return made;
  return { ...made, values: formattedValues(made.values.number!, addressText, addressShape) };
}

const allAddresses = { smallest: 0, largest: 4_294_967_295 } as const;

/** Functions of IP addresses. */
export const inetFunctions = {
  inc: [
    shape(
      ['start: address', 'step: whole = 1'],
      'IPv4 addresses one after the other',
      (makings, start, step) => addresses(counting({ ...makings, ...allAddresses }, start, step)),
    ),
  ],
  rand: [
    shape([], 'any IPv4 address', (makings) =>
      addresses(wholeDraw({ ...makings, ...allAddresses }, 0, allAddresses.largest)),
    ),
    shape(['min: address', 'max: address'], 'an IPv4 address from min to max', (makings, from, to) =>
      addresses(wholeDraw({ ...makings, ...allAddresses }, from, to)),
    ),
  ],
  const: constant(),
  each: eachOf(),
  file: fromFile(),
} satisfies Record<string, Cell>;

/** `0x` before the digits. */
function bytes(made: Made | ArgumentProblem): Made | ArgumentProblem {
  if (made instanceof ArgumentProblem) return made;
  const { text, write, bytesAtMost, bytesAtLeast } = made.values;
  const values: Values = {
    ...made.values,
    text: (rank, place) => `0x${text(rank, place)}`,
    write: (rank, place, staging, offset) => {
      staging[offset] = 48;
      staging[offset + 1] = 120;
      return write(rank, place, staging, offset + 2);
    },
    bytesAtMost: bytesAtMost + 2,
    bytesAtLeast: bytesAtLeast + 2,
  };
  return { ...made, values };
}

/** Functions of bytes. */
export const blobFunctions = {
  rand: [
    shape(['n: length'], 'exactly n bytes', (makings, n) => bytes(hexText(makings, 2 * n))),
    shape(['min: length', 'max: length'], 'min to max bytes', (makings, from, to) =>
      bytes(hexTexts(makings, from, to, 2)),
    ),
  ],
  const: constant(),
  hash: [
    shape(
      ['n: length'],
      'n bytes from the index alone: the same in every slot, statement and seed',
      (makings, n) =>
        bytes({
          values: hexText({ ...makings, stream: indexWords, count: undefined }, 2 * n).values,
          different: undefined,
        }),
    ),
  ],
  each: eachOf(),
  file: fromFile(),
  ...stressFunctions('blob'),
} satisfies Record<string, Cell>;
