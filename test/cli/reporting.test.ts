import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Summary } from '../../src/reporting/summary.ts';
import { describeWithCassandra } from '../servers/cassandra.ts';
import { describeWithInflux } from '../servers/influx.ts';
import type { InfluxSeries } from '../servers/influx.ts';
import { onlyRunFolder, stressql, temporaryFolder } from './stressql.ts';

describeWithInflux('the reporting InfluxDB', (influx) => {
  describeWithCassandra('of a run against Cassandra', (cassandra) => {
    test('holds a row a request, by run and statement, from when the run has begun', async () => {
      const testId = `t${Date.now().toString(36).slice(-7)}`;
      const out = temporaryFolder();
      const database = await influx.createDatabase();
      const count = (measurement: string): Promise<readonly InfluxSeries[]> =>
        influx.series(
          `SELECT count(response_time_ns) FROM "${measurement}" WHERE test_id = '${testId}' GROUP BY statement, statement_id`,
          database,
        );
      /** Rows that were there while the run went on. */
      async function watch(run: ChildProcess): Promise<readonly number[]> {
        const seen: number[] = [];
        while (run.exitCode === null) {
          const [series] = await count('write');
          if (run.exitCode === null && series !== undefined) seen.push(Number(series.values![0]![1]));
          await sleep(200);
        }
        return seen;
      }
      let watching: Promise<readonly number[]> | undefined;
      const parameters = [
        `HOST=${cassandra.address}`,
        'START=100/s',
        'TOP=500/s',
        'STEADY=1s',
        'CLIMB=2s',
        'LIMIT=60s',
      ];
      const ran = await stressql(
        [
          'run',
          '-',
          'examples/ramp.sql',
          '--test-id',
          testId,
          '--report',
          influx.address,
          '--out',
          out,
        ].concat(parameters.flatMap((each) => ['-p', each])),
        { input: `SET ReportDatabase [${database}]\n`, started: (child) => (watching = watch(child)) },
      );
      const seen = await watching!;
      // Rates and expected times are this machine's matter.
      expect([0, 1, 5], ran.stdout + ran.stderr).toContain(ran.code);

      const summary = JSON.parse(readFileSync(join(onlyRunFolder(out), 'summary.json'), 'utf8')) as Summary;
      const loads = summary.statements.flatMap((each) =>
        'load' in each && each.load !== undefined
          ? [{ id: each.statementId, name: each.load.name, acknowledged: each.load.operations.acknowledged }]
          : [],
      );
      expect(loads.map(({ name }) => name)).toEqual(['orders', 'orders_of']);
      expect(loads[0]!.acknowledged).toBe(1200);
      for (const [at, measurement] of ['write', 'query'].entries()) {
        const { id, name, acknowledged } = loads[at]!;
        const [series, ...others] = await count(measurement);
        expect(series, measurement).toMatchObject({ tags: { statement: name, statement_id: id } });
        expect(series!.values![0]![1], measurement).toBe(acknowledged);
        expect(others).toEqual([]);
      }
      expect(seen.length).toBeGreaterThan(0);
      expect(seen[0]).toBeLessThan(1200);

      // The same tables, from the database alone.
      const report = await stressql(
        ['report', '--from', 'influx', '--test-id', testId, '--report', influx.address],
        { env: { STRESSQL_REPORT_DATABASE: database } },
      );
      expect(report.stdout, report.stderr).toContain('orders_of');
      await cassandra.query('DROP KEYSPACE ramp');
    }, 120_000);
  });
});
