import { parseNumber } from '../../lexer/scalar.ts';
import { parameter, type Parameter, type ParameterText, type ValuesOf } from './arguments.ts';
import { writeHex } from './bytes.ts';
import { permutation } from './permutation.ts';
import type { Place } from './place.ts';
import { fixedValues, realValues, tableValues, textValues, wholeValues, type Values } from './values.ts';
import { walk } from './walk.ts';
import { weightedDraw } from './weights.ts';
import { WordStream } from './word-stream.ts';
import { words } from './words.ts';
import { zipf } from './zipf.ts';

/** What a slot's values are made from, besides the arguments. */
export interface Makings {
  readonly stream: WordStream;
  /** Number of different values asked for; undefined: unbounded. */
  readonly count: number | undefined;
  /** Whole numbers that the type holds. */
  readonly smallest: number;
  readonly largest: number;
  /** The element of a collection that these values are for; 0 otherwise. */
  readonly element: number;
  /** Start of the run in milliseconds since 1970. */
  readonly startMs: number;
  /** Reads one value of the type from a text, as its canonical text. */
  readonly read: (text: string) => string | undefined;
  readonly expected: string;
  readFile(name: string): { readonly text: string } | { readonly problem: string };
}

export interface Made {
  readonly values: Values;
  /**
   * How many different values the function has; ranks below it all give different ones. Undefined where two
   * ranks may give the same, as draws do.
   */
  readonly different: number | undefined;
  /** A known list, which bounds the slot without a count. */
  readonly bounds?: boolean;
  /** A draw by weights, whatever the rank. */
  readonly weighted?: boolean;
  /** The smallest and largest number among the first `ranks`, where they can pass the type's. */
  range?(ranks: number): readonly [number, number];
}

/** What is wrong with an argument, in words that follow its text. */
export class ArgumentProblem {
  readonly argument: number;
  readonly message: string;
  constructor(argument: number, message: string) {
    this.argument = argument;
    this.message = message;
  }
}

/** One way to call a function. */
export interface Shape {
  readonly parameters: readonly Parameter[];
  readonly doc: string;
  make(makings: Makings, values: readonly (number | string)[]): Made | ArgumentProblem;
}

/** A cell of the matrix: the ways to call one function for one type. */
export type Cell = readonly Shape[];

function shape<const Texts extends readonly ParameterText[]>(
  parameters: Texts,
  doc: string,
  make: (makings: Makings, ...values: ValuesOf<Texts>) => Made | ArgumentProblem,
): Shape {
  return {
    parameters: parameters.map(parameter),
    doc,
    // The reader of each parameter's kind gives what the kind's type says.
    make: (makings, values) => make(makings, ...(values as ValuesOf<Texts>)),
  };
}

/* What several types share. */

const unbounded = Number.MAX_SAFE_INTEGER;

function constant(): Cell {
  return [
    shape(['value: text'], 'always this value', (makings, text) => {
      const value = makings.read(text);
      if (value === undefined) return new ArgumentProblem(0, `is not ${makings.expected}`);
      const number = parseNumber(value);
      return {
        values: tableValues([value], () => 0, number === undefined ? undefined : [number]),
        different: 1,
      };
    }),
  ];
}

/** Lines of a file, each with an optional `*weight`. */
function fromFile(): Cell {
  return [
    shape(
      ['name: file'],
      'a value a line of the file, in order; lines may end with `*weight`, which makes it a draw',
      (makings, name) => {
        const file = makings.readFile(name);
        if ('problem' in file) return new ArgumentProblem(0, `can not be read: ${file.problem}`);
        const texts: string[] = [];
        const weights: number[] = [];
        let weighted = false;
        for (const [index, line] of file.text.split(/\r?\n/).entries()) {
          if (line.trim() === '') continue;
          const [, text = '', weight] = /^(.*?)(?:(?<!\\)\*(\d+(?:\.\d+)?))?$/.exec(line.trim())!;
          const value = makings.read(text.replaceAll('\\*', '*'));
          if (value === undefined)
            return new ArgumentProblem(
              0,
              `has '${text}' in line ${index + 1}, which is not ${makings.expected}`,
            );
          texts.push(value);
          weights.push(Number(weight ?? 1));
          weighted ||= weight !== undefined;
        }
        if (texts.length === 0) return new ArgumentProblem(0, 'has no lines');
        return listed(texts, weighted ? weights : undefined, makings.stream);
      },
    ),
  ];
}

