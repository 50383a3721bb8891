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
  type Made,
  type Makings,
} from './cell.ts';
import { exponentialDeviate, normalDeviate } from './deviates.ts';
import { fixedValues, realValues, type Real } from './values.ts';
import { seriesWalk } from './walk.ts';
import { wave } from './wave.ts';
import { seriesDoc } from './whole-functions.ts';

/** Decimals that show a number of this size to six digits at least, six decimals otherwise. */
function decimalsFor(scale: number): number {
  return scale >= 1 || scale === 0 ? 6 : Math.min(15, 6 - Math.floor(Math.log10(scale)));
}

/** Decimals that a number is written with: 0.25 has two. */
function decimalsOf(value: number): number {
  if (Number.isInteger(value)) return 0;
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
    range: () => [-largest, largest],
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
        ? fixedValues(
            (rank) => startUnits + stepUnits * (rank + element),
            decimals,
            true,
            countingCode(startUnits, stepUnits, element),
          )
        : realValues((rank) => start + step * (rank + element)),
    different: step === 0 ? 1 : unbounded,
    range: (ranks) => [start, step === 0 ? start : start + step * (ranks - 1 + element)],
  };
}

function realDraw(makings: Makings, from: number, to: number): Made | ArgumentProblem {
  if (from >= to) return new ArgumentProblem(1, `is not above ${from}, the smallest value asked for`);
  const { stream } = makings;
  const decimals = Math.max(decimalsFor(to - from), decimalsOf(from), decimalsOf(to));
  if (!fits(Math.max(-from, to, to - from), decimals)) {
    if (makings.count !== undefined)
      return new ArgumentProblem(1, `and ${from} are too far apart to count their values`);
    return {
      values: realValues((rank) => from + (to - from) * stream.unit(rank, 0)),
      different: undefined,
      range: () => [from, to],
    };
  }
  const unit = 10 ** decimals;
  const first = Math.round(from * unit);
  const size = Math.round(to * unit) - first;
  const rank = draw(makings, size);
  const code = drawCode(makings, size, first);
  const values = fixedValues((at) => first + rank(at), decimals, true, code);
  return {
    values:
      makings.count === undefined && size > 65536 ? { ...values, draws: { stream, size, first } } : values,
    different: size,
  };
}

/** Functions of the types of real numbers. */
export const realFunctions = {
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
      realOrFixed((rank) => mean * exponentialDeviate(makings.stream, rank), mean, 40 * mean, true),
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
  each: eachOf(),
  file: fromFile(),
} satisfies Record<string, Cell>;
