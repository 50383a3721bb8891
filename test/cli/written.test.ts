import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LoadSummary, Summary } from '../../src/reporting/summary.ts';
import { describeWithCassandra } from '../servers/cassandra.ts';
import { describeWithInflux } from '../servers/influx.ts';
import { onlyRunFolder, stressql, temporaryFolder } from './stressql.ts';

const timeout = 120_000;

/** Runs a script of its own and gives what its statements did, by name; everything must have arrived. */
async function run(script: string): Promise<Map<string, LoadSummary>> {
  const out = temporaryFolder();
  const ran = await stressql(['run', '-', '--no-report', '--out', out], { input: script });
  expect([0, 5], ran.stdout + ran.stderr).toContain(ran.code);
  const summary = JSON.parse(readFileSync(join(onlyRunFolder(out), 'summary.json'), 'utf8')) as Summary;
  const loads = summary.statements.flatMap((each) => ('load' in each && each.load ? [each.load] : []));
  return new Map(loads.map((load) => [load.name, load]));
}

/** The points or rows of the one INSERT of a script as `preview` shows them, without a server. */
async function previewed(script: string, start: string, count: number): Promise<readonly string[]> {
  const profile = join(temporaryFolder(), 'profile.sql');
  writeFileSync(profile, script);
  const { stdout } = await stressql(['preview', profile, '--points', String(count)]);
  const shown = stdout.slice(stdout.indexOf(`\n  ${start}`)).split('\n\n')[0]!;
  return shown
    .split(`\n  ${start}`)
    .slice(1)
    .map((rest) => start + rest);
}

describeWithInflux('WRITTEN on InfluxDB', (influx) => {
  test(
    'reads every point back in another run, with the values that were generated',
    async () => {
      const database = await influx.createDatabase();
      const settings = `SET Addresses [${influx.address}]\nSET Database [${database}]\nSET BatchSize [70]\n\n`;
      const insert = `INSERT cpu
cpu,
host=h-[int inc(0) 7],site=[rand\\, 1|ber lin]
value=[float normal(0, 1)],hits=[int rand(-1000, 1000)],note="[text text(1, 4)]",up=[bool rand()]
DO 500 EVERY 10s
`;
      const loaded = await run(settings + insert);
      expect(loaded.get('cpu')!.items.acknowledged).toBe(500);

      const read = await run(`${settings}${insert}WRITTEN

QUERY point OF cpu
SELECT * FROM %m
WHERE %T AND time = %a AND value = %(value) AND hits = %(hits) AND note = %(note) AND up = %(up)
DO 500
PICK each
`);
      expect(read.get('cpu')).toMatchObject({ written: 500, operations: { asked: 0 } });
      expect(read.get('point')!.rows).toBe(500);

      // What preview shows, stored beside it, is the same.
      const points = await previewed(settings + insert, 'cpu,', 500);
      expect(points).toHaveLength(500);
      const beside = await influx.createDatabase();
      const written = await fetch(`http://${influx.address}/write?db=${beside}&precision=s`, {
        method: 'POST',
        body: points.join('\n'),
      });
      expect(written.status, await written.text()).toBe(204);
      const all = 'SELECT * FROM cpu GROUP BY *';
      expect(await influx.series(all, database)).toEqual(await influx.series(all, beside));
    },
    timeout,
  );
});

describeWithCassandra('WRITTEN on Cassandra', (cassandra) => {
  test(
    'reads every row back in another run, with the values that were generated',
    async () => {
      const keyspace = await cassandra.createKeyspace();
      const beside = await cassandra.createKeyspace();
      const table = `CREATE TABLE t (
        sensor text, day date, at timestamp, value double, amount decimal, tags set<text>, place tuple<int, text>,
        hash blob, seen duration, who uuid, PRIMARY KEY ((sensor, day), at))`;
      await cassandra.query(table, keyspace);
      await cassandra.query(table, beside);
      const settings = `SET Target [cql]\nSET Addresses [${cassandra.address}]\nSET Keyspace [${keyspace}]\n\n`;
      const insert = `INSERT rows
INSERT INTO t (sensor, day, at, value, amount, tags, place, hash, seen, who)
VALUES ('it''s [int inc(0) 5]', [date inc('2026-01-01') 4], [timestamp seq('2026-01-01', 90s)], [double normal(0, 1)],
[decimal exp(10)], [set(3) of text rand(2)], ([int rand(-9, 9)], '[ä|ö|''|€]'), [blob rand(0, 20)],
[duration rand(1s, 3h)], [uuid rand()])
SERIES (sensor, day)
DO 300
`;
      const loaded = await run(settings + insert);
      expect(loaded.get('rows')!.items.acknowledged).toBe(300);
      expect(await cassandra.query('SELECT DISTINCT sensor, day FROM t', keyspace)).toHaveLength(20);

      const read = await run(`${settings}${insert}WRITTEN

QUERY row OF rows
SELECT * FROM t WHERE %K AND value = %(value) AND amount = %(amount) AND hash = %(hash) AND who = %(who) ALLOW FILTERING
DO 300
PICK each
`);
      expect(read.get('rows')).toMatchObject({ written: 300, operations: { asked: 0 } });
      expect(read.get('row')!.rows).toBe(300);

      // What preview shows as CQL text, stored beside it, is the same: values on the wire are those of the text.
      const texts = await previewed(settings + insert, 'INSERT INTO t ', 300);
      expect(texts).toHaveLength(300);
      for (const each of texts) await cassandra.query(each, beside);
      const rowsOf = async (name: string): Promise<readonly string[]> =>
        (await cassandra.query('SELECT JSON * FROM t', name)).map((row) => String(row['[json]']));
      expect((await rowsOf(keyspace)).toSorted()).toEqual((await rowsOf(beside)).toSorted());
    },
    timeout,
  );
});