/** A list of texts as values: in order, or drawn by weights. */
export function listed(
  texts: readonly string[],
  weights: readonly number[] | undefined,
  stream: WordStream,
): Made {
  const numbers = texts.map(parseNumber);
  const known = numbers.every((number) => number !== undefined) ? numbers : undefined;
  if (weights !== undefined)
    return {
      values: tableValues(texts, weightedDraw(weights, stream), known),
      different: undefined,
      weighted: true,
    };
  const size = texts.length;
  return {
    values: tableValues(texts, size === 1 ? () => 0 : (rank) => rank % size, known),
    different: new Set(texts).size === size ? size : undefined,
    bounds: true,
  };
}

/** Draws from `size` values: independent ones, or for a bounded slot a permutation, all different. */
function draw({ stream, count }: Makings, size: number): (rank: number) => number {
  return count === undefined ? (rank) => stream.below(size, rank, 0) : permutation(size, stream);
}

/* Whole numbers. */

/** start + step × rank; past the type's end it goes on from the other end. */
function counting(makings: Makings, start: number, step: number): Made | ArgumentProblem {
  const { smallest, largest, element } = makings;
  if (start < smallest || start > largest) return outside(0, makings);
  const size = largest - smallest + 1;
  return {
    values: wholeValues((rank) => {
      const value = start + step * (rank + element);
      return value >= smallest && value <= largest
        ? value
        : value - Math.floor((value - smallest) / size) * size;
    }),
    different: step === 0 ? 1 : unbounded,
    range: (ranks) => {
      const last = start + step * (ranks - 1 + element);
      return [Math.min(start, last), Math.max(start, last)];
    },
  };
}

function outside(argument: number, { smallest, largest }: Makings): ArgumentProblem {
  return new ArgumentProblem(argument, `is outside ${smallest} to ${largest}, what the type holds`);
}

function wholeDraw(makings: Makings, from: number, to: number): Made | ArgumentProblem {
  if (from > to) return new ArgumentProblem(1, `is below ${from}, the smallest value asked for`);
  if (from < makings.smallest) return outside(0, makings);
  if (to > makings.largest) return outside(1, makings);
  const size = to - from + 1;
  if (!Number.isSafeInteger(size)) return new ArgumentProblem(1, 'is more than 2^53 values away');
  const rank = draw(makings, size);
  return { values: wholeValues((at) => from + rank(at)), different: size };
}

/** Values of a real function as whole numbers within the type. */
function rounded({ smallest, largest }: Makings, at: Real, ofRank: boolean): Made {
  return {
    values: wholeValues(
      (rank, place) => Math.max(smallest, Math.min(largest, Math.round(at(rank, place)))) + 0,
      ofRank,
    ),
    different: undefined,
  };
}

type Real = (rank: number, place: Place) => number;

/** A normal deviate: G. Box, M. Muller, "A note on the generation of random normal deviates" (1958). */
function normalDeviate(stream: WordStream, rank: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - stream.unit(rank, 0)));
  return radius * Math.cos(2 * Math.PI * stream.unit(rank, 2));
}

function wave(place: Place, periodNs: number): number {
  const seconds = periodNs / 1e9;
  // The remainder first: a sum of both parts has no nanoseconds left.
  return Math.sin(2 * Math.PI * (((place.seconds % seconds) + place.nanoseconds / 1e9) / seconds));
}

/** A walk for each series: a stream a series would be many, so series are far apart in one. */
function seriesWalk(stream: WordStream, place: Place): number {
  return walk(stream, place.turn, place.series);
}

const seriesDoc = 'each series walks on its own, a step a turn';

const wholeFunctions = {
  inc: [shape(['start: whole', 'step: whole = 1'], 'start, start + step, … at every item', counting)],
  seq: [shape(['start: whole', 'step: whole = 1'], 'start, start + step, … at every turn', counting)],
  rand: [
    shape(['n: size'], 'a draw from 0 to n − 1', (makings, n) => wholeDraw(makings, 0, n - 1)),
    shape(['min: whole', 'max: whole'], 'a draw from min to max, both included', wholeDraw),
  ],
  const: constant(),
  normal: [
    shape(
      ['mean: number', 'sd: deviation'],
      'normally distributed, rounded, kept within the type',
      (makings, mean, sd) =>
        rounded(makings, (rank) => mean + sd * normalDeviate(makings.stream, rank), true),
    ),
  ],
  exp: [
    shape(['mean: positive'], 'exponentially distributed, rounded, kept within the type', (makings, mean) =>
      rounded(makings, (rank) => -mean * Math.log(1 - makings.stream.unit(rank, 0)), true),
    ),
  ],
  zipf: [
    shape(['n: size', 's: positive'], '0 to n − 1, k with probability ∝ 1 / (k + 1)^s', (makings, n, s) =>
      n - 1 > makings.largest
        ? outside(0, makings)
        : { values: wholeValues(zipf(n, s, makings.stream)), different: undefined },
    ),
  ],
  walk: [
    shape(
      ['start: number', 'step: deviation'],
      `a random walk whose steps deviate by step; ${seriesDoc}`,
      (makings, start, step) =>
        rounded(makings, (_, place) => start + step * seriesWalk(makings.stream, place), false),
    ),
  ],
  sine: [
    shape(
      ['period: period', 'amplitude: number', 'offset: number = 0'],
      'offset + amplitude × sin(2π × time / period), time since 1970',
      (makings, period, amplitude, offset) =>
        rounded(makings, (_, place) => offset + amplitude * wave(place, period), false),
    ),
  ],
  hash: [
    shape(
      ['n: size'],
      '0 to n − 1 from the index alone: the same in every slot, statement and seed',
      (makings, n) =>
        n - 1 > makings.largest
          ? outside(0, makings)
          : {
              values: wholeValues((rank) => indexWords.below(n, rank + makings.element, 0)),
              different: undefined,
            },
    ),
  ],
  file: fromFile(),
} satisfies Record<string, Cell>;

