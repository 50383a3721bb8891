import { array, assert, constantFrom, property, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { matchStatements } from '../../src/comparison/match-statements.ts';

interface Named {
  readonly statement: { readonly kind: string; readonly position: number };
  readonly load: { readonly name: string };
}

/** `cpu@1 ?cpu@3`: an INSERT and a QUERY. */
function read(text: string): Named[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [name, position] = word.replace('?', '').split('@');
      const kind = word.startsWith('?') ? 'query' : 'insert';
      return { statement: { kind, position: Number(position) }, load: { name: name! } };
    });
}

function written({ statement, load }: Named): string {
  return `${statement.kind === 'query' ? '?' : ''}${load.name}@${statement.position}`;
}

test.each([
  ['the same', 'a@1 b@2', 'a@1 b@2', 'a@1=a@1 b@2=b@2', '', ''],
  ['one more above', 'a@1 b@2', 'x@1 a@2 b@3', 'a@1=a@2 b@2=b@3', '', 'x@1'],
  ['one less', 'a@1 b@2', 'b@1', 'b@2=b@1', 'a@1', ''],
  ['another kind is another statement', 'a@1', '?a@1', '', 'a@1', '?a@1'],
  ['the same name twice, same place first', 'a@1 a@4', 'a@4 a@9', 'a@1=a@9 a@4=a@4', '', ''],
  ['the same name twice, in order', 'a@1 a@2', 'a@5 a@6', 'a@1=a@5 a@2=a@6', '', ''],
  ['the same name, one more', 'a@1', 'a@1 a@2', 'a@1=a@1', '', 'a@2'],
])('%s', (_, first, second, pairs, onlyFirst, onlySecond) => {
  const matched = matchStatements(read(first), read(second));
  expect(matched.pairs.map((pair) => pair.map(written).join('=')).join(' ')).toBe(pairs);
  expect(matched.onlyFirst.map(written).join(' ')).toBe(onlyFirst);
  expect(matched.onlySecond.map(written).join(' ')).toBe(onlySecond);
});

test('every statement is in one place, and nothing is left that could be paired', () => {
  const statements = array(tuple(constantFrom('a', 'b', '?a'), constantFrom(1, 2, 3, 4, 5))).map((words) =>
    read(words.map((word) => word.join('@')).join(' ')),
  );
  assert(
    property(statements, statements, (first, second) => {
      const { pairs, onlyFirst, onlySecond } = matchStatements(first, second);
      expect(new Set([...pairs.map(([one]) => one), ...onlyFirst])).toEqual(new Set(first));
      expect(new Set([...pairs.map(([, other]) => other), ...onlySecond])).toEqual(new Set(second));
      const left = (of: readonly Named[]): string[] => of.map((each) => written(each).replace(/@.*/, ''));
      expect(left(onlyFirst).filter((name) => left(onlySecond).includes(name))).toEqual([]);
    }),
    { seed: 10 },
  );
});
