import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { startPracticeServer } from '../../src/practice/practice-server.ts';
import { intervalRow } from '../../src/reporting/influx/interval-rows.ts';
import { pushRun } from '../../src/reporting/influx/push-run.ts';
import { readRun } from '../../src/reporting/influx/read-run.ts';
import { commonClock } from '../../src/reporting/influx/common-clock.ts';
import type { ReportLogin } from '../../src/reporting/influx/report-login.ts';
import { ReportingDatabase } from '../../src/reporting/influx/reporting-database.ts';
import { runRow, summaryRows } from '../../src/reporting/influx/run-rows.ts';
import { reportingSchema } from '../../src/reporting/influx/schema.ts';
import type { IntervalLine } from '../../src/reporting/interval-line.ts';
import { readRunFolder } from '../../src/reporting/read-run-folder.ts';
import type { RequestLine } from '../../src/reporting/request-line.ts';
import type { LoadStatement, Summary } from '../../src/reporting/summary.ts';
import { renderTextReport } from '../../src/reporting/text-report.ts';
import { describeWithInflux, describeWithInfluxLogin, Influx } from '../servers/influx.ts';
import { startOwnInfluxd } from '../servers/influxd.ts';
import { killServers } from '../servers/server-process.ts';
import { loginAt, reportedRun } from './reported-run.ts';

let directory = '';
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'stressql-influx-reporter-'))));
afterAll(() => rm(directory, { recursive: true, force: true }));

const nobody = loginAt({ address: '127.0.0.1:9' });
const push = /"stressql push .*" sends them/;

function acknowledged({ totals }: Summary): number {
  return totals.operations.acknowledged;
}

async function rowCount(
  influx: Influx,
  database: string,
  measurement: string,
  field: string,
): Promise<number> {
  const [row] = await influx.query(`SELECT count("${field}") FROM "${measurement}"`, database);
  return Number(row?.[1] ?? 0);
}

/** How often each measurement has a row. */
async function rowCounts(influx: Influx, database: string): Promise<Record<string, number>> {
  return {
    run: await rowCount(influx, database, 'run', 'version'),
    summary: await rowCount(influx, database, 'summary', 'items_asked'),
    interval:
      (await rowCount(influx, database, 'interval', 'end_ns')) +
      (await rowCount(influx, database, `${commonClock.retentionPolicy}"."interval`, 'end_ns')),
    event: await rowCount(influx, database, 'event', 'start_ns'),
    write: await rowCount(influx, database, 'write', 'num_bytes'),
    query: await rowCount(influx, database, 'query', 'num_bytes'),
  };
}

async function onDatabase<Value>(
  login: ReportLogin,
  use: (database: ReportingDatabase) => Promise<Value>,
): Promise<Value> {
  const database = new ReportingDatabase(login);
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}

async function readLines(folder: string, name: string): Promise<readonly string[]> {
  return (await readFile(join(folder, name), 'utf8')).trim().split('\n');
}

/** What the report says, but for where the folder is. */
function reportText(summary: Summary): string {
  return renderTextReport(summary, { color: false, width: 100 });
}

