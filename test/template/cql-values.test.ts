import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyIndex, anySlot, slotFiles } from './any-slot.ts';
import type { CqlProblem } from '../../src/stress-client/cql-plan.ts';
import { columnFits, type ValueKind } from '../../src/statement/template/cql/column-fits.ts';
import { pointTimeSource } from '../../src/statement/template/cql/value-sources.ts';
import { firstPlace } from '../../src/statement/template/place.ts';
import { readConstant } from '../../src/statement/template/cql/read-constant.ts';
import {
  cqlNativeCodes,
  cqlTypeText,
  type CqlNativeName,
  type CqlType,
} from '../../src/stress-client/cql-type.ts';
import { serializedValues } from './bound.ts';
import { compiled, insertPlan, type Conditions } from './compiled.ts';
import { cqlType, type Udts } from './cql-types.ts';

const address: CqlType & { kind: 'udt' } = {
  kind: 'udt',
  keyspace: 'shop',
  name: 'address',
  fields: [
    { name: 'street', type: cqlType('text') },
    { name: 'Number', type: cqlType('smallint') },
    { name: 'tags', type: cqlType('set<text>') },
  ],
};
const udts: Udts = { address };

const conditions: Conditions = {
  startMs: Date.UTC(2026, 0, 1),
  files: {
    'numbers.txt': '1\n-2\n300\n',
    'words.txt': 'a\nü\n',
    'big.txt': '9223372036854775807\n-9223372036854775808\n',
  },
};

/** The first values of a column as hexadecimal digits, or why there are none. */
function bytesOf(value: string, type: string, count: number, items = count): (string | null)[] | CqlProblem {
  const plan = insertPlan(`INSERT t\nINSERT INTO t (a) VALUES (${value})\nDO ${items}\n`, conditions);
  expect(plan.cql!.texts([])).toEqual(['INSERT INTO t (a) VALUES (?)']);
  const values = plan.cql!.bind([{ markers: [{ name: 'a', type: cqlType(type, udts) }] }], []);
  if ('problem' in values) return values;
  return Array.from(
    { length: count },
    (_, index) => serializedValues(values, index, -1)[0]?.toString('hex') ?? null,
  );
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}

