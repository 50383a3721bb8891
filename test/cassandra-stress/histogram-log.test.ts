import { HistogramLogReader, type Histogram } from 'hdr-histogram-js';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  histogramLogBase,
  histogramLogHead,
  histogramLogLine,
} from '../../src/cassandra-stress/histogram-log.ts';
import { intervalLine, noCollections } from '../../src/cassandra-stress/interval-lines.ts';
import { timeFigures } from '../../src/cassandra-stress/time-figures.ts';
import { decodeBuckets } from '../../src/reporting/decode-histogram.ts';
import { HistogramLogProcessor } from '../reporting/hdr-histogram-jar.ts';
import type { ServerUnavailable } from '../servers/real-server.ts';
import { sample, sampleHistogramLog } from './samples.ts';

const logs = [
  ['mixed-fixed', Date.UTC(2026, 10, 21, 8, 22, 12, 357)],
  ['mixed-fixed-3.11.5', Date.UTC(2026, 10, 21, 20, 25, 43, 1)],
] as const;
const [[, started]] = logs;
const { head, lines } = sampleHistogramLog('mixed-fixed');

describe.each(logs)('every line of the sample %s', (name, started) => {
  const { head, lines } = sampleHistogramLog(name);

  test('the head, to the character', () => expect(histogramLogHead(started)).toBe(head));

  test.each(lines.map((each) => [each.line.slice(0, 40), each] as const))('%s', (_, each) => {
    const buckets = decodeBuckets(each.encoded)!;
    const baseMs = histogramLogBase(started);
    const startMs = baseMs + each.startSeconds * 1000;
    const line = histogramLogLine(
      each.type,
      each.time,
      { baseMs, startMs, endMs: startMs + each.lengthSeconds * 1000 },
      buckets,
    );
    const columns = (text: string): readonly string[] => text.trimEnd().split(',').slice(0, 4);
    expect(columns(line)).toEqual(columns(each.line));
    // Compression is free to differ; what it holds is not.
    expect(decodeBuckets(line.trimEnd().split(',')[4]!)).toEqual(buckets);
  });
});

test('a reader of these logs reads ours', () => {
  const own = lines.slice(0, 6).map(({ type, time, startSeconds, encoded }) => {
    const baseMs = histogramLogBase(started);
    const startMs = baseMs + startSeconds * 1000;
    return histogramLogLine(type, time, { baseMs, startMs, endMs: startMs + 1000 }, decodeBuckets(encoded)!);
  });
  const reader = new HistogramLogReader(histogramLogHead(started) + own.join(''));
  const tags: (string | undefined)[] = [];
  for (let found = reader.nextIntervalHistogram() as Histogram | null; found !== null;) {
    tags.push(found.tag);
    found = reader.nextIntervalHistogram() as Histogram | null;
  }
  expect(tags).toEqual(['READ-st', 'READ-rt', 'READ-wt', 'WRITE-st', 'WRITE-rt', 'WRITE-wt']);
});

// A run at a fixed rate prints response times: the figures of its histograms are those of its lines.
test('the figures of histograms are those that were printed', () => {
  const printed = sample('mixed-fixed')
    .split('\n')
    .filter((line) => /^(?:READ|WRITE), /.test(line));
  const responses = lines.filter(({ time }) => time === 'rt');
  expect(responses.length).toBe(printed.length);
  for (const [index, line] of printed.entries()) {
    const buckets = decodeBuckets(responses[index]!.encoded)!;
    const columns = line.split(',');
    const own = intervalLine({
      type: responses[index]!.type,
      totalOperations: Number(columns[1]),
      operationsPerSecond: Number(columns[2]),
      partitionsPerSecond: Number(columns[3]),
      rowsPerSecond: Number(columns[4]),
      times: timeFigures(buckets),
      elapsedSeconds: Number(columns[11]),
      uncertainty: Number(columns[12]),
      errors: 0,
      collections: noCollections,
    });
    expect(own.split(',').slice(0, 14)).toEqual(columns.slice(0, 14));
  }
});

test('nothing answered', () => expect(timeFigures(undefined).p999).toBe(0));

describe('HistogramLogProcessor of HdrHistogram for Java', () => {
  let folder = '';
  let processor: HistogramLogProcessor | undefined;
  let missing: ServerUnavailable | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stressql-histogram-log-'));
    const found = await HistogramLogProcessor.find();
    if (found instanceof HistogramLogProcessor) processor = found;
    else if (process.env['CI'] === 'true') throw new Error(`${found.unavailable}: ${found.remedy}`);
    else missing = found;
  });
  afterAll(() => rm(folder, { recursive: true }));
  beforeEach(({ task, skip }) => {
    if (missing === undefined) return;
    task.meta.missingServer = missing;
    skip(missing.unavailable);
  });

  test('reads the same from ours as from the real one’s', async () => {
    const baseMs = histogramLogBase(started);
    const own = lines.map(({ type, time, startSeconds, lengthSeconds, encoded }) => {
      const startMs = baseMs + startSeconds * 1000;
      const times = { baseMs, startMs, endMs: startMs + lengthSeconds * 1000 };
      return histogramLogLine(type, time, times, decodeBuckets(encoded)!);
    });
    const [ours, theirs] = [join(folder, 'ours.hdr'), join(folder, 'theirs.hdr')];
    await writeFile(ours, histogramLogHead(started) + own.join(''));
    await writeFile(theirs, head + lines.map(({ line }) => `${line}\n`).join(''));
    const [ofOurs, ofTheirs] = await Promise.all(
      [ours, theirs].map((log) => processor!.run(log, '-tag', 'WRITE-rt')),
    );
    expect(ofOurs).toMatch(/Total count\s*=\s*3199/);
    // The range that a histogram can hold is not what it holds.
    const withoutRange = (text: string): string => text.replace(/Buckets =\s*\d+/, '');
    expect(withoutRange(ofOurs!)).toBe(withoutRange(ofTheirs!));
  });
});
