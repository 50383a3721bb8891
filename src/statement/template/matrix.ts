import { isIP } from 'node:net';
import { parseNumber } from '../../lexer/scalar.ts';
import {
  dateFunctions,
  durationFunctions,
  readDuration,
  timeFunctions,
  timestampFunctions,
} from './calendar-functions.ts';
import { dateText, parseDay, parseTime, parseTimestamp, timestampText, timeText } from './calendar.ts';
import type { Cell } from './cell.ts';
import { flagFunctions } from './flag-functions.ts';
import { blobFunctions, inetFunctions, timeuuidFunctions, uuidFunctions } from './identity-functions.ts';
import { realFunctions } from './real-functions.ts';
import {
  generatedCollectionFunctions,
  generatedNumberFunctions,
  generatedSizedFunctions,
} from './stress/generated-functions.ts';
import type { GeneratedNumberName } from './stress/generated-numbers.ts';
import { textFunctions } from './text-functions.ts';
import { wholeFunctions, wideWholeFunctions } from './whole-functions.ts';

/** What the functions are called and do, whatever the type. */
export const slotFunctions = {
  inc: 'Counts up, at every item.',
  rand: 'Draws, each value as likely; with a count, so many different values.',
  const: 'Always the same value.',
  seq: 'Counts up, at every turn of the odometer.',
  normal: 'Draws from a normal distribution.',
  exp: 'Draws from an exponential distribution.',
  zipf: 'Draws by rank: few values are popular, many are rare.',
  draw: 'Draws from a distribution that is said as a text.',
  walk: 'Walks randomly from a start, each series by itself, a step a turn.',
  sine: 'A wave over the time of the point.',
  now: 'The time when the operation was meant to start.',
  hash: 'A fixed function of the index, the same wherever it stands.',
  text: 'Random English words.',
  each: 'Listed values, one after the other.',
  file: 'The lines of a file, each with an optional weight.',
  stresskey: 'A column of the key, as cassandra-stress makes it.',
  stresscluster: 'A clustering column, as a profile of cassandra-stress makes it.',
  stress: 'Any other column, as cassandra-stress makes it.',
} as const;
export type SlotFunctionName = keyof typeof slotFunctions;

export type Range = readonly [smallest: bigint, largest: bigint];

export interface SlotTypeDefinition {
  readonly aliases: readonly string[];
  readonly doc: string;
  /** What it is in a field and in a tag of line protocol, in words. */
  readonly lineProtocol: string;
  /** What it is in CQL, in words. */
  readonly cql: string;
  /** How a field of line protocol writes it. */
  readonly field: 'integer' | 'float' | 'boolean' | 'string';
  /** How a CQL literal writes it. */
  readonly literal: 'bare' | 'quoted';
  /** A measure, of which percentiles say something. */
  readonly numeric: boolean;
  /** Whole numbers that it holds: in line protocol, and as a CQL column. */
  readonly range?: { readonly line: Range; readonly cql: Range } | undefined;
  /** How many types it takes after `of`, a size before them: the function makes the elements. */
  readonly elements?: { readonly types: readonly [number, number]; readonly brackets: '[]' | '{}' };
  /** A value of it in the language's words. */
  readonly expected: string;
  /** Reads one value from a text, as its canonical text. */
  read(text: string): string | undefined;
  readonly functions: Readonly<Partial<Record<SlotFunctionName, Cell>>>;
}

function bits(size: number): Range {
  return [-(2n ** BigInt(size - 1)), 2n ** BigInt(size - 1) - 1n];
}

function readWhole(text: string): string | undefined {
  return /^[+-]?\d+$/.test(text) ? String(BigInt(text.replace('+', ''))) : undefined;
}

const asText = 'text: a string field, or a tag';

