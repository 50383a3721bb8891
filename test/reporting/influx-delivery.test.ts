import { expect, onTestFinished, test } from 'vitest';
import { startPracticeServer } from '../../src/practice/practice-server.ts';
import { Delivery } from '../../src/reporting/influx/delivery.ts';
import { isAmongTargets, readReportLogin } from '../../src/reporting/influx/report-login.ts';
import { ReportingDatabase } from '../../src/reporting/influx/reporting-database.ts';
import { printSettings } from '../../src/reporting/run-folder.ts';
import { redacted } from '../../src/stress-client/settings.ts';
import { settingsWith } from '../support/loads.ts';
import { loginAt } from './reported-run.ts';

const unheard = {
  absent: () => expect.unreachable(),
  lost: () => expect.unreachable(),
  refused: () => expect.unreachable(),
};

test('what waits is bounded: beyond it rows are left out, and counted', async () => {
  const server = await startPracticeServer();
  onTestFinished(() => server.close());
  const delivery = new Delivery(new ReportingDatabase(loginAt(server)), unheard);
  const row = `m f="${'x'.repeat(65_000)}" `;
  const rows = 700;
  for (let at = 0; at < rows; at++) delivery.add(row + String(1000 + at));
  await delivery.close(20_000);
  const kept = Math.floor((32 << 20) / (row.length + 4));
  expect(delivery.undelivered).toBe(rows - kept);
  expect((await server.counters()).points).toBe(kept);
});

test('rows that come together leave together', async () => {
  const server = await startPracticeServer();
  onTestFinished(() => server.close());
  const delivery = new Delivery(new ReportingDatabase(loginAt(server)), unheard);
  for (let at = 0; at < 12_000; at++) delivery.add(`m f=1i ${at}`);
  await delivery.close(20_000);
  // /ping, CREATE DATABASE, and 5,000 rows a request.
  expect(await server.counters()).toMatchObject({ points: 12_000, requests: 5 });
});

const settings = printSettings(settingsWith());
const read = (
  given: string | undefined,
  environment: Record<string, string> = {},
  changed: Partial<typeof settings> = {},
) =>
  readReportLogin({ ...settings, ...changed } as Parameters<typeof readReportLogin>[0], given, environment);

test.each([
  ['the settings', undefined, {}, {}, { database: '_stressTest', username: '', token: '' }],
  [
    '--report',
    'https://other:1234/prefix',
    {},
    {},
    { address: { prefix: '/prefix', origin: 'https://other:1234' } },
  ],
  [
    'the environment',
    undefined,
    { STRESSQL_REPORT_PASSWORD: 'p' },
    { ReportPassword: 'q' },
    { password: 'p' },
  ],
  [
    'the environment, for what was cut out',
    undefined,
    { STRESSQL_REPORT_TOKEN: 't' },
    { ReportToken: redacted },
    { token: 't' },
  ],
  [
    'nothing, where it was cut out',
    undefined,
    {},
    { ReportPassword: redacted },
    { problem: expect.stringContaining('set STRESSQL_REPORT_PASSWORD') },
  ],
  ['no address', 'a b', {}, {}, { problem: expect.stringContaining('expected host, host:port') }],
])('where results go is read from %s', (_, given, environment, changed, expected) => {
  expect(read(given, environment, changed)).toMatchObject(expected);
});

test('an address with a login is refused, and not repeated', () => {
  const refused = read('http://root:canary-1c2d@localhost:8086');
  expect(refused).toEqual({ problem: expect.stringContaining('STRESSQL_REPORT_PASSWORD') });
  expect(JSON.stringify(refused)).not.toContain('canary');
});

test.each([
  ['localhost:8086', ['localhost'], false, true],
  ['localhost', ['127.0.0.1:8086'], false, true],
  ['[::1]:8086', ['a', 'LOCALHOST'], false, true],
  ['http://127.0.0.1:8086/x', ['localhost:8086'], false, true],
  ['localhost:8087', ['localhost:8086'], false, false],
  ['db.example', ['DB.example'], false, true],
  ['db.example', ['other.example'], false, false],
  ['https://db.example', ['https://db.example:443'], false, true],
  ['http://db.example:8086', ['db.example'], true, true],
])('results to %s, load to %s: the same server is %s', (given, addresses, SSL, expected) => {
  const login = read(given);
  if ('problem' in login) throw new Error(login.problem);
  expect(isAmongTargets(login, { Addresses: addresses, SSL })).toBe(expected);
});
