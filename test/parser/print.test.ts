import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Source } from '../../src/lexer/source.ts';
import { parse } from '../../src/parser/parse.ts';
import { print } from '../../src/parser/print.ts';
import { script } from './arbitrary-script.ts';

/** The tree without what printing does not keep: places, and fences that the printer puts where they are needed. */
function meaning(node: unknown): unknown {
  return JSON.parse(
    JSON.stringify(node, (key, value: unknown) => (key === 'span' || key === 'fenced' ? undefined : value)),
  );
}

test('parse(print(tree)) = tree', () => {
  fc.assert(
    fc.property(script, (tree) => {
      const text = print(tree);
      const { script: read, diagnostics } = parse([new Source('printed', text)]);
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      expect({ text, errors, meaning: meaning(read) }).toEqual({ text, errors: [], meaning: meaning(tree) });
    }),
    { seed: 3, numRuns: 2000 },
  );
});