/** What `hash` is made of: no seed, no name, no ordinal. */
const indexWords = new WordStream(0, 'hash');

/* Real numbers. */

/** Decimals that show a number of this size to six digits at least, six decimals otherwise. */
function decimalsFor(scale: number): number {
  return scale >= 1 || scale === 0 ? 6 : Math.min(15, 6 - Math.floor(Math.log10(scale)));
}

/** Decimals that a number is written with: 0.25 has two. */
function decimalsOf(value: number): number {
  const [, fraction = '', exponent = '0'] = /^-?\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value))!;
  return Math.max(0, fraction.length - Number(exponent));
}

function fits(largest: number, decimals: number): boolean {
  return decimals <= 15 && largest * 10 ** decimals <= Number.MAX_SAFE_INTEGER;
}

/** Values of at most `largest` in size with decimals to match their scale, or as doubles where those don't fit. */
function realOrFixed(at: Real, scale: number, largest: number, ofRank: boolean): Made {
  const decimals = decimalsFor(scale);
  const unit = 10 ** decimals;
  return {
    values: fits(largest, decimals)
      ? fixedValues((rank, place) => Math.round(at(rank, place) * unit) + 0, decimals, ofRank)
      : realValues(at, ofRank),
    different: undefined,
  };
}

function realCounting({ element }: Makings, start: number, step: number): Made {
  const decimals = Math.max(decimalsOf(start), decimalsOf(step));
  const unit = 10 ** decimals;
  const startUnits = Math.round(start * unit);
  const stepUnits = Math.round(step * unit);
  // Exact up to 2^53 units: 0.1 three times is 0.3.
  return {
    values:
      decimals <= 15 && Number.isSafeInteger(startUnits) && Number.isSafeInteger(stepUnits)
        ? fixedValues((rank) => startUnits + stepUnits * (rank + element), decimals)
        : realValues((rank) => start + step * (rank + element)),
    different: step === 0 ? 1 : unbounded,
  };
}

function realDraw(makings: Makings, from: number, to: number): Made | ArgumentProblem {
  if (from >= to) return new ArgumentProblem(1, `is not above ${from}, the smallest value asked for`);
  const { stream } = makings;
  const decimals = Math.max(decimalsFor(to - from), decimalsOf(from), decimalsOf(to));
  if (!fits(Math.max(-from, to, to - from), decimals)) {
    if (makings.count !== undefined)
      return new ArgumentProblem(1, `and ${from} are too far apart to count their values`);
    return { values: realValues((rank) => from + (to - from) * stream.unit(rank, 0)), different: undefined };
  }
  const unit = 10 ** decimals;
  const first = Math.round(from * unit);
  const size = Math.round(to * unit) - first;
  const rank = draw(makings, size);
  return { values: fixedValues((at) => first + rank(at), decimals), different: size };
}

