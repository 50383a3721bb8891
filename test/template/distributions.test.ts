import { describe, expect, it } from 'vitest';
import { insertPlan } from './compiled.ts';
import {
  chiSquare,
  chiSquareLimit,
  kolmogorovSmirnov,
  kolmogorovSmirnovLimit,
  normalCumulative,
} from './statistics.ts';

const size = 50_000;

/** Samples of a field's slot from item `first` on. */
function samples(slot: string, first: number, stride = 1): number[] {
  const [distribution] = insertPlan(`INSERT t\nm,h=[int inc(0) 10] v=${slot}\nDO 1000`)
    .distributions()
    .slice(1);
  return Array.from({ length: size }, (_, at) => distribution!.sample(first + at * stride));
}

function counted(values: readonly number[], cells: number, cellOf: (value: number) => number): number[] {
  const counts = Array<number>(cells).fill(0);
  for (const value of values) counts[cellOf(value)]!++;
  return counts;
}

/** First index and stride: neighbours, one series, whole blocks of 2^32, and the end of all indexes. */
const ranges: readonly [number, number][] = [
  [0, 1],
  [3, 10],
  [2 ** 40 - 1000, 1],
  [7, 2 ** 32],
  [2 ** 53 - size - 1, 1],
];

describe.each(ranges)('from item %d in steps of %d', (first, stride) => {
  it.each([7, 10, 256, 1000])('int rand(%d) is uniform', (n) => {
    const counts = counted(samples(`[int rand(${n})]`, first, stride), n, (value) => value);
    expect(chiSquare(counts, Array(n).fill(1 / n))).toBeLessThan(chiSquareLimit(n - 1));
  });

  it('int rand(min, max) is uniform, both ends included', () => {
    const counts = counted(samples('[int rand(-3, 3)]', first, stride), 7, (value) => value + 3);
    expect(chiSquare(counts, Array(7).fill(1 / 7))).toBeLessThan(chiSquareLimit(6));
  });

  it('float rand is uniform', () => {
    const values = samples('[float rand(-5, 20)]', first, stride);
    expect(kolmogorovSmirnov(values, (value) => (value + 5) / 25)).toBeLessThan(kolmogorovSmirnovLimit);
  });

  it('neighbouring draws are independent', () => {
    const values = samples('[int rand(8)]', first, stride);
    const counts = Array<number>(64).fill(0);
    for (let at = 0; at + 1 < values.length; at += 2) counts[values[at]! * 8 + values[at + 1]!]!++;
    expect(chiSquare(counts, Array(64).fill(1 / 64))).toBeLessThan(chiSquareLimit(63));
  });

  it('normal is normal', () => {
    const values = samples('[float normal(20, 5)]', first, stride);
    expect(kolmogorovSmirnov(values, (value) => normalCumulative((value - 20) / 5))).toBeLessThan(
      kolmogorovSmirnovLimit,
    );
  });

  it('exp is exponential', () => {
    const values = samples('[float exp(3)]', first, stride);
    expect(kolmogorovSmirnov(values, (value) => 1 - Math.exp(-value / 3))).toBeLessThan(
      kolmogorovSmirnovLimit,
    );
  });

  it.each([0.5, 1, 1.5])('zipf(50, %d) follows the power law', (exponent) => {
    const weights = Array.from({ length: 50 }, (_, rank) => (rank + 1) ** -exponent);
    const total = weights.reduce((sum, weight) => sum + weight);
    const counts = counted(samples(`[int zipf(50, ${exponent})]`, first, stride), 50, (value) => value);
    expect(
      chiSquare(
        counts,
        weights.map((weight) => weight / total),
      ),
    ).toBeLessThan(chiSquareLimit(49));
  });

  it('draw of a gaussian has its values, and whole ones: what is below an end is at it', () => {
    const counts = counted(
      samples("[int draw('gaussian(1..4,2,1)')]", first, stride),
      4,
      (value) => value - 1,
    );
    const below = [2, 3, 4].map((value) => normalCumulative(value - 2));
    expect(
      chiSquare(
        counts,
        [...below, 1].map((share, at) => share - (below[at - 1] ?? 0)),
      ),
    ).toBeLessThan(chiSquareLimit(3));
  });

  it('draw of a sequence counts', () => {
    const values = samples("[int draw('seq(3..9)')]", first, stride);
    expect(values.slice(0, 50)).toEqual(values.slice(0, 50).map((_, at) => 3 + ((first + at * stride) % 7)));
  });

  it('weights are shares', () => {
    const counts = counted(samples('[1*5|2*3|3*2]', first, stride), 3, (value) => value - 1);
    expect(chiSquare(counts, [0.5, 0.3, 0.2])).toBeLessThan(chiSquareLimit(2));
  });

  it('hash is uniform', () => {
    const counts = counted(samples('[int hash(100)]', first, stride), 100, (value) => value);
    expect(chiSquare(counts, Array(100).fill(0.01))).toBeLessThan(chiSquareLimit(99));
  });
});

