import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startPracticeServer } from '../../src/practice/practice-server.ts';
import type { Summary } from '../../src/reporting/summary.ts';
import { describeWithInflux, describeWithInfluxLogin } from '../servers/influx.ts';
import { killOnceMeasured } from './kill-once-measured.ts';
import { onlyRunFolder, stressql, temporaryFolder } from './stressql.ts';

/** 5: a busy machine makes a late client, and says so. */
const ranToItsEnd = [0, 5];
const insert = 'INSERT cpu\ncpu,host=h-[int inc(0) 10]\nvalue=[float rand(100)]\n';

/** A profile for the sink, with a statement of most kinds. */
function profile(database: string, durationMs = 400): string {
  return [
    'SET Target [sink]\n\nSET BatchSize [10]\n\nSET ReportInterval [100ms]\n',
    `SET ReportDatabase [${database}]\n\nSET TestName [sink, twice]\n`,
    `GO ${insert}AT 1000/s FOR ${durationMs}ms\nTAG phase=load\nEXPECT p99 < 10s\n`,
    'QUERY ask\nSELECT value FROM cpu\nDO 20\n',
    'WAIT\n',
  ].join('\n');
}

function testIdOf(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as { testId: string }).testId;
}

describeWithInflux('with a reporting InfluxDB', (influx) => {
  const countRows = async (database: string): Promise<readonly unknown[]> => {
    const counted = await influx.query(
      'SELECT count(version) FROM run; SELECT count(items_asked) FROM summary; ' +
        'SELECT count(end_ns) FROM "interval"; SELECT count(num_bytes) FROM "write", "query"',
      database,
    );
    return counted.map(([, count]) => count);
  };

  test('a run reports, push changes nothing, and the report from the database is that of the folder', async () => {
    const database = await influx.createDatabase();
    const out = temporaryFolder();
    const ran = await stressql(['run', '-', '--quiet', '--out', out, '--report', influx.address], {
      input: profile(database),
    });
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({
      code: expect.toBeOneOf(ranToItsEnd),
      stderr: '',
    });
    const folder = onlyRunFolder(out);
    const rows = await countRows(database);
    // A request of ten points, forty of them, and twenty queries.
    expect(rows).toEqual([1, 2, expect.any(Number), 20, 40]);

    // Where the run was told to report to is where a push goes.
    const pushed = await stressql(['push', folder]);
    expect({ code: pushed.code, stderr: pushed.stderr }).toEqual({ code: 0, stderr: '' });
    expect(pushed.stdout).toMatch(
      /^\d+ rows sent to .*: 1 run, 2 summary, \d+ interval, 4 event, 40 write, 20 query\n$/,
    );
    expect(await countRows(database)).toEqual(rows);

    const words = ['report', '--from', 'influx', '--test-id', testIdOf(folder), '--report', influx.address];
    const env = { STRESSQL_REPORT_DATABASE: database };
    const read = await stressql(words, { env });
    expect(read.stdout).toBe(readFileSync(join(folder, 'report.txt'), 'utf8'));
    const json = await stressql([...words, '--format', 'json'], { env });
    expect(JSON.parse(json.stdout)).toEqual(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')));
  });

  test('the folder of a killed process is pushed, and read again from the database', async () => {
    const database = await influx.createDatabase();
    const out = temporaryFolder();
    const ran = await stressql(['run', '-', '--out', out, '--no-report'], {
      input: profile(database, 60_000),
      started: (child) => void killOnceMeasured(child, out, 'SIGKILL'),
    });
    expect(ran.signal).toBe('SIGKILL');
    const folder = onlyRunFolder(out);
    for (let times = 0; times < 2; times++) {
      const pushed = await stressql(['push', folder, '--report', influx.address]);
      expect({ code: pushed.code, stderr: pushed.stderr }).toEqual({ code: 0, stderr: '' });
    }
    const env = { STRESSQL_REPORT_DATABASE: database };
    const id = ['--from', 'influx', '--test-id', testIdOf(folder), '--report', influx.address];
    const fromDatabase = await stressql(['report', ...id, '--format', 'json'], { env });
    const fromFolder = await stressql(['report', folder, '--format', 'json']);
    expect(JSON.parse(fromDatabase.stdout)).toEqual(JSON.parse(fromFolder.stdout));
    const other = await stressql(['report', ...id.with(3, 'x')], { env });
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('has no run x')]);
  });

  test('with --no-report, and in a rehearsal, nothing is sent; a rehearsal that is told to does', async () => {
    const database = await influx.createDatabase();
    const silent = ['run', '-', '--quiet', '--out', temporaryFolder()];
    const script = `SET ReportAddress [${influx.address}]\n\n${profile(database)}`;
    await stressql([...silent, '--no-report'], { input: script });
    await stressql([...silent, '--rehearse'], { input: script.replace('SET Target [sink]\n', '') });
    expect(await countRows(database)).toEqual([]);
    await stressql([...silent, '--rehearse', '--report', influx.address], {
      input: script.replace('SET Target [sink]\n', ''),
    });
    expect((await countRows(database))[0]).toBe(1);
  });

  test('a reporting database that is the target itself is warned of', async () => {
    const database = await influx.createDatabase();
    const script = `SET Addresses [${influx.address}]\n\nSET Database [${database}]\n\n${insert}DO 10 EVERY 10s\n`;
    const words = ['run', '-', '--quiet', '--out', temporaryFolder()];
    const env = { STRESSQL_REPORT_DATABASE: database };
    const warned = await stressql([...words, '--report', influx.address], { input: script, env });
    expect(warned.stderr).toContain('is the target itself');
    const practice = await startPracticeServer();
    const apart = await stressql([...words, '--report', practice.address], { input: script });
    await practice.close();
    expect(apart.stderr).toBe('');
  });
});

