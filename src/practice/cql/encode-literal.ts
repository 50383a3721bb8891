import { isIP } from 'node:net';
import { invalid } from './cql-refusal.ts';
import type { NativeName } from './cql-type.ts';
import type { LiteralKind } from './statement.ts';

const integerBytes = { tinyint: 1, smallint: 2, int: 4, bigint: 8, counter: 8 } as const;
/** As Java calls them. */
const integerNames = {
  tinyint: 'byte',
  smallint: 'short',
  int: 'int',
  bigint: 'long',
  counter: 'long',
} as const;
const kindNames: Readonly<Record<LiteralKind, string>> = {
  string: 'STRING',
  integer: 'INTEGER',
  float: 'FLOAT',
  boolean: 'BOOLEAN',
  uuid: 'UUID',
  hex: 'HEX',
  duration: 'DURATION',
};
const takenBy: Readonly<Record<NativeName, readonly LiteralKind[]>> = {
  ascii: ['string'],
  text: ['string'],
  blob: ['hex'],
  boolean: ['boolean'],
  tinyint: ['integer'],
  smallint: ['integer'],
  int: ['integer'],
  bigint: ['integer'],
  counter: ['integer'],
  varint: ['integer'],
  decimal: ['integer', 'float'],
  float: ['integer', 'float'],
  double: ['integer', 'float'],
  uuid: ['uuid'],
  timeuuid: ['uuid'],
  timestamp: ['integer', 'string'],
  date: ['integer', 'string'],
  time: ['integer', 'string'],
  inet: ['string'],
  duration: ['duration'],
};
const msPerDay = 86_400_000;
const dateOfEpoch = 2 ** 31;

/** Whether CQL takes a literal of this kind for a value of the type. */
export function takesLiteral(name: NativeName, kind: LiteralKind): boolean {
  return takenBy[name].includes(kind);
}

/** The bytes of a literal of CQL as a value of a native type. `receiver` is what it is for, as messages name it. */
export function encodeLiteral(name: NativeName, kind: LiteralKind, text: string, receiver: string): Buffer {
  if (!takesLiteral(name, kind)) {
    throw invalid(`Invalid ${kindNames[kind]} constant (${text}) for "${receiver}" of type ${name}`);
  }
  return encodeText(name, text);
}

/** The bytes of a value that is written as a text, such as a JSON string for a number. */
export function encodeText(name: NativeName, text: string): Buffer {
  switch (name) {
    case 'ascii':
    case 'text':
      return Buffer.from(text);
    case 'blob':
      if (text.length % 2 === 1) throw invalid(`cannot parse '${text.slice(2)}' as hex bytes`);
      return Buffer.from(text.slice(2), 'hex');
    case 'boolean':
      return Buffer.from([text === 'true' ? 1 : 0]);
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
    case 'counter':
      return integer(name, text);
    case 'varint':
      return varint(wholeNumber(text, name));
    case 'decimal':
      return decimal(text);
    case 'float': {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatBE(Number(text));
      return bytes;
    }
    case 'double':
      return double(Number(text));
    case 'uuid':
    case 'timeuuid':
      return uuid(text);
    case 'timestamp':
      return long(/^-?\d+$/.test(text) ? BigInt(text) : BigInt(timestampMs(text)));
    case 'date':
      return date(text);
    case 'time':
      return time(text);
    case 'inet':
      return inet(text);
    case 'duration':
      return duration(text);
  }
}

export function long(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt.asIntN(64, value));
  return bytes;
}

export function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

export function uuid(text: string): Buffer {
  return Buffer.from(text.replaceAll('-', ''), 'hex');
}

/** Days since the epoch, as a date value. */
export function dateOfDays(days: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(days + dateOfEpoch);
  return bytes;
}

/** A whole number of any length, two's complement, as short as it can be. */
export function varint(value: bigint): Buffer {
  let bytes = 1;
  while (BigInt.asIntN(bytes * 8, value) !== value) bytes++;
  return Buffer.from(
    BigInt.asUintN(bytes * 8, value)
      .toString(16)
      .padStart(bytes * 2, '0'),
    'hex',
  );
}

function wholeNumber(text: string, name: NativeName): bigint {
  if (!/^-?\d+$/.test(text)) throw invalid(`Unable to make ${name} from '${text}'`);
  return BigInt(text);
}

function integer(name: keyof typeof integerBytes, text: string): Buffer {
  const value = wholeNumber(text, name);
  const bytes = integerBytes[name];
  const whole = long(value);
  if (BigInt.asIntN(bytes * 8, value) !== value) {
    throw invalid(`Unable to make ${integerNames[name]} from '${text}'`);
  }
  return whole.subarray(8 - bytes);
}

function decimal(text: string): Buffer {
  const parts = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (parts === null) throw invalid(`unable to make BigDecimal from '${text}'`);
  const [, sign, whole, fraction, exponent = '0'] = parts;
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(fraction!.length - Number(exponent));
  return Buffer.concat([bytes, varint(BigInt(`${sign}${whole}${fraction}`))]);
}

