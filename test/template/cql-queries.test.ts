import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CqlPlan, CqlTableKeys } from '../../src/stress-client/cql-plan.ts';
import { describeWithCassandra } from '../servers/cassandra.ts';
import { bound, executedText, serializedValues, type ColumnTypes } from './bound.ts';
import { compiled, insertPlan, queryPlan, type Conditions } from './compiled.ts';

const cql: Conditions = { settings: { Target: 'cql', Keyspace: 'shop' } };

const rows = `INSERT cpu
INSERT INTO shop.r (sensor, "Day", ts, v) VALUES ('s-[int inc(0) 10]', [date const('2026-01-01')], [timestamp seq('2026-01-01', 1m)], [double inc(0)])
SERIES (sensor) DO 1000

`;
const points = `INSERT cpu
cpu,host=server-[id: int inc(0) 10],dc=[it's|b] value=[float inc(0, 0.5)],n=[int inc(0)],note="say \\"hi\\""
1000 10s

`;
const tables = `INSERT cpu
m[int inc(0) 2],host=h-[int inc(0) 3] value=[float inc(0, 0.5)]
1000 10s

`;
const constants = `INSERT cpu
INSERT INTO c (region, sensor, ts, v) VALUES ('it''s', 's-[sensor: int inc(0) 10]', [timestamp seq('2026-01-01', 1m)], -5) USING TTL 60
DO 1000

`;
const types: ColumnTypes = {
  region: 'text',
  sensor: 'text',
  Day: 'date',
  ts: 'timestamp',
  v: 'double',
  host: 'text',
  dc: 'text',
  value: 'double',
  n: 'bigint',
  note: 'text',
  time: 'timestamp',
  i: 'int',
  t: 'text',
  u: 'uuid',
  ok: 'boolean',
};
const keys: readonly CqlTableKeys[] = [
  { keyspace: 'shop', table: 'r', partitionKey: ['sensor', 'Day'], clusteringKey: ['ts'] },
  { keyspace: 'shop', table: 'c', partitionKey: ['region', 'sensor'], clusteringKey: ['ts'] },
  { keyspace: 'shop', table: 'cpu', partitionKey: ['host', 'dc'], clusteringKey: ['time'] },
  { keyspace: 'shop', table: 'm0', partitionKey: ['host'], clusteringKey: ['time'] },
  { keyspace: 'shop', table: 'm1', partitionKey: ['host', 'time'], clusteringKey: [] },
  { keyspace: 'other', table: 'cpu', partitionKey: ['value'], clusteringKey: [] },
];

function cqlOf(text: string): CqlPlan {
  return queryPlan(`${text}\nDO 100\n`, cql).cql!;
}