/** Value, column type, its bytes for the first items: native_protocol_v4.spec, section 6. */
const natives: readonly [string, string, readonly string[]][] = [
  ['[int inc(126)]', 'tinyint', ['7e', '7f']],
  ['[int inc(-2)]', 'tinyint', ['fe', 'ff', '00', '01']],
  ['[int inc(-2)]', 'smallint', ['fffe', 'ffff', '0000', '0001']],
  ['[smallint rand(-32768, -32767) 2]', 'smallint', ['8001', '8000']],
  ['[int inc(-2)]', 'int', ['fffffffe', 'ffffffff', '00000000']],
  ['[bigint inc(2147483647)]', 'bigint', ['000000007fffffff', '0000000080000000']],
  ['[bigint inc(4294967295)]', 'bigint', ['00000000ffffffff', '0000000100000000']],
  ['[bigint inc(-4294967296, -1)]', 'bigint', ['ffffffff00000000', 'fffffffeffffffff']],
  ['[bigint inc(9007199254740990)]', 'bigint', ['001ffffffffffffe', '001fffffffffffff']],
  ['[bigint const(9223372036854775807)]', 'bigint', ['7fffffffffffffff']],
  ['[bigint const(-9223372036854775808)]', 'bigint', ['8000000000000000']],
  [
    "[bigint each('9223372036854775807, -9223372036854775808')]",
    'bigint',
    ['7fffffffffffffff', '8000000000000000', '7fffffffffffffff'],
  ],
  ["[bigint file('big.txt')]", 'bigint', ['7fffffffffffffff', '8000000000000000']],
  ['[counter inc(1)]', 'counter', ['0000000000000001', '0000000000000002']],
  ['[bigint now()]', 'bigint', ['18867251edfa0000']],
  ['[bigint now()]', 'varint', ['18867251edfa0000']],
  ['[varint inc(127)]', 'varint', ['7f', '0080', '0081']],
  ['[varint inc(-127, -1)]', 'varint', ['81', '80', 'ff7f', 'ff7e']],
  ['[varint inc(0, -1)]', 'varint', ['00', 'ff', 'fe']],
  ['[varint inc(32767)]', 'varint', ['7fff', '008000']],
  ['[varint const(1000000000000000000000)]', 'varint', ['3635c9adc5dea00000']],
  ['[varint const(-9223372036854775809)]', 'varint', ['ff7fffffffffffffff']],
  ['[int inc(1)]', 'float', ['3f800000', '40000000']],
  ['[float inc(0.5)]', 'float', ['3f000000', '3fc00000']],
  ['[float const(-0.1)]', 'float', ['bdcccccd']],
  ['[float inc(0.5, -1)]', 'double', ['3fe0000000000000', 'bfe0000000000000']],
  ['[double const(0.1)]', 'double', ['3fb999999999999a']],
  ['[int inc(1)]', 'double', ['3ff0000000000000']],
  ['[decimal inc(0.9, 0.05)]', 'decimal', ['0000000109', '000000025f', '0000000001']],
  ['[decimal const(-1.5e-3)]', 'decimal', ['00000004f1']],
  ['[decimal const(1.5e3)]', 'decimal', ['fffffffe0f']],
  ['[decimal const(1234567890.123456789)]', 'decimal', ['00000009112210f47de98115']],
  ['[int inc(-1)]', 'decimal', ['00000000ff', '0000000000']],
  ['[decimal const(100)]', 'decimal', ['0000000064']],
  ['[int inc(100)]', 'decimal', ['0000000064']],
  ['[bool const(true)]', 'boolean', ['01']],
  ['[true|False]', 'boolean', ['01', '00']],
  ['[str inc(9)]', 'text', [hex('9'), hex('10')]],
  ['[str inc(9)]', 'ascii', [hex('9'), hex('10')]],
  ["[str const('ü')]", 'text', ['c3bc']],
  ["[str const('')]", 'text', ['']],
  ["[str file('words.txt')]", 'text', [hex('a'), 'c3bc', hex('a')]],
  ["[str const('5')]", 'tinyint', ['05']],
  ["'s-[int inc(9) 5]-ü'", 'text', [hex('s-9-ü'), hex('s-10-ü')]],
  ['[1|2|300]', 'int', ['00000001', '00000002', '0000012c']],
  ['[1|2|300]', 'text', [hex('1'), hex('2'), hex('300')]],
  ['[1.5|2]', 'decimal', ['000000010f', '0000000002']],
  [
    '[10.0.0.1|::1|::ffff:1.2.3.4|fe80::1:0:2]',
    'inet',
    [
      '0a000001',
      '00000000000000000000000000000001',
      '00000000000000000000ffff01020304',
      'fe800000000000000000000100000002',
    ],
  ],
  ["[int file('numbers.txt')]", 'smallint', ['0001', 'fffe', '012c']],
  ['[int inc(9)]', 'text', [hex('9'), hex('10')]],
  ['[float inc(0.5)]', 'text', [hex('0.5'), hex('1.5')]],
  ['[uuid inc(0)]', 'uuid', ['00000000000040008000000000000000', '00000000000040008000000000000001']],
  ['[uuid const(123E4567-e89b-42d3-a456-426614174000)]', 'uuid', ['123e4567e89b42d3a456426614174000']],
  ['[uuid inc(0)]', 'text', [hex('00000000-0000-4000-8000-000000000000')]],
  [
    '[timeuuid const(50554d6e-29bb-11e5-b345-feff819cdc9f)]',
    'timeuuid',
    ['50554d6e29bb11e5b345feff819cdc9f'],
  ],
  ['[timeuuid const(50554d6e-29bb-11e5-b345-feff819cdc9f)]', 'uuid', ['50554d6e29bb11e5b345feff819cdc9f']],
  ['[blob const(0x00FF)]', 'blob', ['00ff']],
  ['[blob const(0x)]', 'blob', ['']],
  ['[blob const(0x00ff)]', "'org.example.Type'", ['00ff']],
  ['[0x01|0xff]', 'blob', ['01', 'ff']],
  ['[blob const(0x00ff)]', 'text', [hex('0x00ff')]],
  ["[timestamp seq('2026-01-01', 1ms)]", 'timestamp', ['0000019b76daa800', '0000019b76daa801']],
  ["[timestamp const('1969-12-31T23:59:59.999Z')]", 'timestamp', ['ffffffffffffffff']],
  ["[timestamp const('1970-01-02')]", 'bigint', ['0000000005265c00']],
  ["[timestamp inc('1970-01-02')]", 'bigint', ['0000000005265c00', '0000000005265fe8']],
  ['[timestamp now()]', 'text', [hex('2026-01-01T00:00:00.000Z')]],
  ['[bigint inc(1)]', 'timestamp', ['0000000000000001']],
  ["[date inc('1969-12-31')]", 'date', ['7fffffff', '80000000', '80000001']],
  ["[date const('1970-01-02')]", 'date', ['80000001']],
  ["[date inc('1970-01-02')]", 'timestamp', ['0000000005265c00', '000000000a4cb800']],
  ["[date const('1970-01-02')]", 'timestamp', ['0000000005265c00']],
  ["[time inc('00:00:01')]", 'time', ['000000003b9aca00', '0000000077359400']],
  ["[time const('23:59:59.999999999')]", 'time', ['00004e94914effff']],
  ['[int inc(5)]', 'time', ['0000000000000005']],
  ['[duration const(1d)]', 'duration', ['000200']],
  ['[duration const(8d1ns)]', 'duration', ['001002']],
  ['[duration inc(1s)]', 'duration', ['0000f077359400', '0000f0ee6b2800']],
  ['[duration inc(64ns)]', 'duration', ['00008080']],
  ['[duration inc(1s)]', 'text', [hex('1s'), hex('2s')]],
  ['[-1y2mo3d4ns|1w]', 'duration', ['1b0507', '000e00']],
  ['[inet inc(10.0.0.255)]', 'inet', ['0a0000ff', '0a000100']],
  ['[inet const(::1)]', 'inet', ['00000000000000000000000000000001']],
  ["'[timestamp const('1970-01-02')]'", 'timestamp', ['0000000005265c00']],
];

