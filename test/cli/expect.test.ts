import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LoadStatement, Summary } from '../../src/reporting/summary.ts';
import { onlyRunFolder, stressql, temporaryFolder } from './stressql.ts';

const script = `SET Target [sink]

INSERT cpu
cpu,host=h-[int inc(0) 10] value=[float rand(100)]
1000
EXPECT errors = 0

QUERY ask
SELECT 1
DO 10

INSERT loaded
cpu v=1i
10
WRITTEN
`;

async function run(...words: readonly string[]) {
  const out = temporaryFolder();
  const given = words.flatMap((word) => ['--expect', word]);
  const ran = await stressql(['run', '-', '--quiet', '--out', out, ...given], { input: script });
  const summary = JSON.parse(readFileSync(join(onlyRunFolder(out), 'summary.json'), 'utf8')) as Summary;
  const loads = summary.statements.filter((each): each is LoadStatement => 'load' in each);
  const checks = Object.fromEntries(
    loads.map(({ load }) => [load!.name, load!.checks.map(({ text, passed }) => `${text} ${passed}`)]),
  );
  return { ...ran, checks };
}

test('what is expected of all joins the EXPECT of each that sends, rows only that of queries', async () => {
  const { code, checks, stdout } = await run('p99 < 1h, throughput > 0.001/s', 'rows >= 0');
  expect(checks).toEqual({
    cpu: ['errors = 0 true', 'p99 < 1h true', 'throughput > 0.001/s true'],
    ask: ['p99 < 1h true', 'throughput > 0.001/s true', 'rows >= 0 true'],
    loaded: [],
  });
  expect(stdout).toContain('p99 < 1h');
  // 5: a busy machine makes a late client.
  expect(code).toBeOneOf([0, 5]);
});

test('what is expected of one statement decides the exit code', async () => {
  const { code, checks } = await run('ask: service.max < 1ns');
  expect(checks).toEqual({ cpu: ['errors = 0 true'], ask: ['service.max < 1ns false'], loaded: [] });
  expect(code).toBe(1);
});

describe('what can’t be read is told in a sentence', () => {
  test.each([
    ['p99 <', "--expect 'p99 <'"],
    ['', "--expect ''"],
    ['p98 < 1ms', 'p98'],
    ['p99 < 1ms ABORT', 'expected checks'],
    ['p99 < 1ms DO 5', "--expect 'p99 < 1ms DO 5'"],
    ['errors = 0\n\nSET Seed [1]', 'expected checks'],
    ['nobody: errors = 0', 'the script has no INSERT or QUERY nobody'],
  ])('%j', async (word, told) => {
    const ran = await stressql(['run', '-', '--quiet', '--expect', word], { input: script });
    expect(ran.stderr).toContain(told);
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 2, stdout: '' });
  });
});
