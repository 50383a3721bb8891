import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build, decodeFromCompressedBase64, type Histogram, JsHistogram } from 'hdr-histogram-js';
import { histogramLayout } from '../stress-client/results.ts';
import { bucketCount, bucketOf } from '../stress-client/bucket-layout.ts';
import type { Buckets } from '../stress-client/buckets.ts';
import { bucketsOf } from './decode-histogram.ts';

/** One line of an HDR interval log. */
export interface LoggedInterval {
  /** What the line is about; empty where the log has no tags. */
  readonly tag: string;
  /** Milliseconds since 1970 where the log says when it began, else since its own beginning. */
  readonly startMs: number;
  readonly endMs: number;
  readonly buckets: Buckets;
}

/** A log that can't be read, with a message for the user. */
export class HistogramLogError extends Error {}

/** Further back than a year before the log's start, a timestamp counts from that start (HistogramLogReader). */
const yearSeconds = 365 * 24 * 3600;

/**
 * Reads an HDR interval log line by line: that of a run folder, of cassandra-stress, of any tool that writes the
 * format 1.3 (https://github.com/HdrHistogram/HdrHistogram, HistogramLogReader). A folder stands for the log of the run
 * that it holds. Intervals without a sample are left out, and so is half of a last line, which a killed process leaves.
 * Values are taken as they are; they are nanoseconds in the logs of stressql and cassandra-stress. Throws
 * `HistogramLogError`.
 */
export async function* readHistogramLog(path: string): AsyncIterable<LoggedInterval> {
  let [number, startSeconds] = [0, 0];
  let baseSeconds: number | undefined;
  let hasHead = false;
  let broken: HistogramLogError | undefined;
  try {
    const input = createReadStream(await fileOf(path));
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      if (broken !== undefined) throw broken;
      number++;
      hasHead ||= line.startsWith('#');
      const said = /^#\[(StartTime|BaseTime): ([\d.]+)/.exec(line);
      if (said?.[1] === 'StartTime') startSeconds = Number(said[2]);
      if (said?.[1] === 'BaseTime') baseSeconds = Number(said[2]);
      if (line === '' || line.startsWith('#') || line.startsWith('"')) continue;
      const words = line.split(',');
      const tag = words[0]!.startsWith('Tag=') ? words.shift()!.slice('Tag='.length) : '';
      const [at, length] = [Number(words[0]), Number(words[1])];
      if (words.length !== 4 || !Number.isFinite(at) || !Number.isFinite(length)) {
        broken = new HistogramLogError(`${path}:${number} is no line of an HDR interval log`);
        continue;
      }
      baseSeconds ??= at < startSeconds - yearSeconds ? startSeconds : 0;
      const startMs = (baseSeconds + at) * 1000;
      const histogram = decoded(words[3]!);
      if (histogram === undefined) {
        broken = new HistogramLogError(`the histogram at ${path}:${number} can’t be decoded`);
        continue;
      }
      const buckets = bucketsFrom(histogram, `${path}:${number}`);
      if (buckets !== undefined) yield { tag, startMs, endMs: startMs + length * 1000, buckets };
    }
    if (broken !== undefined && !hasHead) throw broken;
  } catch (problem) {
    if (problem instanceof HistogramLogError) throw problem;
    throw new HistogramLogError(`${path}: ${problem instanceof Error ? problem.message : String(problem)}`);
  }
}

async function fileOf(path: string): Promise<string> {
  try {
    return (await stat(path)).isDirectory() ? join(path, 'results.hlog') : path;
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'ENOENT') throw problem;
    throw new HistogramLogError(`${path} does not exist`);
  }
}

function decoded(text: string): Histogram | undefined {
  try {
    return decodeFromCompressedBase64(text, 64);
  } catch {
    return undefined;
  }
}

function bucketsFrom(histogram: Histogram, place: string): Buckets | undefined {
  if (bucketOf(histogram.maxValue) >= bucketCount) {
    throw new HistogramLogError(`the histogram at ${place} has a value above an hour of nanoseconds`);
  }
  return bucketsOf(isOfLayout(histogram) ? histogram : inLayout(histogram));
}

function isOfLayout(histogram: Histogram): boolean {
  const { lowestDiscernibleValue, numberOfSignificantValueDigits } = histogramLayout;
  return (
    histogram instanceof JsHistogram &&
    histogram.lowestDiscernibleValue === lowestDiscernibleValue &&
    histogram.numberOfSignificantValueDigits === numberOfSignificantValueDigits
  );
}

/** Recorded again with our precision. */
function inLayout(histogram: Histogram): Histogram {
  const copy = build({ ...histogramLayout, bitBucketSize: 64 });
  copy.add(histogram);
  return copy;
}