describe('a value of a native type', () => {
  it.each(natives)('%s as %s is %j', (value, type, expected) => {
    expect(bytesOf(value, type, expected.length)).toEqual(expected);
  });
});

function element(bytes: string): string {
  return (bytes.length / 2).toString(16).padStart(8, '0') + bytes;
}

/** Elements with their lengths. */
function elements(...bytes: readonly string[]): string {
  return bytes.map(element).join('');
}

/** A list, a set or a map: a count before the elements. */
function counted(count: number, ...bytes: readonly string[]): string {
  return count.toString(16).padStart(8, '0') + elements(...bytes);
}

const one = '00000001';
const two = '00000002';
const none = 'ffffffff';

const collections: readonly [string, string, readonly string[]][] = [
  ['[list(2) of int inc(1)]', 'list<int>', [counted(2, one, two), counted(2, two, '00000003')]],
  ['[list(2) of int const(1)]', 'list<smallint>', [counted(2, '0001', '0001')]],
  ['[list(1) of date const(1970-01-01)]', 'list<timestamp>', [counted(1, '0000000000000000')]],
  ['[set(2) of text inc(0)]', 'set<text>', [counted(2, hex('0'), hex('1'))]],
  ['[set(3) of int const(1)]', 'set<int>', [counted(1, one)]],
  [
    '[map(2) of text, int inc(1)]',
    'map<text, bigint>',
    [counted(2, hex('2'), '0000000000000002', hex('1'), '0000000000000001')],
  ],
  ['[map(2) of int, text const(1)]', 'map<int, text>', [counted(1, one, hex('1'))]],
  ['[vector(2) const(0.5)]', 'vector<float, 2>', ['3f0000003f000000']],
  ['[vector(2) of int inc(1)]', 'vector<bigint, 2>', ['00000000000000010000000000000002']],
  ['[vector(2) of text inc(9)]', 'vector<text, 2>', ['01' + hex('9') + '02' + hex('10')]],
  ['[vector(2) of smallint inc(1)]', 'vector<smallint, 2>', ['020001020002']],
  ['[vector(2) of date const(1970-01-01)]', 'vector<date, 2>', ['04800000000480000000']],
  ['[vector(1) of blob const(0x' + '00'.repeat(300) + ')]', 'vector<blob, 1>', ['812c' + '00'.repeat(300)]],
  ['[vector(2) of blob rand(0)]', 'vector<blob, 2>', ['0000']],
  ['[1, [int inc(2)]]', 'list<int>', [counted(2, one, two)]],
  ["{'b', '[str inc(0)]', 'b'}", 'set<text>', [counted(2, hex('b'), hex('0'))]],
  [
    "{'k': [int inc(1)], 'k-[int inc(1)]': 2}",
    'map<text, int>',
    [counted(2, hex('k-1'), two, hex('k'), one)],
  ],
  ["{'k': [int inc(1)], 'k': 2}", 'map<text, int>', [counted(1, hex('k'), two)]],
  ['[[int inc(1)], 0.5]', 'vector<float, 2>', ['3f8000003f000000']],
  ['[[[int inc(1)], 2], [2]]', 'list<list<int>>', [counted(2, counted(2, one, two), counted(1, two))]],
  [
    '[(1, [str inc(0)]), (2, null), (2)]',
    'list<tuple<int, text>>',
    [counted(3, elements(one, hex('0')), element(two) + none, element(two) + none)],
  ],
  ['{street: \'Elm\', "Number": [int inc(7)]}', 'address', [elements(hex('Elm'), '0007') + none]],
  [
    "{STREET: null, tags: {'a', [str inc(0)]}}",
    'address',
    [none + none + element(counted(2, hex('a'), hex('0')))],
  ],
  [
    "{[str inc(0)]: {street: '$$', tags: {}}}",
    'map<text, address>',
    [counted(1, hex('0'), element(hex('$$')) + none + element(counted(0)))],
  ],
  [
    '[[uuid inc(0)], 123e4567-e89b-42d3-a456-426614174000]',
    'list<uuid>',
    [counted(2, '00000000000040008000000000000000', '123e4567e89b42d3a456426614174000')],
  ],
  [
    '[[duration const(1d)], -1h, 1mo]',
    'list<duration>',
    [counted(3, '000200', '0000fc068c61713fff', '020000')],
  ],
  [
    "[[timestamp const(1970-01-01)], '1970-01-01T00:00:00.001Z', 2]",
    'list<timestamp>',
    [counted(3, '0000000000000000', '0000000000000001', '0000000000000002')],
  ],
  ['[[bool const(true)], FALSE]', 'list<boolean>', [counted(2, '01', '00')]],
  ['[[blob const(0x01)], 0x02]', 'list<blob>', [counted(2, '01', '02')]],
  ["{-5: [str inc(0)], -6: 'a'}", 'map<int, text>', [counted(2, 'fffffffa', hex('a'), 'fffffffb', hex('0'))]],
];