describeWithInflux('on a real InfluxDB', (influx) => {
  const login = (database: string): ReportLogin => loginAt({ address: influx.address, database });

  test('rows come while the run goes on, and the database is made when it is missing', async () => {
    const database = await influx.createDatabase();
    await influx.query(`DROP DATABASE ${database}`);
    const seen: number[] = [];
    const { told, undelivered, folder } = await reportedRun({
      directory,
      testId: 'live0001',
      durationNs: 2e9,
      login: login(database),
      requestsPerSecond: 2000,
      tags: { phase: 'a b,c=d\\' },
      during: async () => {
        await sleep(500);
        while (seen.length < 2) {
          const rows = await rowCount(influx, database, 'interval', 'end_ns').catch(() => 0);
          if (rows > (seen[0] ?? 0)) seen.push(rows);
          else await sleep(50);
        }
        const [run] = await influx.query('SELECT state, states FROM run', database);
        expect(run!.slice(1)).toEqual(['running', null]);
      },
    });
    expect({ told, undelivered }).toEqual({ told: [], undelivered: undefined });
    const before = await rowCounts(influx, database);
    expect(before).toMatchObject({ run: 1, summary: 2, write: 200, query: 100 });
    // What is sent later is the same, so that nothing is there twice.
    for (let times = 0; times < 2; times++) {
      const { rows, refused } = await pushRun(folder, login(database));
      expect({ rows, refused }).toEqual({ rows: before, refused: 0 });
      expect(await rowCounts(influx, database)).toEqual(before);
    }
    const series = await influx.query('SHOW SERIES', database);
    // The run, and of each statement: summary, intervals, requests, itself and its stage as events.
    expect(series).toHaveLength(2 + 2 * 5);
  });

  test('the report from the database alone is that of the run folder', async () => {
    const database = await influx.createDatabase();
    const { summary } = await reportedRun({
      directory,
      testId: 'report01',
      durationNs: 0.4e9,
      login: login(database),
      tags: { phase: 'load' },
    });
    const read = await onDatabase(login(database), (from) => readRun(from, 'report01'));
    expect(read).toEqual(summary);
    expect(reportText(read!)).toBe(reportText(summary));
    expect(await onDatabase(login(database), (from) => readRun(from, 'report02'))).toBeUndefined();
    expect(await onDatabase(login(database), (from) => readRun(from, "x' OR test_id != 'x"))).toBeUndefined();
  });

  test('of a run that goes on, the report says what is known', async () => {
    const database = await influx.createDatabase();
    let running: Summary | undefined;
    await reportedRun({
      directory,
      testId: 'running1',
      durationNs: 4e9,
      login: login(database),
      tags: { phase: 'load' },
      during: async () => {
        await vi.waitFor(
          async () => {
            running = await onDatabase(login(database), (from) => readRun(from, 'running1'));
            expect(running?.statements).toHaveLength(2);
          },
          { timeout: 3500 },
        );
      },
    });
    // On a busy machine the client was late, too.
    expect(running!.states).toContainEqual(expect.objectContaining({ state: 'INCOMPLETE' }));
    expect(running!.statements).toMatchObject([
      { text: 'GO INSERT cpu', load: { tags: { phase: 'load' }, state: 'interrupted' } },
      { text: 'QUERY ask', load: { rows: expect.any(Number) } },
    ]);
  });

  test('what was not written by stressql is told, and not taken for a run', async () => {
    const database = await influx.createDatabase();
    const rows = [
      'run,test_id=other001 record="{not json",record_parts=1i',
      'run,test_id=other002 free="bytes"',
      'run,test_id=other003 report="{}",report_parts=1i',
    ];
    for (const row of rows) {
      const reading = onDatabase(login(database), async (to) => {
        await to.open();
        await to.write(row);
        return readRun(to, /test_id=(\w+)/.exec(row)![1]!);
      });
      await expect(reading).rejects.toThrow(/was not written by stressql/);
    }
  });

  test('of a process that was killed, the live rows alone say what its folder says', async () => {
    const database = await influx.createDatabase();
    // An earlier run may have had the same identity.
    await reportedRun({ directory, testId: 'killed01', durationNs: 0.2e9, login: login(database) });
    const { folder } = await reportedRun({
      directory,
      testId: 'killed01',
      durationNs: 0.5e9,
      tags: { phase: 'load', rows: 'x' },
    });
    // As a process leaves it that was killed while the INSERT ran and the QUERY had ended.
    await rm(join(folder, 'summary.json'));
    const lines = await readLines(folder, 'statements.ndjson');
    const query = lines.find((line) => line.includes('"kind":"query"'))!;
    await writeFile(join(folder, 'statements.ndjson'), `${query}\n`);
    const { schemaVersion: _, ...ended } = JSON.parse(query) as LoadStatement & { schemaVersion: 1 };
    const { record, summary } = await readRunFolder(folder);
    const rows = [runRow(record, {}), ...summaryRows(record, [ended])];
    for (const line of await readLines(folder, 'intervals.ndjson')) {
      rows.push(intervalRow(record, JSON.parse(line) as IntervalLine));
    }
    const read = await onDatabase(login(database), async (to) => {
      await to.open();
      await to.write(rows.join('\n'));
      return readRun(to, 'killed01');
    });
    expect(read!.statements.map((each) => 'load' in each && each.load!.state)).toEqual([
      'interrupted',
      'ended',
    ]);
    expect(reportText(read!)).toBe(reportText(summary));
    expect(read).toEqual(summary);
  });

  test('every field has the type of the schema, and every tag is a tag', async () => {
    const database = await influx.createDatabase();
    await reportedRun({
      directory,
      testId: 'types001',
      durationNs: 0.3e9,
      login: login(database),
      requestsPerSecond: 2000,
    });
    for (const [measurement, { tags, fields }] of Object.entries(reportingSchema)) {
      const types = await influx.query(`SHOW FIELD KEYS FROM "${measurement}"`, database);
      expect(types.length).toBeGreaterThan(0);
      for (const [name, type] of types) expect([name, fields[String(name)]?.type]).toEqual([name, type]);
      const keys = (await influx.query(`SHOW TAG KEYS FROM "${measurement}"`, database)).flat();
      expect(Object.keys(tags)).toEqual(expect.arrayContaining(keys));
    }
  });

  test('the API of InfluxDB 2 takes the same', async () => {
    const database = await influx.createDatabase();
    const ofTwo = { ...login('unused'), org: 'any', bucket: `${database}/autogen` };
    const { told, undelivered } = await reportedRun({
      directory,
      testId: 'second01',
      durationNs: 0.3e9,
      login: ofTwo,
    });
    // What 1.8 has of that API knows no buckets.
    expect({ told, undelivered }).toEqual({
      told: [
        expect.stringMatching(/has no place for runs to be laid over each other .*; everything else is/),
      ],
      undelivered: undefined,
    });
    expect(await rowCount(influx, database, 'run', 'version')).toBe(1);
    expect(await rowCount(influx, database, 'summary', 'items_asked')).toBe(2);
  });

  test('a bucket that is missing is told, with what makes it', async () => {
    const missing = { ...login('unused'), org: 'any', bucket: 'nobody_made_it' };
    const { told, undelivered } = await reportedRun({
      directory,
      testId: 'bucket01',
      durationNs: 0.3e9,
      login: missing,
    });
    expect(told.toSorted()).toEqual([
      expect.stringContaining('influx bucket create --name nobody_made_it'),
      expect.stringContaining('has no place for runs to be laid over each other'),
    ]);
    expect(undelivered).toMatch(push);
  });
});

