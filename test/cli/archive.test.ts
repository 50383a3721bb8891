import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder, temporaryFolder } from './stressql.ts';

test('unpacked on a host without Node, it runs', () => {
  const folder = temporaryFolder();
  const archive = execFileSync(process.execPath, ['scripts/make-archive.ts', '--out', folder], {
    cwd: projectFolder,
    encoding: 'utf8',
  }).trim();
  const sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex');
  expect(readFileSync(`${archive}.sha256`, 'utf8')).toBe(`${sha256}  ${basename(archive)}\n`);

  execFileSync('tar', ['--extract', '--file', archive, '--directory', folder]);
  const unpacked = archive.replace(/\.tar\.gz$/, '');
  const home = join(folder, 'home');
  mkdirSync(home);
  writeFileSync(join(home, 'profile.sql'), 'INSERT a\nm,t=[int inc(0) 3] v=[float rand(1)]\n300 10s\n');
  const report = execFileSync(join(unpacked, 'bin/stressql'), ['run', 'profile.sql', '--rehearse'], {
    cwd: home,
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', HOME: home },
  });
  expect(report).toContain('REHEARSAL');
  expect(report).toContain(`Node ${process.versions.node}`);
}, 120_000);
