import { describe, expect, test } from 'vitest';
import { Source } from '../../src/lexer/source.ts';
import { parse } from '../../src/parser/parse.ts';
import { checkAnyText, generator, mutate, randomText } from './any-text.ts';
import { goodScripts } from './good-scripts.ts';

/** Short texts, in which a mutation meets more of what there is, sooner. */
const paragraphs = goodScripts.flatMap((text) => text.split(/\n{2,}/));

describe('any text', () => {
  test('the scripts that mutations start from are good', () => {
    for (const text of goodScripts) expect(parse([new Source('good.sql', text)]).diagnostics).toEqual([]);
  });

  test.each([
    'QUERY a SELECT 1\nROWS [int inc(0)],\nROW -- b\n[int inc(1)]',
    'QUERY a SELECT 1\nROWS [int inc(0)],\nPOPULATION # b\n1..5',
    'QUERY a SELECT 1\nRETURNS 1, tag # = b\n, 2',
    'QUERY a SELECT 1\nRETURNS 1,\nWRITTEN # b\n# c\nDO 5',
    'QUERY a SELECT 1\nRETURNS 1,\nQUERY # b\nc SELECT 2',
    'QUERY a SELECT 1\nRETURNS 1, BEGIN # b\nBATCH\n\nAPPLY BATCH\nDO 5',
  ])('comments among values are blanks: %j', (text) => {
    expect(checkAnyText(text)).toBe(true);
  });

  test('20,000 mutated and random scripts are accepted or rejected with a place', () => {
    const random = generator(20_000);
    let accepted = 0;
    let rejected = 0;
    for (let count = 0; count < 20_000; count++) {
      const starts = count % 4 === 1 ? goodScripts : paragraphs;
      const text = count % 4 === 0 ? randomText(random) : mutate(starts[random(starts.length)]!, random);
      try {
        if (checkAnyText(text)) accepted++;
        else rejected++;
      } catch (error) {
        throw new Error(`input ${count}: ${JSON.stringify(text)}`, { cause: error });
      }
    }
    expect({ accepted: accepted > 1000, rejected: rejected > 1000 }).toEqual({
      accepted: true,
      rejected: true,
    });
  });
});