describe('a value of a collection', () => {
  it.each(collections)('%s as %s is %j', (value, type, expected) => {
    expect(bytesOf(value, type, expected.length)).toEqual(expected);
  });
});

/** Value, column type, what is told; for 100,000 rows. */
const misfits: readonly [string, string, string, string?][] = [
  [
    '[float rand(100)]',
    'int',
    'is a real number, which can not become int',
    'int takes a whole number, texts that are all known and read as one',
  ],
  ['[int inc(0)]', 'smallint', 'reaches 99999, outside -32768 to 32767, which is what smallint holds'],
  ['[int inc(0) 32769]', 'smallint', 'reaches 32768, outside -32768 to 32767, which is what smallint holds'],
  ['[int inc(0, -1)]', 'smallint', 'reaches -99999, outside -32768 to 32767, which is what smallint holds'],
  ['[int rand(129)]', 'tinyint', 'reaches 128, outside -128 to 127, which is what tinyint holds'],
  ['[int zipf(129, 1.1)]', 'tinyint', 'reaches 128, outside -128 to 127, which is what tinyint holds'],
  ["[int draw('fixed(129)')]", 'tinyint', 'reaches 129, outside -128 to 127, which is what tinyint holds'],
  ['[int hash(129)]', 'tinyint', 'reaches 128, outside -128 to 127, which is what tinyint holds'],
  ['[int normal(0, 20)]', 'tinyint', 'reaches -171, outside -128 to 127, which is what tinyint holds'],
  ['[int exp(4)]', 'tinyint', 'reaches 147, outside -128 to 127, which is what tinyint holds'],
  ['[int sine(1h, 100, 50)]', 'tinyint', 'reaches 150, outside -128 to 127, which is what tinyint holds'],
  [
    '[int walk(0, 1)]',
    'smallint',
    'reaches -2147483648, outside -32768 to 32767, which is what smallint holds',
  ],
  ['[int const(-129)]', 'tinyint', 'reaches -129, outside -128 to 127, which is what tinyint holds'],
  ['[1|128]', 'tinyint', 'reaches 128, outside -128 to 127, which is what tinyint holds'],
  ['[int const(-1)]', 'time', 'reaches -1, outside 0 to 86399999999999, which is what time holds'],
  [
    '[varint const(9223372036854775808)]',
    'bigint',
    'reaches 9223372036854775808, outside -9223372036854775808 to 9223372036854775807, which is what bigint holds',
  ],
  ['[a|1]', 'int', "has 'a', which can not become int"],
  ["[str const('x')]", 'uuid', "has 'x', which can not become uuid"],
  ["[str const('ü')]", 'ascii', "has 'ü', which is not ASCII"],
  ["'ü[int inc(0)]'", 'ascii', "has 'ü', which is not ASCII"],
  ["'a-[b|ü]'", 'ascii', "has 'ü', which is not ASCII"],
  ["'1[int inc(0)]'", 'int', 'is a text, which can not become int'],
  ["'[int inc(0)]'", 'int', 'is a text, which can not become int'],
  ['[str inc(0)]', 'int', 'is a text, which can not become int'],
  ['[1e400|1]', 'float', "has '1e400', which can not become float"],
  ['[1e40|1]', 'float', "has '1e40', which can not become float"],
  ['[double rand(1e40)]', 'float', 'reaches 1e+40, which is more than float holds'],
  ['[double inc(0, 1e34)]', 'float', 'reaches 9.9999e+38, which is more than float holds'],
  ['[double normal(0, 1e38)]', 'float', 'reaches -1e+39, which is more than float holds'],
  ['[uuid rand()]', 'timeuuid', 'is a UUID, which can not become timeuuid'],
  ['[blob rand(4)]', 'inet', 'is bytes, which can not become inet'],
  ['[bool rand()]', 'int', 'is true or false, which can not become int'],
  ["[timestamp inc('2026-01-01')]", 'date', 'is a time, which can not become date'],
  ['[int inc(0)]', 'list<int>', 'is a whole number, which can not become list<int>'],
  ['[int inc(0)]', 'address', 'is a whole number, which can not become address'],
  ['[int inc(0)]', "'org.example.Type'", "is a whole number, which can not become 'org.example.Type'"],
  ['[list(2) of int inc(0)]', 'int', 'can not become int'],
  ['[list(2) of int inc(0)]', 'set<int>', 'can not become set<int>'],
  [
    '[list(2) of float rand(1)]',
    'list<int>',
    'can not become list<int>: an element is a real number, which can not become int',
  ],
  [
    '[map(2) of int, text inc(0)]',
    'map<int, int>',
    'can not become map<int, int>: a value is a text, which can not become int',
  ],
  [
    '[map(2) of text, int inc(0)]',
    'map<inet, int>',
    'can not become map<inet, int>: a key is a text, which can not become inet',
  ],
  [
    '[list(2) of int inc(0)]',
    'list<smallint>',
    'can not become list<smallint>: an element reaches 99999, outside -32768 to 32767, which is what smallint holds',
  ],
  ['[vector(2) rand(1)]', 'vector<float, 3>', 'can not become vector<float, 3>: it has 2 elements'],
  ['[[int inc(0)], 1]', 'vector<float, 3>', 'has 2 elements, where vector<float, 3> has 3'],
  ["[[int inc(0)], 'a']", 'list<int>', "has 'a', which can not become list<int>".replace('list<int>', 'int')],
  ['[[int inc(0)], a]', 'list<text>', 'has a, which can not become text'],
  ['[[int inc(0)], null]', 'list<int>', 'has null in a collection, which CQL does not have'],
  [
    '[[float rand(1)]]',
    'list<int>',
    'holds [float rand(1)], and that is a real number, which can not become int',
  ],
  ['{[int inc(0)]}', 'list<int>', 'is a literal of a set, which can not become list<int>'],
  ['[[int inc(0)]]', 'int', 'is a literal of a list, which can not become int'],
  ['{street: [str inc(0)], zip: 1}', 'address', 'has the field zip, which address does not have'],
  ["{'street': [str inc(0)]}", 'address', 'has a key that is no name, which address does not have'],
  ['[([int inc(0)], 1)]', 'list<tuple<int>>', 'has 2 elements, where tuple<int> has 1'],
];

