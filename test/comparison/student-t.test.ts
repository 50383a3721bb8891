import { assert, double, property } from 'fast-check';
import { expect, test } from 'vitest';
import { studentQuantile, studentTail } from '../../src/comparison/student-t.ts';

// NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, upper critical values: half of each tail.
test.each([
  [0.1, 1, 6.314],
  [0.05, 1, 12.706],
  [0.01, 1, 63.657],
  [0.05, 2, 4.303],
  [0.05, 5, 2.571],
  [0.01, 5, 4.032],
  [0.002, 5, 5.893],
  [0.1, 10, 1.812],
  [0.05, 10, 2.228],
  [0.01, 30, 2.75],
  [0.05, 59, 2.001],
  [0.002, 100, 3.174],
  [0.05, 1e9, 1.96],
])('of tail %d with %d degrees of freedom it is %d', (tail, degrees, t) => {
  expect(studentQuantile(tail, degrees)).toBeCloseTo(t, 3);
});

// With one and two degrees of freedom the distribution has closed forms.
test.each([0.01, 0.5, 1, 3, 40, 1000])('the tail at %d is that of the closed forms', (t) => {
  expect(studentTail(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
  expect(studentTail(t, 2)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 12);
});

test('nothing is beyond infinity, and everything beyond 0', () => {
  expect(studentTail(Infinity, 3)).toBe(0);
  expect(studentTail(0, 3)).toBe(1);
});

test('quantile and tail undo each other, for degrees that are not whole too', () => {
  assert(
    property(
      double({ min: 1e-8, max: 0.9, noNaN: true }),
      double({ min: 1.5, max: 5000, noNaN: true }),
      (tail, degrees) => {
        expect(studentTail(studentQuantile(tail, degrees), degrees) / tail).toBeCloseTo(1, 6);
      },
    ),
    { seed: 7 },
  );
});
