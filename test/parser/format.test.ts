import { expect, test } from 'vitest';
import fc from 'fast-check';
import { Source } from '../../src/lexer/source.ts';
import { format } from '../../src/parser/format.ts';
import { parse } from '../../src/parser/parse.ts';
import { print } from '../../src/parser/print.ts';
import { sameTree } from '../../src/parser/same-tree.ts';
import { script } from './arbitrary-script.ts';
import { goodScripts } from './good-scripts.ts';

test.each<[string, string, string]>([
  [
    'SETs stand together',
    'set  Seed[1]\n\n\nSET Database [ x ]\nWAIT',
    'SET Seed [1]\n\nSET Database [x]\n\nWAIT\n',
  ],
  [
    'a clause a line',
    'INSERT a cpu,h=b v=1 5 1s DO 3 FOR 1m',
    'INSERT a\ncpu,\nh=b\nv=1\n5 1s\nDO 3\nFOR 1m\n',
  ],
  ['texts stay as they stand', 'SELECT  a,\n   b -- c\nFROM d;', 'SELECT  a,\n   b -- c\nFROM d\n'],
  [
    'comments before and after',
    '# a\n\n#b\nSHOW c # d\n# e\n\nWAIT # f',
    '# a\n\n#b\nSHOW c # d\n\n# e\n\nWAIT # f\n',
  ],
  [
    'comments in an INSERT',
    'GO # a\nINSERT cpu # b\n# c\ncpu, # d\nh=b # e\nv=1\n# f\n5 # g\nDO 3',
    '# b\nGO INSERT cpu # a\n# c\ncpu, # d\nh=b # e\nv=1\n# f\n5 # g\nDO 3\n',
  ],
  [
    'comments in a query',
    'QUERY a\nSELECT b -- c\n# d\nFROM e DO 5 # f',
    'QUERY a\nSELECT b -- c\n# d\nFROM e\nDO 5 # f\n',
  ],
  [
    'comments where a fence is needed',
    'GO INSERT a # b\n# c\nm,#d=[x|y] v=1 # e\n# f\n5 # g',
    '# b\n# c\nGO INSERT a """\nm,\n#d=[x|y]\nv=1\n""" # e\n# f\n5 # g\n',
  ],
  [
    'comments in a text that needs a fence',
    'QUERY q#1\nSELECT 1 -- one',
    '-- one\nQUERY q """\n#1\nSELECT 1\n"""\n',
  ],
  [
    'comments beside a fence',
    'QUERY a # b\n# c\n"""SELECT # d\ne""" # f\nDO 5 # g',
    '# b\n# c\nQUERY a """\nSELECT # d\ne\n""" # f\nDO 5 # g\n',
  ],
  [
    'comments around END',
    'MIX a\nQUERY b SELECT 1\nDO 5 # c\n# d\nEND # e\n# f\nDO 6',
    'MIX a\n  QUERY b\n    SELECT 1\n    DO 5 # c\n# d\nEND # e\n# f\nDO 6\n',
  ],
  ['only comments', '# a\n\n\n\n/* b */ # c\n', '# a\n\n/* b */ # c\n'],
  ['nothing', ' \n\n', ''],
])('%s', (_, text, expected) => {
  expect(format(new Source('profile.sql', text))).toMatchObject({ text: expected });
  expect(format(new Source('profile.sql', expected)).text).toBe(expected);
});

test('a script with an error comes back as it is', () => {
  const { text, diagnostics } = format(new Source('profile.sql', 'SET  a [b]\nFOO'));
  expect(text).toBe('SET  a [b]\nFOO');
  expect(diagnostics).toHaveLength(1);
});

test('every comment is kept', () => {
  for (const text of goodScripts) {
    const { text: formatted } = format(new Source('profile.sql', text));
    for (const [comment] of text.matchAll(/(?<=^|\s)(?:#|--) [a-z ]+$/gm))
      expect(formatted).toContain(comment);
  }
});

test('formatting what was printed changes nothing', () => {
  fc.assert(
    fc.property(script, (tree) => {
      const text = print(tree);
      const { text: formatted } = format(new Source('printed.sql', text));
      const { text: twice } = format(new Source('formatted.sql', formatted));
      expect(twice).toBe(formatted);
      expect(sameTree(parse([new Source('formatted.sql', formatted)]).script, tree)).toBe(true);
    }),
    { seed: 5, numRuns: 500 },
  );
});
