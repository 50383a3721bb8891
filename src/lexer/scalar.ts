/*
 * The language's small values. Each reader takes the whole text and returns undefined when it is none.
 */

/** Nanoseconds of each unit of a duration; longest names are tried first. */
const unitNs: Readonly<Record<string, number>> = {
  n: 1,
  ns: 1,
  u: 1e3,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
  w: 604_800e9,
};

/** A count above this looks like a timestamp, and is refused. */
export const largestCount = 1e15;

/** `1000`, `1_000_000` or `1e6`: a whole number of at least 0. May be above `largestCount`. */
export function parseCount(text: string): number | undefined {
  if (!/^(\d+(_\d+)*|\d+(\.\d+)?[eE]\+?\d+)$/.test(text)) return undefined;
  const value = numberOf(text);
  return Number.isInteger(value) ? value : undefined;
}

/** Any decimal number, with sign, fraction and exponent. */
export function parseNumber(text: string): number | undefined {
  if (!/^[+-]?(\d[\d_]*(\.\d+)?|\.\d+)([eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = numberOf(text);
  return Number.isFinite(value) ? value : undefined;
}

function numberOf(digits: string): number {
  return Number(digits.includes('_') ? digits.replaceAll('_', '') : digits);
}

const durationPart = /(\d+)(ns|us|µs|μs|ms|n|u|s|m|h|d|w)/y;

/** `10s`, `1m30s`, `500us`: whole nanoseconds. Fractions (`1.5s`) are no durations. */
export function parseDuration(text: string): number | undefined {
  let total = 0;
  for (let at = 0; at < text.length || at === 0; at = durationPart.lastIndex) {
    durationPart.lastIndex = at;
    const part = durationPart.exec(text);
    if (part === null) return undefined;
    total += Number(part[1]) * unitNs[part[2]!]!;
  }
  return total;
}

/** `1000/s`, `30/m`, `5/h`: operations or items a second. */
export function parseRate(text: string): number | undefined {
  const match = /^(\d[\d_]*(?:\.\d+)?(?:[eE]\+?\d+)?)\/([smh])$/.exec(text);
  if (match === null) return undefined;
  const amount = parseNumber(match[1]!);
  if (amount === undefined) return undefined;
  return amount / { s: 1, m: 60, h: 3600 }[match[2] as 's' | 'm' | 'h'];
}

/** Nanoseconds as the shortest text that `parseDuration` reads back exactly: `90s` is `1m30s`. */
export function printDuration(ns: number): string {
  if (ns === 0) return '0s';
  let rest = ns;
  let text = '';
  for (const unit of ['w', 'd', 'h', 'm', 's', 'ms', 'us', 'ns'] as const) {
    const amount = Math.floor(rest / unitNs[unit]!);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * unitNs[unit]!;
  }
  return text;
}