describe('a value that does not fit its column', () => {
  it.each(misfits)('%s as %s %s', (value, type, problem, hint) => {
    const told = bytesOf(value, type, 1, 100_000);
    expect(told).toMatchObject({
      problem: `column a (${cqlTypeText(cqlType(type, udts))}): ${value} ${problem}`,
    });
    if (hint !== undefined) expect(told).toMatchObject({ hint });
  });

  it('is told by the rows that there are', () => {
    expect(bytesOf('[int inc(0)]', 'smallint', 1, 32_768)).toEqual(['0000']);
    expect(bytesOf('[int seq(0, 1)]', 'smallint', 1, 32_769)).toHaveProperty('problem');
  });
});

/** Slots of each kind of value. */
const kinds: Readonly<Record<ValueKind, readonly string[]>> = {
  whole: [
    '[int inc(5, -3)]',
    '[tinyint rand(-128, 127)]',
    '[smallint walk(0, 100)]',
    '[bigint rand(-4503599627370495, 4503599627370495)]',
    '[bigint now()]',
    '[varint hash(1000000)]',
    '[counter zipf(1000, 1.2)]',
    "[counter draw('exp(1..100)')]",
    "[bigint file('big.txt')]",
  ],
  real: [
    '[float rand(100)]',
    '[float rand(-1, 0.000000001)]',
    '[double normal(0, 1e30)]',
    '[decimal inc(0, 0.01)]',
    '[decimal exp(0.0001)]',
    '[double sine(1h, 5)]',
    '[decimal const(1.10)]',
  ],
  text: [
    '[str inc(0)]',
    '[str rand(0, 9)]',
    '[str text(2, 6)]',
    "[str const('5')]",
    "[str file('words.txt')]",
  ],
  choice: [
    '[a|b]',
    '[1|20]',
    '[2026-01-01|2026-01-02]',
    '[123e4567-e89b-12d3-a456-426614174000*2|00000000-0000-1000-8000-000000000000]',
  ],
  boolean: ['[bool rand(0.3)]', '[bool const(true)]'],
  uuid: [
    '[uuid inc(5)]',
    '[uuid rand()]',
    '[uuid hash()]',
    '[uuid const(123e4567-e89b-12d3-a456-426614174000)]',
  ],
  timeuuid: ['[timeuuid now()]', "[timeuuid rand('2026-01-01', '2026-02-01')]"],
  blob: ['[blob rand(0, 9)]', '[blob hash(4)]', '[blob const(0xff)]'],
  timestamp: [
    "[timestamp seq('1969-12-31', 7ms)]",
    "[timestamp rand('1900-01-01', '2100-01-01')]",
    "[timestamp const('2026-01-01')]",
  ],
  date: ["[date inc('1969-12-27')]", "[date const('2026-01-01')]"],
  time: ['[time rand()]', "[time const('12:30')]"],
  duration: ['[duration rand(0s, 1w)]', '[duration const(1w2h)]'],
  inet: ['[inet rand()]', '[inet const(::1)]'],
};