function timestampMs(text: string): number {
  const parts =
    /^(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)? ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/.exec(
      text,
    );
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = parts ?? [];
  const ms = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.slice(0, 3).padEnd(3, '0')),
  );
  const isThere = new Date(ms).getUTCDate() === Number(day) && Number(hour) < 24 && Number(minute) < 60;
  if (parts === null || !isThere) throw invalid(`Unable to parse a date/time from '${text}'`);
  const offset = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  if (offset === null) return ms;
  const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
  return ms - (offset[1] === '-' ? -minutes : minutes) * 60_000;
}

function date(text: string): Buffer {
  if (/^\d+$/.test(text)) return dateOfDays(Number(text) - dateOfEpoch);
  const parts = /^(-?\d{1,7})-(\d\d)-(\d\d)$/.exec(text);
  const at = new Date(0);
  at.setUTCFullYear(Number(parts?.[1]), Number(parts?.[2]) - 1, Number(parts?.[3]));
  if (parts === null || at.getUTCMonth() !== Number(parts[2]) - 1 || at.getUTCDate() !== Number(parts[3])) {
    throw invalid(`Unable to coerce '${text}' to a formatted date (long)`);
  }
  return dateOfDays(Math.floor(at.getTime() / msPerDay));
}

function time(text: string): Buffer {
  if (/^\d+$/.test(text)) return long(BigInt(text));
  const parts = /^(\d\d?):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/.exec(text);
  if (parts === null) throw invalid(`(TimeType) Unable to coerce '${text}' to a formatted time (long)`);
  const [, hour, minute, second, fraction = ''] = parts;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) {
    throw invalid(`(TimeType) Unable to coerce '${text}' to a formatted time (long)`);
  }
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  return long(BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0')));
}

function inet(text: string): Buffer {
  const family = isIP(text);
  if (family === 4) return Buffer.from(text.split('.').map(Number));
  if (family === 0) throw invalid(`Unable to make inet address from '${text}'`);
  // As Java has it, an IPv4 address that is mapped is one.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text);
  if (mapped !== null) return inet(mapped[1]!);
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const group = (high: string, low: string): string => ((Number(high) << 8) | Number(low)).toString(16);
  const plain =
    dotted === null ? text : `${dotted[1]}${group(dotted[2]!, dotted[3]!)}:${group(dotted[4]!, dotted[5]!)}`;
  const [head, tail] = plain.split('::');
  const groupsOf = (part: string | undefined): string[] =>
    part === undefined || part === '' ? [] : part.split(':');
  const start = groupsOf(head);
  const end = groupsOf(tail);
  const groups = [...start, ...Array<string>(8 - start.length - end.length).fill('0'), ...end];
  return Buffer.from(groups.map((each) => each.padStart(4, '0')).join(''), 'hex');
}

const nsPer: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** `1y2mo3d4h`, or ISO 8601: `P1Y2M3DT4H`. */
function duration(text: string): Buffer {
  const negative = text.startsWith('-');
  const bare = negative ? text.slice(1) : text;
  let [months, days, ns] = [0n, 0n, 0n];
  const iso = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
    bare,
  );
  if (iso !== null) {
    const [y, mo, w, d, h, m, s] = iso.slice(1).map((part) => BigInt(part ?? 0));
    months = y! * 12n + mo!;
    days = w! * 7n + d!;
    ns = h! * nsPer['h']! + m! * nsPer['m']! + s! * nsPer['s']!;
  } else {
    for (const [, amount, unit] of bare.matchAll(/(\d+)(mo|ms|us|µs|ns|[ywdhms])/g)) {
      const count = BigInt(amount!);
      if (unit === 'y') months += count * 12n;
      else if (unit === 'mo') months += count;
      else if (unit === 'w') days += count * 7n;
      else if (unit === 'd') days += count;
      else ns += count * nsPer[unit!]!;
    }
  }
  const sign = negative ? -1n : 1n;
  return Buffer.concat([months, days, ns].map((part) => vint(part * sign)));
}

/** A signed vint: zigzag, and the number of its further bytes as ones at its beginning. */
function vint(value: bigint): Buffer {
  return unsignedVint(value < 0n ? -value * 2n - 1n : value * 2n);
}

export function unsignedVint(value: bigint): Buffer {
  for (let extra = 0; extra < 8; extra++) {
    if (value >> BigInt(7 * (extra + 1)) !== 0n) continue;
    const bytes = Buffer.from(value.toString(16).padStart((extra + 1) * 2, '0'), 'hex');
    bytes[0]! |= 0xff ^ (0xff >> extra);
    return bytes;
  }
  return Buffer.from(`ff${value.toString(16).padStart(16, '0')}`, 'hex');
}
