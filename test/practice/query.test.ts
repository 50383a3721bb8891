import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPracticeServer } from '../../src/practice/practice-server.ts';
import type { PracticeServer } from '../../src/practice/practice-server.ts';
import { describeWithInflux } from '../servers/influx.ts';
import type { InfluxSeries } from '../servers/influx.ts';

interface QueryAnswer {
  readonly status: number;
  readonly error?: string;
  readonly results?: readonly { readonly error?: string; readonly series?: readonly InfluxSeries[] }[];
}

const points = Array.from({ length: 12 }, (_, at) => `cpu,host=h${at % 3} value=${at}.5,count=${at}i ${at}`);
const from = Date.UTC(2016, 0, 1) * 1e6;
const body = points
  .map((line) => line.replace(/ (\d+)$/, (_, at) => ` ${from + Number(at) * 60e9}`))
  .join('\n');

describeWithInflux('queries are answered in the shape of InfluxDB 1.8', (influx) => {
  let practice: PracticeServer;
  let database: string;
  beforeAll(async () => {
    practice = await startPracticeServer();
    database = await influx.createDatabase();
    await query(practice.address, `CREATE DATABASE ${database}`);
    for (const address of [practice.address, influx.address]) {
      const written = await fetch(`http://${address}/write?db=${database}`, { method: 'POST', body });
      expect(written.status).toBe(204);
    }
  });
  afterAll(() => practice.close());

  async function query(address: string, text: string, name = database): Promise<QueryAnswer> {
    const response = await fetch(`http://${address}/query?${new URLSearchParams({ db: name })}`, {
      method: 'POST',
      body: new URLSearchParams({ q: text }),
    });
    return { status: response.status, ...((await response.json()) as object) };
  }

  it.each([
    ['SHOW MEASUREMENTS'],
    ['show measurements'],
    ['SHOW SERIES CARDINALITY'],
    [
      'CREATE DATABASE "stressql_test_other"; CREATE DATABASE "stressql_test_other"; DROP DATABASE "stressql_test_other"',
    ],
    ['CREATE RETENTION POLICY "week" ON not_there DURATION 7d REPLICATION 1'],
    ['SELECT value FROM nothing'],
    ["SELECT value FROM nothing WHERE host = 'it;s' -- ; a comment"],
    ['SELECT mean(value) INTO other FROM nothing'],
    ['DROP MEASUREMENT other'],
    ['SELEC value FROM cpu'],
    ['DROP DATABASE not_there'],
    ['CREATE USER "stressql_test" WITH PASSWORD \'x\'; DROP USER "stressql_test"'],
  ])('the same: %s', async (text) => {
    expect(await query(practice.address, text)).toEqual(await query(influx.address, text));
  });

  it.each([
    ['a missing database', 'SELECT value FROM cpu', 'not_there'],
    ['no database', 'SELECT value FROM cpu', ''],
    ['no database to show of', 'SHOW SERIES CARDINALITY', ''],
  ])('the same: %s', async (_, text, name) => {
    expect(await query(practice.address, text, name)).toEqual(await query(influx.address, text, name));
  });

  it.each([
    ['SELECT value FROM cpu'],
    ['SELECT * FROM cpu LIMIT 3'],
    ['SELECT value, count AS n FROM "cpu"'],
    ['SELECT mean(value) FROM cpu'],
    ['SELECT mean(value), max("value") AS top, count(value) FROM cpu'],
    [
      `SELECT mean(value) FROM ${'"autogen"."cpu"'} WHERE time >= '2016-01-01T00:00:00Z' AND time < '2016-01-01T00:10:00Z' GROUP BY time(5m)`,
    ],
    [
      "SELECT max(value) FROM cpu WHERE time >= '2016-01-01' AND time < '2016-01-01T00:12:00Z' GROUP BY time(3m) fill(none) LIMIT 2",
    ],
    ['SELECT mean(m) FROM (SELECT max(value) AS m FROM cpu GROUP BY host)'],
    ['SELECT percentile(value, 95) FROM cpu'],
    ['SELECT value FROM cpu ORDER BY time DESC LIMIT 5'],
  ])('the same names, columns and number of rows: %s', async (text) => {
    const practised = shape(await query(practice.address, text));
    const real = shape(await query(influx.address, text));
    // A * lists tags, too, which a practice server does not keep.
    const withoutTags = JSON.parse(JSON.stringify(real).replace(',"host"', '')) as unknown;
    expect(JSON.parse(JSON.stringify(practised))).toEqual(withoutTags);
  });

  it.each([
    ['SELECT value FROM'],
    ['SELECT FROM cpu'],
    ['SELECT value FROM cpu WHERE'],
    ["SELECT value FROM cpu WHERE host = 'open"],
    ['SELECT mean(value FROM cpu'],
    ['SHOW'],
    ['CREATE'],
    ['CREATE DATABASE'],
    ['CREATE TABLE x'],
    ['DROP'],
    ['CREATE CONTINUOUS QUERY q ON d SELECT mean(v) INTO m FROM n GROUP BY time(1m)'],
    ['SELECT value FROM cpu; nonsense'],
  ])('refused by both: %s', async (text) => {
    for (const address of [practice.address, influx.address]) {
      const answer = await query(address, text);
      expect(answer.status).toBe(400);
      expect(answer.error).toMatch(/^error parsing query: found .*expected/);
    }
  });

  it.each([
    [
      'a continuous query',
      (name: string) =>
        `CREATE CONTINUOUS QUERY "cq" ON ${name} BEGIN SELECT mean(value) INTO "mean" FROM cpu GROUP BY time(1h), * END; DROP CONTINUOUS QUERY "cq" ON ${name}`,
    ],
    [
      'a retention policy',
      (name: string) =>
        `CREATE RETENTION POLICY "week" ON ${name} DURATION 7d REPLICATION 1; ALTER RETENTION POLICY "week" ON ${name} DURATION 8d; DROP RETENTION POLICY "week" ON ${name}`,
    ],
    ['a comment and a regular expression', () => '/* all */ SELECT value FROM /c.u/ WHERE host =~ /h[0-9];/'],
    ['DELETE', (name: string) => `DELETE FROM nothing WHERE time < now(); SHOW MEASUREMENTS ON ${name}`],
  ])('taken by both: %s', async (_, text) => {
    const taken = await query(practice.address, text(database));
    const real = await query(influx.address, text(database));
    expect(taken.status).toBe(200);
    expect(taken.results?.map(({ error }) => error)).toEqual(real.results?.map(({ error }) => error));
  });
});

/** What a made-up answer has in common with a real one. */
function shape(answer: QueryAnswer): unknown {
  const results = answer.results?.map(({ error, series }) => ({
    error,
    series: series?.map(({ name, columns, values }) => ({ name, columns, rows: values?.length })),
  }));
  return { status: answer.status, error: answer.error, results };
}
