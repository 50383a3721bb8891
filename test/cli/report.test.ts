import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCsv } from '../reporting/read-csv.ts';
import { onlyRunFolder, stressql, temporaryFolder } from './stressql.ts';

const script = `SET Target [sink]
SET ReportInterval [100ms]
SET BatchSize [10]

INSERT cpu
cpu,host=server-[int inc(0) 10] load=[float rand(0, 100)]
AT 1000/s FOR 1s
EXPECT errors = 0
`;

async function runIn(out: string): Promise<string> {
  const { stderr } = await stressql(['run', '-', '--quiet', '--out', out], { input: script });
  expect(stderr).toBe('');
  return onlyRunFolder(out);
}

describe('stressql report', () => {
  const out = mkdtempSync(join(tmpdir(), 'stressql-test-'));
  let folder: string;
  beforeAll(async () => {
    folder = await runIn(out);
  });
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  test.each([
    ['text', /^[A-Z_, ]+ {2}test \w+\n/],
    ['json', /^{\n {2}"schemaVersion": 1,/],
    ['csv', /^run_state,test_id,/],
    ['md', /^## [A-Z_, ]+: test /],
    ['html', /^<!doctype html>/],
  ])('%s, to the standard output or a file', async (format, beginning) => {
    const { code, stdout, stderr } = await stressql(['report', folder, '--format', format]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(beginning);
    const file = join(temporaryFolder(), 'report');
    const written = await stressql(['report', folder, '--format', format, '--output', file]);
    expect(written).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(file, 'utf8')).toBe(stdout);
  });

  test('csv has a row a statement and interval, if asked', async () => {
    const { stdout } = await stressql(['report', folder, '--format', 'csv', '--intervals']);
    const rows = readCsv(stdout);
    expect(rows.length).toBeGreaterThan(5);
    const acknowledged = rows.map((row) => Number(row['items_acknowledged']));
    expect(acknowledged.reduce((sum, count) => sum + count, 0)).toBe(1000);
  });

  test('every format of a killed run reaches up to its last interval, and says so', async () => {
    const killed = await runIn(temporaryFolder());
    // What a killed process leaves: half a line, and neither a summary nor an end.
    for (const name of ['summary.json', 'report.txt', 'statements.ndjson']) rmSync(join(killed, name));
    const record = join(killed, 'run.json');
    writeFileSync(record, readFileSync(record, 'utf8').replace('"state": "ended"', '"state": "running"'));
    const intervals = join(killed, 'intervals.ndjson');
    writeFileSync(intervals, readFileSync(intervals, 'utf8').slice(0, -200));
    for (const format of ['text', 'json', 'csv', 'md', 'html']) {
      const { code, stdout, stderr } = await stressql(['report', killed, '--format', format]);
      expect(stderr, format).toBe('');
      expect(code, format).toBe(0);
      expect(stdout, format).toContain('INCOMPLETE');
      expect(stdout, format).toContain('cpu');
    }
  });

  test.each([
    ['intervals of another format', ['--intervals'], '--format csv'],
    ['a format that there is not', ['--format', 'pdf'], 'Allowed choices are text, json, csv, md, html'],
    [
      'a file in no folder',
      ['--output', '/no/such/folder/report'],
      '/no/such/folder/report can’t be written',
    ],
    ['a file that takes nothing', ['--output', '/dev/full'], '/dev/full can’t be written'],
  ])('refuses %s', async (_, words, message) => {
    const { code, stdout, stderr } = await stressql(['report', folder, ...words]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });

  test('writes nothing where the run is none', async () => {
    const file = join(temporaryFolder(), 'report.html');
    const { code } = await stressql(['report', 'examples', '--format', 'html', '--output', file]);
    expect(code).toBe(2);
    expect(existsSync(file)).toBe(false);
  });
});
