import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CqlTableKeys } from '../../src/stress-client/cql-plan.ts';
import type { InsertPlan } from '../../src/statement/template/insert-plan.ts';
import { bound, executedText, serializedValues } from './bound.ts';
import { compiled, insertPlan, type Conditions } from './compiled.ts';
import { cqlType } from './cql-types.ts';

const seed = 20260;

function rows(text: string, conditions?: Conditions): InsertPlan {
  return insertPlan(`INSERT t\n${text}\n`, conditions);
}

describe('the text of rows', () => {
  it.each<[string, string]>([
    [
      "INSERT INTO t (a, b, c) VALUES ([int inc(0)], 'x-[int inc(0)]', 5) DO 1",
      'INSERT INTO t (a, b, c) VALUES (?, ?, 5)',
    ],
    ['INSERT INTO t (l) VALUES ([1, 2, [int inc(0)]]) DO 1', 'INSERT INTO t (l) VALUES (?)'],
    ['INSERT INTO t (a, l) VALUES ([int inc(0)], [1, 2]) DO 1', 'INSERT INTO t (a, l) VALUES (?, [1, 2])'],
    [
      "INSERT INTO t (m, s) VALUES ({'[int inc(0)]': {'a': [int inc(0)]}}, {1}) DO 1",
      'INSERT INTO t (m, s) VALUES (?, {1})',
    ],
    [
      "INSERT INTO t (a) VALUES (([int inc(0)], 'x', [[int inc(0)]], {f: [int inc(0)]})) DO 1",
      "INSERT INTO t (a) VALUES ((?, 'x', ?, ?))",
    ],
    ['INSERT INTO t (a) VALUES (blobAsInt([blob rand(4)])) DO 1', 'INSERT INTO t (a) VALUES (blobAsInt(?))'],
    [
      'INSERT INTO t (a) VALUES ([int inc(0)]) USING TTL [int const(60)] AND TIMESTAMP [bigint inc(1)] DO 1',
      'INSERT INTO t (a) VALUES (?) USING TTL ? AND TIMESTAMP ?',
    ],
    [`INSERT INTO t JSON '{"a": [int inc(0)], "b": "[str rand(3)]"}' DO 1`, 'INSERT INTO t JSON ?'],
    [
      'UPDATE t SET l = l + [[int inc(0)]], m[\'a\'] = [int inc(0)], m[[str inc(0)]] = 1, "L"[[int inc(0)]] = 2 WHERE a = [int inc(0)] IF v = [int inc(0)] DO 1',
      'UPDATE t SET l = l + ?, m[\'a\'] = ?, m[?] = 1, "L"[?] = 2 WHERE a = ? IF v = ?',
    ],
    [
      'UPDATE t SET s = s - {[int inc(0)]}, u.f = [int inc(0)] WHERE a IN ([int inc(0)], 2) DO 1',
      'UPDATE t SET s = s - ?, u.f = ? WHERE a IN (?, 2)',
    ],
    [
      'DELETE m[[str inc(0)]] FROM t USING TIMESTAMP [bigint inc(1)] WHERE (a, b) = ([int inc(0)], [int inc(1)]) DO 1',
      'DELETE m[?] FROM t USING TIMESTAMP ? WHERE (a, b) = (?, ?)',
    ],
    [
      "BEGIN BATCH\nINSERT INTO t (a) VALUES ([[int inc(0)]]); -- [1|2]\nUPDATE u SET a = {'x': [int inc(0)]} WHERE b = 1;\nAPPLY BATCH\nDO 1",
      'BEGIN BATCH\nINSERT INTO t (a) VALUES (?);\nUPDATE u SET a = ? WHERE b = 1;\nAPPLY BATCH',
    ],
  ])('%s is %s', (text, expected) => {
    expect(rows(text).cql!.texts([])).toEqual([expected]);
  });

  it('keeps the preview of literals', () => {
    const text =
      "INSERT INTO t (a, b) VALUES ([[int inc(0)], 2], {'k-[int inc(0)]': ('x', [str inc(0)])}) DO 9";
    expect(rows(text).item(7)).toBe("INSERT INTO t (a, b) VALUES ([7, 2], {'k-7': ('x', '7')})");
    expect(rows(text).valueOf('a', 7)).toEqual({ text: '[7, 2]', isText: false });
  });

  it.each([
    ['INSERT INTO t (a) VALUES ([now(), [int inc(0)]]) DO 1', /\( where it needs \], since a literal/],
    ['INSERT INTO t (a) VALUES ([1 + [int inc(0)]]) DO 1', /\+ where it needs \]/],
    ['INSERT INTO t (a) VALUES ({[int inc(0)]: 1, 2}) DO 1', /\} where it needs :/],
    ['INSERT INTO t (a) VALUES ([, [int inc(0)]]) DO 1', /, where it needs a slot or a constant/],
  ])('%s is a mistake', (text, words) => {
    const { diagnostics } = compiled(`INSERT t\n${text}\n`);
    expect(diagnostics.map(({ code }) => code)).toEqual(['T023']);
    expect(diagnostics[0]!.message).toMatch(words);
  });
});

