import { createReadStream } from 'node:fs';
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
 * format 1.3 (https://github.com/HdrHistogram/HdrHistogram, HistogramLogReader). Intervals without a sample are
 * left out. Values are taken as they are; they are nanoseconds in the logs of stressql and cassandra-stress. Throws
 * `HistogramLogError`.
 */
export async function* readHistogramLog(path: string): AsyncIterable<LoggedInterval> {
  let [number, startSeconds] = [0, 0];
  let baseSeconds: number | undefined;
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      number++;
      const said = /^#\[(StartTime|BaseTime): ([\d.]+)/.exec(line);
      if (said?.[1] === 'StartTime') startSeconds = Number(said[2]);
      if (said?.[1] === 'BaseTime') baseSeconds = Number(said[2]);
      if (line === '' || line.startsWith('#') || line.startsWith('"')) continue;
      const words = line.split(',');
      const tag = words[0]!.startsWith('Tag=') ? words.shift()!.slice('Tag='.length) : '';
      const [at, length] = [Number(words[0]), Number(words[1])];
      if (words.length !== 4 || !Number.isFinite(at) || !Number.isFinite(length)) {
        throw new HistogramLogError(`${path}:${number} is no line of an HDR interval log`);
      }
      baseSeconds ??= at < startSeconds - yearSeconds ? startSeconds : 0;
      const startMs = (baseSeconds + at) * 1000;
      const buckets = bucketsOfText(words[3]!, `${path}:${number}`);
      if (buckets !== undefined) yield { tag, startMs, endMs: startMs + length * 1000, buckets };
    }
  } catch (problem) {
    if (problem instanceof HistogramLogError) throw problem;
    throw new HistogramLogError(problem instanceof Error ? problem.message : String(problem));
  }
}

function bucketsOfText(text: string, place: string): Buckets | undefined {
  let histogram: Histogram;
  try {
    histogram = decodeFromCompressedBase64(text, 64);
  } catch {
    throw new HistogramLogError(`the histogram at ${place} can’t be decoded`);
  }
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
