import { addressText } from './arguments.ts';
import { writeHex } from './bytes.ts';
import { constant, fromFile, shape, unbounded, type Cell, type Made, type Makings } from './cell.ts';
import { ArgumentProblem } from './cell.ts';
import { indexWords } from './index-words.ts';
import type { Place } from './place.ts';
import { stressFunctions } from './stress/stress-functions.ts';
import { hexText, hexTexts } from './text-functions.ts';
import { formattedValues, textValues, type Values } from './values.ts';
import { counting, wholeDraw } from './whole-functions.ts';
import type { WordStream } from './word-stream.ts';

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

const uuidShape = { bytesAtLeast: 36, bytesAtMost: 36, plain: true } as const;

/** Random UUIDs, version 4. */
function randomUuids(stream: WordStream, element: number): Values {
  const minus = 45;
  const write: Values['write'] = (rank, _, staging, offset) => {
    const second = stream.word(rank + element, 1);
    const third = stream.word(rank + element, 2);
    let at = writeHex(stream.word(rank + element, 0), 8, staging, offset);
    staging[at++] = minus;
    at = writeHex(second >>> 16, 4, staging, at);
    staging[at++] = minus;
    at = writeHex(0x4000 | (second & 0xfff), 4, staging, at);
    staging[at++] = minus;
    at = writeHex(0x8000 | (third & 0x3fff), 4, staging, at);
    staging[at++] = minus;
    at = writeHex(third >>> 16, 4, staging, at);
    return writeHex(stream.word(rank + element, 3), 8, staging, at);
  };
  return {
    text: (rank, place) => {
      const bytes = Buffer.alloc(uuidShape.bytesAtMost);
      return bytes.toString('latin1', 0, write(rank, place, bytes, 0));
    },
    write,
    ...uuidShape,
    ofRank: true,
  };
}

/** A number up to 2^53 in the last digits of a UUID that is version 4 in form. */
function numberedUuid(value: number): string {
  const high = Math.floor(value / 2 ** 48);
  return `00000000-0000-4000-${hex(0x8000 + high, 4)}-${hex(value - high * 2 ** 48, 12)}`;
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
        const values = formattedValues(made.values.number!, numberedUuid, { ...uuidShape, ofRank: true });
        return { values, different: made.different };
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
  file: fromFile(),
} satisfies Record<string, Cell>;

/** 100 ns steps from 1582-10-15, where the time of UUIDs begins, to 1970. */
const uuidEpoch = 122_192_928_000_000_000n;

/** A version 1 UUID of a time, with clock sequence and node from the stream, so that equal times differ. */
function timeuuid(ms: number, ticks: number, stream: WordStream, rank: number): string {
  const time = (BigInt(ms) * 10_000n + BigInt(ticks) + uuidEpoch).toString(16).padStart(15, '0');
  const clock = hex(0x8000 | (stream.word(rank, 4) & 0x3fff), 4);
  // The multicast bit marks a node that is no network card's address (RFC 9562, section 6.10).
  const node = hex((stream.word(rank, 5) >>> 16) | 0x0100, 4) + hex(stream.word(rank, 6), 8);
  return `${time.slice(7)}-${time.slice(3, 7)}-1${time.slice(0, 3)}-${clock}-${node}`;
}

function timeuuids(
  time: (rank: number, place: Place) => number,
  { stream }: Makings,
  made: Pick<Made, 'different' | 'range'>,
): Made {
  const text = (rank: number, place: Place): string => timeuuid(time(rank, place), 0, stream, place.index);
  return { ...made, values: textValues(text, { ...uuidShape, ofRank: false }) };
}

/** Milliseconds since 1970 that the 60 bits of a UUID's time hold: 1582 to 5236. */
const uuidTimes = { smallest: -12_219_292_800_000, largest: 103_072_857_660_683 } as const;

function countedTimeuuids(makings: Makings, start: number, stepNs: number): Made | ArgumentProblem {
  const made = counting({ ...makings, ...uuidTimes }, start, stepNs / 1e6);
  return made instanceof ArgumentProblem ? made : timeuuids(made.values.number!, makings, made);
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
    shape(['min: timestamp', 'max: timestamp'], 'of a time drawn from min to max', (makings, from, to) => {
      const made = wholeDraw({ ...makings, ...uuidTimes }, from, to);
      return made instanceof ArgumentProblem ? made : timeuuids(made.values.number!, makings, made);
    }),
  ],
  const: constant(),
  now: [
    shape([], 'of the time when the operation was meant to start', ({ stream, startMs }) => ({
      values: textValues(
        (_, place) => {
          const ms = Math.floor(place.intendedNs / 1e6);
          return timeuuid(startMs + ms, Math.floor((place.intendedNs - ms * 1e6) / 100), stream, place.index);
        },
        { ...uuidShape, ofRank: false },
      ),
      different: undefined,
    })),
  ],
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
  file: fromFile(),
  ...stressFunctions('blob'),
} satisfies Record<string, Cell>;