describe('how rows share a request', () => {
  const batches: readonly [string, readonly string[], string][] = [
    ['INSERT INTO t (a) VALUES ([int inc(0)])', ['t'], 'unlogged'],
    ['UPDATE k.t SET c = c + [counter const(1)] WHERE a = 1', ['k.t'], 'counter'],
    ['UPDATE t SET C = c + [int const(1)], d -= 1 WHERE a = [int inc(0)]', ['t'], 'counter'],
    ['UPDATE t SET c = c + [1|2] WHERE a = 1', ['t'], 'counter'],
    ['UPDATE t SET c = [int inc(0)] WHERE a = 1', ['t'], 'unlogged'],
    ['UPDATE t SET l = l + [[int inc(0)]] WHERE a = 1', ['t'], 'unlogged'],
    ['UPDATE t SET l += [list(2) of int inc(0)] WHERE a = 1', ['t'], 'unlogged'],
    ["UPDATE t SET s += {'[int inc(0)]'} WHERE a = 1", ['t'], 'unlogged'],
    ['DELETE FROM "T" WHERE a = [int inc(0)]', ['"T"'], 'unlogged'],
    [
      'BEGIN COUNTER BATCH UPDATE t SET c = c + 1 WHERE a = [int inc(0)]; UPDATE u SET c = c + 1 WHERE a = [int inc(0)]; UPDATE t SET c = c + 1 WHERE a = 1; APPLY BATCH',
      ['t', 'u'],
      'none',
    ],
  ];
  it.each(batches)('%s', (text, tables, batch) => {
    const plan = rows(`${text} DO 10`, { settings: { RowsPerBatch: 5 } });
    expect([plan.cql!.tables, plan.cql!.batch]).toEqual([tables, batch]);
    expect(plan.batchSize).toBe(batch === 'none' ? 1 : 5);
    expect(rows(`${text} DO 10`).cql!.batch).toBe('none');
  });
});

const columns = { a: 'int', b: 'text', c: 'bigint', id: 'uuid', d: 'date', ts: 'timestamp' } as const;

