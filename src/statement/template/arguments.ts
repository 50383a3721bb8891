import { parseCount, parseDuration, parseNumber } from '../../lexer/scalar.ts';
import { parseDay, parseTime, parseTimestamp } from './calendar.ts';
import { DistributionError, rangeOf, readDistribution, type Distribution } from './stress/distribution.ts';

interface Reader<Value> {
  /** What is right here, in the language's words. */
  readonly expected: string;
  read(text: string): Value | undefined;
}

function reader<Value>(expected: string, read: (text: string) => Value | undefined): Reader<Value> {
  return { expected, read };
}

function where<Value>(
  read: (text: string) => Value | undefined,
  holds: (value: Value) => boolean,
): (text: string) => Value | undefined {
  return (text) => {
    const value = read(text);
    return value !== undefined && holds(value) ? value : undefined;
  };
}

/** Numbers that stay far from overflow whatever they are multiplied with. */
const moderate = where(parseNumber, (value) => Math.abs(value) <= 1e100);

/** The kinds of argument there are. */
export const argumentKinds = {
  number: reader('a number, at most 1e100', moderate),
  positive: reader(
    'a number above 0, at most 1e100',
    where(moderate, (value) => value > 0),
  ),
  deviation: reader(
    'a number from 0 to 1e100',
    where(moderate, (value) => value >= 0),
  ),
  share: reader(
    'a number from 0 to 1',
    where(parseNumber, (value) => value >= 0 && value <= 1),
  ),
  whole: reader('a whole number', where(parseNumber, Number.isSafeInteger)),
  size: reader(
    'a whole number of at least 1',
    where(parseCount, (value) => value >= 1 && Number.isSafeInteger(value)),
  ),
  length: reader(
    'a length: a whole number up to 1,000,000',
    where(parseCount, (value) => value <= 1e6),
  ),
  words: reader(
    'a number of words from 1 to 10,000',
    where(parseCount, (value) => value >= 1 && value <= 10_000),
  ),
  period: reader(
    'a duration such as 24h',
    where(parseDuration, (value) => value > 0),
  ),
  duration: reader('a duration such as 10s, 500ms or 1m30s', parseDuration),
  milliseconds: reader(
    'a duration of whole milliseconds, such as 10s',
    where(parseDuration, (value) => value % 1e6 === 0),
  ),
  days: reader(
    'a duration of whole days, such as 1d',
    where(parseDuration, (value) => value % 86_400e9 === 0),
  ),
  timestamp: reader('a date or time such as 2026-01-01 or 2026-01-01T12:30:00Z', parseTimestamp),
  date: reader('a date such as 2026-01-01', parseDay),
  time: reader('a time of day such as 12:30:00', parseTime),
  address: reader('an IPv4 address such as 10.0.0.1', parseAddress),
  text: reader('a text', (text) => text),
  column: reader(
    "the name of a column such as 'C0'",
    where(
      (text) => text,
      (text) => text !== '',
    ),
  ),
  sizes: reader(
    "a length up to 1,000,000, or a distribution of lengths such as 'uniform(1..100)'",
    where(readSizes, (sizes) => {
      const { minimum, maximum } = rangeOf(sizes);
      return minimum >= 0 && maximum <= 1e6;
    }),
  ),
  draws: reader("a distribution such as 'uniform(1..100)'", readSizes),
  file: reader(
    "a file name such as 'hosts.txt'",
    where(
      (text) => text,
      (text) => text !== '',
    ),
  ),
} as const;

export type ArgumentKind = keyof typeof argumentKinds;
type ValueOf<Kind> = Kind extends ArgumentKind
  ? NonNullable<ReturnType<(typeof argumentKinds)[Kind]['read']>>
  : never;

/** What an argument is read as. */
export type ArgumentValue = ValueOf<ArgumentKind>;

/** `name: kind`, or `name: kind = default`. */
export type ParameterText = `${string}: ${ArgumentKind}` | `${string}: ${ArgumentKind} = ${string}`;
type KindOf<Text> = Text extends `${string}: ${infer Kind} = ${string}`
  ? Kind
  : Text extends `${string}: ${infer Kind}`
    ? Kind
    : never;
export type ValuesOf<Texts extends readonly ParameterText[]> = {
  -readonly [Index in keyof Texts]: ValueOf<KindOf<Texts[Index]>>;
};

export interface Parameter {
  readonly name: string;
  readonly kind: ArgumentKind;
  readonly default: string | undefined;
}

export function parameter(text: ParameterText): Parameter {
  const [, name, kind, fallback] = /^(\w+): (\w+)(?: = (.*))?$/.exec(text)!;
  return { name: name!, kind: kind as ArgumentKind, default: fallback };
}

function readSizes(text: string): Distribution | undefined {
  const value = parseCount(text);
  if (value !== undefined) return { kind: 'fixed', value };
  try {
    return readDistribution(text);
  } catch (error) {
    if (error instanceof DistributionError) return undefined;
    throw error;
  }
}

/** The number of an IPv4 address. */
export function parseAddress(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((total, part) => total * 256 + Number(part), 0);
}

export function addressText(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}
