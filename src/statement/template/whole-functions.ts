import {
  ArgumentProblem,
  constant,
  countingCode,
  draw,
  drawCode,
  eachOf,
  fromFile,
  shape,
  unbounded,
  type Cell,
  type Extent,
  type Made,
  type Makings,
} from './cell.ts';
import { indexWords } from './index-words.ts';
import {
  exponentialDeviate,
  exponentialDeviateAtMost,
  normalDeviate,
  normalDeviateAtMost,
} from './deviates.ts';
import type { Place } from './place.ts';
import { rangeOf, type Distribution } from './stress/distribution.ts';
import { valuesOfShares } from './stress/draws.ts';
import { textValues, wholeValues, type Real } from './values.ts';
import { seriesWalk } from './walk.ts';
import { wave } from './wave.ts';
import { zipf } from './zipf.ts';

/** start + step × rank; past the type's end it goes on from the other end. */
export function counting(makings: Makings, start: number, step: number): Made | ArgumentProblem {
  const { smallest, largest, element } = makings;
  if (start < smallest || start > largest) return outside(0, makings);
  const at = (rank: number): number => {
    const value = start + step * (rank + element);
    return value >= smallest && value <= largest
      ? value
      : wrapped(makings, BigInt(start) + BigInt(step) * BigInt(rank + element));
  };
  const simple = countingCode(start, step, element);
  return {
    values: wholeValues(at, true, (code, rank) => {
      const value = code.variable(simple(code, rank)!);
      return `(${value} >= ${smallest} && ${value} <= ${largest} ? ${value} : ${code.constant(at)}(${rank.text}))`;
    }),
    different: step === 0 ? 1 : unbounded,
    range: (ranks) => {
      const last = step === 0 ? start : start + step * (ranks - 1 + element);
      return [Math.min(start, last), Math.max(start, last)];
    },
  };
}

function wrapped({ smallest, largest }: Makings, value: bigint): number {
  const first = BigInt(smallest);
  const size = BigInt(largest) - first + 1n;
  return Number(((((value - first) % size) + size) % size) + first);
}

function outside(argument: number, { smallest, largest }: Makings): ArgumentProblem {
  return new ArgumentProblem(argument, `is outside ${smallest} to ${largest}, what the type holds`);
}

export function wholeDraw(makings: Makings, from: number, to: number): Made | ArgumentProblem {
  if (from > to) return new ArgumentProblem(1, `is below ${from}, the smallest value asked for`);
  if (from < makings.smallest) return outside(0, makings);
  if (to > makings.largest) return outside(1, makings);
  const size = to - from + 1;
  if (!Number.isSafeInteger(size)) return new ArgumentProblem(1, 'is more than 2^53 values away');
  const rank = draw(makings, size);
  const values = wholeValues((at) => from + rank(at), true, drawCode(makings, size, from));
  return { values, different: size, range: () => [from, to] };
}

function drawOf(makings: Makings, population: Distribution): Made | ArgumentProblem {
  const { minimum, maximum } = rangeOf(population);
  if (minimum < makings.smallest || maximum > makings.largest) return outside(0, makings);
  const { stream, element } = makings;
  const values = valuesOfShares(population);
  const size = maximum - minimum + 1;
  const at =
    population.kind === 'sequence'
      ? (rank: number): number => minimum + ((rank + element) % size)
      : (rank: number): number => values(stream.unit(rank, 0));
  return {
    values: wholeValues(at),
    different: size === 1 ? 1 : undefined,
    range: () => [minimum, maximum],
  };
}

/** Values of a real function as whole numbers within the type. */
function rounded(
  { smallest, largest }: Makings,
  at: Real,
  ofRank: boolean,
  [low, high]: Extent = [-Infinity, Infinity],
): Made {
  const within = (value: number): number => Math.max(smallest, Math.min(largest, Math.round(value))) + 0;
  return {
    range: () => [within(low), within(high)],
    values: wholeValues((rank, place) => within(at(rank, place)), ofRank),
    different: undefined,
  };
}

export const seriesDoc = 'each series walks on its own, a step a turn';

/** Functions of the whole-number types. */
export const wholeFunctions = {
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
        rounded(makings, (rank) => mean + sd * normalDeviate(makings.stream, rank), true, [
          mean - sd * normalDeviateAtMost,
          mean + sd * normalDeviateAtMost,
        ]),
    ),
  ],
  exp: [
    shape(['mean: positive'], 'exponentially distributed, rounded, kept within the type', (makings, mean) =>
      rounded(makings, (rank) => mean * exponentialDeviate(makings.stream, rank), true, [
        0,
        mean * exponentialDeviateAtMost,
      ]),
    ),
  ],
  zipf: [
    shape(['n: size', 's: positive'], '0 to n − 1, k with probability ∝ 1 / (k + 1)^s', (makings, n, s) =>
      n - 1 > makings.largest
        ? outside(0, makings)
        : {
            values: wholeValues(zipf(n, s, makings.stream)),
            different: undefined,
            range: () => [0, n - 1],
          },
    ),
  ],
  draw: [
    shape(
      ['population: draws'],
      'a draw from a distribution in the words of cassandra-stress; of seq(a..b) one value after the other',
      drawOf,
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
        rounded(makings, (_, place) => offset + amplitude * wave(place, period), false, [
          offset - Math.abs(amplitude),
          offset + Math.abs(amplitude),
        ]),
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
              range: () => [0, n - 1],
            },
    ),
  ],
  each: eachOf(),
  file: fromFile(),
} satisfies Record<string, Cell>;

/** Functions of the whole-number types that hold nanoseconds since 1970. */
export const wideWholeFunctions = {
  ...wholeFunctions,
  now: [
    shape(
      [],
      'nanoseconds since 1970 of the time when the operation was meant to start',
      ({ startMs, largest }) => {
        if (largest < Number.MAX_SAFE_INTEGER)
          return new ArgumentProblem(0, 'is in nanoseconds, which the type can not hold');
        const ns = (place: Place): bigint =>
          BigInt(startMs) * 1_000_000n + BigInt(Math.floor(place.intendedNs));
        return {
          values: textValues((_, place) => String(ns(place)), {
            bytesAtLeast: 1,
            bytesAtMost: 20,
            plain: true,
            ofRank: false,
          }),
          different: undefined,
        };
      },
    ),
  ],
} satisfies Record<string, Cell>;