describe('the values of rows', () => {
  it('are those that the preview shows', () => {
    const plan = rows(
      "INSERT INTO t (id, a, b, c, ts) VALUES ([id: uuid rand() 7], [n: int rand(100)], 'ü-[=id]-[=n]', [=n], [timestamp now()]) DO 50",
    );
    const made = bound(plan.cql!, columns);
    for (let index = 0; index < 50; index++) expect(executedText(made, index, -1)).toBe(plan.item(index));
    expect(plan.valueOf('n', 3)).toEqual(plan.columnOf('c', 3));
  });

  it('are a function of the item and the time, in any order', () => {
    const { values } = bound(
      rows('INSERT INTO t (a, ts) VALUES ([int rand(100)], [timestamp now()]) DO 50').cql!,
      columns,
    );
    const write = (index: number, intendedNs: number): string => {
      const staging = Buffer.alloc(values.itemBytesAtMost);
      return staging.toString('hex', 0, values.write(index, -1, intendedNs, staging, 0));
    };
    const first = write(7, 5e6);
    write(8, 0);
    expect(write(7, 5e6)).toBe(first);
    expect(first.slice(-16)).toBe('0000000000000005');
  });

  it('come from sources of their names', () => {
    const plan = rows("INSERT INTO t (a, b) VALUES ([id: int inc(5)], 'x-[=id]') DO 9");
    expect(plan.valueNames).toEqual(['id', 'a', 'b']);
    const staging = Buffer.alloc(20);
    for (const [name, type, text] of [
      ['id', 'text', '8'],
      ['a', 'text', '8'],
      ['b', 'text', 'x-8'],
    ] as const) {
      const encoder = plan.sourceOf(name).encoder(cqlType(type));
      if ('problem' in encoder) throw new Error(encoder.problem);
      expect(staging.toString('utf8', 0, encoder.write(plan.places.at(3), staging, 0))).toBe(text);
    }
    expect(plan.columnSource('id')).toBeUndefined();
  });

  it.each([
    ['INSERT INTO t (a) VALUES ([float rand(1)]) DO 9', 'column a (int): [float rand(1)] is a real number'],
    ['INSERT INTO t (a, b) VALUES ([int inc(0)], ?) DO 9', 'the text has 2 bind markers, and values for 1'],
  ])('%s: %s', (text, problem) => {
    expect(() => bound(rows(text).cql!, columns)).toThrow(problem);
  });
});

const keys: CqlTableKeys = {
  keyspace: 'stress',
  table: 't',
  partitionKey: ['a', 'd'],
  clusteringKey: ['ts'],
};

describe('warnings about keys', () => {
  const table: readonly [string, readonly RegExp[], Partial<CqlTableKeys>?][] = [
    [
      "INSERT INTO t (a, d, ts) VALUES ([int inc(0) 5], [date seq('2026-01-01')], [timestamp seq('2026-01-01')]) SERIES (a) DO 50",
      [
        /^5 series by \(a\), but the partition key of t is \(a, d\): a series has a partition for each d, 50 in all$/,
      ],
    ],
    [
      "INSERT INTO t (a, d, ts) VALUES ([int inc(0) 5], [date const('2026-01-01')], [timestamp seq('2026-01-01')]) SERIES (a) DO 50",
      [],
    ],
    [
      "INSERT INTO t (a, d, b, ts) VALUES ([int inc(0) 5], [date const('2026-01-01')], [x|y], [timestamp seq('2026-01-01')]) SERIES (a, b) DO 50",
      [
        /series that differ only in b share a partition, 5 in all$/,
        /^rows replace each other: the primary key of t is \(a, d, ts\)/,
      ],
    ],
    [
      'INSERT INTO t (a, b) VALUES ([int inc(0) 5], [int inc(0)]) DO 50',
      [/^rows replace each other: the primary key of t is \(a\)/],
      { partitionKey: ['a'], clusteringKey: [] },
    ],
    [
      'INSERT INTO t (a, b) VALUES ([int inc(0) 5], [int inc(0)]) IF NOT EXISTS DO 50',
      [],
      { partitionKey: ['a'], clusteringKey: [] },
    ],
    ['UPDATE t SET c = c + 1 WHERE a = [int inc(0) 5] DO 50', [], { partitionKey: ['a'], clusteringKey: [] }],
    ['INSERT INTO t (a, d) VALUES ([int inc(0)], [date const(2026-01-01)]) DO 50', [], { clusteringKey: [] }],
    [
      'INSERT INTO t (a, d) VALUES ([int inc(0)], [date const(2026-01-01)]) SERIES (d, a) DO 50',
      [],
      { partitionKey: ['a'], clusteringKey: [] },
    ],
    ['INSERT INTO t (a, b) VALUES ([int inc(0) 5], [uuid hash()]) DO 50', [], { partitionKey: ['a', 'id'] }],
    ['INSERT INTO u (a) VALUES ([int inc(0) 5]) DO 50', []],
    [
      'INSERT INTO Stress.T (a) VALUES ([int inc(0) 5]) DO 50',
      [/^rows replace/],
      { partitionKey: ['a'], clusteringKey: [] },
    ],
    ['INSERT INTO "T" (a) VALUES ([int inc(0) 5]) DO 50', []],
  ];
  it.each(table)('%s', (text, expected, of) => {
    const { values } = bound(rows(text).cql!, { ...columns, b: 'text' }, [{ ...keys, ...of }]);
    expect(values.warnings).toHaveLength(expected.length);
    for (const [at, words] of expected.entries()) expect(values.warnings[at]).toMatch(words);
  });
});

