import { expect, test } from 'vitest';
import { keyOf, problemOf } from '../../src/reporting/stored-shape.ts';

test('an enumeration takes each of its names, which the compiler asks for, and nothing else', () => {
  const size = keyOf<'small' | 'large'>({ small: true, large: true });
  expect(['small', 'large'].map((name) => problemOf(size, name))).toEqual([undefined, undefined]);
  expect(problemOf(size, 'huge')).toBe('it is "huge", expected small or large');
  // @ts-expect-error One is missing.
  keyOf<'small' | 'large'>({ small: true });
});
