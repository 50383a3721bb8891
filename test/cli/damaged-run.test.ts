import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareRuns } from '../../src/comparison/compare-runs.ts';
import { comparedRunOf } from '../../src/comparison/compared-run.ts';
import { renderTextComparison } from '../../src/comparison/text-comparison.ts';
import { listRuns } from '../../src/reporting/list-runs.ts';
import { totalsOfHistogramLogs } from '../../src/reporting/merge-histogram-logs.ts';
import { HistogramLogError } from '../../src/reporting/read-histogram-log.ts';
import { readRunDetail } from '../../src/reporting/read-run-detail.ts';
import { renderReport, reportFormats } from '../../src/reporting/render-report.ts';
import { StoredRunError } from '../../src/reporting/stored-run-error.ts';
import { onlyRunFolder, stressql } from './stressql.ts';

const script = `SET Target [sink]
SET ReportInterval [50ms]
SET BatchSize [10]

GO INSERT open
cpu,host=server-[int inc(0) 10]
load=[float rand(100)]
AT 2000/s FOR 300ms, 4000/s FOR 300ms
TAG team=a
EXPECT errors = 0

INSERT closed
mem,host=server-[int inc(0) 10]
used=[float rand(100)]
5000 10s

QUERY asked OF open
SELECT load FROM cpu WHERE %t
DO 20

EXEC true

WAIT
`;

const files = [
  'run.json',
  'summary.json',
  'settings.json',
  'intervals.ndjson',
  'statements.ndjson',
  'events.ndjson',
  'results.hlog',
  'script.sql',
] as const;

let folder = '';
let good = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stressql-damaged-'));
  const ran = await stressql(['run', '-', '--quiet', '--out', join(folder, 'good'), '--allow-exec'], {
    input: script,
  });
  // 5: a busy machine makes a late client, and says so.
  expect(ran.code, ran.stderr).toBeOneOf([0, 5]);
  good = onlyRunFolder(join(folder, 'good'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that is made of a run folder: ends, or says what can't be used, and where. */
async function useAll(path: string): Promise<readonly string[]> {
  const problems: string[] = [];
  const use = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof StoredRunError || error instanceof HistogramLogError)) throw error;
      problems.push(error.message);
    }
  };
  for (const format of reportFormats) {
    for (const intervals of format === 'csv' ? [false, true] : [false]) {
      await use(async () => {
        const run = await readRunDetail(path);
        const pieces = renderReport(run, { format, intervals, color: false, width: 100, folder: path });
        for await (const piece of pieces) if (format !== 'html') expect(piece).not.toMatch(/undefined|NaN/);
      });
    }
  }
  await use(async () => {
    const runs = [];
    for (const each of [good, path]) runs.push(await comparedRunOf(await readRunDetail(each), each));
    renderTextComparison(compareRuns(runs), { color: false, width: 100 });
  });
  const { runs, unreadable } = await listRuns(join(path, '..'));
  expect(runs.length + unreadable.length).toBeLessThanOrEqual(1);
  problems.push(...unreadable);
  await use(() => totalsOfHistogramLogs([path]));
  return problems;
}

type Damage = (text: string) => string;

/** A text that is cut off. */
const cut = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }).map(
  (share): Damage =>
    (text) =>
      text.slice(0, Math.floor(share * text.length)),
);

/** A text with other characters here and there. */
const garble = fc
  .array(fc.tuple(fc.nat(), fc.constantFrom('0', '-', 'x', '"', '{', ',', '\n', '\0', 'é')), {
    minLength: 1,
    maxLength: 4,
  })
  .map(
    (changes): Damage =>
      (text) =>
        changes.reduce((changed, [at, character]) => {
          const index = at % Math.max(1, changed.length);
          return changed.slice(0, index) + character + changed.slice(index + 1);
        }, text),
  );

const others = [null, 'x', -1, 0, 1e300, true, [], {}, undefined];

/** JSON, or a line of it, with another value, or none, somewhere. */
const replace = fc
  .tuple(fc.nat(), fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), fc.constantFrom(...others))
  .map(([line, path, other]): Damage => (text) => {
    const isWhole = text.startsWith('{\n');
    const lines = isWhole ? [text] : text.split('\n');
    const at = line % lines.length;
    if (!lines[at]!.startsWith('{')) return text;
    const value = JSON.parse(lines[at]!) as unknown;
    let inside = value as Record<string, unknown>;
    for (const [depth, step] of path.entries()) {
      const names = Object.keys(inside);
      if (names.length === 0) break;
      const name = names[step % names.length]!;
      const next = inside[name];
      if (depth === path.length - 1 || typeof next !== 'object' || next === null) {
        inside[name] = other;
        break;
      }
      inside = next as Record<string, unknown>;
    }
    lines[at] = JSON.stringify(value);
    return lines.join('\n');
  });

