import { expect, test } from 'vitest';
import { describeWithCassandra } from '../servers/cassandra.ts';
import { describeWithInflux } from '../servers/influx.ts';
import { runExample } from './run-example.ts';

describeWithInflux('both-databases', (influx) => {
  describeWithCassandra('runs unchanged', (cassandra) => {
    test('on InfluxDB and Cassandra, and leaves the same points in both', async () => {
      const run = (target: string, host: string): ReturnType<typeof runExample> =>
        runExample(
          'both-databases',
          `TARGET=${target}`,
          `HOST=${host}`,
          'POINTS=8000',
          'QUERIES=50',
          'NEWEST=500',
        );
      const onInflux = await run('influx', influx.address);
      const onCassandra = await run('cql', cassandra.address);
      for (const loads of [onInflux, onCassandra]) {
        expect(loads.get('climate')!.items.acknowledged).toBe(8000);
        expect(loads.get('newest')!.rows).toBe(500);
      }

      const database = 'both_databases';
      const series = await influx.series('SELECT * FROM climate GROUP BY site, sensor', database);
      const points = series.flatMap(({ tags, columns, values }) =>
        values!.map((value) => ({
          ...tags,
          ...Object.fromEntries(columns.map((column, at) => [column, value[at]])),
        })),
      ) as unknown as readonly Point[];
      const rows = (await cassandra.query('SELECT * FROM climate', database)) as unknown as readonly Row[];
      const stored = rows.map(({ time, opened, ...row }) => ({
        ...row,
        time: time.getTime() * 1e6,
        opened: Number(opened),
      }));
      expect(series).toHaveLength(400);
      expect(await cassandra.query('SELECT DISTINCT site, sensor FROM climate', database)).toHaveLength(400);
      expect(points).toHaveLength(8000);
      expect(stored.map(text).sort()).toEqual(points.map(text).sort());

      await influx.query(`DROP DATABASE ${database}`);
      await cassandra.query(`DROP KEYSPACE ${database}`);
    }, 120_000);
  });
});

interface Climate {
  readonly site: string;
  readonly sensor: string;
  readonly temperature: number;
  readonly humidity: number;
  readonly state: string;
}

interface Point extends Climate {
  readonly time: number;
  readonly opened: number;
}

interface Row extends Climate {
  readonly time: Date;
  readonly opened: { toString(): string };
}

function text({ site, sensor, time, temperature, humidity, opened, state }: Point): string {
  return JSON.stringify({ site, sensor, time, temperature, humidity, opened, state });
}