describeWithInfluxLogin('with a reporting InfluxDB that asks for a login', (influx) => {
  const { server } = influx;

  test('the password is not in the folder, and push reads it from the environment', async () => {
    const database = await influx.createDatabase();
    const out = temporaryFolder();
    const login = `SET ReportUsername [${server.username}]\n\nSET ReportPassword [${server.password}]\n\n`;
    await stressql(['run', '-', '--quiet', '--out', out, '--no-report'], {
      input: `SET ReportAddress [${server.address}]\n\n${login}${profile(database)}`,
    });
    const folder = onlyRunFolder(out);
    const without = await stressql(['push', folder]);
    expect([without.code, without.stderr]).toEqual([
      2,
      expect.stringContaining('set STRESSQL_REPORT_PASSWORD'),
    ]);
    const wrong = await stressql(['push', folder], { env: { STRESSQL_REPORT_PASSWORD: 'canary-77aa' } });
    expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining('check the login')]);
    expect(wrong.stderr).not.toContain('canary');
    const right = await stressql(['push', folder], { env: { STRESSQL_REPORT_PASSWORD: server.password! } });
    expect([right.code, right.stderr]).toEqual([0, '']);
  });
});

test('a run without its reporting database ends as it would with it, and says how results get there', async () => {
  const out = temporaryFolder();
  const ran = await stressql(['run', '-', '--quiet', '--out', out, '--report', '127.0.0.1:9'], {
    input: profile('_stressTest'),
  });
  const folder = onlyRunFolder(out);
  const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as Summary;
  expect(ran.code).toBeOneOf(ranToItsEnd);
  expect(summary.states).not.toContainEqual(expect.objectContaining({ state: 'INCOMPLETE' }));
  const told = ran.stderr.trim().split('\n');
  expect(told).toEqual([
    expect.stringMatching(
      /^no reporting InfluxDB at 127\.0\.0\.1:9 \(.*\): results stay in the run folder; "stressql push .*" sends them later$/,
    ),
    expect.stringMatching(
      /^\d+ rows did not reach the reporting InfluxDB at 127\.0\.0\.1:9: "stressql push .*" sends them$/,
    ),
  ]);
  const pushed = await stressql(['push', folder]);
  expect([pushed.code, pushed.stderr]).toEqual([3, expect.stringContaining('127.0.0.1:9')]);
});

test('rows that the database refuses are counted: exit 4', async () => {
  const out = temporaryFolder();
  await stressql(['run', '-', '--quiet', '--out', out, '--no-report'], { input: profile('_stressTest') });
  const practice = await startPracticeServer({
    // The first request makes the database.
    faults: { status: { code: 400, oneIn: 2, message: 'unable to parse' } },
  });
  const pushed = await stressql(['push', onlyRunFolder(out), '--report', practice.address]);
  await practice.close();
  expect([pushed.code, pushed.stderr]).toEqual([4, expect.stringContaining('refused by')]);
  expect(pushed.stderr).toContain('unable to parse');
});

test.each([
  ['push of no run folder', ['push', '.'], 'is no run folder'],
  ['report of neither', ['report'], 'which run?'],
  ['report of both', ['report', '.', '--from', 'influx', '--test-id', 'x'], 'without a folder'],
  ['report of no test id', ['report', '--from', 'influx'], '--test-id'],
  ['report with a test id alone', ['report', '.', '--test-id', 'x'], '--from influx'],
  [
    'a login in the address',
    ['push', 'RUN', '--report', 'http://u:canary-5e5e@localhost'],
    'without a login',
  ],
])('%s: exit 2, one sentence', async (_, words, told) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'settings.json'), '{"schemaVersion":1,"settings":{}}');
  const { code, stderr } = await stressql(words.map((word) => (word === 'RUN' ? folder : word)));
  expect([code, stderr]).toEqual([2, expect.stringContaining(told)]);
  expect(stderr).not.toMatch(/canary|^ {4}at /m);
});
