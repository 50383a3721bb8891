import { array, assert, double, property } from 'fast-check';
import { expect, test } from 'vitest';
import { holmAdjusted } from '../../src/comparison/holm.ts';

test.each([
  [[], []],
  [[0.03], [0.03]],
  // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
  [
    [0.01, 0.04, 0.03, 0.005],
    [0.03, 0.06, 0.06, 0.02],
  ],
  [
    [0.6, 0.5],
    [1, 1],
  ],
])('of %j are %j', (pValues, adjusted) => {
  const got = holmAdjusted(pValues);
  expect(got).toHaveLength(adjusted.length);
  for (const [at, value] of adjusted.entries()) expect(got[at]).toBeCloseTo(value, 12);
});

test('lie between each p value and Bonferroni’s, in the same order', () => {
  assert(
    property(array(double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (pValues) => {
      const adjusted = holmAdjusted(pValues);
      for (const [at, value] of pValues.entries()) {
        expect(adjusted[at]).toBeGreaterThanOrEqual(value);
        expect(adjusted[at]).toBeLessThanOrEqual(Math.min(1, value * pValues.length));
        for (const [other, than] of pValues.entries()) {
          if (than > value) expect(adjusted[other]).toBeGreaterThanOrEqual(adjusted[at]!);
        }
      }
    }),
    { seed: 9 },
  );
});
