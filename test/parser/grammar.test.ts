import { expect, test } from 'vitest';
import { Grammar } from '../../src/parser/grammar.ts';

test('the grammar is not ambiguous', () => {
  expect(() => new Grammar(true)).not.toThrow();
});