describe('counting keys', () => {
  /** Slots by column, and whether combinations with them can be counted exactly. */
  const slots = {
    a: '[int inc(0) 3]',
    b: '[int inc(5) 4]',
    c: '[bigint seq(0, 1)]',
    d: '[int inc(0)]',
    e: '[uuid rand() 2]',
    f: '[int const(1)]',
    g: '[int rand(3)]',
    h: '[int seq(0, 1) 7]',
  } as const;
  const names = Object.keys(slots) as (keyof typeof slots)[];
  const template = `INSERT INTO t (${names.join(', ')}) VALUES (${names.map((name) => slots[name]).join(', ')})`;

  it('says what the rows have', () => {
    fc.assert(
      fc.property(
        fc.subarray(names),
        fc.subarray(['a', 'b', 'e'] as const),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 4 }),
        (key, series, items, RowsPerBatch) => {
          const clause = series.length === 0 ? '(f)' : `(${series.join(', ')})`;
          const plan = rows(`${template} SERIES ${clause} DO ${items}`, { settings: { RowsPerBatch } });
          const found = new Set(
            Array.from({ length: items }, (_, index) =>
              key.map((name) => plan.columnOf(name, index).text).join(' '),
            ),
          );
          const exactly = plan.partitionsOf!(key);
          if (exactly !== undefined) expect(exactly).toBe(found.size);
          if (plan.overwrites(items, key)) expect(found.size).toBeLessThan(items);
          if (exactly !== undefined) expect(plan.overwrites(items, key)).toBe(exactly < items);
          if (key.every((name) => series.includes(name as 'a') || name === 'c' || name === 'f'))
            expect(exactly).toBeDefined();
        },
      ),
      { seed, numRuns: 300 },
    );
  });
});

it('no row is longer than declared', () => {
  const plan = rows(
    "INSERT INTO t (a, b, c) VALUES ([int inc(0)], 'ü[str rand(0, 9)][a|ü]', [bigint rand(100)]) DO 500",
  );
  const { values } = bound(plan.cql!, columns);
  const lengths = Array.from({ length: 500 }, (_, index) =>
    serializedValues(values, index, -1).reduce((sum, value) => sum + 4 + value!.length, 0),
  );
  expect(Math.max(...lengths)).toBe(values.itemBytesAtMost);
});

it.each<[string, number | undefined, boolean]>([
  ['[int inc(0) 5], [int inc(0)], [int rand(3)]', Infinity, false],
  ['[int inc(0) 5], [int seq(0, 1)], [uuid rand()]', Infinity, false],
  ['[int inc(0) 5], [int seq(0, 1)], [int rand(3)]', undefined, false],
  ['[int inc(0) 5], [int seq(0, 1)], 7', undefined, false],
  ['[int inc(0) 5], [int rand(4)], [int rand(3)]', undefined, true],
  ['[int inc(0) 5], [x|y], 7', 10, true],
])('without an end, (%s) are %s keys', (values, count, replaces) => {
  const plan = rows(`INSERT INTO t (a, b, c) VALUES (${values}) FOR 1s`);
  expect([plan.partitionsOf!(['a', 'b', 'c']), plan.overwrites(Infinity, ['a', 'b', 'c'])]).toEqual([
    count,
    replaces,
  ]);
});

it.each([
  ['INSERT INTO t (a, id) VALUES ([int inc(0) 5], uuid()) DO 50', ['id']],
  [`INSERT INTO t JSON '{"a": [int inc(0) 5]}' DO 50`, ['a']],
  ['UPDATE t SET b = 1 WHERE a = [int inc(0) 5] DO 50', ['a']],
  ['INSERT INTO t (a) VALUES ([int inc(0) 5]) DO 50', ['a', 'b']],
])('%s does not tell what it replaces', (text, key) => {
  const plan = rows(text);
  expect([plan.overwrites(50, key), plan.partitionsOf!(key)]).toEqual([false, undefined]);
});
