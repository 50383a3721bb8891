import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { build, HistogramLogReader } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { bucketsOf } from '../../src/reporting/decode-histogram.ts';
import { encodeBuckets } from '../../src/reporting/histogram-encoding.ts';
import { histogramLogHead, histogramLogLine } from '../../src/reporting/histogram-log.ts';
import { mergeHistogramLogs, totalsOfHistogramLogs } from '../../src/reporting/merge-histogram-logs.ts';
import { histogramLayout } from '../../src/stress-client/results.ts';
import type { Buckets } from '../../src/stress-client/buckets.ts';
import type { Summary } from '../../src/reporting/summary.ts';
import { onlyRunFolder, stressql, temporaryFolder } from './stressql.ts';

interface Sampled {
  readonly tag: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly values: readonly number[];
}

function bucketsOfValues(values: readonly number[]): Buckets {
  const histogram = build({ ...histogramLayout, bitBucketSize: 64 });
  for (const value of values) histogram.recordValue(value);
  return bucketsOf(histogram)!;
}

/** Writes a log that begins at `baseMs`; times of intervals count from there. */
function writeLog(path: string, baseMs: number, intervals: readonly Sampled[]): string {
  const lines = intervals.map(({ tag, startMs, endMs, values }) => {
    const maxNs = Math.max(...values);
    const time = { maxNs, histogram: encodeBuckets(bucketsOfValues(values)) };
    return histogramLogLine(tag, startMs * 1e6, endMs * 1e6, time);
  });
  writeFileSync(path, histogramLogHead('a test', baseMs) + lines.join(''));
  return path;
}

const intervalArbitrary = fc.record({
  tag: fc.constantFrom('', 'a', 'b'),
  length: fc.integer({ min: 1, max: 2500 }),
  values: fc.array(fc.integer({ min: 0, max: 3_600_000_000_000 }), { minLength: 1, maxLength: 8 }),
});
/** Intervals one after the other. */
const logArbitrary = fc.array(intervalArbitrary, { maxLength: 12 }).map((intervals) => {
  let atMs = 0;
  return intervals.map(({ tag, length, values }): Sampled => {
    const startMs = atMs;
    atMs += length;
    return { tag, startMs, endMs: atMs, values };
  });
});

test('a merged log has every sample of every log, tag by tag', async () => {
  const folder = temporaryFolder();
  const logs = fc.array(logArbitrary, { minLength: 1, maxLength: 4 });
  const property = fc.asyncProperty(logs, fc.constantFrom('clock', 'start'), async (given, alignment) => {
    const paths = given.map((log, index) =>
      writeLog(join(folder, `${index}.hlog`), 1_795_000_000_000 + 350 * index, log),
    );
    const merged: Sampled[] = [];
    for await (const { tag, startMs, endMs, buckets } of mergeHistogramLogs(paths, alignment, 1000)) {
      const values = [...buckets.indexes].flatMap((index, at) =>
        Array<number>(buckets.counts[at]!).fill(index),
      );
      merged.push({ tag, startMs, endMs, values });
    }
    for (const tag of ['', 'a', 'b']) {
      const samples = given
        .flat()
        .filter((each) => each.tag === tag)
        .flatMap(({ values }) => values);
      const all = samples.length === 0 ? undefined : bucketsOfValues(samples);
      const found = merged.filter((each) => each.tag === tag).flatMap(({ values }) => values);
      const expected = [...(all?.indexes ?? [])].flatMap((index, at) =>
        Array<number>(all!.counts[at]!).fill(index),
      );
      expect(found.toSorted((one, other) => one - other)).toEqual(expected);
    }
  });
  await fc.assert(property, { seed: 7, numRuns: 60 });
});

test('logs of machines are laid over each other by the clock, those of runs by their start', async () => {
  const folder = temporaryFolder();
  const intervals = [0, 1000, 2000].map((startMs, at) => ({
    tag: 'x',
    startMs,
    endMs: startMs + 1000,
    values: [1000 * (at + 1)],
  }));
  const paths = [
    writeLog(join(folder, 'one.hlog'), 1_795_000_000_000, intervals),
    writeLog(join(folder, 'two.hlog'), 1_795_000_002_000, intervals),
  ];
  const counts = async (alignment: 'clock' | 'start'): Promise<number[]> => {
    const found: number[] = [];
    for await (const { buckets } of mergeHistogramLogs(paths, alignment, 1000)) found.push(buckets.count);
    return found;
  };
  expect(await counts('clock')).toEqual([1, 1, 2, 1, 1]);
  expect(await counts('start')).toEqual([2, 2, 2]);
});

