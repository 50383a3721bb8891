import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Comparison } from '../../src/comparison/comparison.ts';
import type { Summary } from '../../src/reporting/summary.ts';
import { describeWithInflux } from '../servers/influx.ts';
import { onlyRunFolder, stressql } from './stressql.ts';

let folder = '';
/** Of the same script: ten points a request, then four hundred; the third one has lost its summary, as a killed one. */
let [baseline, larger, killed] = ['', '', ''];

const script = `SET Target [sink]
SET ReportInterval [50ms]
SET BatchSize [\${BATCH:-10}]

GO INSERT steady
cpu,host=h-[int inc(0) 10]
value=[float rand(100)]
AT 4000/s FOR 2s

GO INSERT load
cpu,host=h-[int inc(0) 10]
value=[float rand(100)]
FOR 1s

WAIT
`;

async function run(name: string, more: readonly string[] = [], input = script): Promise<string> {
  const out = join(folder, name);
  const ran = await stressql(['run', '-', '--quiet', '--out', out, '--test-id', name, ...more], { input });
  // 5: a busy machine makes a late client, and says so.
  expect(ran.code, ran.stderr).toBeOneOf([0, 5]);
  return onlyRunFolder(out);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stressql-compare-'));
  baseline = await run('first');
  larger = await run('second', ['-p', 'BATCH=400'], `${script}\n# as before, and a remark\n`);
  killed = await run('killed');
  rmSync(join(killed, 'summary.json'));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function compare(
  ...words: readonly string[]
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return stressql(['compare', ...words]);
}

function comparisonOf(text: string): Comparison {
  return JSON.parse(text) as Comparison;
}

describe('stressql compare', () => {
  test('tells what differs, then statement by statement, in every format the same', async () => {
    const [text, md, json] = await Promise.all(
      ['text', 'md', 'json'].map((format) => compare(baseline, larger, '--format', format)),
    );
    for (const each of [text!, md!, json!]) expect([each.code, each.stderr]).toEqual([0, '']);
    const { comparisons, runs } = comparisonOf(json!.stdout);
    expect(runs.map(({ testId, path }) => [testId, path])).toEqual([
      ['first', baseline],
      ['second', larger],
    ]);
    const { differences, statements, unmatched } = comparisons[0]!;
    expect(differences).toMatchObject({
      settings: [{ name: 'BatchSize', baseline: '10', candidate: '400' }],
      parameters: [{ name: 'BATCH', candidate: '400' }],
      script: { removed: 0, added: 2 },
    });
    expect(unmatched).toEqual([]);
    expect(statements.map(({ name }) => name)).toEqual(['steady', 'load']);
    expect(statements.map(({ settings }) => settings)).toEqual([
      [{ name: 'BatchSize', baseline: '10', candidate: '400' }],
      [{ name: 'BatchSize', baseline: '10', candidate: '400' }],
    ]);
    for (const part of ['BATCH', 'steady', 'load', 'BatchSize']) {
      expect(text!.stdout).toContain(part);
      expect(md!.stdout).toContain(part);
    }
    expect(text!.stdout.indexOf('BATCH')).toBeLessThan(text!.stdout.indexOf('\n  INSERT steady'));
  });

  test('has the figures of the reports', async () => {
    const { statements } = comparisonOf((await compare(baseline, larger, '--format', 'json')).stdout)
      .comparisons[0]!;
    const summary = JSON.parse(readFileSync(join(larger, 'summary.json'), 'utf8')) as Summary;
    for (const { name, figures } of statements) {
      const found = summary.statements.find((each) => 'load' in each && each.load?.name === name)!;
      const { load } = found as Extract<typeof found, { readonly load?: unknown }>;
      for (const { metric, clock, candidate } of figures) {
        if (metric === 'throughput') expect(candidate!.value).toBe(load!.throughput.itemsPerSecond);
        else if (clock !== undefined && metric.startsWith('p')) {
          expect(candidate!.value).toBe(load!.times[clock]!.percentilesNs[metric as 'p50']);
        }
      }
    }
  });

  test('reads what a killed process has left', async () => {
    const { code, stdout } = await compare(baseline, killed, '--format', 'json');
    expect(code).toBe(0);
    const { runs, comparisons } = comparisonOf(stdout);
    expect(runs[1]!.states).toContainEqual(expect.objectContaining({ state: 'INCOMPLETE' }));
    expect(comparisons[0]!.differences.facts.map(({ name }) => name)).toContain('state');
    expect(comparisons[0]!.statements.map(({ name }) => name)).toEqual(['steady', 'load']);
  });

  test('writes a page that holds all it needs', async () => {
    const output = join(folder, 'page.html');
    const { code, stdout } = await compare(baseline, larger, '--format', 'html', '--output', output);
    expect([code, stdout]).toEqual([0, '']);
    expect(readFileSync(output, 'utf8')).toMatch(
      /^<!doctype html>[^]*default-src &#39;none&#39;[^]*steady[^]*<\/html>\s*$/,
    );
  });

  test.each([
    [0, 'estimate', 'throughput < -99.9%'],
    [1, 'estimate', 'throughput > -99.9%'],
    [0, 'sure', 'steady:throughput < -99.9%'],
    [1, 'sure', 'steady:throughput > -99.9%'],
  ])('ends with %d when %s: %s', async (code, rule, condition) => {
    const words = [baseline, larger, '--fail-if', condition, '--fail-when', rule];
    // A busy machine makes a late client.
    const ended = await compare(...words, '--allow-invalid');
    expect(ended.code).toBe(code);
    expect(ended.stdout).toContain(`${code === 1 ? '✗' : '✓'} ${condition}`);
  });

  test('does not let an invalid run pass, with 5, unless that is asked for', async () => {
    const invalid = join(folder, 'invalid');
    cpSync(baseline, invalid, { recursive: true });
    const summary = JSON.parse(readFileSync(join(baseline, 'summary.json'), 'utf8')) as Summary;
    for (const each of summary.statements) {
      if (!('load' in each) || each.load === undefined) continue;
      Object.assign(each.load, { marks: [{ state: 'INVALID_CLIENT', reason: 'made for a test' }] });
    }
    writeFileSync(join(invalid, 'summary.json'), JSON.stringify(summary));
    const words = [baseline, invalid, '--fail-when', 'estimate', '--fail-if'];
    const met = await compare(...words, 'throughput > -5%', '--allow-invalid');
    expect(met.code).toBe(1);
    const passed = await compare(...words, 'throughput < -5%', '--allow-invalid');
    expect(passed.code).toBe(0);
    expect(passed.stdout).toMatch(/✓ throughput < -5%.*B is\s+INVALID_CLIENT/s);
    for (const limit of ['> -5%', '< -5%']) {
      const { code, stdout } = await compare(...words, `throughput ${limit}`);
      expect(stdout).toContain('not judged');
      expect(code).toBe(5);
    }
  });

  test.each([
    [['runs/a'], 'compare needs two runs or more'],
    [['nowhere', 'elsewhere'], 'nowhere is no run folder'],
    [['a', 'b', '--from', 'influx', '--report', ':::'], 'expected'],
    [['a', 'b', '--fail-if', 'p98 > +10%'], "--fail-if 'p98 > +10%': expected one of p50"],
  ])('%j is told, with 2', async (words, told) => {
    const { code, stderr } = await compare(...words);
    expect(stderr).toContain(told);
    expect(code).toBe(2);
  });

  test('a condition on a statement that no run has is told, with 2', async () => {
    const { code, stderr } = await compare(baseline, larger, '--fail-if', 'lod:p99 > 1%');
    expect(stderr).toContain('no run has a statement lod; there are steady, load');
    expect(code).toBe(2);
  });

  test('a reporting InfluxDB that is not there is told, with 3', async () => {
    const { code, stderr } = await compare('a', 'b', '--from', 'influx', '--report', '127.0.0.1:1');
    expect(stderr).toContain('the reporting InfluxDB at 127.0.0.1:1 can’t be read');
    expect(code).toBe(3);
  });
});

describeWithInflux('from the reporting InfluxDB alone', (influx) => {
  test('a comparison says what it says of the run folders, but for the lines of the script', async () => {
    const env = { STRESSQL_REPORT_DATABASE: await influx.createDatabase() };
    for (const path of [baseline, larger]) {
      expect((await stressql(['push', path, '--report', influx.address], { env })).code).toBe(0);
    }
    const words = ['compare', '--format', 'json'];
    const [stored, pushed] = await Promise.all([
      stressql([...words, baseline, larger]),
      stressql([...words, 'first', 'second', '--from', 'influx', '--report', influx.address], { env }),
    ]);
    expect(pushed!.code, pushed!.stderr).toBe(0);
    const [folders, database] = [comparisonOf(stored!.stdout), comparisonOf(pushed!.stdout)];
    expect(database.comparisons[0]!.statements).toEqual(folders.comparisons[0]!.statements);
    expect(database.comparisons[0]!.differences.facts.map(({ name }) => name)).toContain('script');
    expect(folders.comparisons[0]!.differences.facts.map(({ name }) => name)).not.toContain('script');
  });
});