const realFunctions = {
  inc: [
    shape(
      ['start: number', 'step: number = 1'],
      'start, start + step, … at every item, exact in decimals',
      realCounting,
    ),
  ],
  seq: [
    shape(
      ['start: number', 'step: number = 1'],
      'start, start + step, … at every turn, exact in decimals',
      realCounting,
    ),
  ],
  rand: [
    shape(['n: positive'], 'a draw from 0 up to, not including, n, in steps of 0.000001', (makings, n) =>
      realDraw(makings, 0, n),
    ),
    shape(
      ['min: number', 'max: number'],
      'a draw from min up to, not including, max, in steps of 0.000001',
      realDraw,
    ),
  ],
  const: constant(),
  normal: [
    shape(['mean: number', 'sd: deviation'], 'normally distributed', (makings, mean, sd) =>
      realOrFixed(
        (rank) => mean + sd * normalDeviate(makings.stream, rank),
        sd,
        Math.abs(mean) + 10 * sd,
        true,
      ),
    ),
  ],
  exp: [
    shape(['mean: positive'], 'exponentially distributed', (makings, mean) =>
      realOrFixed((rank) => -mean * Math.log(1 - makings.stream.unit(rank, 0)), mean, 40 * mean, true),
    ),
  ],
  walk: [
    shape(
      ['start: number', 'step: deviation'],
      `a random walk whose steps deviate by step; ${seriesDoc}`,
      (makings, start, step) =>
        realOrFixed(
          (_, place) => start + step * seriesWalk(makings.stream, place),
          step,
          Math.abs(start) + 1000 * step,
          false,
        ),
    ),
  ],
  sine: [
    shape(
      ['period: period', 'amplitude: number', 'offset: number = 0'],
      'offset + amplitude × sin(2π × time / period), time since 1970',
      (_, period, amplitude, offset) =>
        realOrFixed(
          (__, place) => offset + amplitude * wave(place, period),
          Math.abs(amplitude),
          Math.abs(offset) + Math.abs(amplitude),
          false,
        ),
    ),
  ],
  file: fromFile(),
} satisfies Record<string, Cell>;

/* Texts and bytes. */

const hexDigits = 13;

/** Exactly `length` hexadecimal digits; for a bounded slot the first 13 are a permutation, so that all differ. */
function hexText({ stream, count }: Makings, length: number): { values: Values; different: number } {
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
    for (let lane = 8; at < end; lane++)
      at = writeHex(stream.word(rank, lane), Math.min(8, end - at), staging, at);
    return at;
  };
  return {
    values: {
      text: (rank) => {
        const bytes = Buffer.alloc(length);
        write(rank, bytes, 0);
        return bytes.toString('latin1');
      },
      write: (rank, _, staging, offset) => write(rank, staging, offset),
      bytesAtMost: length,
      bytesAtLeast: length,
      plain: true,
      ofRank: true,
    },
    different: size,
  };
}

/** Lengths from `from` to `to`: rank r has the (r mod lengths)-th where the slot is bounded, else a drawn one. */
function hexTexts(makings: Makings, from: number, to: number): Made | ArgumentProblem {
  if (from > to) return new ArgumentProblem(1, `is below ${from}, the smallest length`);
  const lengths = Array.from({ length: to - from + 1 }, (_, index) => hexText(makings, from + index));
  const { stream, count } = makings;
  const size = lengths.length;
  const pick = (rank: number): number => (count === undefined ? stream.below(size, rank, 0) : rank % size);
  const within = (rank: number): number => (count === undefined ? rank : Math.floor(rank / size));
  return {
    values: {
      text: (rank, place) => lengths[pick(rank)]!.values.text(within(rank), place),
      write: (rank, place, staging, offset) =>
        lengths[pick(rank)]!.values.write(within(rank), place, staging, offset),
      bytesAtMost: to,
      bytesAtLeast: from,
      plain: true,
      ofRank: true,
    },
    different: size * lengths[0]!.different,
  };
}

function prose({ stream }: Makings, from: number, to: number): Made | ArgumentProblem {
  if (from > to) return new ArgumentProblem(1, `is below ${from}, the smallest number of words`);
  const longest = Math.max(...words.map((word) => word.length));
  const shortest = Math.min(...words.map((word) => word.length));
  return {
    values: textValues(
      (rank) => {
        const length = from + stream.below(to - from + 1, rank, 0);
        let text = words[stream.below(words.length, rank, 2)]!;
        for (let at = 1; at < length; at++) text += ` ${words[stream.below(words.length, rank, 2 + at)]!}`;
        return text;
      },
      {
        bytesAtLeast: from * (shortest + 1) - 1,
        bytesAtMost: to * (longest + 1) - 1,
        plain: to === 1,
        ofRank: true,
      },
    ),
    different: undefined,
  };
}

const textFunctions = {
  inc: wholeFunctions.inc,
  rand: [
    shape(['n: length'], 'exactly n hexadecimal digits', (makings, n) => hexText(makings, n)),
    shape(['min: length', 'max: length'], 'min to max hexadecimal digits', hexTexts),
  ],
  const: constant(),
  hash: [
    shape(
      ['n: length'],
      'n hexadecimal digits from the index alone: the same in every slot, statement and seed',
      (_, n) => ({
        values: hexText({ ..._, stream: indexWords, count: undefined }, n).values,
        different: undefined,
      }),
    ),
  ],
  text: [
    shape(['words: size'], 'so many English words', (makings, n) => prose(makings, n, n)),
    shape(['min: size', 'max: size'], 'min to max English words', prose),
  ],
  file: fromFile(),
} satisfies Record<string, Cell>;

