import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { SeriesCount } from '../../src/practice/influx/series-count.ts';
import { startPracticeServer } from '../../src/practice/practice-server.ts';
import type { PracticeServer, PracticeServerOptions } from '../../src/practice/practice-server.ts';
import { startPracticeServerThread } from '../../src/practice/start-practice-server-thread.ts';

const started: PracticeServer[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.close()));
});

describe.each([
  ['in a thread', startPracticeServerThread],
  ['in this thread', startPracticeServer],
] as const)('a practice server %s', (_, start) => {
  async function server(options?: PracticeServerOptions): Promise<PracticeServer> {
    const practice = await start(options);
    started.push(practice);
    return practice;
  }

  it('says that it is no database', async () => {
    const { address } = await server();
    const ping = await fetch(`http://${address}/ping`);
    expect([ping.status, ping.headers.get('x-influxdb-version')]).toEqual([204, '1.8-practice']);
    expect(await (await fetch(`http://${address}/health`)).json()).toMatchObject({
      message: 'not a database',
      status: 'pass',
    });
  });

  it('counts what it is sent', async () => {
    const practice = await server();
    await post(practice, '/query?q=CREATE+DATABASE+d;SHOW+DATABASES');
    await post(practice, '/write?db=d', 'm v=1 1\nm v=2 2\nbad\n');
    await post(practice, '/api/v2/write?bucket=d/week', 'm v=3 3\n');
    await post(practice, '/write?db=e', 'm v=1 1\n');
    expect(await practice.counters()).toEqual({
      connections: expect.any(Number),
      requests: 4,
      writes: 3,
      queries: 1,
      statements: 2,
      points: 3,
      refusedPoints: 1,
      bodyBytes: 20 + 8 + 8,
      byStatus: { 200: 1, 204: 1, 400: 1, 404: 1 },
    });
  });

  it('takes every database to be there until one is created or dropped', async () => {
    const practice = await server();
    expect((await post(practice, '/write?db=d', 'm v=1 1\n')).status).toBe(204);
    expect((await post(practice, '/api/v2/write?bucket=b', 'm v=1 1\n')).status).toBe(204);
    await post(practice, '/query?q=CREATE+DATABASE+e');
    expect((await post(practice, '/write?db=d', 'm v=1 1\n')).status).toBe(204);
    expect((await post(practice, '/write?db=f', 'm v=1 1\n')).status).toBe(404);
    await post(practice, '/query?q=DROP+DATABASE+d');
    expect((await post(practice, '/write?db=d', 'm v=1 1\n')).status).toBe(404);
  });

  it('unpacks gzip, and refuses what is none', async () => {
    const practice = await server();
    await post(practice, '/query?q=CREATE+DATABASE+d');
    const headers = { 'content-encoding': 'gzip' };
    const url = `http://${practice.address}/write?db=d`;
    expect((await fetch(url, { method: 'POST', headers, body: gzipSync('m v=1 1\n') })).status).toBe(204);
    expect((await fetch(url, { method: 'POST', headers, body: 'm v=1 1\n' })).status).toBe(400);
    expect((await practice.counters()).points).toBe(1);
  });

  it('refuses a body beyond the limit without keeping it', async () => {
    const practice = await server();
    await post(practice, '/query?q=CREATE+DATABASE+d');
    const tooLong = new Uint8Array(25_000_001).fill(0x20);
    const answer = await fetch(`http://${practice.address}/write?db=d`, { method: 'POST', body: tooLong });
    expect([answer.status, await answer.json()]).toEqual([413, { error: 'Request Entity Too Large' }]);
  });

  it('has faults that begin and end', async () => {
    const practice = await server({ faults: { status: { code: 503, oneIn: 2, message: 'busy' } } });
    const statuses = async (): Promise<number[]> => {
      const all = [];
      for (let each = 0; each < 4; each++) all.push((await post(practice, '/query?q=SHOW+DATABASES')).status);
      return all;
    };
    expect(await statuses()).toEqual([200, 503, 200, 503]);
    await practice.setFaults({});
    expect(await statuses()).toEqual([200, 200, 200, 200]);
    await practice.setFaults({ closeOneIn: 1 });
    await expect(post(practice, '/query?q=SHOW+DATABASES')).rejects.toThrow();
    await practice.setFaults({ stall: { afterMs: 0, forMs: 150 } });
    const beforeMs = performance.now();
    await Promise.all([1, 2].map(() => post(practice, '/query?q=SHOW+DATABASES')));
    expect(performance.now() - beforeMs).toBeGreaterThan(100);
  });

  it('answers 204 to everything as a responder', async () => {
    const practice = await server({ mode: 'responder' });
    expect((await post(practice, '/write?db=not_there', 'no line')).status).toBe(204);
    expect(await practice.counters()).toMatchObject({ requests: 1, writes: 0, byStatus: { 204: 1 } });
  });

  it('frees its port when it is closed, with requests in flight', async () => {
    const practice = await start();
    await practice.setFaults({ delayMs: 60_000 });
    const inFlight = post(practice, '/query?q=SHOW+DATABASES').catch((error: unknown) => error);
    while ((await practice.counters()).requests === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await practice.close();
    expect(await inFlight).toBeInstanceOf(Error);
    await expect(fetch(`http://${practice.address}/ping`)).rejects.toThrow();
  });

  it('rejects when its port is taken', async () => {
    const practice = await server();
    const port = Number(practice.address.split(':')[1]);
    await expect(start({ port })).rejects.toThrow(/EADDRINUSE/);
  });
});

describe('series are counted', () => {
  it.each([0, 1, 1000, 65_536])('exactly up to 65,536: %i', (series) => {
    expect(countOf(series)).toBe(series);
  });

  it.each([100_000, 1_000_000])('within 3 %% beyond: %i', (series) => {
    expect(Math.abs(countOf(series) / series - 1)).toBeLessThan(0.03);
  });
});

function countOf(series: number): number {
  const count = new SeriesCount();
  for (let index = 0; index < series; index++) {
    for (let again = 0; again < 2; again++) count.add(mixed(index, 0x9e3779b1), mixed(index, 0x85ebca77));
  }
  return count.value;
}

function mixed(index: number, factor: number): number {
  let value = Math.imul(index + 1, factor);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}

function post(practice: PracticeServer, path: string, body = ''): Promise<Response> {
  return fetch(`http://${practice.address}${path}`, { method: 'POST', body });
}
