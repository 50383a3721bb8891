import { array, assert, double, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { meanErrorOf } from '../../src/comparison/mean-error.ts';
import { ratioErrorOf } from '../../src/comparison/ratio-error.ts';
import { Random } from './random.ts';

/** A first-order autoregression with deviation 1. */
function autoregression(length: number, correlation: number, random: Random): number[] {
  let value = random.normal();
  return Array.from({ length }, () => {
    const now = value;
    value = correlation * value + Math.sqrt(1 - correlation ** 2) * random.normal();
    return now;
  });
}

describe('the error of a mean', () => {
  test('of what never varies is 0', () => {
    expect(meanErrorOf([3, 3, 3, 3])).toEqual({ standardError: 0, degrees: 3 });
  });

  test.each([
    [0, 1],
    [0.5, 3],
    [0.8, 9],
  ])('of long series with correlation %d is √%d times that of independent values', (correlation, factor) => {
    const length = 20_000;
    const { standardError } = meanErrorOf(autoregression(length, correlation, new Random(3)));
    const ratio = standardError / Math.sqrt(factor / length);
    // The largest of several estimates is above the truth rather than below.
    expect(ratio).toBeGreaterThan(0.95);
    expect(ratio).toBeLessThan(1.7);
  });

  test('sees slow swings under noise that hides them from neighbours', () => {
    const random = new Random(4);
    const slow = autoregression(1000, 0.95, random);
    const { standardError } = meanErrorOf(slow.map((value) => value + 2 * random.normal()));
    // (39 · 1 + 4) / 1000 is the variance; that of independent values were 5 / 1000.
    expect(standardError).toBeGreaterThan(0.8 * Math.sqrt(43 / 1000));
  });

  test('has few degrees of freedom where values hang together', () => {
    const [one, other] = [0, 0.8].map((correlation) =>
      meanErrorOf(autoregression(60, correlation, new Random(5))),
    );
    expect(other!.degrees).toBeLessThan(one!.degrees / 2);
    expect(other!.degrees).toBeGreaterThanOrEqual(2);
  });

  test('goes with the unit, and not with where 0 is', () => {
    assert(
      property(
        array(double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 10, maxLength: 80 }),
        double({ min: 0.1, max: 100, noNaN: true }),
        (series, factor) => {
          const { standardError } = meanErrorOf(series);
          const moved = meanErrorOf(series.map((value) => 500 + factor * value));
          expect(moved.standardError).toBeCloseTo(factor * standardError, 4);
        },
      ),
      { seed: 8, numRuns: 50 },
    );
  });
});

test('an interval of no length has no say in a ratio', () => {
  const [items, seconds] = [
    [90, 110, 100, 95, 105, 98, 102, 104, 96, 100, 0],
    [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0],
  ];
  const whole = ratioErrorOf(items.slice(0, -1), seconds.slice(0, -1));
  const { standardError } = ratioErrorOf(items, seconds);
  expect(standardError / whole.standardError).toBeCloseTo(1, 1);
});
