import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/stress-client/clock.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import { inspectInflux } from '../../src/stress-client/target/influx/inspect-influx.ts';
import { InfluxTarget } from '../../src/stress-client/target/influx/influx-target.ts';
import { describeWithInflux, describeWithInfluxLogin, describeWithInfluxTls } from '../servers/influx.ts';
import { Attempts, planOf, settingsWith } from './attempts.ts';

describeWithInflux('what is written to InfluxDB 1.8 is read back', (influx) => {
  let database: string;
  let attempts: Attempts;
  beforeEach(async () => {
    database = await influx.createDatabase();
    const settings = settingsWith({ Addresses: [influx.address], Database: database });
    attempts = new Attempts(new InfluxTarget(settings, systemClock), settings);
    await attempts.open();
  });
  afterEach(() => attempts.target.close());

  async function write(text: string, settings: Partial<Settings> = {}): Promise<void> {
    const slot = await attempts.sendPlan(planOf('write', text), { ...attempts.settings, ...settings });
    expect(slot).toMatchObject({ outcome: 'acknowledged', status: 204, message: '' });
  }

  it.each([
    ['quotes', 'v="a \\"quoted\\" word"', 'a "quoted" word'],
    ['apostrophes', `v="it's"`, "it's"],
    ['commas, equals signs, blanks', 'v="a,b=c d"', 'a,b=c d'],
    ['backslashes', 'v="C:\\\\temp\\\\x"', 'C:\\temp\\x'],
    ['a line end', 'v="two\nlines"', 'two\nlines'],
    ['emoji', 'v="🚀 naïve 日本"', '🚀 naïve 日本'],
    ['an empty string', 'v=""', ''],
    ['an integer', 'v=9007199254740991i', 9007199254740991],
    ['a float', 'v=-1.5e-3', -0.0015],
    ['a boolean', 'v=t', true],
  ])('field value: %s', async (_, field, value) => {
    await write(`m ${field} 1000000000\n`);
    expect(await influx.query('SELECT v FROM m', database)).toEqual([[expect.anything(), value]]);
  });

  it.each([
    ['blank', 'a\\ b', 'a b'],
    ['comma', 'a\\,b', 'a,b'],
    ['equals sign', 'a\\=b', 'a=b'],
    ['quotes', 'a"b\'c', 'a"b\'c'],
    ['backslash', 'a\\b', 'a\\b'],
    ['emoji', '🚀é', '🚀é'],
  ])('tag value, tag key and measurement: %s', async (_, written, name) => {
    // An equals sign needs no escape in a measurement, and its backslash would stay there.
    const measurement = written.replace('\\=', '=');
    await write(`${measurement},${written}=${written} ${written}=1i 1000000000\n`);
    const [series, ...others] = await influx.series('SELECT * FROM /.*/ GROUP BY *', database);
    expect(others).toEqual([]);
    expect(series).toMatchObject({ name, tags: { [name]: name } });
    expect(await influx.query('SHOW FIELD KEYS', database)).toEqual([[name, 'integer']]);
  });

  it.each([
    ['n', '1451606400123456789', '2016-01-01T00:00:00.123456789Z'],
    ['ns', '1451606400123456789', '2016-01-01T00:00:00.123456789Z'],
    ['u', '1451606400123456', '2016-01-01T00:00:00.123456Z'],
    ['us', '1451606400123456', '2016-01-01T00:00:00.123456Z'],
    ['ms', '1451606400123', '2016-01-01T00:00:00.123Z'],
    ['s', '1451606400', '2016-01-01T00:00:00Z'],
  ] as const)('timestamps in %s, by both APIs', async (Precision, timestamp, time) => {
    await write(`m,api=1 v=1i ${timestamp}\n`, { Precision });
    const settings = { ...attempts.settings, Version: '2' as const, Token: 'a:b', Precision };
    const second = new Attempts(new InfluxTarget(settings, systemClock), settings);
    await second.open();
    const slot = await second.sendPlan(planOf('write', `m,api=2 v=1i ${timestamp}\n`));
    expect(slot.outcome).toBe('acknowledged');
    const answer = await second.target.passThrough('SELECT v, api FROM m', settings);
    if (!answer.ok) throw new Error(answer.error.message);
    const { results } = JSON.parse(answer.text) as { results: [{ series: [{ values: unknown[] }] }] };
    expect(results[0].series[0].values).toEqual([
      [time, 1, '1'],
      [time, 1, '2'],
    ]);
    await second.target.close();
  });

  it('as many points and series as were sent', async () => {
    const bodies = Array.from({ length: 20 }, (_, operation) =>
      Array.from({ length: 100 }, (_each, at) => pointAt(operation * 100 + at)).join(''),
    );
    const sender = await attempts.prepare(planOf('write', ...bodies), {
      ...attempts.settings,
      Compression: 'gzip',
    });
    const slots = bodies.map((_, operation) => attempts.start(sender, operation));
    await Promise.all(slots.map((slot) => attempts.answer(slot)));
    expect(await influx.query('SELECT count(v), sum(v) FROM m', database)).toEqual([[0, 2000, 1999000]]);
    expect(await influx.query('SHOW SERIES CARDINALITY', database)).toEqual([[40]]);
  });

  it('a retention policy is written to, by both APIs', async () => {
    await influx.query(`CREATE RETENTION POLICY "keep it" ON ${database} DURATION INF REPLICATION 1`);
    await write('m,api=1 v=1i 1\n', { RetentionPolicy: 'keep it' });
    const settings = {
      ...attempts.settings,
      Version: '2' as const,
      Token: 'a:b',
      RetentionPolicy: 'keep it',
    };
    const second = new Attempts(new InfluxTarget(settings, systemClock), settings);
    await second.open();
    expect(await second.sendPlan(planOf('write', 'm,api=2 v=1i 1\n'))).toMatchObject({
      outcome: 'acknowledged',
    });
    const bucket = { ...settings, Bucket: `${database}/keep it`, RetentionPolicy: '' };
    expect(await second.sendPlan(planOf('write', 'm,api=3 v=1i 1\n'), bucket)).toMatchObject({ status: 204 });
    expect(await influx.query('SELECT count(v) FROM "keep it".m', database)).toEqual([[0, 3]]);
    await second.target.close();
  });

  it('a retention policy that is missing is told, by both APIs', async () => {
    for (const Version of ['1', '2'] as const) {
      const settings = { ...attempts.settings, Version, Token: 'a:b', RetentionPolicy: 'none' };
      const asking = new Attempts(new InfluxTarget(settings, systemClock), settings);
      await asking.open();
      const slot = await asking.sendPlan(planOf('write', 'm v=1i 1\n'));
      expect(slot).toMatchObject({ outcome: 'failed', errorClass: 'not-found' });
      expect(slot.message).toBe('retention policy not found: none (CREATE RETENTION POLICY none first)');
      await asking.target.close();
    }
  });

  it('a partial write says what was dropped', async () => {
    await write('m v=1i 1\n');
    const slot = await attempts.sendPlan(planOf('write', 'm v=2i 2\nm v="x" 3\nm v=4i 4\n'));
    expect(slot).toMatchObject({ outcome: 'failed', errorClass: 'partial-write', status: 400 });
    expect(slot.message).toMatch(/field type conflict.* dropped=1$/);
    expect(await influx.query('SELECT count(v) FROM m', database)).toEqual([[0, 3]]);
  });

  it('a query in a text that needs escaping is sent as written', async () => {
    await write('m,host=a\\ +&%b v=1i 1\n');
    const text = `SELECT v FROM m WHERE host = 'a +&%b' -- 🚀 ; = ?`;
    const slot = await attempts.sendPlan(planOf('query', text));
    expect(slot).toMatchObject({ outcome: 'acknowledged', rows: 1, requestBytes: encodedLength(text) });
  });

  it('the rows of several statements and series are counted', async () => {
    await write(Array.from({ length: 30 }, (_, at) => `m,host=h${at % 3} v=${at} ${at + 1}\n`).join(''));
    const text = 'SELECT v FROM m GROUP BY host; SELECT mean(v) FROM m; SELECT v FROM nothing';
    const slot = await attempts.sendPlan(planOf('query', text));
    expect(slot).toMatchObject({ outcome: 'acknowledged', rows: 31 });
  });

  it('an error inside an answer is an error', async () => {
    await write('m v=1 1\n');
    const slot = await attempts.sendPlan(
      planOf('query', 'SELECT percentile(v, 200) FROM m; SELECT v FROM no.no.m'),
    );
    expect(slot).toMatchObject({ outcome: 'failed', status: 200 });
    expect(slot.message).toBe('database not found: no (CREATE DATABASE no first)');
    const ended = await attempts.sendPlan(planOf('query', 'SELECT v FROM m GROUP BY time(1ns)'));
    expect(ended).toMatchObject({ outcome: 'failed', errorClass: 'query-error', status: 200 });
  });

  it('the deadline destroys the socket of a query that runs on', async () => {
    await write(Array.from({ length: 2000 }, (_, at) => `m v=${at} ${at + 1}\n`).join(''));
    const sender = await attempts.prepare(planOf('query', 'SELECT v FROM m; '.repeat(4000)));
    const slot = await attempts.send(sender, 0, 30e6);
    expect(slot).toMatchObject({ outcome: 'unknown', errorClass: 'timeout' });
    const next = await attempts.sendPlan(planOf('query', 'SELECT count(v) FROM m'));
    expect(next).toMatchObject({ outcome: 'acknowledged', rows: 1 });
  });

  it.each([
    ['CREATE USER "stressql_u" WITH PASSWORD hunter2'],
    ['CREATE USER "stressql_u" WITH PASSWORD "hunter2"'],
    ['CREATE USER "stressql_u" WITH PASSWORD \'hunter2'],
    ['SET PASSWORD FOR "stressql_u" = hunter2'],
  ])('what the server repeats of a password is redacted: %s', async (text) => {
    const answer = await attempts.target.passThrough(text, attempts.settings);
    if (answer.ok) throw new Error('it was taken');
    expect(answer.error.message).toMatch(/^error parsing query: found /);
    expect(answer.error.message).not.toMatch(/hunter2/);
  });

  it('what is there is found before a run', async () => {
    const inspection = await inspectInflux(attempts.settings, systemClock);
    if ('errorClass' in inspection) throw new Error(inspection.message);
    expect(inspection.databases).toContain(database);
    expect(inspection.servers).toHaveLength(1);
    expect(inspection.servers[0]!.product).toMatch(/^InfluxDB /);
  });
});