describe('the table of what fits', () => {
  const table = Object.entries(kinds).flatMap(([kind, slots]) =>
    slots.map((slot): [string, ValueKind] => [slot, kind as ValueKind]),
  );
  it.each(table)('holds for %s, %s', (slot, kind) => {
    const plan = insertPlan(`INSERT t\nINSERT INTO t (a) VALUES (${slot})\nDO 200\n`, conditions);
    const items = Array.from({ length: 200 }, (_, index) => index);
    for (const column of Object.keys(cqlNativeCodes) as CqlNativeName[]) {
      const values = plan.cql!.bind([{ markers: [{ name: 'a', type: cqlType(column) }] }], []);
      const texts = items.map((index) => plan.valueOf('a', index).text);
      const said = texts.map((text) =>
        readConstant(column, kind === 'timestamp' && column === 'bigint' ? String(Date.parse(text)) : text),
      );
      if ('problem' in values) {
        // Out of range, or texts that the column does not read.
        if (Object.hasOwn(columnFits[kind].columns, column))
          expect([column, said.includes(undefined) || kind === 'text']).toEqual([column, true]);
        continue;
      }
      expect(Object.hasOwn(columnFits[kind].columns, column)).toBe(true);
      for (const index of items)
        expect([column, texts[index], serializedValues(values, index, -1)[0]?.toString('hex')]).toEqual([
          column,
          texts[index],
          Buffer.from(said[index]!).toString('hex'),
        ]);
    }
  });
});

