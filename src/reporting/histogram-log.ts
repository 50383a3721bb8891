import type { StatementIdentity } from '../stress-client/results.ts';
import type { TimeSummary } from './summary.ts';

/*
 * results.hlog: the HdrHistogram interval log, format 1.3, that HistogramLogProcessor and its kin read.
 * Values are nanoseconds; timestamps are seconds since the base time, the run's start.
 */

/** Nanoseconds a unit of the maximum that stands on every line: milliseconds, as the readers expect. */
const maximumRatio = 1e6;

/** The lines before the first interval, with what the log is in a line of its own. */
export function histogramLogHead(what: string, startedMs: number): string {
  const seconds = (startedMs / 1000).toFixed(3);
  return [
    `#[${what}; values are nanoseconds]`,
    '#[Histogram log format version 1.3]',
    `#[BaseTime: ${seconds} (seconds since epoch)]`,
    `#[StartTime: ${seconds} (seconds since epoch), ${new Date(startedMs).toISOString()}]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    '',
  ].join('\n');
}

export function histogramLogLine(
  tag: string,
  startNs: number,
  endNs: number,
  time: Pick<TimeSummary, 'maxNs' | 'histogram'>,
): string {
  const maximum = (time.maxNs / maximumRatio).toFixed(3);
  return `${tag === '' ? '' : `Tag=${tag},`}${secondsOf(startNs)},${secondsOf(endNs - startNs)},${maximum},${time.histogram}\n`;
}

/** `3.insert.cpu.response`: position, kind, name and time; unique in its run and the same in the next. */
export function histogramLogTag(
  { position, kind, name }: Pick<StatementIdentity, 'position' | 'kind' | 'name'>,
  time: 'service' | 'response',
): string {
  // The format has no escapes: a comma, blank or line end would end the tag.
  // oxlint-disable-next-line no-control-regex
  return `${position}.${kind}.${name.replace(/[\s,\u0000-\u001f\u007f]/gu, '_')}.${time}`;
}

function secondsOf(ns: number): string {
  return (ns / 1e9).toFixed(3);
}