describeWithInfluxLogin('on an InfluxDB that asks for a login', (influx) => {
  const { username, password } = influx.server;

  test('a user and a password are given, and are in nothing that is told or kept', async () => {
    const database = await influx.createDatabase();
    const login = loginAt({ address: influx.address, database, username: username!, password: password! });
    const { told, undelivered } = await reportedRun({
      directory,
      testId: 'login001',
      durationNs: 0.3e9,
      login,
    });
    expect({ told, undelivered }).toEqual({ told: [], undelivered: undefined });
    expect(await rowCounts(influx, database)).toMatchObject({ run: 1, summary: 2 });
    const rows = await influx.query('SELECT * FROM /.*/', database);
    expect(JSON.stringify(rows)).not.toContain(password);
  });

  test('1.8 takes user and password as a token too', async () => {
    const database = await influx.createDatabase();
    const login = { ...loginAt({ address: influx.address, database }), token: `${username}:${password}` };
    await onDatabase(login, async (to) => {
      await to.open();
      await to.write('m f=1i 1');
    });
    expect(await influx.query('SELECT f FROM m', database)).toEqual([[1, 1]]);
  });

  test('a wrong login is told without it', async () => {
    const login = loginAt({ address: influx.address, username: 'root', password: 'canary-9d1f' });
    const { told, undelivered } = await reportedRun({
      directory,
      testId: 'login002',
      durationNs: 0.3e9,
      login,
    });
    expect(told).toEqual([expect.stringMatching(/no reporting InfluxDB at .*authoriz|check the login/i)]);
    expect(undelivered).toMatch(push);
    expect(told.join()).not.toContain('canary');
  });

  test('it dies in the middle of a run and comes back: the load is the same, and after a push every row is there once', async () => {
    const own = await startOwnInfluxd(influx.server.source);
    onTestFinished(killServers);
    const server = new Influx(own.server);
    const login = loginAt({ address: own.server.address });
    const plain = await reportedRun({ directory, testId: 'without1', durationNs: 2e9 });
    const { told, summary, folder } = await reportedRun({
      directory,
      testId: 'outage01',
      durationNs: 2e9,
      login,
      requestsPerSecond: 2000,
      during: async () => {
        await sleep(600);
        await own.stop();
        await sleep(500);
        await own.start();
      },
    });
    expect(told[0]).toMatch(/does not answer .*; the run goes on, results wait/);
    expect(acknowledged(summary)).toBe(acknowledged(plain.summary));
    expect(summary.states).toEqual(plain.summary.states);
    const { rows } = await pushRun(folder, login);
    expect(rows).toMatchObject({ run: 1, summary: 2, write: 200, query: 100 });
    expect(await rowCounts(server, '_stressTest')).toEqual(rows);
    expect(await onDatabase(login, (from) => readRun(from, 'outage01'))).toEqual(summary);
  }, 120_000);
});

