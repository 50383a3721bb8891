import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onlyRunFolder, stressql, temporaryFolder } from './stressql.ts';

async function run(out: string, name: string): Promise<string> {
  const script = `SET TestName [${name}]\nSET Target [sink]\n\nINSERT cpu\ncpu v=1i\n1000\n`;
  await stressql(['run', '-', '--quiet', '--out', out], { input: script });
  return onlyRunFolder(out);
}

test('runs are found at any depth, the oldest first, and a broken one is said', async () => {
  const folder = temporaryFolder();
  const first = await run(join(folder, 'b', 'deep'), 'first');
  const killed = await run(join(folder, 'a'), 'killed');
  rmSync(join(killed, 'summary.json'));
  const broken = await run(join(folder, 'c'), 'broken');
  writeFileSync(join(broken, 'run.json'), '{');
  mkdirSync(join(folder, '.hidden'));
  renameSync(await run(join(folder, 'd'), 'hidden'), join(folder, '.hidden', 'run'));

  const { code, stdout, stderr } = await stressql(['list', folder]);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.trim().split(/ {2,}/)[2])).toEqual([
    'state',
    expect.stringMatching(/^(VALID|INVALID_CLIENT)$/),
    expect.stringMatching(/^(INVALID_CLIENT )?INCOMPLETE$/),
  ]);
  expect(lines[1]).toMatch(/ (VALID|INVALID_CLIENT) +first +cpu [\d,.]+ points\/s +/);
  expect(lines[1]).toContain(first);
  expect(lines[2]).toMatch(/INCOMPLETE +killed +cpu [\d,.]+ points\/s/);
  expect(stderr).toContain(`stressql: ${broken}/run.json: `);
  expect(code).toBe(0);

  const { runs } = JSON.parse((await stressql(['list', folder, '--format', 'json'])).stdout) as {
    readonly runs: readonly unknown[];
  };
  expect(runs).toEqual([
    expect.objectContaining({
      path: first,
      testName: 'first',
      target: 'sink',
      statements: [expect.objectContaining({ kind: 'insert', name: 'cpu', itemName: 'point' })],
    }),
    expect.objectContaining({
      path: killed,
      states: expect.arrayContaining(['INCOMPLETE']),
      statements: [expect.objectContaining({ name: 'cpu' })],
    }),
  ]);
});

test('a folder that is not there, and one without runs', async () => {
  const folder = temporaryFolder();
  expect(await stressql(['list', join(folder, 'none')])).toMatchObject({ code: 2, stdout: '' });
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(await stressql(['list', file])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is no folder'),
  });
  expect(await stressql(['list', folder])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: `stressql: there is no run folder below ${folder}\n`,
  });

  mkdirSync(join(folder, 'broken'));
  writeFileSync(join(folder, 'broken', 'run.json'), '{');
  const { stderr } = await stressql(['list', folder]);
  expect(stderr).toContain('run.json: it is not JSON, or not whole');
  expect(stderr).not.toContain('there is no run folder');
});
