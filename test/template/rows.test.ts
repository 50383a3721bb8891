import { describe, expect, it } from 'vitest';
import { compiled, insertPlan, lines, type Conditions } from './compiled.ts';

const rows: readonly [string, readonly string[], Conditions?][] = [
  [
    "INSERT INTO t (a, b) VALUES ([int inc(0) 2], 'x-[int inc(5)]') DO 10",
    [
      "INSERT INTO t (a, b) VALUES (0, 'x-5')",
      "INSERT INTO t (a, b) VALUES (1, 'x-6')",
      "INSERT INTO t (a, b) VALUES (0, 'x-7')",
    ],
  ],
  [
    "INSERT INTO ks.t (a, b, c) VALUES ([str inc(0)], [a|b's], [1|2]) IF NOT EXISTS USING TTL [int const(60)] DO 10",
    [
      "INSERT INTO ks.t (a, b, c) VALUES ('0', 'a', 1) IF NOT EXISTS USING TTL 60",
      "INSERT INTO ks.t (a, b, c) VALUES ('1', 'b''s', 2) IF NOT EXISTS USING TTL 60",
    ],
  ],
  [
    "UPDATE t SET n = n + [counter const(1)] WHERE id = [uuid inc(0) 2] AND day = [date inc('2026-01-01') 2] DO 10",
    [
      "UPDATE t SET n = n + 1 WHERE id = 00000000-0000-4000-8000-000000000000 AND day = '2026-01-01'",
      "UPDATE t SET n = n + 1 WHERE id = 00000000-0000-4000-8000-000000000001 AND day = '2026-01-02'",
    ],
  ],
  [
    "INSERT INTO t (a, l, m, s, v, x) VALUES ([int inc(0)], [[int inc(0)], 2], {'k': [double const(1.5)]}, [set(2) of text inc(0)], [vector(2) const(0.5)], [blob const(0x00ff)]) DO 10",
    ["INSERT INTO t (a, l, m, s, v, x) VALUES (0, [0, 2], {'k': 1.5}, {'0', '1'}, [0.5, 0.5], 0x00ff)"],
  ],
  [
    'BEGIN UNLOGGED BATCH\nINSERT INTO a (id) VALUES ([id: int inc(0)]);\nDELETE v FROM b WHERE id = [=id];\nAPPLY BATCH\nDO 10',
    ['BEGIN UNLOGGED BATCH\nINSERT INTO a (id) VALUES (0);\nDELETE v FROM b WHERE id = 0;\nAPPLY BATCH'],
  ],
];

describe('rows of a CQL write', () => {
  it.each(rows)('%s', (text, expected, conditions) => {
    expect(lines(insertPlan(`INSERT t\n${text}\n`, conditions), expected.length)).toEqual(expected);
  });
});

describe('the odometer of rows', () => {
  it('is the columns of SERIES', () => {
    const plan = insertPlan(
      "INSERT t\nINSERT INTO t (a, b, c, d) VALUES ([int inc(0) 4], [int inc(0)], 's-[int inc(0) 3]', [int seq(0, 1)])\nSERIES (c, a) DO 10\n",
    );
    expect([plan.seriesCardinality, plan.itemsOfTurn]).toEqual([12, 12]);
    expect(plan.odometer.map(({ place, count }) => [place, count])).toEqual([
      ['column a', 4],
      ['column c', 3],
    ]);
    expect(plan.tagsOf(5)).toEqual([
      ['c', { text: 's-1', isText: true }],
      ['a', { text: '1', isText: false }],
    ]);
    expect([11, 12].map((index) => plan.valueOf('d', index).text)).toEqual(['0', '1']);
  });

  it('is else the bounded slots before the first unbounded one', () => {
    const plan = insertPlan(
      'INSERT t\nINSERT INTO t (a, b, c, d) VALUES ([int inc(0) 4], [x|y], [int inc(0)], [int inc(0) 3])\nDO 10\n',
    );
    expect(plan.seriesCardinality).toBe(8);
    expect([2, 3, 4].map((index) => plan.valueOf('d', index).text)).toEqual(['2', '0', '1']);
  });

  it('puts turns of a series beside one another for a batch', () => {
    const plan = insertPlan(
      'INSERT t\nINSERT INTO t (a, b) VALUES ([int inc(0) 2], [int seq(0, 1)])\nDO 10\n',
      { settings: { RowsPerBatch: 3 } },
    );
    expect(plan.batchSize).toBe(3);
    expect(lines(plan, 8).map((line) => /\((\d), (\d)\)/.exec(line)!.slice(1).join(' '))).toEqual([
      '0 0',
      '0 1',
      '0 2',
      '1 0',
      '1 1',
      '1 2',
      '0 3',
      '0 4',
    ]);
  });
});