test('half of a last line is as if it were not there, and of another line is none of a log', async () => {
  const intervals = [0, 1000].map((startMs) => ({
    tag: 'x',
    startMs,
    endMs: startMs + 1000,
    values: [1000],
  }));
  const path = writeLog(join(temporaryFolder(), 'x.hlog'), 1_795_000_000_000, intervals);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const last = lines.pop()!;
  for (const length of [5, 20, last.length - 4]) {
    writeFileSync(path, [...lines, last.slice(0, length)].join('\n'));
    expect((await totalsOfHistogramLogs([path])).get('x')!.count).toBe(1);
    writeFileSync(path, [...lines, last.slice(0, length), last].join('\n'));
    await expect(totalsOfHistogramLogs([path])).rejects.toThrow(`${path}:${lines.length + 1}`);
  }
});

test('part of a log is cut by the seconds since its first interval', async () => {
  const intervals = [0, 1000, 2000, 3000].map((startMs) => ({
    tag: 'x',
    startMs: startMs + 500,
    endMs: startMs + 1500,
    values: [startMs + 1],
  }));
  const path = writeLog(join(temporaryFolder(), 'x.hlog'), 1_795_000_000_000, intervals);
  const totals = await totalsOfHistogramLogs([path], { fromMs: 1000, toMs: 3000 });
  expect(totals.get('x')).toMatchObject({ count: 2 });
});

describe('stressql hdr', () => {
  const sample = 'test/cassandra-stress/samples/sample-mixed-fixed.hdr';

  test('print says of a run what its report says', async () => {
    const out = temporaryFolder();
    await stressql(['run', 'examples/quickstart.sql', '--rehearse', '--quiet', '--out', out]);
    const folder = onlyRunFolder(out);
    const printed = await stressql(['hdr', 'print', join(folder, 'results.hlog'), '--format', 'json']);
    expect(await stressql(['hdr', 'print', folder, '--format', 'json'])).toEqual(printed);
    const { tags } = JSON.parse(printed.stdout) as { tags: readonly Record<string, unknown>[] };
    const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as Summary;
    let compared = 0;
    for (const statement of summary.statements) {
      if (!('load' in statement) || statement.load === undefined) continue;
      for (const time of ['service', 'response'] as const) {
        const expected = statement.load.times[time];
        if (expected === undefined) continue;
        const { histogram: _, censored: _c, atLeast: _a, ...figures } = expected;
        const tag = `${statement.position}.${statement.kind}.${statement.load.name}.${time}`;
        expect(tags.find((each) => each['tag'] === tag)).toMatchObject(figures);
        compared++;
      }
    }
    expect(compared).toBe(tags.length);
  });

  test.each([
    ['text', /^READ-st {2,}3,254 /m],
    ['csv', /^"WRITE-rt",3199,\d+,/m],
    ['percentiles', /^#\[Mean {4}= +9\.\d+/m],
  ])('print --format %s of a log of cassandra-stress', async (format, told) => {
    const { code, stdout } = await stressql(['hdr', 'print', sample, '--format', format]);
    expect(stdout).toMatch(told);
    expect(code).toBe(0);
  });

  test('merge writes a log that HdrHistogram’s reader reads, with twice the samples', async () => {
    const output = join(temporaryFolder(), 'all.hlog');
    const merged = await stressql(['hdr', 'merge', sample, sample, '--align', 'start', '--output', output]);
    expect(merged).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const reader = new HistogramLogReader(readFileSync(output, 'utf8'));
    let count = 0;
    for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram()) {
      if (next.tag === 'READ-st') count += next.totalCount;
    }
    expect(count).toBe(2 * 3254);
  });

  test('diff shows both, and what is in one only', async () => {
    const other = writeLog(join(temporaryFolder(), 'x.hlog'), 1_795_000_000_000, [
      { tag: 'READ-st', startMs: 0, endMs: 1000, values: [1_000_000, 2_000_000] },
    ]);
    const { code, stdout } = await stressql(['hdr', 'diff', sample, other]);
    expect(stdout).toMatch(/READ-st +A +B +B to A\n {2}samples +3,254 +2 +-99\.9 %/);
    expect(stdout).toContain(`WRITE-st: only in ${sample}`);
    expect(code).toBe(0);
  });

  test.each<[string, string[], string]>([
    ['a missing file', ['hdr', 'print', 'no-such.hlog'], 'no-such.hlog does not exist'],
    ['no log', ['hdr', 'print', 'package.json'], 'package.json:1 is no line of an HDR interval log'],
    ['an unknown tag', ['hdr', 'print', sample, '--tag', 'READ'], 'no tag READ; there is READ-st'],
    ['nothing in the part', ['hdr', 'print', sample, '--from', '9999'], 'no sample'],
    ['an interval of nothing', ['hdr', 'merge', sample, '--interval', '0s'], 'a duration'],
  ])('%s is told in a sentence', async (_, words, told) => {
    const { code, stdout, stderr } = await stressql(words);
    expect(stderr).toContain(told);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
