import { readFileSync, existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documents, regenerate } from '../../scripts/generate-docs.ts';
import { analysed } from '../analysis/analysed.ts';

describe('generated parts are what the code says', () => {
  test.each(documents)('%s', (path) => {
    const text = readFileSync(path, 'utf8');
    // `npm run docs` makes them so.
    expect(regenerate(text)).toBe(text);
  });
});

const pages = globSync('{*.md,docs/**/*.md}');

describe('links within the project lead somewhere', () => {
  test.each(pages)('%s', (page) => {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
      ([, link]) => link!,
    );
    expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
  });
});

const scripts = pages.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/```sql\n([\s\S]*?)```/g)].map(
    ([, script], index): [string, string] => [`${page}, script ${index + 1}`, script!],
  ),
);

describe('scripts in the documents are free of errors', () => {
  test.each(scripts)('%s', (_, script) => {
    const { diagnostics } = analysed(script);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});