describe('sending again', () => {
  it.each<[string, boolean]>([
    ['INSERT INTO t (a) VALUES ([int inc(0)])', true],
    ['INSERT INTO t (a) VALUES ([int inc(0)]) IF NOT EXISTS', false],
    ['INSERT INTO t (a, b) VALUES ([int inc(0)], now())', false],
    ['UPDATE t SET v = [int inc(0)] WHERE a = 1', true],
    ['UPDATE t SET v = [int inc(0)] WHERE a = 1 IF v = 2', false],
    ['UPDATE t SET n = n + 1 WHERE a = [int inc(0)]', false],
    ['UPDATE t SET n += [counter const(1)] WHERE a = 1', false],
    ['UPDATE t SET l = l + [[int inc(0)]] WHERE a = 1', false],
    ["UPDATE t SET s = s + {'[int inc(0)]'} WHERE a = 1", true],
    ["UPDATE t SET l[0] = 'x' WHERE a = [int inc(0)]", false],
    ['DELETE FROM t WHERE a = [int inc(0)]', true],
    ['DELETE b FROM t WHERE a = [int inc(0)]', true],
    ['BEGIN COUNTER BATCH UPDATE t SET n += 1 WHERE a = [int inc(0)]; APPLY BATCH', false],
    ['BEGIN BATCH INSERT INTO t (a) VALUES ([int inc(0)]) APPLY BATCH', true],
  ])('%s: %s', (text, expected) => {
    expect(insertPlan(`INSERT t\n${text}\nDO 10\n`).idempotent).toBe(expected);
  });
});

describe('mistakes', () => {
  it.each([
    [
      'INSERT INTO t (a, n) VALUES ([int inc(0)], [tinyint inc(0) 1000])',
      'T011',
      /column n: \[tinyint inc\(0\) 1000\] reaches 999/,
    ],
    ['INSERT INTO t (a) VALUES ([int const(3000000000)])', 'T004', /column a/],
    ['INSERT INTO t (a) VALUES ([int rand(5000000000)])', 'T004', /-2147483648 to 2147483647/],
    ["INSERT INTO t (a) VALUES ([uuid const('x')])", 'T004', /column a.*a UUID/],
    ['INSERT INTO t (a, b) VALUES ([int inc(0)])', 'T023', /2 values, one a column/],
    ['INSERT INTO t (a) VALUES ([int inc(0)], 2)', 'T023', /1 values, one a column/],
    ['UPDATE t SET a = [int inc(0)]', 'T023', /WHERE/],
    ['INSERT INTO t (a) VALUES ([int inc(0)]) SERIES (b)', 'T025', /SERIES names b/],
    ['INSERT INTO t (a) VALUES ([int inc(0)]) SERIES (a)', 'W101', /column a/],
    ['INSERT INTO t (a) VALUES ([x*2|y]) SERIES (a)', 'T009', /column a/],
    ["INSERT INTO t (a) VALUES ('[int inc(0) 12][int inc(0) 12]')", 'T010', /110/],
  ])('%s is %s', (text, code, words) => {
    const { diagnostics } = compiled(`INSERT t\n${text}\nDO 1000\n`);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
    expect(diagnostics[0]!.message).toMatch(words);
  });
});

it('requests hold the rows as previewed', () => {
  const plan = insertPlan(
    "INSERT t\nINSERT INTO t (a, b) VALUES ([int inc(0) 3], 'ü[str rand(3)]')\nDO 10\n",
    {
      settings: { RowsPerBatch: 4 },
    },
  );
  const staging = Buffer.alloc(plan.operationBytesAtMost);
  const end = plan.write({ operation: 2, intendedNs: 0, pick: -1 }, 10, staging, 0);
  expect(staging.toString('utf8', 0, end)).toBe(`${plan.item(8)}\n${plan.item(9)}`);
});

it('a plan says what a row holds', () => {
  const plan = insertPlan(
    "INSERT t\nINSERT INTO shop.r (id, ts, v) VALUES ([int inc(0) 3], [timestamp seq('2026-01-01', 1m)], [double normal(20, 5)])\nDO 10\n",
  );
  expect([plan.measurementOf(0), plan.fieldKeys, plan.timeName]).toEqual(['shop.r', ['v'], 'ts']);
  expect(plan.timestampNs(3)).toBe(BigInt(Date.UTC(2026, 0, 1, 0, 1)) * 1_000_000n);
  expect(plan.distributions().map(({ place }) => place)).toEqual(['column id', 'column v']);
});