function wholeType(name: GeneratedNumberName, size: number, doc: string): SlotTypeDefinition {
  const range = bits(size);
  return {
    aliases: [],
    doc,
    lineProtocol: asText,
    cql: `${size} bits`,
    field: 'string',
    literal: 'bare',
    numeric: true,
    range: { line: range, cql: range },
    expected: 'a whole number',
    read: readWhole,
    functions: { ...(size < 64 ? wholeFunctions : wideWholeFunctions), ...generatedNumberFunctions(name) },
  };
}

function readReal(text: string): string | undefined {
  return parseNumber(text) === undefined ? undefined : text.replaceAll('_', '').replace(/^\+/, '');
}

function realType(name: GeneratedNumberName, doc: string, cql: string): SlotTypeDefinition {
  return {
    aliases: [],
    doc,
    lineProtocol: asText,
    cql,
    field: 'string',
    literal: 'bare',
    numeric: true,
    expected: 'a number',
    read: readReal,
    functions: { ...realFunctions, ...generatedNumberFunctions(name) },
  };
}

type TextType = Pick<SlotTypeDefinition, 'doc' | 'cql' | 'literal' | 'expected' | 'read' | 'functions'>;

/** A type that line protocol has only as text. */
function textType(type: TextType): SlotTypeDefinition {
  return { aliases: [], lineProtocol: asText, field: 'string', numeric: false, ...type };
}

/** Reads with `parse` and writes what it read with `print`. */
function canonical(
  parse: (text: string) => number | undefined,
  print: (value: number) => string,
): SlotTypeDefinition['read'] {
  return (text) => {
    const value = parse(text);
    return value === undefined ? undefined : print(value);
  };
}

function readUuid(version: RegExp): SlotTypeDefinition['read'] {
  return (text) => (version.test(text) ? text.toLowerCase() : undefined);
}

function collection(
  doc: string,
  cql: string,
  types: readonly [number, number],
  brackets: '[]' | '{}',
  functions: SlotTypeDefinition['functions'] = {},
): SlotTypeDefinition {
  return {
    ...textType({
      doc,
      cql,
      literal: 'bare',
      expected: 'a collection',
      read: () => undefined,
      functions,
    }),
    elements: { types, brackets },
  };
}

