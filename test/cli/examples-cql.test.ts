import { expect, test } from 'vitest';
import type { LoadSummary } from '../../src/reporting/summary.ts';
import { describeWithCassandra } from '../servers/cassandra.ts';
import { runExample } from './run-example.ts';

const timeout = 120_000;

describeWithCassandra('the examples on a real Cassandra', (cassandra) => {
  function run(name: string, ...parameters: string[]): Promise<Map<string, LoadSummary>> {
    return runExample(name, `HOST=${cassandra.address}`, ...parameters);
  }

  async function count(table: string): Promise<number> {
    return Number((await cassandra.query(`SELECT count(*) FROM ${table}`))[0]!['count']);
  }

  async function partitions(table: string, key: string): Promise<number> {
    return (await cassandra.query(`SELECT DISTINCT ${key} FROM ${table}`)).length;
  }

  test(
    'cql-timeseries stores exactly the rows and partitions that it declares',
    async () => {
      const loads = await run(
        'cql-timeseries',
        'SENSORS=50',
        'ROWS=14000',
        'LIVE=2000',
        'LATEST=100',
        'WINDOWS=20',
      );
      expect(loads.get('history')!.items.acknowledged).toBe(14_000);
      expect(loads.get('live')!.items.acknowledged).toBe(2000);
      expect(await count('cql_timeseries.readings')).toBe(16_000);
      expect(await partitions('cql_timeseries.readings', 'sensor, day')).toBe(50 * 8);
      const latest = loads.get('latest')!;
      expect(latest.rows).toBeGreaterThanOrEqual(latest.operations.acknowledged);
      expect(loads.get('window')!.rows).toBe(20);
      await cassandra.query('DROP KEYSPACE cql_timeseries');
    },
    timeout,
  );

  test(
    'key-value: every key that is asked for is there, and none but those',
    async () => {
      const loads = await run('key-value', 'KEYS=5000', 'GETS=6000', 'PUTS=1000', 'CLAIMS=100');
      expect(loads.get('get')!.rows).toBe(6000);
      expect(loads.get('put')!.items.acknowledged).toBe(1000);
      expect(loads.get('claim')!.items.acknowledged).toBe(100);
      expect(await count('key_value.items')).toBe(5000);
      await cassandra.query('DROP KEYSPACE key_value');
    },
    timeout,
  );

  test(
    'mixed: members share one sequence of keys, and every answer is the row that was written',
    async () => {
      const loads = await run('mixed', 'KEYS=2000', 'RATE=500/s', 'FOR=4s');
      const [put, get] = [loads.get('put')!, loads.get('get')!];
      expect(get.rows).toBe(get.operations.acknowledged);
      expect(get.operations.failed + put.operations.failed).toBe(0);
      expect(put.operations.asked + get.operations.asked).toBe(2000);
      expect(get.operations.asked).toBeGreaterThan(1200);
      expect(get.operations.asked).toBeLessThan(1800);
      expect(await count('mixed.items')).toBe(2000);
      await cassandra.query('DROP KEYSPACE mixed');
    },
    timeout,
  );

  test(
    'types: a row of every type, collections, tuples, vectors, counters and batches arrive',
    async () => {
      const loads = await run('types', 'ROWS=500', 'PAGES=20', 'VISITS=1000', 'ORDERS=300', 'READS=500');
      for (const [table, rows] of Object.entries({
        natives: 500,
        customers: 500,
        visits: 20,
        orders: 300,
        orders_of: 300,
      })) {
        expect(await count(`types.${table}`), table).toBe(rows);
      }
      expect(loads.get('visits')!.items.acknowledged).toBe(1000);
      expect(loads.get('customer')!.rows).toBe(500);
      const [customer] = await cassandra.query(
        'SELECT * FROM types.customers WHERE id = 00000000-0000-4000-8000-000000000007',
      );
      expect(customer).toMatchObject({
        name: expect.stringMatching(/^(Ada|Grace|Edsger|Barbara) \w+$/),
        home: {
          street: expect.stringMatching(/^\w+( \w+)? street$/),
          city: expect.stringMatching(/^(Berlin|Wien|Oslo)$/),
        },
        phones: { home: expect.stringMatching(/^\+49 \d{7}$/), work: expect.stringMatching(/^\+43 \d{7}$/) },
      });
      expect(customer!['scores']).toHaveLength(4);
      await cassandra.query('DROP KEYSPACE types');
    },
    timeout,
  );

  test(
    'what load has written, read-back finds in a run of its own, every row once',
    async () => {
      const size = ['USERS=40', 'ROWS=4000'];
      const loads = await run('load', ...size);
      expect(loads.get('events')!.items.acknowledged).toBe(4000);
      expect(await count('load_then_read.events')).toBe(4000);
      expect(await partitions('load_then_read.events', 'user')).toBe(40);
      const reads = await run('read-back', ...size, 'POPULAR=500');
      expect(reads.get('events')).toMatchObject({ written: 4000, operations: { asked: 0 } });
      expect(reads.get('every')!.rows).toBe(4000);
      expect(reads.get('popular')!.rows).toBe(5000);
      expect(await count('load_then_read.events')).toBe(4000);
      await cassandra.query('DROP KEYSPACE load_then_read');
    },
    timeout,
  );

  test(
    'ramp',
    async () => {
      const rates = ['START=100/s', 'TOP=500/s', 'STEADY=1s', 'CLIMB=2s', 'LIMIT=60s'];
      const loads = await run('ramp', ...rates);
      const { acknowledged } = loads.get('orders')!.items;
      // 100 and 500 in the seconds at either end, and 600 in the two seconds between.
      expect(acknowledged).toBe(1200);
      expect(await count('ramp.orders')).toBe(acknowledged);
      expect(loads.get('orders_of')!.rows).toBeGreaterThanOrEqual(200);
      await cassandra.query('DROP KEYSPACE ramp');
    },
    timeout,
  );
});
