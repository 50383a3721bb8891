import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CqlPlan, CqlTableKeys } from '../../src/stress-client/cql-plan.ts';
import type { CqlNativeName } from '../../src/stress-client/cql-type.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import { describeWithCassandra } from '../servers/cassandra.ts';
import { bound, executedText, serializedValues, type ColumnTypes } from './bound.ts';
import { compiled, insertPlan, queryPlan, type Conditions } from './compiled.ts';

function onCql(settings: Partial<Settings> = {}): Conditions {
  return { settings: { Target: 'cql', Keyspace: 'shop', ...settings } };
}

/** Column types as CREATE TABLE has them. */
function columnTypes(plan: CqlPlan): ColumnTypes {
  const [, columns = ''] = /\((.*), PRIMARY KEY/.exec(plan.schema[1]!)!;
  return Object.fromEntries(
    columns.split(', ').map((column) => {
      const [, name = '', type] = /^(.*) (\w+)$/.exec(column)!;
      return [name.replaceAll(/^"|"$/g, ''), type as CqlNativeName];
    }),
  );
}

/** Point template, columns of its table, and its third row as CQL. */
const templates: readonly [string, string, string, Partial<Settings>?][] = [
  [
    'cpu,host=h-[int inc(0) 10],dc=[a|it\'s] value=[float inc(0, 0.5)],n=[int inc(5)],ok=[bool const(true)],note="say \\"hi\\""',
    'cpu (host text, dc text, time timestamp, value double, n bigint, ok boolean, note text, PRIMARY KEY ((host, dc), time))',
    `INSERT INTO cpu (host, dc, time, value, n, ok, note) VALUES ('h-2', 'a', '2016-01-01T00:00:00.000Z', 1, 7, true, 'say "hi"')`,
  ],
  [
    'Cpu,Host=a,key\\ 1=b,order=c value=1.50',
    '"Cpu" ("Host" text, "key 1" text, "order" text, time timestamp, value double, PRIMARY KEY (("Host", "key 1", "order"), time))',
    `INSERT INTO "Cpu" ("Host", "key 1", "order", time, value) VALUES ('a', 'b', 'c', '2016-01-01T00:00:20.000Z', 1.5)`,
  ],
  [
    'm,h=a i=5i,j=-7i,f=F,t=true,e=1e3,p=+.5,big=1e30',
    'm (h text, time timestamp, i bigint, j bigint, f boolean, t boolean, e double, p double, big double, PRIMARY KEY ((h), time))',
    `INSERT INTO m (h, time, i, j, f, t, e, p, big) VALUES ('a', '2016-01-01T00:00:20.000Z', 5, -7, false, true, 1000, 0.5, 1e+30)`,
  ],
  [
    'm,h=a i=[1i|2i|3i],f=[1|2i|0.5],b=[t|F|True],w=[1|true|2],s=[x|y|z]',
    'm (h text, time timestamp, i bigint, f double, b boolean, w text, s text, PRIMARY KEY ((h), time))',
    `INSERT INTO m (h, time, i, f, b, w, s) VALUES ('a', '2016-01-01T00:00:20.000Z', 3, 0.5, true, '2', 'z')`,
  ],
  [
    'm,h=a u=[uuid hash()],d=[date const(\'2026-01-01\')],x="v-[int inc(0)]"',
    'm (h text, time timestamp, u text, d text, x text, PRIMARY KEY ((h), time))',
    `INSERT INTO m (h, time, u, d, x) VALUES ('a', '2016-01-01T00:00:20.000Z', '`,
  ],
  [
    'm value=[int inc(0)]',
    'm (time timestamp, value bigint, PRIMARY KEY (time))',
    `INSERT INTO m (time, value) VALUES ('2016-01-01T00:00:20.000Z', 2)`,
  ],
  [
    'm,h=a v=1i',
    'm (h text, time bigint, v bigint, PRIMARY KEY ((h), time))',
    `INSERT INTO m (h, time, v) VALUES ('a', 1451606420000000000, 1)`,
    { Precision: 'ns' },
  ],
  [
    'm,h=a v=1i',
    'm (h text, time bigint, v bigint, PRIMARY KEY ((h), time))',
    `INSERT INTO m (h, time, v) VALUES ('a', -280000000, 1)`,
    { Precision: 'u', StartDate: '1969-12-31T23:55:00Z' },
  ],
];

describe('points as rows', () => {
  it.each(templates)('%s', (template, table, row, settings) => {
    const plan = insertPlan(`INSERT t\n${template}\n100 10s\n`, onCql({ CreateTables: true, ...settings }));
    expect(plan.itemName).toBe('row');
    expect(plan.item(2).startsWith(row)).toBe(true);
    const cql = plan.cql!;
    expect(cql.schema).toEqual([
      "CREATE KEYSPACE IF NOT EXISTS shop WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
      `CREATE TABLE IF NOT EXISTS shop.${table}`,
    ]);
    const made = bound(cql, columnTypes(cql));
    for (let index = 0; index < 30; index++) {
      // A double has one text in JavaScript, of which 1e30 is not what CQL would print; here both are JavaScript's.
      expect(executedText(made, index, -1)).toBe(plan.item(index));
    }
  });

  it('may have fields of several kinds, which are one column', () => {
    const script = 'INSERT t\nm,h=a f=[1|2i]\n10\n';
    expect(compiled(script, onCql()).diagnostics).toEqual([]);
    expect(compiled(script).diagnostics.map(({ code }) => code)).toEqual(['W103']);
  });

  it('without CreateTables make nothing', () => {
    expect(insertPlan('INSERT t\nm v=1\n10\n', onCql()).cql!.schema).toEqual([]);
  });

  it('a measurement with slots is a table for each of its texts', () => {
    const text = 'INSERT t\n[a|B]_[int inc(0) 3],host=h-[int inc(0) 2] v=[int inc(0)]\n1000 10s\n';
    const plan = insertPlan(text, onCql({ CreateTables: true }));
    const names = ['a_0', '"B_0"', 'a_1', '"B_1"', 'a_2', '"B_2"'];
    expect(plan.tables).toEqual(names);
    expect(plan.cql!.tables).toEqual(names);
    expect(plan.cql!.schema).toHaveLength(7);
    const made = bound(plan.cql!, { host: 'text', time: 'timestamp', v: 'bigint' });
    for (let index = 0; index < 30; index++) expect(executedText(made, index, -1)).toBe(plan.item(index));
    expect(plan.item(7)).toBe(
      `INSERT INTO "B_0" (host, time, v) VALUES ('h-1', '2016-01-01T00:00:00.000Z', 7)`,
    );
    expect([plan.seriesCardinality, plan.measurementOf(7)]).toEqual([12, '"B_0"']);
  });

  it('RowsPerBatch makes turns of a series neighbours, and rows of them an operation', () => {
    const text = 'INSERT t\nm,h=[int inc(0) 3] v=[int inc(0)]\n24 10s\n';
    const plan = insertPlan(text, onCql({ RowsPerBatch: 4, BatchSize: 100 }));
    expect([plan.batchSize, plan.cql!.batch]).toEqual([4, 'unlogged']);
    const rows = Array.from({ length: 24 }, (_, index) => plan.item(index));
    expect(rows.map((row) => / VALUES \('(\d)'/.exec(row)![1]).join('')).toBe('000011112222000011112222');
    expect(new Set(rows.map((row) => row.replace(/, \d+\)$/, ''))).size).toBe(24);
    expect(plan.overwrites(24)).toBe(false);
    const staging = Buffer.alloc(plan.operationBytesAtMost);
    const end = plan.write({ operation: 2, intendedNs: 0, pick: -1 }, 24, staging, 0);
    expect(staging.toString('utf8', 0, end)).toBe(rows.slice(8, 12).join('\n'));
  });

  it('overwrite each other where the time has no step to take', () => {
    const plan = (step: string, settings: Partial<Settings>): boolean =>
      insertPlan(`INSERT t\nm,h=[int inc(0) 3] v=1\n30 ${step}\n`, onCql(settings)).overwrites(30);
    expect(plan('1s', {})).toBe(false);
    expect(plan('100ms', {})).toBe(true);
    expect(plan('100ms', { Precision: 'ms', RowsPerBatch: 5 })).toBe(false);
    expect(plan('100us', { Precision: 'ms' })).toBe(true);
    expect(plan('100us', { Precision: 'us', RowsPerBatch: 3 })).toBe(false);
  });

  it("fit the columns of the author's own table", () => {
    const plan = insertPlan(
      "INSERT t\nm,id=[int inc(0) 100],kind=7,u=[uuid inc(0) 5] n=[int inc(0)],f=[1|2],s=[date const('2026-01-01')]\n50 10s\n",
      onCql(),
    );
    const made = bound(plan.cql!, {
      id: 'int',
      kind: 'int',
      u: 'uuid',
      time: 'bigint',
      n: 'int',
      f: 'int',
      s: 'date',
    });
    const uuid = /'([\da-f-]{36})'/.exec(plan.item(49))![1];
    expect(executedText(made, 49, -1)).toBe(
      `INSERT INTO m (id, kind, u, time, n, f, s) VALUES (49, 7, ${uuid}, 1451606400, 49, 2, '2026-01-01')`,
    );
  });

  it('warn of a table whose key is not that of the points', () => {
    const plan = insertPlan('INSERT t\nm,a=[int inc(0) 3],b=x v=1\n30\n', onCql()).cql!;
    const warnings = (partitionKey: string[], clusteringKey: string[]): readonly string[] => {
      const keys: CqlTableKeys[] = [{ keyspace: 'shop', table: 'm', partitionKey, clusteringKey }];
      return bound(plan, { a: 'text', b: 'text', time: 'timestamp', v: 'double' }, keys).values.warnings;
    };
    expect(warnings(['a', 'b'], ['time'])).toEqual([]);
    expect(warnings(['b', 'a'], ['time'])).toEqual([]);
    expect(warnings(['a'], ['b', 'time'])).toEqual([
      'the partition key of m is (a), and the tags are (a, b): partitions are not the series',
    ]);
    expect(warnings(['a', 'b'], [])).toEqual([
      'the primary key of m is (a, b), without time: points that differ only there replace each other',
    ]);
  });

  it('warn of a timestamp that is coarser than the times', () => {
    const warnings = (step: string, time: CqlNativeName): readonly string[] => {
      const plan = insertPlan(`INSERT t\nm,a=[int inc(0) 3] v=1\n30 ${step}\n`, onCql({ Precision: 'us' }));
      return bound(plan.cql!, { a: 'text', time, v: 'double' }).values.warnings;
    };
    expect(warnings('100us', 'bigint')).toEqual([]);
    expect(warnings('1ms', 'timestamp')).toEqual([]);
    expect(warnings('100us', 'timestamp')).toEqual([
      'column time of m is a timestamp, which keeps milliseconds: points of a series within one replace each other',
    ]);
  });

  it('turn as influx stress v2 did where that is asked for', () => {
    const plan = insertPlan(
      'INSERT t\nm[int inc(0) 2],a=[int inc(0) 4],b=[int inc(0) 3] v=[int inc(0)]\n30 1s\n',
      {
        ...onCql(),
        compatibility: 'influx-v2',
      },
    );
    const made = bound(plan.cql!, { a: 'text', b: 'text', time: 'timestamp', v: 'bigint' });
    for (let index = 0; index < 30; index++) expect(executedText(made, index, -1)).toBe(plan.item(index));
    expect(plan.item(5)).toMatch(
      /^INSERT INTO m1 \(a, b, time, v\) VALUES \('1', '2', '2016-01-02T.*', 0\)$/,
    );
  });

  it('are what is bound, whatever the texts hold', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, text, fc.nat({ max: 500 }), (tag, field, index) => {
        const files = { 't.txt': tag, 'f.txt': field };
        const { insert } = compiled(
          `INSERT t\nm,k=[str file('t.txt')],h=x[int inc(0) 7] v=[str file('f.txt')],w="[str text(1,3)]"\n501 1m\n`,
          { ...onCql(), files },
        );
        // Line protocol has no words for every text.
        if (insert === undefined) return;
        const made = bound(insert.cql!, { k: 'text', h: 'text', time: 'timestamp', v: 'text', w: 'text' });
        const cells = serializedValues(made.values, index, -1).map((cell) => cell!.toString());
        expect(cells[0]).toBe(insert.columnOf('k', index).text);
        expect(cells[3]).toBe(insert.columnOf('v', index).text);
        expect(executedText(made, index, -1).replaceAll('?', '')).toBe(
          insert.item(index).replaceAll('?', ''),
        );
      }),
      { seed: 42, numRuns: 100 },
    );
  });
});