/** Companion, query, its texts, and what query 4 about item 13 executes. */
const filled: readonly [string, string, readonly string[], string][] = [
  [
    '',
    'SELECT v FROM m WHERE i = [int inc(5)]',
    ['SELECT v FROM m WHERE i = ?'],
    'SELECT v FROM m WHERE i = 9',
  ],
  [
    '',
    "SELECT v FROM m WHERE t = 'it''s-[int inc(0) 3]'",
    ['SELECT v FROM m WHERE t = ?'],
    "SELECT v FROM m WHERE t = 'it''s-1'",
  ],
  [
    '',
    "SELECT v FROM m WHERE i = [id: int rand(1000000)] AND t = 'x[=id]' AND n = [=id]",
    ['SELECT v FROM m WHERE i = ? AND t = ? AND n = ?'],
    `SELECT v FROM m WHERE i = 56376 AND t = 'x56376' AND n = 56376`,
  ],
  [
    '',
    "SELECT [min|max](v) FROM m WHERE t = '[a|b]'",
    ['SELECT min(v) FROM m WHERE t = ?', 'SELECT max(v) FROM m WHERE t = ?'],
    "SELECT min(v) FROM m WHERE t = 'a'",
  ],
  [
    '',
    'SELECT [f: min|max](v), [=f](n) FROM m[int inc(0) 2] WHERE i = [int inc(0)]',
    [
      'SELECT min(v), min(n) FROM m0 WHERE i = ?',
      'SELECT max(v), max(n) FROM m0 WHERE i = ?',
      'SELECT min(v), min(n) FROM m1 WHERE i = ?',
      'SELECT max(v), max(n) FROM m1 WHERE i = ?',
    ],
    'SELECT min(v), min(n) FROM m0 WHERE i = 4',
  ],
  [
    rows,
    'SELECT * FROM %m WHERE %k',
    ['SELECT * FROM shop.r WHERE sensor = ? AND "Day" = ?'],
    `SELECT * FROM shop.r WHERE sensor = 's-3' AND "Day" = '2026-01-01'`,
  ],
  [
    rows,
    'SELECT * FROM %m WHERE %K',
    ['SELECT * FROM shop.r WHERE sensor = ? AND "Day" = ? AND ts = ?'],
    `SELECT * FROM shop.r WHERE sensor = 's-3' AND "Day" = '2026-01-01' AND ts = '2026-01-01T00:01:00.000Z'`,
  ],
  [
    rows,
    'SELECT * FROM %m WHERE %T AND "Day" = %("Day") AND ts = %a AND v > %(v)',
    ['SELECT * FROM shop.r WHERE sensor = ? AND "Day" = ? AND ts = ? AND v > ?'],
    `SELECT * FROM shop.r WHERE sensor = 's-3' AND "Day" = '2026-01-01' AND ts = '2026-01-01T00:01:00.000Z' AND v > 13`,
  ],
  [
    constants,
    'SELECT * FROM %m WHERE %k AND v = %(v) AND i = %(sensor)',
    ['SELECT * FROM c WHERE region = ? AND sensor = ? AND v = ? AND i = ?'],
    `SELECT * FROM c WHERE region = 'it''s' AND sensor = 's-3' AND v = -5 AND i = 3`,
  ],
  [
    points,
    'SELECT * FROM %m WHERE %K',
    ['SELECT * FROM cpu WHERE host = ? AND dc = ? AND time = ?'],
    `SELECT * FROM cpu WHERE host = 'server-3' AND dc = 'b' AND time = '2016-01-01T00:00:00.000Z'`,
  ],
  [
    points,
    'SELECT * FROM "%m" WHERE %T AND time = %a AND i = %(id) AND value = %(value) AND n = %(n) AND note = %(note)',
    [
      'SELECT * FROM "cpu" WHERE host = ? AND dc = ? AND time = ? AND i = ? AND value = ? AND n = ? AND note = ?',
    ],
    `SELECT * FROM "cpu" WHERE host = 'server-3' AND dc = 'b' AND time = '2016-01-01T00:00:00.000Z' AND i = 3 AND value = 6.5 AND n = 13 AND note = 'say "hi"'`,
  ],
  [
    tables,
    'SELECT * FROM %m WHERE %k',
    ['SELECT * FROM m0 WHERE host = ?', 'SELECT * FROM m1 WHERE host = ? AND time = ?'],
    `SELECT * FROM m1 WHERE host = 'h-0' AND time = '2016-01-01T00:00:20.000Z'`,
  ],
];

describe('a query as prepared texts', () => {
  it.each(filled)('%s%s', (companion, text, texts, executed) => {
    const plan = cqlOf(`${companion}QUERY cpu\n${text}`);
    expect(plan.batch).toBe('none');
    const made = bound(plan, types, keys);
    expect(made.texts).toEqual(texts);
    expect(executedText(made, 4, 13)).toBe(executed);
  });

  it('asks for the keys of the tables that it needs', () => {
    expect(cqlOf(`${tables}QUERY cpu\nSELECT * FROM %m WHERE %k`).tables).toEqual(['m0', 'm1']);
    expect(cqlOf(`${tables}QUERY cpu\nSELECT * FROM %m WHERE %T`).tables).toEqual([]);
    expect(cqlOf(`${rows}QUERY cpu\nSELECT * FROM %m WHERE %K`).tables).toEqual(['shop.r']);
  });

  it('%t and %f make a text for each tag and field', () => {
    const { texts } = bound(cqlOf(`${points}QUERY cpu\nSELECT %f FROM cpu WHERE %t`), types);
    expect(texts).toEqual(
      ['host', 'dc'].flatMap((tag) =>
        ['value', 'n', 'note'].map((field) => `SELECT ${field} FROM cpu WHERE ${tag} = ?`),
      ),
    );
  });
});

