import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder, temporaryFolder } from './stressql.ts';

test('packed and installed elsewhere, it runs', () => {
  const folder = temporaryFolder();
  const npm = (...words: string[]): string =>
    execFileSync('npm', [...words, '--loglevel', 'error'], { cwd: folder, encoding: 'utf8' });
  const [{ filename }] = JSON.parse(npm('pack', projectFolder, '--json', '--ignore-scripts')) as [
    { filename: string },
  ];
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  npm('install', '--prefer-offline', join(folder, filename));
  const call = (name: string, words: readonly string[]): string =>
    execFileSync(process.execPath, [join(folder, 'node_modules/.bin', name), ...words], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });
  const run = (...words: string[]): string => call('stressql', words);
  const installed = join(folder, 'node_modules/stressql');
  expect(readFileSync(join(installed, 'LICENSE'), 'utf8')).toContain('Apache License');
  expect(existsSync(join(installed, 'test'))).toBe(false);
  const profile =
    'SET Target [sink]\n\nCREATE DATABASE d\n\nINSERT a\nm,t=[int inc(0) 3] v=[float rand(1)]\n300 10s\n';
  writeFileSync(join(folder, 'profile.sql'), profile);
  expect(run('check', 'profile.sql')).toContain('no errors');
  expect(run('run', 'profile.sql', '--rehearse')).toContain('REHEARSAL');
  expect(call('cassandra-stressql', ['version'])).toMatch(/^Version: \d/);
}, 120_000);