describe('Replication', () => {
  it.each([
    ['3', "{'class': 'SimpleStrategy', 'replication_factor': 3}"],
    ['dc1: 3, eu-west.2:2', "{'class': 'NetworkTopologyStrategy', 'dc1': 3, 'eu-west.2': 2}"],
    ["{'class': 'X', 'replication_factor': 2}", "{'class': 'X', 'replication_factor': 2}"],
    ['0', undefined],
    ['dc1=3', undefined],
    ["{'class': 'X'} AND durable_writes = false", undefined],
  ])('%s is %s', (Replication, expected) => {
    const { insert, diagnostics } = compiled(
      'INSERT t\nm v=1\n10\n',
      onCql({ CreateTables: true, Replication, Keyspace: '"Big"' }),
    );
    expect(insert?.cql!.schema[0]).toBe(
      expected && `CREATE KEYSPACE IF NOT EXISTS "Big" WITH replication = ${expected}`,
    );
    expect(diagnostics.map(({ code }) => code)).toEqual(expected === undefined ? ['C010'] : []);
  });
});

describe('mistakes', () => {
  it.each([
    ['m[int inc(0) 101] v=1', 'T026', /the measurement is 101 tables, and 100 is the most/],
    ['m[int inc(0)] v=1', 'T026', /a table of its own for every point/],
    ['disk-io v=1', 'T027', /no table of CQL can be called disk-io/],
    ['m,a=1 a=1', 'T014', /a tag and a field a/],
    ['m,time=1 v=1', 'T013', /tag key is time/],
  ])('%s is %s', (template, code, words) => {
    const { diagnostics, insert } = compiled(`INSERT t\n${template}\n1000 1s\n`, onCql());
    const found = diagnostics.filter(({ severity }) => severity === 'error');
    expect(found.map((each) => each.code)).toEqual([code]);
    expect(found[0]!.message).toMatch(words);
    expect(insert).toBeUndefined();
  });
});