describe('without a database', () => {
  test('one line at the start, one at the end, and the same load', async () => {
    const plain = await reportedRun({ directory, testId: 'plain001', durationNs: 0.4e9 });
    const { told, undelivered, summary, folder } = await reportedRun({
      directory,
      testId: 'nobody01',
      durationNs: 0.4e9,
      login: nobody,
      requestsPerSecond: 2000,
    });
    expect(told).toEqual([
      expect.stringContaining('no reporting InfluxDB at 127.0.0.1:9 (connect ECONNREFUSED'),
    ]);
    expect(told[0]).toContain(`"stressql push ${folder}" sends them later`);
    expect(undelivered).toMatch(push);
    expect(acknowledged(summary)).toBe(acknowledged(plain.summary));
  });

  test('that nobody has asked for, the end says nothing', async () => {
    const { told, undelivered } = await reportedRun({
      directory,
      testId: 'nobody02',
      durationNs: 0.3e9,
      login: nobody,
      asked: false,
    });
    expect(told).toHaveLength(1);
    expect(undelivered).toBeUndefined();
  });
});

describe('a database that', () => {
  test('is slow gets everything all the same', async () => {
    const server = await startPracticeServer({ faults: { delayMs: 300 } });
    onTestFinished(() => server.close());
    const { told, undelivered } = await reportedRun({
      directory,
      testId: 'slow0001',
      durationNs: 0.5e9,
      login: loginAt(server),
    });
    expect({ told, undelivered }).toEqual({ told: [], undelivered: undefined });
  });

  test.each([
    [
      'has too much to do',
      { code: 503, oneIn: 1 },
      /does not answer \(a practice fault\); the run goes on/,
      push,
    ],
    [
      'refuses rows',
      { code: 400, oneIn: 1, message: 'unable to parse' },
      /refuses results \(unable to parse\); the run goes on/,
      // A push would be refused, too.
      /^\d+ rows refused by the reporting InfluxDB at [^;]*: the run folder has what they say$/,
    ],
  ])('%s is told once', async (_, status, expected, atTheEnd) => {
    const server = await startPracticeServer({ faults: {} });
    onTestFinished(() => server.close());
    const { told, undelivered } = await reportedRun({
      directory,
      testId: 'refuse01',
      durationNs: 0.6e9,
      login: loginAt(server),
      during: async () => {
        await sleep(200);
        await server.setFaults({ status });
      },
    });
    expect(told).toEqual([expect.stringMatching(expected)]);
    expect(undelivered).toMatch(atTheEnd);
  });

  test('never answers does not keep the run from ending', async () => {
    const sockets = new Set<{ destroy(): void }>();
    const server: Server = createServer((socket) => void sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const plain = await reportedRun({ directory, testId: 'plain002', durationNs: 0.3e9 });
    const { undelivered, summary } = await reportedRun({
      directory,
      testId: 'hung0001',
      durationNs: 0.3e9,
      login: loginAt({ address: `127.0.0.1:${port}` }),
    });
    expect(undelivered).toMatch(push);
    expect(acknowledged(summary)).toBe(acknowledged(plain.summary));
  });
});

describe('request detail', () => {
  const wanted = { durationNs: 0.5e9, requestsPerSecond: 2000 };

  test('the run folder keeps every request, once', async () => {
    const { folder, told } = await reportedRun({ directory, testId: 'requests', ...wanted });
    const lines = await readLines(folder, 'requests.ndjson');
    const requests = lines.flatMap((line) => (JSON.parse(line) as RequestLine).doneNs);
    // 50 of the INSERT, 25 of the QUERY.
    expect([requests.length, told]).toEqual([75, []]);
  });

  test('the run folder has an end, and says so once', async () => {
    const { folder, told } = await reportedRun({
      directory,
      testId: 'requests',
      ...wanted,
      requestBytesAtMost: 1000,
    });
    expect(told).toEqual([expect.stringMatching(/requests\.ndjson has .* kB: later requests are not kept/)]);
    const { size } = await stat(join(folder, 'requests.ndjson'));
    expect(size).toBeGreaterThan(1000);
    expect(size).toBeLessThan(5000);
  });

  test('more requests than are wanted end it for good, and it says so once', async () => {
    const { folder, told } = await reportedRun({
      directory,
      testId: 'requests',
      ...wanted,
      requestsPerSecond: 10,
    });
    expect(told).toEqual(['too many requests']);
    await expect(stat(join(folder, 'requests.ndjson'))).rejects.toThrow('ENOENT');
  });
});
