import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from './stressql.ts';

const folder = join(projectFolder, 'dist');

/** What the files of a bundle import, by the line that does. */
function imports(): readonly string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8'));
  return texts.flatMap((text) =>
    [...text.matchAll(/^import .*?"([^"]+)";$/gm)].map(([, module = '']) => module),
  );
}

test('the bundle imports nothing but files of its own', () => {
  const all = imports();
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter((module) => isBuiltin(module) || !module.startsWith('./'))).toEqual([]);
});