describe('what a query sends', () => {
  /** Conditions, each with its own markers. */
  const conditions = [
    'i = [int rand(1000)]',
    'n = [bigint rand(100000)]',
    'v < [double inc(0, 0.25)]',
    "t = 'x-[str rand(5)]-[a|b''c]'",
    'u = [uuid rand()]',
    'ok = [bool rand()]',
    "ts > [timestamp seq('2026-01-01', 90s)]",
    '[i|n] = 5',
    '%t',
    '%T',
    '%k',
    '%K',
    'ts = %a',
  ];
  const ofRows = [...conditions, 'sensor = %(sensor)', '"Day" = %("Day")', 'v = %(v)'];
  const ofPoints = [...conditions, 'i = %(id)', 'value = %(value)', 'note = %(note)', 'dc = %(dc)'];

  it.each([
    ['rows', rows, ofRows],
    ['points', points, ofPoints],
    ['points of several tables', tables, [...conditions, 'host = %(host)']],
  ])('about %s is what its preview shows', (_, companion, pool) => {
    // The preview knows no schema: here its key columns are those of the table.
    const known: readonly CqlTableKeys[] = [
      { keyspace: 'shop', table: 'r', partitionKey: ['sensor'], clusteringKey: ['ts'] },
      ...['cpu', 'm0', 'm1'].map((table) => ({
        keyspace: 'shop',
        table,
        partitionKey: table === 'cpu' ? ['host', 'dc'] : ['host'],
        clusteringKey: ['time'],
      })),
    ];
    fc.assert(
      fc.property(
        fc.subarray(pool, { minLength: 1 }),
        fc.constantFrom('SELECT %f FROM %m', 'SELECT [min|max*3](v) FROM %m', 'SELECT * FROM x'),
        fc.array(fc.tuple(fc.nat({ max: 1_000_000 }), fc.nat({ max: 999 })), { minLength: 1, maxLength: 8 }),
        (chosen, head, asked) => {
          const plan = queryPlan(
            `${companion}QUERY cpu\n${head} WHERE ${chosen.join(' AND ')}\nDO 1000001\n`,
            cql,
          );
          const made = bound(plan.cql!, types, known);
          for (const [index, pick] of asked)
            expect(executedText(made, index, pick)).toBe(plan.item(index, pick));
        },
      ),
      { seed: 42, numRuns: 150 },
    );
  });
});

describe('problems', () => {
  it.each([
    [
      `${rows}QUERY cpu\nSELECT * FROM %m WHERE %k`,
      [],
      '%k stands for key columns of shop.r, and there is no such table',
    ],
    [
      `${rows}QUERY cpu\nSELECT * FROM %m WHERE %K`,
      [{ keyspace: 'shop', table: 'r', partitionKey: ['sensor'], clusteringKey: ['nr'] }],
      '%K needs column nr of the key of shop.r, and the INSERT makes no value of it',
    ],
  ])('%s', (text, known, problem) => {
    expect(cqlOf(text).texts(known)).toMatchObject({ problem });
  });

  it('a value that does not fit, and a marker without a value', () => {
    const int = { markers: [{ name: 'i', type: { kind: 'native', name: 'int' } }] } as const;
    expect(cqlOf("QUERY q\nSELECT v FROM m WHERE i = '[str rand(3)]'").bind([int], [])).toMatchObject({
      problem: expect.stringMatching(/^column i \(int\): '\[str rand\(3\)\]' is a text/) as string,
    });
    expect(cqlOf('QUERY q\nSELECT v FROM m WHERE i = ?').bind([int], [])).toMatchObject({
      problem: 'the text has 1 bind marker, and values for 0',
    });
  });
});