/** Queries about points, and how many rows they find. */
const queries: readonly [string, number?][] = [
  ['SELECT * FROM %m WHERE %K', 1],
  ['SELECT %f FROM %m WHERE %T AND time = %a', 1],
  ['SELECT [max|min](value) FROM %m WHERE %k AND time <= %a', 1],
  [`SELECT * FROM %m WHERE host = 'h-[int inc(0) 10]' AND "order" = '[a|it''s]' LIMIT [int inc(1) 5]`],
];

describeWithCassandra('points on a real Cassandra', (cassandra) => {
  it.each<Partial<Settings>>([
    {},
    { Precision: 'us', RowsPerBatch: 4 },
    { Precision: 'ms', StartDate: '1969-12-31T23:59:00.001Z' },
  ])(
    'are read back as they were made, and found by the queries about them: %o',
    { timeout: 120_000 },
    async (settings) => {
      const keyspace = await cassandra.createKeyspace();
      const conditions = onCql({ Keyspace: keyspace, CreateTables: true, ...settings });
      const items = 400;
      const insert = `INSERT t
Cpu[int inc(0) 2],host=h-[int inc(0) 10],order=[a|it's] value=[float rand(100)],n=[int inc(-5)],ok=[true|f],note="ü [str text(1,3)]",f=[1i|2]
${items} 10s

`;
      const plan = insertPlan(insert, conditions);
      for (const text of plan.cql!.schema) await cassandra.query(text);
      const columns = columnTypes(plan.cql!);
      const points = bound(plan.cql!, columns);
      const client = await cassandra.client(keyspace);
      for (let first = 0; first < items; first += plan.batchSize)
        await client.batch(
          Array.from({ length: plan.batchSize }, (_, at) => ({
            query: points.texts[points.values.textOf(first + at, -1)]!,
            params: serializedValues(points.values, first + at, -1),
          })),
          { prepare: true, logged: false },
        );

      const read: string[] = [];
      const written: string[] = [];
      const names = Object.keys(columns);
      for (const table of plan.tables!)
        for (const row of (await client.execute(`SELECT * FROM ${table}`)).rows)
          read.push([table, ...names.map((name) => valueText(row[name]))].join());
      for (let index = 0; index < items; index++)
        written.push(
          [plan.measurementOf(index), ...names.map((name) => plan.columnOf(name, index).text)].join(),
        );
      expect(read.toSorted()).toEqual(written.toSorted());

      const keys: CqlTableKeys[] = ['Cpu0', 'Cpu1'].map((table) => ({
        keyspace,
        table,
        partitionKey: ['host', 'order'],
        clusteringKey: ['time'],
      }));
      for (const [text, found] of queries) {
        const query = queryPlan(`${insert}QUERY t\n${text}\nDO ${items}\n`, conditions);
        const { texts, values } = bound(query.cql!, { ...columns, LIMIT: 'int' }, keys);
        for (let index = 0; index < 40; index++) {
          const pick = (index * 37) % items;
          const executed = await client.execute(
            texts[values.textOf(index, pick)]!,
            serializedValues(values, index, pick),
            { prepare: true },
          );
          const previewed = await client.execute(query.item(index, pick));
          expect(executed.rows).toEqual(previewed.rows);
          if (found !== undefined) expect(executed.rowLength).toBe(found);
        }
      }
    },
  );
});

/** A value that cassandra-driver read, as the plan writes it. */
function valueText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
