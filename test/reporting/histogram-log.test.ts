import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistogramLogReader, listTags, type Histogram } from 'hdr-histogram-js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bucketsOf } from '../../src/reporting/decode-histogram.ts';
import { histogramLogTag } from '../../src/reporting/histogram-log.ts';
import { RunFolder } from '../../src/reporting/run-folder.ts';
import { defaultSettings } from '../../src/stress-client/settings.ts';
import { timeFiguresOf } from '../../src/stress-client/time-figures.ts';
import type { ServerUnavailable } from '../servers/real-server.ts';
import { HistogramLogProcessor } from './hdr-histogram-jar.ts';
import { insertTotal, intervals } from './interval-run.ts';
import { histogramOf, identity, run } from './sample-run.ts';

const tags = ['2.insert.cpu_load__all.service', '2.insert.cpu_load__all.response', '3.query.dash.service'];

let directory = '';
let log = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stressql-histogram-log-'));
  const { servers, ...rest } = run();
  const folder = await RunFolder.create({
    directory,
    script: '',
    settings: defaultSettings(),
    record: {
      ...rest,
      servers,
      scriptFiles: [],
      arguments: [],
      parameters: {},
      environment: [],
      dataFiles: {},
      startAt: '2026-11-22T10:00:00.000Z',
    },
    onProblem: (sentence) => expect.unreachable(sentence),
  });
  for (const interval of intervals) folder.interval(interval);
  await folder.close();
  log = join(folder.path, 'results.hlog');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test.each([
  ['cpu', '1.insert.cpu.service'],
  ['a b,c\nd\te', '1.insert.a_b_c_d_e.service'],
  ['größe.мера', '1.insert.größe.мера.service'],
])('%j is tagged %s', (name, tag) => {
  expect(histogramLogTag(identity({ name }), 'service')).toBe(tag);
});

test('the log says when it starts, in which units, and one line a statement, time and interval', async () => {
  const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
  expect(lines.slice(0, 5)).toEqual([
    '#[stressql 0.1.0, test k3f9x2ab, a tag a statement and time; values are nanoseconds]',
    '#[Histogram log format version 1.3]',
    '#[BaseTime: 1795341600.250 (seconds since epoch)]',
    '#[StartTime: 1795341600.250 (seconds since epoch), 2026-11-22T10:00:00.250Z]',
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
  ]);
  expect(lines.length).toBe(5 + 5 * 2 + 2);
  // 5 ms in the first interval: the maximum stands in milliseconds, as a bucket’s upper end.
  expect(lines.find((line) => line.startsWith('Tag=3.query.dash.service'))).toMatch(
    /^Tag=3.query.dash.service,0.000,1.000,5.001,HIST/,
  );
});

test('hdr-histogram-js reads it', async () => {
  const content = await readFile(log, 'utf8');
  expect(listTags(content)).toEqual([tags[0], tags[1], tags[2]]);
  const reader = new HistogramLogReader(content);
  const merged = new Map<string, Histogram>();
  for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram()) {
    expect(next.startTimeStampMsec).toBeGreaterThanOrEqual(run().startedMs);
    expect(next.endTimeStampMsec - next.startTimeStampMsec).toBeCloseTo(1000, 3);
    const whole = merged.get(next.tag) ?? histogramOf();
    whole.add(next);
    merged.set(next.tag, whole);
  }
  expect(timeFiguresOf(bucketsOf(merged.get(tags[0]!)!), 1)).toEqual(timeFiguresOf(insertTotal.service, 1));
  expect(timeFiguresOf(bucketsOf(merged.get(tags[1]!)!), 1)).toEqual(timeFiguresOf(insertTotal.response, 1));
});

describe('HistogramLogProcessor of HdrHistogram for Java', () => {
  let processor: HistogramLogProcessor | undefined;
  let missing: ServerUnavailable | undefined;
  beforeAll(async () => {
    const found = await HistogramLogProcessor.find();
    if (found instanceof HistogramLogProcessor) processor = found;
    else if (process.env['CI'] === 'true') throw new Error(`${found.unavailable}: ${found.remedy}`);
    else missing = found;
  });
  beforeEach(({ task, skip }) => {
    if (missing === undefined) return;
    task.meta.missingServer = missing;
    skip(missing.unavailable);
  });

  test('lists its tags', async () => {
    const listed = await processor!.run(log, '-listtags');
    for (const tag of tags) expect(listed).toContain(tag);
  });

  test.each([
    [tags[0]!, insertTotal.service],
    [tags[1]!, insertTotal.response],
  ])('reads the figures of %s', async (tag, samples) => {
    const figures = timeFiguresOf(samples, 0)!;
    const text = await processor!.run(log, '-tag', tag);
    const [, mean, stdev] = /Mean\s*=\s*([\d.]+), StdDeviation\s*=\s*([\d.]+)/.exec(text)!;
    const [, max, total] = /Max\s*=\s*([\d.]+), Total count\s*=\s*(\d+)/.exec(text)!;
    expect(Number(total)).toBe(figures.count);
    expect(Number(mean)).toBeCloseTo(figures.meanNs / 1e6, 3);
    expect(Number(stdev)).toBeCloseTo(figures.stdevNs / 1e6, 3);
    expect(Number(max)).toBeCloseTo(figures.maxNs / 1e6, 3);
    // Rows of the percentile table: value in ms, percentile as a share.
    const rows = [...text.matchAll(/^\s+([\d.]+)\s+(0\.\d+)\s+\d+\s+[\d.]+$/gm)];
    const median = rows.find(([, , share]) => Number(share) === 0.5);
    expect(Number(median![1])).toBeCloseTo(figures.percentilesNs.p50 / 1e6, 3);
  });
});