const columnTypes = [
  ...Object.keys(cqlNativeCodes),
  ...['int', 'text', 'timestamp', 'decimal', 'uuid', 'varint'].flatMap((of) => [
    `list<${of}>`,
    `set<${of}>`,
    `map<${of}, ${of}>`,
    `vector<${of}, 2>`,
  ]),
];

it('any slot fits a column or says why not, and its values are no longer than declared', () => {
  const outcomes = { fits: 0, misfits: 0 };
  fc.assert(
    fc.property(
      anySlot,
      fc.constantFrom(...columnTypes),
      fc.array(anyIndex, { minLength: 1, maxLength: 5 }),
      (slot, column, indexes) => {
        const { insert } = compiled(`INSERT t\nINSERT INTO t (a) VALUES (${slot})\nFOR 1s\n`, {
          files: slotFiles,
        });
        if (insert === undefined) return;
        const type = cqlType(column);
        const values = insert.cql!.bind([{ markers: [{ name: 'a', type }] }], []);
        if ('problem' in values) {
          expect(values.problem).not.toMatch(/undefined|NaN/);
          outcomes.misfits++;
          return;
        }
        outcomes.fits++;
        for (const index of indexes) {
          const [bytes] = serializedValues(values, index, -1);
          if (type.kind !== 'native' || (slot.startsWith('[timestamp') && column === 'bigint')) continue;
          const said = readConstant(type.name, insert.valueOf('a', index).text);
          expect([column, bytes!.toString('hex')]).toEqual([column, Buffer.from(said!).toString('hex')]);
        }
      },
    ),
    { seed: 20262, numRuns: 8000 },
  );
  expect(outcomes.fits).toBeGreaterThan(300);
  expect(outcomes.misfits).toBeGreaterThan(1000);
});

describe('the time of an item', () => {
  const times: readonly [number, number, number, string, string, string][] = [
    // Seconds and nanoseconds since 1970, digits; as a timestamp, a bigint and a text.
    [0, 0, 0, '0', '0', '0'],
    [1, 999_999_999, 0, '1000', '1', '1'],
    [1, 999_999_999, 3, '1999', '1999', '1999'],
    [1, 999_999_999, 6, '1999', '1999999', '1999999'],
    [1, 999_999_999, 9, '1999', '1999999999', '1999999999'],
    [-1, 250_000_000, 3, '-750', '-750', '-750'],
    [-1, 250_000_000, 0, '-1000', '-1', '-1'],
    [1_767_225_600, 1, 9, '1767225600000', '1767225600000000001', '1767225600000000001'],
    [9_223_372_036, 854_775_807, 9, '9223372036854', '9223372036854775807', '9223372036854775807'],
    [-9_223_372_037, 145_224_192, 9, '-9223372036855', '-9223372036854775808', '-9223372036854775808'],
    [4_294_967_295, 999_999_999, 6, '4294967295999', '4294967295999999', '4294967295999999'],
  ];
  it.each(times)('%d s and %d ns with %d digits', (seconds, nanoseconds, digits, timestamp, bigint, text) => {
    const place = { ...firstPlace(), seconds, nanoseconds };
    const staging = Buffer.alloc(24, 0xee);
    const write = (type: string): Buffer => {
      const encoder = pointTimeSource(digits).encoder(cqlType(type));
      if ('problem' in encoder) throw new Error(encoder.problem);
      return staging.subarray(2, encoder.write(place, staging, 2));
    };
    expect(String(write('timestamp').readBigInt64BE())).toBe(timestamp);
    expect(String(write('bigint').readBigInt64BE())).toBe(bigint);
    expect(write('text').toString()).toBe(text);
    expect(pointTimeSource(digits).encoder(cqlType('int'))).toHaveProperty('problem', 'can not become int');
  });
});