describe('mistakes', () => {
  const names = Array.from({ length: 17 }, (_, index) => `f${index}`).join('|');
  it.each([
    [`QUERY q\nSELECT [${names}], [a: ${names}] FROM m\nDO 1`, 'T026', /289 texts to prepare/],
    ['QUERY q\nSELECT v FROM m[int inc(0)]\nDO 1', 'T026', /\[int inc\(0\)\] is part of a word or name/],
    ['QUERY q\nSELECT v FROM "m [int inc(0) 300]"\nDO 1', 'T026', /256 values at most/],
    [`${points}QUERY cpu\nSELECT v FROM "%(host)"\nDO 1`, 'T021', /no value in a name/],
  ])('%s is %s', (text, code, words) => {
    const { diagnostics, query } = compiled(`${text}\n`, cql);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
    expect(diagnostics[0]!.message).toMatch(words);
    expect(query).toBeUndefined();
  });

  it('other targets prepare nothing', () => {
    expect(queryPlan(`QUERY q\nSELECT [${names}], [a: ${names}] FROM m\nDO 1\n`).cql).toBeUndefined();
    expect(insertPlan(points).cql).toBeUndefined();
  });
});

describeWithCassandra('queries about rows on a real Cassandra', (cassandra) => {
  it('find the rows that they are about', { timeout: 120_000 }, async () => {
    const keyspace = await cassandra.createKeyspace();
    const conditions: Conditions = { settings: { Target: 'cql', Keyspace: keyspace } };
    const insert = `INSERT r
INSERT INTO r (region, sensor, "Day", ts, v, tags) VALUES ('it''s', 's-[sensor: int inc(0) 10]', [date seq('2026-01-01', 1d)], [timestamp seq('2026-01-01', 1d)], [double rand(10)], ['x', 'y-[=sensor]'])
DO 100

`;
    await cassandra.query(
      'CREATE TABLE r (region text, sensor text, "Day" date, ts timestamp, v double, tags list<text>, PRIMARY KEY ((region, sensor, "Day"), ts))',
      keyspace,
    );
    const plan = insertPlan(insert, conditions);
    for (let index = 0; index < 100; index++) await cassandra.query(plan.item(index), keyspace);
    const client = await cassandra.client(keyspace);
    const known: readonly CqlTableKeys[] = [
      { keyspace, table: 'r', partitionKey: ['region', 'sensor', 'Day'], clusteringKey: ['ts'] },
    ];
    for (const text of [
      'SELECT * FROM %m WHERE %k',
      'SELECT %f, [ts|region] FROM %m WHERE %K',
      `SELECT * FROM r WHERE %k AND ts <= %a AND v = %(v) LIMIT [int inc(1) 3] ALLOW FILTERING`,
      `SELECT * FROM r WHERE %K AND tags CONTAINS '[x|x]' AND v < [double const(10)] ALLOW FILTERING`,
    ]) {
      const query = queryPlan(`${insert}QUERY r\n${text}\nDO 100\n`, conditions).cql!;
      const { texts, values } = bound(query, { ...types, LIMIT: 'int', CONTAINS: 'text' }, known);
      for (let index = 0; index < 25; index++) {
        const pick = (index * 37) % 100;
        const chosen = texts[values.textOf(index, pick)]!;
        const found = await client.execute(chosen, serializedValues(values, index, pick), { prepare: true });
        expect([chosen, found.rowLength]).toEqual([chosen, 1]);
        const [row] = found.rows;
        if (text.includes('*'))
          expect([row!['sensor'], row!['v'], String(row!['Day'])]).toEqual([
            plan.columnOf('sensor', pick).text,
            Number(plan.columnOf('v', pick).text),
            plan.columnOf('Day', pick).text,
          ]);
      }
    }
  });
});
