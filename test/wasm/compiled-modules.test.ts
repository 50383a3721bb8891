import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compiledModules } from '../../scripts/compile-wat.ts';

const modules = await compiledModules();

test('there are some', () => expect(modules.size).toBeGreaterThan(1));

test.each([...modules])('%s is what `npm run wasm` makes', (path, text) => {
  expect(readFileSync(path, 'utf8')).toBe(text);
});
