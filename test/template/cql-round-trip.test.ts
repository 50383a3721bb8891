import type { Client } from 'cassandra-driver';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { InsertPlan } from '../../src/statement/template/insert-plan.ts';
import { systemClock } from '../../src/stress-client/clock.ts';
import { CqlConnection } from '../../src/stress-client/target/cql/protocol/cql-connection.ts';
import { describeWithCassandra } from '../servers/cassandra.ts';
import { serializedValues } from './bound.ts';
import { insertPlan } from './compiled.ts';

/** Column: its type, and what stands for it in the INSERT. */
const columns: Readonly<Record<string, readonly [type: string, value: string]>> = {
  c_ascii: ['ascii', '[str rand(0, 9)]'],
  c_bigint: ['bigint', '[bigint rand(-4503599627370495, 4503599627370495)]'],
  c_bigint_now: ['bigint', '[bigint now()]'],
  c_blob: ['blob', '[blob rand(0, 40)]'],
  c_boolean: ['boolean', '[bool rand()]'],
  c_date: ['date', "[date rand('0001-01-01', '9999-12-31')]"],
  c_decimal: ['decimal', '[decimal rand(-1000, 1000)]'],
  c_decimal_far: ['decimal', '[decimal normal(0, 1e30)]'],
  c_double: ['double', '[double normal(0, 1e9)]'],
  c_duration: ['duration', '[duration rand(0s, 100d)]'],
  c_float: ['float', '[float rand(-5, 5)]'],
  c_inet: ['inet', '[inet rand()]'],
  c_int: ['int', '[int rand(-2147483648, 2147483647)]'],
  c_smallint: ['smallint', '[smallint rand(-32768, 32767)]'],
  c_text: ['text', "'ü-[str text(1, 3)] ''[a|é|🎈]'"],
  c_empty: ['text', "[str const('')]"],
  c_time: ['time', '[time rand()]'],
  c_timestamp: ['timestamp', "[timestamp rand('0001-01-01', '9999-12-31')]"],
  c_timeuuid: ['timeuuid', '[timeuuid now()]'],
  c_tinyint: ['tinyint', '[tinyint rand(-128, 127)]'],
  c_uuid: ['uuid', '[uuid rand()]'],
  c_varint: ['varint', '[varint rand(-4503599627370495, 4503599627370495)]'],
  c_list: ['list<bigint>', '[list(3) of int rand(100)]'],
  c_set: ['set<int>', '[set(20) of int rand(9)]'],
  c_map: ['map<int, double>', '[map(3) of int, double inc(5)]'],
  c_vector: ['vector<float, 3>', '[vector(3) rand(1)]'],
  c_vector_text: ['vector<text, 2>', "['[str rand(0, 300)]', 'ü']"],
  c_vector_date: ['vector<date, 2>', "[[date inc('2026-01-01')], '1960-01-01']"],
  c_vector_small: ['vector<smallint, 2>', '[vector(2) of smallint rand(100)]'],
  c_vector_vector: ['vector<vector<int, 2>, 2>', '[[1, [int inc(0)]], [2, 3]]'],
  c_tuple: ['tuple<int, text, frozen<list<int>>>', "([int inc(0)], 'x', [1, [int inc(5)]])"],
  c_udt: ['address', `{"Number": [smallint rand(100)], street: 'Elm [int inc(0)]'}`],
  c_udt_partly: ['frozen<address>', `{street: '[int inc(0)]'}`],
  c_nested: [
    'map<text, frozen<list<frozen<address>>>>',
    "{'a': [{street: '[int inc(0)]'}], 'b-[int inc(0)]': []}",
  ],
  c_sets: ['set<frozen<tuple<int, inet>>>', "{(1, [inet rand()]), (1, null), ([int inc(0)], '::1')}"],
};