/** The matrix: every type, how the protocols write it, and the functions that it has. */
export const slotTypes = {
  int: {
    aliases: [],
    doc: 'A whole number.',
    lineProtocol: 'field: integer of 64 bits, `7i`; tag: `7`',
    cql: '32 bits',
    field: 'integer',
    literal: 'bare',
    numeric: true,
    range: { line: bits(64), cql: bits(32) },
    expected: 'a whole number',
    read: readWhole,
    functions: { ...wideWholeFunctions, ...generatedNumberFunctions('int') },
  },
  float: {
    ...realType('float', 'A real number.', '32 bits'),
    lineProtocol: 'field: float of 64 bits, `7.5`; tag: `7.5`',
    field: 'float',
  },
  str: {
    ...textType({
      doc: 'Text.',
      cql: 'text, varchar or ascii',
      literal: 'quoted',
      expected: 'a text',
      read: (text) => text,
      functions: { ...textFunctions, ...generatedSizedFunctions(() => ({ kind: 'single', name: 'text' })) },
    }),
    aliases: ['string', 'text', 'varchar', 'ascii'],
    lineProtocol: 'field: string, `"abc"`; tag: `abc`',
  },
  bool: {
    ...textType({
      doc: 'true or false.',
      cql: 'boolean',
      literal: 'bare',
      expected: 'true or false',
      read: (text) => (/^(true|false)$/i.test(text) ? text.toLowerCase() : undefined),
      functions: { ...flagFunctions, ...generatedNumberFunctions('boolean') },
    }),
    aliases: ['boolean'],
    lineProtocol: 'field: boolean, `true`; tag: `true`',
    field: 'boolean',
  },
  bigint: wholeType('bigint', 64, 'A whole number.'),
  smallint: wholeType('smallint', 16, 'A whole number.'),
  tinyint: wholeType('tinyint', 8, 'A whole number.'),
  counter: wholeType('counter', 64, 'What a counter column is changed by.'),
  varint: {
    ...wholeType('varint', 64, 'A whole number of any size; generated ones keep within 2^53.'),
    cql: 'any size',
    range: undefined,
  },
  decimal: realType('decimal', 'A decimal number of any size.', 'any size'),
  double: realType('double', 'A real number.', '64 bits'),
  uuid: textType({
    doc: 'A UUID.',
    cql: 'uuid',
    literal: 'bare',
    expected: 'a UUID such as 123e4567-e89b-42d3-a456-426614174000',
    read: readUuid(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i),
    functions: { ...uuidFunctions, ...generatedNumberFunctions('uuid') },
  }),
  timeuuid: textType({
    doc: 'A UUID of a time, version 1.',
    cql: 'timeuuid',
    literal: 'bare',
    expected: 'a UUID of version 1 such as 50554d6e-29bb-11e5-b345-feff819cdc9f',
    read: readUuid(/^[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i),
    functions: { ...timeuuidFunctions, ...generatedNumberFunctions('timeuuid') },
  }),
  blob: textType({
    doc: 'Bytes, written `0x` and hexadecimal digits.',
    cql: 'blob',
    literal: 'bare',
    expected: 'bytes such as 0x00ff',
    read: (text) => (/^0x([0-9a-f]{2})*$/i.test(text) ? text.toLowerCase() : undefined),
    functions: blobFunctions,
  }),
  timestamp: textType({
    doc: 'A time in milliseconds, written `2026-01-01T00:00:00.000Z`.',
    cql: 'timestamp',
    literal: 'quoted',
    expected: 'a date or time such as 2026-01-01 or 2026-01-01T12:30:00Z',
    read: canonical(parseTimestamp, timestampText),
    functions: { ...timestampFunctions, ...generatedNumberFunctions('timestamp') },
  }),
  date: textType({
    doc: 'A day, written `2026-01-01`.',
    cql: 'date',
    literal: 'quoted',
    expected: 'a date such as 2026-01-01',
    read: canonical(parseDay, dateText),
    functions: { ...dateFunctions, ...generatedNumberFunctions('date') },
  }),
  time: textType({
    doc: 'A time of day in nanoseconds, written `12:30:00.000000000`.',
    cql: 'time',
    literal: 'quoted',
    expected: 'a time of day such as 12:30:00',
    read: canonical(parseTime, timeText),
    functions: { ...timeFunctions, ...generatedNumberFunctions('time') },
  }),
  duration: textType({
    doc: 'A length of time, written `1m30s`.',
    cql: 'duration',
    literal: 'bare',
    expected: 'a duration such as 1m30s',
    read: readDuration,
    functions: durationFunctions,
  }),
  inet: textType({
    doc: 'An IP address; generated ones are IPv4.',
    cql: 'inet',
    literal: 'quoted',
    expected: 'an IP address such as 10.0.0.1 or ::1',
    read: (text) => (isIP(text) === 0 ? undefined : text),
    functions: { ...inetFunctions, ...generatedNumberFunctions('inet') },
  }),
  list: collection(
    '`list(n) of T`: n values of T, each made by the function.',
    'list<T>',
    [1, 1],
    '[]',
    generatedCollectionFunctions('list'),
  ),
  set: collection(
    '`set(n) of T`: up to n different values of T, each made by the function.',
    'set<T>',
    [1, 1],
    '{}',
    generatedCollectionFunctions('set'),
  ),
  map: collection(
    '`map(n) of T, U`: n keys of T with values of U, both made by the function.',
    'map<T, U>',
    [2, 2],
    '{}',
  ),
  vector: collection(
    '`vector(n)`: n floats, or with `of T` values of T, each made by the function.',
    'vector<T, n>',
    [0, 1],
    '[]',
  ),
} as const satisfies Record<string, SlotTypeDefinition>;
