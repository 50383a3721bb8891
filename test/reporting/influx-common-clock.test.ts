import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ReportingDatabase } from '../../src/reporting/influx/reporting-database.ts';
import { describeWithInflux } from '../servers/influx.ts';
import { loginAt } from './reported-run.ts';

describeWithInflux('the place of rows on the common clock', (influx) => {
  test('is a retention policy of its own that never expires, made once', async () => {
    const database = await influx.createDatabase();
    for (let times = 0; times < 2; times++) {
      const common = new ReportingDatabase(loginAt({ address: influx.address, database }), {
        onCommonClock: true,
      });
      await common.open();
      await common.write('interval,test_id=a end_ns=1i 946684800000000000');
      await common.close();
    }
    const policies = await influx.query(`SHOW RETENTION POLICIES ON "${database}"`);
    const shown = policies.map(([name, duration, , , isDefault]) => [name, duration, isDefault]);
    expect(shown).toEqual([
      ['autogen', '0s', true],
      ['common_clock', '0s', false],
    ]);
    expect(await influx.query('SELECT end_ns FROM "common_clock"."interval"', database)).toHaveLength(1);
    expect(await influx.query('SELECT end_ns FROM "interval"', database)).toEqual([]);
  });

  test('that was made by somebody else, with another duration, is taken as it is', async () => {
    const database = await influx.createDatabase();
    await influx.query(
      `CREATE RETENTION POLICY "common_clock" ON "${database}" DURATION 2000w REPLICATION 1`,
    );
    const common = new ReportingDatabase(loginAt({ address: influx.address, database }), {
      onCommonClock: true,
    });
    await common.open();
    await common.write('interval,test_id=a end_ns=1i 946684800000000000');
    await common.close();
    expect(await influx.query('SELECT end_ns FROM "common_clock"."interval"', database)).toHaveLength(1);
  });
});

/** As the documents of InfluxDB 2 describe its API of buckets and of mappings to 1.x. */
async function startInflux2(mappings: { retention_policy: string; virtual?: boolean }[], mayMake = true) {
  const buckets = [{ id: 'b1', orgID: 'o1', name: 'reports' }];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const answer = (status: number, body?: object): void => {
        response.writeHead(status, { 'content-type': 'application/json', 'x-influxdb-version': 'v2.7.12' });
        response.end(body === undefined ? '' : JSON.stringify(body));
      };
      if (pathname === '/ping') return answer(204);
      asked.push(
        `${request.method} ${pathname}${pathname.endsWith('write') ? ` ${searchParams.get('bucket')}` : ` ${text}`}`,
      );
      if (request.method === 'POST' && !pathname.endsWith('write') && !mayMake) {
        return answer(401, { code: 'unauthorized', message: 'unauthorized access' });
      }
      if (pathname === '/api/v2/write') return answer(204);
      if (pathname === '/api/v2/buckets' && request.method === 'GET') {
        return answer(200, { buckets: buckets.filter(({ name }) => name === searchParams.get('name')) });
      }
      const body = JSON.parse(text || '{}') as { name: string; retention_policy: string };
      if (pathname === '/api/v2/buckets') {
        const bucket = { id: 'b2', orgID: 'o1', name: body.name };
        buckets.push(bucket);
        return answer(201, bucket);
      }
      if (request.method === 'GET') return answer(200, { content: mappings });
      mappings.push(body);
      return answer(201, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const login = {
    ...loginAt({ address: `127.0.0.1:${port}` }),
    org: 'team',
    bucket: 'reports',
    token: 'secret',
  };
  return { login, asked };
}

const row = 'interval,test_id=a end_ns=1i 946684800000000000';

test('in 2.x it is a bucket with a mapping, and the reports keep the default one', async () => {
  const { login, asked } = await startInflux2([{ retention_policy: 'autogen', virtual: true }]);
  for (let times = 0; times < 2; times++) {
    const common = new ReportingDatabase(login, { onCommonClock: true });
    await common.open();
    await common.write(row);
    await common.close();
  }
  expect(asked.filter((each) => each.startsWith('POST'))).toEqual([
    'POST /api/v2/buckets {"orgID":"o1","name":"reports_common_clock","retentionRules":[]}',
    'POST /api/v2/dbrps {"orgID":"o1","bucketID":"b1","database":"reports","retention_policy":"autogen","default":true}',
    'POST /api/v2/dbrps {"orgID":"o1","bucketID":"b2","database":"reports","retention_policy":"common_clock","default":false}',
    'POST /api/v2/write reports_common_clock',
    'POST /api/v2/write reports_common_clock',
  ]);
});

test('a mapping that somebody has made stays the default', async () => {
  const { login, asked } = await startInflux2([{ retention_policy: 'quarter' }]);
  const common = new ReportingDatabase(login, { onCommonClock: true });
  await common.open();
  await common.close();
  expect(asked.filter((each) => each.startsWith('POST /api/v2/dbrps'))).toEqual([
    expect.stringContaining('"retention_policy":"common_clock","default":false'),
  ]);
});

test('a token that may not make it is told so, and no more is tried', async () => {
  const { login } = await startInflux2([], false);
  const common = new ReportingDatabase(login, { onCommonClock: true });
  await expect(common.open()).rejects.toMatchObject({ kind: 'homeless', message: 'unauthorized access' });
  await common.close();
});