let copies = 0;
/** A copy of the good run in a folder of its own. */
function copy(): string {
  const path = join(folder, `copy-${copies++}`, 'run');
  cpSync(good, path, { recursive: true });
  return path;
}

test('whatever file is damaged, and however, nothing breaks: what can’t be used is told with its place', async () => {
  expect(await useAll(copy())).toEqual([]);
  const damaged = fc.tuple(fc.constantFrom(...files), fc.oneof(cut, garble, replace, replace));
  await fc.assert(
    fc.asyncProperty(damaged, async ([name, damage]) => {
      const path = copy();
      writeFileSync(join(path, name), damage(readFileSync(join(path, name), 'utf8')));
      for (const problem of await useAll(path)) {
        expect(problem).toMatch(/^\S*\/run(\/[\w.]+)?(:\d+)?( is no |: )|^the histogram (of|at) /);
      }
      rmSync(join(path, '..'), { recursive: true });
    }),
    { seed: 4, numRuns: 50 },
  );
}, 60_000);

test.each(files)('without %s, or with a folder in its place, nothing breaks', async (name) => {
  const path = copy();
  rmSync(join(path, name));
  const without = await useAll(path);
  mkdirSync(join(path, name));
  for (const problem of [...without, ...(await useAll(path))]) expect(problem).toContain(path);
});

describe('a command says in a sentence which file can’t be used, and why', () => {
  test.each<[name: string, damage: Damage, told: string]>([
    ['summary.json', () => 'x', 'summary.json: it is not JSON, or not whole'],
    ['summary.json', () => '{"schemaVersion": 1}', 'summary.json: it has no testId'],
    [
      'summary.json',
      () => '{"schemaVersion": 2}',
      'summary.json: it has schemaVersion 2; this stressql reads 1',
    ],
    [
      'summary.json',
      (text) => text.replace(/"asked": \d+/, '"asked": "many"'),
      'summary.json: totals.operations.asked is "many", expected a number from 0 on',
    ],
    [
      'run.json',
      (text) => text.replace('"state": "ended"', '"state": "over"'),
      'run.json: state is "over", expected running or ended',
    ],
  ])('%s: %#', async (name, damage, told) => {
    const path = copy();
    const file = join(path, name);
    writeFileSync(file, damage(readFileSync(file, 'utf8')));
    for (const words of [
      ['report', path],
      ['compare', good, path],
    ]) {
      const { code, stdout, stderr } = await stressql(words);
      expect(stderr).toBe(`stressql: ${join(path, told)}\n`);
      expect([code, stdout]).toEqual([2, '']);
    }
    const listed = await stressql(['list', path]);
    expect(listed.stderr).toBe(`stressql: ${join(path, told)}\n`);
  });

  test('a line of intervals in the middle', async () => {
    const path = copy();
    const file = join(path, 'intervals.ndjson');
    const lines = readFileSync(file, 'utf8').split('\n');
    lines[2] = lines[2]!.slice(0, 100);
    writeFileSync(file, lines.join('\n'));
    const { code, stderr } = await stressql(['report', path, '--format', 'html']);
    expect([code, stderr]).toEqual([2, `stressql: ${file}:3: it is not JSON, or not whole\n`]);
  });

  test('a histogram', async () => {
    const path = copy();
    const file = join(path, 'intervals.ndjson');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"histogram":"HIST/g, '"histogram":"HXST'));
    const { code, stderr } = await stressql(['report', path, '--format', 'html']);
    expect(stderr).toMatch(/run: the histogram of \w+ times of \w+ in interval \d+ can’t be decoded\n$/);
    expect(code).toBe(2);
  });
});

test('a page without charts over time says why', async () => {
  const path = copy();
  const page = async (): Promise<string> => {
    const run = await readRunDetail(path);
    let text = '';
    for await (const piece of renderReport(run, {
      format: 'html',
      intervals: false,
      color: false,
      width: 100,
      folder: path,
    }))
      text += piece;
    return text;
  };
  expect(await page()).not.toMatch(/Charts over time lack|There are no charts/);
  const file = join(path, 'intervals.ndjson');
  const lines = readFileSync(file, 'utf8').split('\n');
  const at = lines.findIndex((line) => /"name":"open".*"sent":[1-9]/.test(line));
  writeFileSync(file, lines.toSpliced(at, 1).join('\n'));
  expect(await page()).toMatch(/Charts over time lack [\d,]+ of [\d,]+ requests/);
  rmSync(file);
  expect(await page()).toContain('There are no charts over time');
});
