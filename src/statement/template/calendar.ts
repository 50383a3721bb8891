import { parseDate } from '../../stress-client/settings.ts';

/*
 * Texts of dates and times, as CQL reads and writes them.
 */

const dayMs = 86_400_000;

/** `2026-01-01T00:00:00.000Z`. */
export function timestampText(ms: number): string {
  return new Date(ms).toISOString();
}

/** Milliseconds since 1970 of a date, or a date and time. */
export const parseTimestamp = parseDate;

/** `2026-01-01` of whole days since 1970. */
export function dateText(days: number): string {
  return new Date(days * dayMs).toISOString().replace(/T.*$/, '');
}

/** Whole days since 1970 of `YYYY-MM-DD`. */
export function parseDay(text: string): number | undefined {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? parseDate(text) : undefined;
  return ms === undefined ? undefined : ms / dayMs;
}

export const dayNs = dayMs * 1e6;

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** `12:30:00.000000000` of nanoseconds since midnight. */
export function timeText(ns: number): string {
  const seconds = Math.floor(ns / 1e9);
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${clock}.${String(ns - seconds * 1e9).padStart(9, '0')}`;
}

/** Nanoseconds since midnight of `12:30`, `12:30:00` or `12:30:00.5`. */
export function parseTime(text: string): number | undefined {
  const match = /^(\d\d):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?$/.exec(text);
  if (match === null || Number(match[1]) > 23) return undefined;
  const [, hours, minutes, seconds = '0', fraction = ''] = match;
  return (
    (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1e9 + Number(fraction.padEnd(9, '0'))
  );
}
