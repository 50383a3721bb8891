import { isIPv4, isIPv6 } from 'node:net';
import { parseNumber } from '../../../lexer/scalar.ts';
import type { CqlNativeName } from '../../../stress-client/cql-type.ts';
import { encode } from '../bytes.ts';
import { parseAddress } from '../arguments.ts';
import { dayNs, parseDay, parseTime, parseTimestamp } from '../calendar.ts';
import { writeDays, writeDuration, writeFloat32, writeFloat64, writeInt32 } from './serialization.ts';

type Read = (text: string) => Uint8Array | undefined;

/** The value of a type that a text says, as bytes; undefined where it says none. Texts stand without quotes. */
export function readConstant(type: CqlNativeName, text: string): Uint8Array | undefined {
  return readers[type](text);
}

/** What whole types hold. */
export const wholeRanges = {
  tinyint: bits(8),
  smallint: bits(16),
  int: bits(32),
  bigint: bits(64),
  counter: bits(64),
  timestamp: bits(64),
  time: [0n, BigInt(dayNs) - 1n],
} as const satisfies Partial<Record<CqlNativeName, readonly [bigint, bigint]>>;

function bits(size: number): readonly [bigint, bigint] {
  return [-(2n ** BigInt(size - 1)), 2n ** BigInt(size - 1) - 1n];
}

function readWhole(text: string): bigint | undefined {
  return /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
}

/** Two's complement in the fewest bytes, or in `size`. */
function wholeBytes(value: bigint, size?: number): Uint8Array {
  const length = size ?? Math.floor((value < 0n ? -value - 1n : value).toString(2).length / 8) + 1;
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let at = length - 1; at >= 0; at--) {
    bytes[at] = Number(rest & 255n);
    rest >>= 8n;
  }
  return bytes;
}

function whole(type: keyof typeof wholeRanges, size: number): Read {
  const [smallest, largest] = wholeRanges[type];
  return (text) => {
    const value = readWhole(text);
    return value !== undefined && value >= smallest && value <= largest ? wholeBytes(value, size) : undefined;
  };
}

/** Numbers that a writer takes, of `parse`. */
function number(
  size: number,
  parse: (text: string) => number | undefined,
  write: (value: number, staging: Uint8Array, offset: number) => number,
): Read {
  return (text) => {
    const value = parse(text);
    if (value === undefined) return undefined;
    const bytes = new Uint8Array(size);
    return bytes.subarray(0, write(value, bytes, 0));
  };
}

function hex(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

function uuid(version: string): Read {
  const pattern = new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$`, 'i');
  return (text) => (pattern.test(text) ? hex(text.replaceAll('-', '')) : undefined);
}

function readDecimal(text: string): Uint8Array | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text.replaceAll('_', ''));
  if (match === null || parseNumber(text) === undefined) return undefined;
  const [, sign, integer, fraction = '', exponent = '0'] = match;
  const digits = BigInt(`${integer}${fraction}`);
  const bytes = wholeBytes(sign === '-' ? -digits : digits);
  const value = new Uint8Array(4 + bytes.length);
  writeInt32(fraction.length - Number(exponent), value, 0);
  value.set(bytes, 4);
  return value;
}

/** Eight groups of an IPv6 address, `::` and a dotted end spelt out. */
function addressBytes(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return number(4, parseAddress, writeInt32)(text);
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const plain = text.replace(/[\d.]+$/, (end) => {
    const address = end.includes('.') ? parseAddress(end)! : undefined;
    return address === undefined
      ? end
      : `${(address >>> 16).toString(16)}:${(address & 0xffff).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const groups = (part: string): readonly string[] => (part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return hex([...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(''));
}

const durationUnits = {
  y: [12, 0, 0],
  mo: [1, 0, 0],
  w: [0, 7, 0],
  d: [0, 1, 0],
  h: [0, 0, 3600e9],
  m: [0, 0, 60e9],
  s: [0, 0, 1e9],
  ms: [0, 0, 1e6],
  us: [0, 0, 1e3],
  µs: [0, 0, 1e3],
  ns: [0, 0, 1],
} as const;

/** `1y2mo3w4d5h6m7s8ms9us10ns`, a `-` before it for all of it. */
function readDuration(text: string): Uint8Array | undefined {
  const [, sign, amounts = ''] = /^(-?)((?:\d+(?:mo|ms|us|µs|ns|[ywdhms]))+)$/i.exec(text) ?? [];
  if (amounts === '') return undefined;
  const total = [0, 0, 0];
  for (const [, amount, name] of amounts.matchAll(/(\d+)(mo|ms|us|µs|ns|[ywdhms])/gi)) {
    const unit = durationUnits[name!.toLowerCase() as keyof typeof durationUnits];
    for (const [at, each] of unit.entries()) total[at]! += Number(amount) * each;
  }
  const [months, days, nanoseconds] = total.map((each) => (sign === '-' ? -each : each));
  if (Math.abs(months!) > 2147483647 || Math.abs(days!) > 2147483647 || Math.abs(nanoseconds!) > 2 ** 52)
    return undefined;
  const bytes = new Uint8Array(27);
  return bytes.subarray(0, writeDuration(months!, days!, nanoseconds!, bytes, 0));
}

const readTimestampNumber = whole('timestamp', 8);
const readTimeNumber = whole('time', 8);

const readers: Record<CqlNativeName, Read> = {
  ascii: (text) => (isAscii(text) ? encode(text) : undefined),
  text: encode,
  tinyint: whole('tinyint', 1),
  smallint: whole('smallint', 2),
  int: whole('int', 4),
  bigint: whole('bigint', 8),
  counter: whole('counter', 8),
  varint: (text) => {
    const value = readWhole(text);
    return value === undefined ? undefined : wholeBytes(value);
  },
  float: number(4, parseFloat32, writeFloat32),
  double: number(8, parseNumber, writeFloat64),
  decimal: readDecimal,
  boolean: (text) => (/^(true|false)$/i.test(text) ? Uint8Array.of(text.length === 4 ? 1 : 0) : undefined),
  uuid: uuid('[0-9a-f]'),
  timeuuid: uuid('1'),
  blob: (text) => (/^0x([0-9a-f]{2})*$/i.test(text) ? hex(text.slice(2)) : undefined),
  timestamp: (text) => {
    const ms = parseTimestamp(text);
    return readTimestampNumber(ms === undefined ? text : String(ms));
  },
  date: number(4, parseDay, writeDays),
  time: (text) => {
    const ns = parseTime(text);
    return readTimeNumber(ns === undefined ? text : String(ns));
  },
  duration: readDuration,
  inet: addressBytes,
};

/** Numbers that don't become infinite with 32 bits. */
function parseFloat32(text: string): number | undefined {
  const value = parseNumber(text);
  return value !== undefined && Number.isFinite(Math.fround(value)) ? value : undefined;
}

export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}