const flagFunctions = {
  rand: [
    shape(['share: share = 0.5'], 'true with this probability', ({ stream }, share) => ({
      values: tableValues(['false', 'true'], (rank) => (stream.unit(rank, 0) < share ? 1 : 0)),
      different: undefined,
    })),
  ],
  const: constant(),
  file: fromFile(),
} satisfies Record<string, Cell>;

/* The matrix. */

export interface SlotTypeDefinition {
  readonly aliases: readonly string[];
  readonly doc: string;
  /** What it is in a field and in a tag of line protocol, in words. */
  readonly lineProtocol: string;
  /** What it is in CQL, in words. */
  readonly cql: string;
  /** How a field of line protocol writes it. */
  readonly field: 'integer' | 'float' | 'boolean' | 'string';
  /** How a CQL literal writes it. */
  readonly literal: 'bare' | 'quoted';
  /** Whole numbers that it holds: in line protocol, and as a CQL column. */
  readonly range?: { readonly line: readonly [bigint, bigint]; readonly cql: readonly [bigint, bigint] };
  readonly expected: string;
  /** Reads one value from a text, as its canonical text. */
  read(text: string): string | undefined;
  readonly functions: Readonly<Partial<Record<SlotFunctionName, Cell>>>;
}

const int64 = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const int32 = [-(2n ** 31n), 2n ** 31n - 1n] as const;

function readWhole([smallest, largest]: readonly [bigint, bigint]): (text: string) => string | undefined {
  return (text) => {
    if (!/^[+-]?\d+$/.test(text)) return undefined;
    const value = BigInt(text);
    return value >= smallest && value <= largest ? String(value) : undefined;
  };
}

/** What the functions are called and do, whatever the type. */
export const slotFunctions = {
  inc: 'Counts up, at every item.',
  rand: 'Draws, each value as likely; with a count, so many different values.',
  const: 'Always the same value.',
  seq: 'Counts up, at every turn of the odometer.',
  normal: 'Draws from a normal distribution.',
  exp: 'Draws from an exponential distribution.',
  zipf: 'Draws by rank: few values are popular, many are rare.',
  walk: 'Walks randomly from a start, each series by itself, a step a turn.',
  sine: 'A wave over the time of the point.',
  now: 'The time when the operation was meant to start.',
  hash: 'A fixed function of the index, the same wherever it stands.',
  text: 'Random English words.',
  file: 'The lines of a file, each with an optional weight.',
} as const;
export type SlotFunctionName = keyof typeof slotFunctions;

/** The matrix: every type, how the protocols write it, and what each function makes of it. */
export const slotTypes = {
  int: {
    aliases: [],
    doc: 'A whole number.',
    lineProtocol: 'field: 64-bit integer, `7i`; tag: `7`',
    cql: 'int, 32 bits',
    field: 'integer',
    literal: 'bare',
    range: { line: int64, cql: int32 },
    expected: 'a whole number',
    read: readWhole(int64),
    functions: wholeFunctions,
  },
  float: {
    aliases: [],
    doc: 'A real number.',
    lineProtocol: 'field: float, `7.5`; tag: `7.5`',
    cql: 'float, 32 bits',
    field: 'float',
    literal: 'bare',
    expected: 'a number',
    read: (text) =>
      parseNumber(text) === undefined ? undefined : text.replaceAll('_', '').replace(/^\+/, ''),
    functions: realFunctions,
  },
  str: {
    aliases: ['string', 'text', 'varchar', 'ascii'],
    doc: 'Text.',
    lineProtocol: 'field: string, `"abc"`; tag: `abc`',
    cql: 'text, varchar or ascii',
    field: 'string',
    literal: 'quoted',
    expected: 'a text',
    read: (text) => text,
    functions: textFunctions,
  },
  bool: {
    aliases: ['boolean'],
    doc: 'true or false.',
    lineProtocol: 'field: boolean, `true`; tag: `true`',
    cql: 'boolean',
    field: 'boolean',
    literal: 'bare',
    expected: 'true or false',
    read: (text) => (/^(true|false)$/i.test(text) ? text.toLowerCase() : undefined),
    functions: flagFunctions,
  },
} as const satisfies Record<string, SlotTypeDefinition>;