describeWithCassandra('rows in a real Cassandra', (cassandra) => {
  let client: Client;
  let connection: CqlConnection;

  beforeAll(async () => {
    const keyspace = await cassandra.createKeyspace();
    client = await cassandra.client(keyspace);
    await client.execute('CREATE TYPE address (street text, "Number" smallint)');
    const [host, port] = cassandra.address.split(':');
    const opened = await CqlConnection.open({
      host: host!,
      port: Number(port),
      username: '',
      password: '',
      clock: systemClock,
      timeoutNs: 60e9,
    });
    if ('errorClass' in opened) throw new Error(opened.message);
    connection = opened;
    await connection.use(keyspace);
  }, 120_000);

  afterAll(() => connection?.close());

  /** Sends items with their values as they are serialized for what PREPARE tells. */
  async function send(plan: InsertPlan, items: number): Promise<void> {
    const [text] = plan.cql!.texts([]) as readonly [string];
    const prepared = await connection.prepare(text);
    if ('errorClass' in prepared) throw new Error(`${prepared.message}: ${text}`);
    const values = plan.cql!.bind([prepared], []);
    if ('problem' in values) throw new Error(values.problem);
    for (let index = 0; index < items; index++)
      await client.execute(text, serializedValues(values, index, -1), { prepare: true });
  }

  async function rowsOf(table: string): Promise<readonly Record<string, unknown>[]> {
    // As the server prints its own bytes.
    const { rows } = await client.execute(`SELECT JSON * FROM ${table}`);
    return rows
      .map((row) => JSON.parse(String(row.get(0))) as Record<string, unknown>)
      .toSorted((one, other) => Number(one['id']) - Number(other['id']));
  }

  it('are the rows of their previews, whatever their type', async () => {
    const names = Object.keys(columns);
    const definitions = names.map((name) => `${name} ${columns[name]![0]}`);
    const values = names.map((name) => columns[name]![1]);
    const items = 40;
    const plan = insertPlan(
      `INSERT t\nINSERT INTO sent (id, ${names.join(', ')}) VALUES ([int inc(0)], ${values.join(', ')}) DO ${items}\n`,
      { startMs: Date.UTC(2026, 0, 1) },
    );
    for (const table of ['sent', 'previewed'])
      await client.execute(`CREATE TABLE ${table} (id int PRIMARY KEY, ${definitions.join(', ')})`);
    await send(plan, items);
    for (let index = 0; index < items; index++)
      await client.execute(plan.item(index).replace('INTO sent', 'INTO previewed'));
    const sent = await rowsOf('sent');
    const previewed = await rowsOf('previewed');
    expect(sent.map(({ id }) => id)).toEqual(Array.from({ length: items }, (_, index) => index));
    for (const name of names)
      expect([name, sent.map((row) => row[name])]).toEqual([name, previewed.map((row) => row[name])]);
  }, 120_000);

  it.each<[string, string, number, (id: number) => Record<string, unknown>]>([
    [
      'id int PRIMARY KEY, n counter, m counter',
      'UPDATE T SET n = n + [counter inc(1)], m -= [int const(2)] WHERE id = [int inc(0) 3]',
      6,
      (id) => ({ n: 2 * id + 5, m: -4 }),
    ],
    [
      'id int PRIMARY KEY, v int',
      'INSERT INTO T (id, v) VALUES ([int inc(0) 3], [int inc(10)]) IF NOT EXISTS',
      6,
      (id) => ({ v: id + 10 }),
    ],
    [
      'id int PRIMARY KEY, v int, w text',
      "UPDATE T USING TTL [int const(1000)] AND TIMESTAMP [bigint inc(1)] SET v = [int inc(0)], w = 'x-[=id]' WHERE id = [id: int inc(0)]",
      3,
      (id) => ({ v: id, w: `x-${id}` }),
    ],
    [
      'id int PRIMARY KEY, v int, l list<int>, m map<text, int>, s set<text>',
      "UPDATE T SET l = l + [[int inc(0)], 7], m = m + {'k-[int inc(0)]': 1}, s += {'x', '[int inc(0)]'}, v = [int inc(0)] WHERE id = [int inc(0)]",
      3,
      (id) => ({ v: id, l: [id, 7], m: { [`k-${id}`]: 1 }, s: [String(id), 'x'] }),
    ],
    [
      'id int PRIMARY KEY, m map<text, int>',
      "UPDATE T SET m['a-[int inc(0)]'] = [int inc(5)], m[[str inc(0)]] = 1 WHERE id = [int inc(0)]",
      3,
      (id) => ({ m: { [`a-${id}`]: id + 5, [`${id}`]: 1 } }),
    ],
    [
      'id int PRIMARY KEY, v text, b blob',
      `INSERT INTO T JSON '{"id": [int inc(0)], "v": "x-[str inc(0)]"}'`,
      3,
      (id) => ({ v: `x-${id}`, b: null }),
    ],
    [
      'id int PRIMARY KEY, b blob, v timestamp',
      'INSERT INTO T (id, b, v) VALUES ([int inc(0)], int_as_blob([int inc(7)]), to_timestamp((date)[date inc(2026-01-01)]))',
      2,
      (id) => ({ b: `0x0000000${id + 7}`, v: `2026-01-0${id + 1} 00:00:00.000Z` }),
    ],
    [
      'id int PRIMARY KEY, v int, w uuid',
      'BEGIN UNLOGGED BATCH INSERT INTO T (id, w) VALUES ([id: int inc(0)], [w: uuid inc(0)]); UPDATE T SET v = [int inc(0)] WHERE id = [=id]; DELETE w FROM T WHERE id = [int inc(1)]; APPLY BATCH',
      2,
      (id) => ({ v: id, w: `00000000-0000-4000-8000-00000000000${id}` }),
    ],
  ])('(%s) %s', async (table, text, items, expected) => {
    await client.execute(`DROP TABLE IF EXISTS shape`);
    await client.execute(`CREATE TABLE shape (${table})`);
    await send(insertPlan(`INSERT t\n${text.replaceAll(/\bT\b/g, 'shape')}\nDO ${items}\n`), items);
    const rows = await rowsOf('shape');
    expect(rows.length).toBeGreaterThan(1);
    expect(rows).toEqual(rows.map(({ id }) => ({ id, ...expected(Number(id)) })));
  });

  it('make the partitions that they declare', async () => {
    await client.execute(
      'CREATE TABLE partitions (a int, d date, ts timestamp, v int, PRIMARY KEY ((a, d), ts))',
    );
    const plan = insertPlan(
      "INSERT t\nINSERT INTO partitions (a, d, ts, v) VALUES ([int inc(0) 7], [date inc('2026-01-01') 3], [timestamp seq('2026-01-01', 1m)], [int rand(5)]) SERIES (a, d) DO 50\n",
    );
    await send(plan, 50);
    const { rows } = await client.execute('SELECT DISTINCT a, d FROM partitions');
    expect(rows).toHaveLength(plan.partitionsOf!(['a', 'd'])!);
    expect((await client.execute('SELECT v FROM partitions')).rowLength).toBe(50);
  });
});
