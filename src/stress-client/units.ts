/*
 * Figures as people read them. Three significant digits, as the histograms have; counts are never rounded.
 */

let numberFormat: Intl.NumberFormat | undefined;

/** `1,234,567`: rounded to a whole number. */
function grouped(value: number): string {
  if (value >= 0 && value < 1000 && Number.isInteger(value)) return String(value);
  // What most figures are is written without the locale's rules, which take milliseconds to load.
  if (Number.isSafeInteger(value)) return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
  numberFormat ??= new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
  return numberFormat.format(value);
}

/** `1,234,567`. */
export function formatCount(count: number): string {
  return count === Infinity ? 'unbounded' : grouped(count);
}

/** Nanoseconds as `850 ns`, `1.24 ms`, `12.4 s`, `1m 12s`, `2h 05m`. */
export function formatDuration(ns: number): string {
  if (ns < 1000) return `${Math.round(ns)} ns`;
  for (const [unit, size] of [
    ['µs', 1e3],
    ['ms', 1e6],
    ['s', 1e9],
  ] as const) {
    const text = threeDigits(ns / size);
    if (Number(text) < (unit === 's' ? 60 : 1000)) return `${text} ${unit}`;
  }
  const seconds = Math.round(ns / 1e9);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${twoDigits(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  return `${grouped(Math.floor(minutes / 60))}h ${twoDigits(minutes % 60)}m`;
}

/** Bytes as `512 B`, `276 kB`, `1.24 GB`; a kB is 1,000 bytes. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  for (const [unit, size] of [
    ['kB', 1e3],
    ['MB', 1e6],
    ['GB', 1e9],
  ] as const) {
    const text = threeDigits(bytes / size);
    if (Number(text) < 1000) return `${text} ${unit}`;
  }
  const terabytes = bytes / 1e12;
  return `${terabytes < 1000 ? threeDigits(terabytes) : grouped(terabytes)} TB`;
}

/** A figure of a rate, without its unit: whole from 100 on, three digits below, two of what is below 0.1. */
export function formatPerSecond(perSecond: number): string {
  return perSecond < 99.95 ? threeDigits(perSecond) : grouped(perSecond);
}

/** A share of 1 as `0.12 %`, `50.00 %`. A share that is not 0 never reads as 0, one below 1 never as 100. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.01) return '< 0.01 %';
  if (percent < 100 && percent > 99.99) return '> 99.99 %';
  return `${percent === 0 || percent === 100 ? percent : percent.toFixed(2)} %`;
}

/** `1 point`, `1,000 points`, `2 queries`. */
export function formatItems(count: number, itemName: string): string {
  return `${formatCount(count)} ${count === 1 ? itemName : pluralOf(itemName)}`;
}

export function pluralOf(itemName: string): string {
  return itemName === 'query' ? 'queries' : `${itemName}s`;
}

function threeDigits(value: number): string {
  if (value === 0) return '0';
  if (value < 0.1) return value.toPrecision(2);
  for (const digits of [2, 1]) {
    const text = value.toFixed(digits);
    if (Number(text) < (digits === 2 ? 10 : 100)) return text;
  }
  return value.toFixed(0);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