function pointAt(index: number): string {
  return `m,host=h${index % 40} v=${index}i ${1451606400 + index}\n`;
}

function encodedLength(text: string): number {
  return new URLSearchParams({ q: text }).toString().length;
}

describeWithInfluxLogin('login', (influx) => {
  const wrong = { Username: 'root', Password: 'a wrong password' };
  it.each([
    ['without a login', {}],
    ['with a wrong password', wrong],
    ['with a wrong token', { Token: 'root:a-wrong-token', Version: '2' as const }],
  ])('%s is an authentication error that tells no secret', async (_, login) => {
    const settings = settingsWith({ Addresses: [influx.address], ...login });
    const target = new InfluxTarget(settings, systemClock);
    const opened = await target.open({ answered() {}, lateAnswer() {}, reprepared() {} });
    expect(opened).toMatchObject({ errorClass: 'authentication', status: 401, address: influx.address });
    expect(JSON.stringify(opened)).not.toMatch(/wrong/);
    await target.close();
  });

  it('a user without the permission is refused when it writes', async () => {
    const database = await influx.createDatabase();
    await influx.query(`CREATE USER "reader" WITH PASSWORD 'reading'`);
    const settings = settingsWith({
      Addresses: [influx.address],
      Database: database,
      Username: 'reader',
      Password: 'reading',
    });
    const attempts = new Attempts(new InfluxTarget(settings, systemClock), settings);
    await attempts.open();
    const slot = await attempts.sendPlan(planOf('write', 'm v=1 1\n'));
    expect(slot).toMatchObject({ outcome: 'failed', errorClass: 'authentication', status: 403 });
    await attempts.target.close();
    await influx.query('DROP USER "reader"');
  });
});

