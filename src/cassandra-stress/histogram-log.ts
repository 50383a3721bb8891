import { encodeBuckets } from '../reporting/histogram-encoding.ts';
import type { Buckets } from '../stress-client/buckets.ts';
import { maximumNs } from './time-figures.ts';

/*
 * The file of `-log hdrfile=`: HdrHistogram's interval log 1.3 (https://github.com/HdrHistogram/HdrHistogram,
 * HistogramLogWriter). Values are nanoseconds, maxima milliseconds, times seconds since the base time.
 */

const nsOfMs = 1e6;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Milliseconds since 1970 that the log counts from: the second in which it starts. */
export function histogramLogBase(startedMs: number): number {
  return Math.floor(startedMs / 1000) * 1000;
}

/** The lines before the first interval. */
export function histogramLogHead(startedMs: number): string {
  const base = histogramLogBase(startedMs);
  const seconds = (base / 1000).toFixed(3);
  return [
    '#Logging op latencies for Cassandra Stress',
    '#[Histogram log format version 1.3]',
    `#[BaseTime: ${seconds} (seconds since epoch)]`,
    `#[StartTime: ${seconds} (seconds since epoch), ${dateText(new Date(base))}]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    '',
  ].join('\n');
}

/** Service time, response time (from when it was due), and the wait between due and sent. */
export type TimeName = 'st' | 'rt' | 'wt';

/** One operation's one time in an interval. Milliseconds since 1970. */
export function histogramLogLine(
  type: string,
  time: TimeName,
  { baseMs, startMs, endMs }: { readonly baseMs: number; readonly startMs: number; readonly endMs: number },
  buckets: Buckets,
): string {
  const columns = [(startMs - baseMs) / 1000, (endMs - startMs) / 1000, maximumNs(buckets) / nsOfMs];
  const numbers = columns.map((each) => each.toFixed(3)).join(',');
  return `Tag=${type}-${time},${numbers},${encodeBuckets(buckets)}\n`;
}

/** As java.util.Date prints itself, of Greenwich. */
function dateText(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${weekdays[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${two(date.getUTCDate())}`;
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${day} ${time} UTC ${date.getUTCFullYear()}`;
}