it('two slots, statements and seeds are independent of one another', () => {
  const [, one, other] = insertPlan(
    'INSERT t\nm,h=[int inc(0) 10] v=[int rand(8)],w=[int rand(8)]\nDO 1000',
  ).distributions();
  const [named] = insertPlan('INSERT u\nm v=[int rand(8)]\nDO 1000').distributions();
  const [seeded] = insertPlan('INSERT u\nm v=[int rand(8)]\nDO 1000', { seed: 43 }).distributions();
  for (const [left, right] of [
    [one, other],
    [one, named],
    [named, seeded],
  ] as const) {
    const counts = Array<number>(64).fill(0);
    for (let index = 0; index < size; index++) counts[left!.sample(index) * 8 + right!.sample(index)]!++;
    expect(chiSquare(counts, Array(64).fill(1 / 64))).toBeLessThan(chiSquareLimit(63));
  }
});

it('hash is the same in every slot, statement and seed', () => {
  const one = insertPlan('INSERT t\nm v=[int hash(1000)],s=[str hash(5)]\nDO 10');
  const other = insertPlan('INSERT u\nm a=1,b=[int rand(5)],v=[int hash(1000)],s=[str hash(5)]\nDO 10', {
    seed: 7,
  });
  for (const index of [0, 1, 1000, 2 ** 40]) {
    expect(one.valueOf('v', index)).toEqual(other.valueOf('v', index));
    expect(one.valueOf('s', index)).toEqual(other.valueOf('s', index));
  }
});

describe('walk', () => {
  const plan = insertPlan('INSERT t\nm,h=[int inc(0) 100] v=[float walk(50, 2)]\nDO 1000');
  const sample = plan.distributions()[1]!.sample;
  const at = (series: number, turn: number): number => sample(turn * 100 + series);

  it('starts at its start, in every series', () => {
    expect([0, 1, 99].map((series) => at(series, 0))).toEqual([50, 50, 50]);
  });

  /** Root of the mean square of what the walk does in so many steps, over series and turns. */
  function deviation(steps: number): number {
    let squares = 0;
    for (let series = 0; series < 100; series++)
      for (let turn = 1000; turn < 1100; turn++)
        squares += (at(series, turn + steps) - at(series, turn)) ** 2;
    return Math.sqrt(squares / 10_000);
  }

  it('deviates by its step in a step, and by about √n steps in n', () => {
    expect(deviation(1)).toBeGreaterThan(1.8);
    expect(deviation(1)).toBeLessThan(2.2);
    for (const steps of [16, 256]) {
      const ratio = deviation(steps) / (2 * Math.sqrt(steps));
      expect(ratio).toBeGreaterThan(0.5);
      expect(ratio).toBeLessThan(2);
    }
  });

  it('walks each series by itself', () => {
    let product = 0;
    for (let turn = 1; turn <= 5000; turn++)
      product += (at(0, turn) - at(0, turn - 1)) * (at(1, turn) - at(1, turn - 1));
    expect(Math.abs(product / 5000)).toBeLessThan(0.5);
  });
});