describeWithInfluxTls('TLS', (influx) => {
  const open = async (settings: Partial<Settings>): Promise<unknown> => {
    const target = new InfluxTarget(settingsWith({ Addresses: [influx.address], ...settings }), systemClock);
    const opened = await target.open({ answered() {}, lateAnswer() {}, reprepared() {} });
    await target.close();
    return opened;
  };

  it('a certificate that nothing vouches for is refused', async () => {
    expect(await open({ SSL: true })).toMatchObject({
      errorClass: 'tls',
      hint: expect.stringMatching(/CaFile/),
    });
  });

  it('it is taken with CaFile', async () => {
    expect(await open({ SSL: true, CaFile: influx.server.caFile! })).toMatchObject([{ version: '1.8.3' }]);
  });

  it('it is taken with Insecure', async () => {
    expect(await open({ SSL: true, Insecure: true })).toHaveLength(1);
  });

  it('a scheme in the address does as SSL does', async () => {
    const Addresses = [`https://${influx.address}`];
    expect(await open({ Addresses, CaFile: influx.server.caFile! })).toHaveLength(1);
  });

  it('CertFile and KeyFile are shown to a server that asks for them', async () => {
    const { caFile = '', keyFile = '' } = influx.server;
    const certificate = readFileSync(caFile);
    const asking = createServer({
      cert: certificate,
      key: readFileSync(keyFile),
      ca: certificate,
      requestCert: true,
      rejectUnauthorized: true,
    });
    asking.on('request', (_, response) => response.end('{"results":[{"statement_id":0}]}'));
    await new Promise<void>((resolve) => asking.listen(0, 'localhost', resolve));
    const Addresses = [`localhost:${(asking.address() as AddressInfo).port}`];
    const settings = { Addresses, SSL: true, CaFile: caFile, Timeout: 2e9 };
    expect(await open({ ...settings, CertFile: caFile, KeyFile: keyFile })).toHaveLength(1);
    expect(await open(settings)).toMatchObject({
      errorClass: expect.stringMatching(/^(tls|connection-lost)$/),
    });
    asking.close();
  });

  it('a name that the certificate has not is refused', async () => {
    const Addresses = [influx.address.replace('localhost', '127.0.0.1')];
    const opened = await open({ Addresses, SSL: true, CaFile: influx.server.caFile! });
    expect(opened).toMatchObject({ errorClass: 'tls', message: expect.stringMatching(/altname/i) });
  });

  it('a name that the certificate has not is taken without VerifyHost, an unknown authority is not', async () => {
    const Addresses = [influx.address.replace('localhost', '127.0.0.1')];
    const settings = { Addresses, SSL: true, VerifyHost: false };
    expect(await open({ ...settings, CaFile: influx.server.caFile! })).toHaveLength(1);
    expect(await open(settings)).toMatchObject({ errorClass: 'tls' });
  });

  it('speaking plain HTTP to it is told', async () => {
    expect(await open({})).toMatchObject({ errorClass: 'rejected', hint: 'SET SSL [true]' });
  });
});

describe('TLS', () => {
  it('speaking it to a plain server is told', async () => {
    const { startPracticeServerThread } = await import('../../src/practice/start-practice-server-thread.ts');
    const server = await startPracticeServerThread();
    const settings = settingsWith({ Addresses: [server.address], SSL: true });
    const target = new InfluxTarget(settings, systemClock);
    const opened = await target.open({ answered() {}, lateAnswer() {}, reprepared() {} });
    expect(opened).toMatchObject({ errorClass: 'tls', hint: expect.stringMatching(/SSL \[false\]/) });
    await target.close();
    await server.close();
  });
});
