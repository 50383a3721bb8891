import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder, stressql, temporaryFolder } from './stressql.ts';

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

test('a second run compiles nothing that the first one did', async () => {
  const cache = temporaryFolder();
  const input = 'SET Target [sink]\n\nINSERT a\nm v=[int inc(0)]\n300 10s\n';
  const run = async (): Promise<string> => {
    const env = { TMPDIR: cache, TEMP: cache, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
    const { code, stderr } = await stressql(['run', '-', '--out', join(cache, 'runs')], { input, env });
    expect([0, 5]).toContain(code);
    return stderr;
  };
  await run();
  const told = await run();
  // The last one is the load thread's.
  for (const name of ['main', 'serve-profile'])
    expect(told).toMatch(new RegExp(`/${name}[-\\w]*\\.js was accepted`));
  expect(told).not.toMatch(/was (?:rejected|not initialized)/);
});
