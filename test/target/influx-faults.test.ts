import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startPracticeServerThread } from '../../src/practice/start-practice-server-thread.ts';
import type { PracticeServer } from '../../src/practice/practice-server.ts';
import { systemClock } from '../../src/stress-client/clock.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import { InfluxTarget } from '../../src/stress-client/target/influx/influx-target.ts';
import { Attempts, planOf, settingsWith } from './attempts.ts';

const point = 'cpu,host=a value=1i 1\n';
const write = planOf('write', point);

let server: PracticeServer;
let attempts: Attempts;

async function attemptsWith(settings: Partial<Settings>): Promise<Attempts> {
  const all = settingsWith(settings);
  const made = new Attempts(new InfluxTarget(all, systemClock), all);
  await made.open();
  return made;
}

beforeAll(async () => {
  server = await startPracticeServerThread();
  attempts = await attemptsWith({ Addresses: [server.address] });
  await attempts.target.passThrough('CREATE DATABASE stress', attempts.settings);
});
afterEach(() => server.setFaults({}));
afterAll(async () => {
  await attempts.target.close();
  await server.close();
});

describe('answers of the server', () => {
  it.each([
    [400, 'unable to parse', 'rejected', 'failed'],
    [400, 'partial write: field type conflict dropped=1', 'partial-write', 'failed'],
    [401, 'authorization failed', 'authentication', 'failed'],
    [403, 'not authorized', 'authentication', 'failed'],
    [404, 'database not found: "x"', 'not-found', 'failed'],
    [408, 'request timeout', 'server-timeout', 'unknown'],
    [413, 'Request Entity Too Large', 'rejected', 'failed'],
    [422, 'failure parsing points', 'rejected', 'failed'],
    [429, 'rate limit', 'overload', 'failed'],
    [500, 'engine: disk full', 'server-error', 'failed'],
    [500, 'timeout', 'server-timeout', 'unknown'],
    [502, 'bad gateway', 'server-error', 'failed'],
    [503, 'too many writes', 'overload', 'failed'],
    [504, 'gateway timeout', 'server-timeout', 'unknown'],
  ] as const)('%i "%s" is %s, %s', async (code, message, errorClass, outcome) => {
    await server.setFaults({ status: { code, oneIn: 1, message } });
    const slot = await attempts.sendPlan(write);
    expect(slot).toMatchObject({ status: code, errorClass, outcome });
    expect(slot.message.startsWith(message)).toBe(true);
    expect(slot.responseBytes).toBe(JSON.stringify({ error: message }).length);
  });

  it('keeps a message to one line of bounded length, without the secrets', async () => {
    const secret = await attemptsWith({ Addresses: [server.address], Username: 'u', Password: 'hush-hush' });
    await server.setFaults({
      status: { code: 500, oneIn: 1, message: `for hush-hush\n\u0007${'x'.repeat(9000)}` },
    });
    const slot = await secret.sendPlan(write);
    expect(slot.message).toMatch(/^for \[REDACTED\] x+…$/);
    expect(slot.message.length).toBe(300);
    await secret.target.close();
  });

  it('goes on with the same connection after an error', async () => {
    const sender = await attempts.prepare(write);
    await server.setFaults({ status: { code: 500, oneIn: 2 } });
    const { connections } = await server.counters();
    const outcomes = [];
    for (let each = 0; each < 6; each++) outcomes.push((await attempts.send(sender)).outcome);
    expect(outcomes).toEqual(['acknowledged', 'failed', 'acknowledged', 'failed', 'acknowledged', 'failed']);
    expect((await server.counters()).connections).toBe(connections);
  });
});

describe('one attempt is one request on the wire', () => {
  it.each([
    ['an answer', {}],
    ['an error', { status: { code: 503, oneIn: 1 } }],
    ['a connection that ends', { closeOneIn: 1 }],
    ['a timeout', { delayMs: 500 }],
  ])('%s', async (_, faults) => {
    const sender = await attempts.prepare(write);
    await server.setFaults(faults);
    const before = (await server.counters()).requests;
    for (let each = 0; each < 5; each++) await attempts.send(sender, each, 100e6);
    expect((await server.counters()).requests).toBe(before + 5);
  });
});

describe('connections', () => {
  it('a lost one is unknown, and the next attempt has a new one', async () => {
    const sender = await attempts.prepare(write);
    await attempts.send(sender);
    await server.setFaults({ closeOneIn: 2 });
    const { connections } = await server.counters();
    expect(await attempts.send(sender)).toMatchObject({ outcome: 'acknowledged' });
    expect(await attempts.send(sender)).toMatchObject({
      outcome: 'unknown',
      errorClass: 'connection-lost',
      status: 0,
    });
    expect(await attempts.send(sender)).toMatchObject({ outcome: 'acknowledged' });
    expect((await server.counters()).connections).toBe(connections + 1);
  });

  it('there are no more than attempts in flight at once', async () => {
    const fresh = await attemptsWith({ Addresses: [server.address] });
    const sender = await fresh.prepare(write);
    const before = (await server.counters()).connections;
    for (let round = 0; round < 5; round++) {
      const slots = Array.from({ length: 8 }, () => fresh.start(sender));
      await Promise.all(slots.map((slot) => fresh.answer(slot)));
    }
    // One is there already, from opening.
    expect((await server.counters()).connections).toBe(before + 7);
    await fresh.target.close();
  });

  it('several addresses get as many requests each', async () => {
    const servers = await Promise.all([1, 2, 3].map(() => startPracticeServerThread()));
    const Addresses = servers.map(({ address }) => address);
    for (const address of Addresses) {
      const one = await attemptsWith({ Addresses: [address] });
      await one.target.passThrough('CREATE DATABASE stress', one.settings);
      await one.target.close();
    }
    const spread = await attemptsWith({ Addresses });
    // Two statements in turn: neither may get stuck to some of the addresses.
    const senders = [await spread.prepare(write), await spread.prepare(write)];
    for (let each = 0; each < 60; each++) await spread.send(senders[each % 2]!);
    for (const each of servers) expect((await each.counters()).writes).toBe(20);
    await spread.target.close();
    await Promise.all(servers.map((each) => each.close()));
  });

  it('a prefix of the address comes before every path', async () => {
    const settings = settingsWith({ Addresses: [`http://${server.address}/behind/a/proxy/`] });
    const opened = await new InfluxTarget(settings, systemClock).open(attempts);
    expect(opened).toMatchObject({ errorClass: 'not-found', status: 404 });
  });
});

describe('a server that does not answer', () => {
  let silent: Server;
  let socketsOpen = 0;
  let closed: (() => void) | undefined;
  beforeAll(async () => {
    silent = createServer((socket: Socket) => {
      socketsOpen++;
      socket.on('error', () => {}).on('data', () => {});
      socket.on('close', () => {
        socketsOpen--;
        closed?.();
      });
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => silent.close());

  it('opening gives up after Timeout', async () => {
    const settings = settingsWith({ Addresses: [addressOf(silent)], Timeout: 100e6 });
    const target = new InfluxTarget(settings, systemClock);
    const opened = await target.open(attempts);
    expect(opened).toMatchObject({
      errorClass: 'timeout',
      message: 'no answer within 0.1 s',
      address: addressOf(silent),
    });
    await target.close();
  });

  it('the deadline ends the attempt and its socket', async () => {
    const proxied = await attemptsWith({ Addresses: [server.address] });
    await server.setFaults({ delayMs: 60_000 });
    const sender = await proxied.prepare(write);
    for (const timeoutNs of [50e6, 300e6]) {
      const slot = await proxied.send(sender, 0, timeoutNs);
      expect(slot).toMatchObject({ outcome: 'unknown', errorClass: 'timeout', status: 0 });
      expect(slot.answeredNs - slot.sentNs).toBeGreaterThanOrEqual(timeoutNs);
    }
    await proxied.target.close();
  });

  it('no socket is left behind', async () => {
    const settings = settingsWith({ Addresses: [addressOf(silent)], Timeout: 50e6 });
    const target = new InfluxTarget(settings, systemClock);
    await target.open(attempts);
    // The target stays open: the deadline alone has to close the socket.
    if (socketsOpen > 0) await new Promise<void>((resolve) => (closed = resolve));
    expect(socketsOpen).toBe(0);
    await target.close();
  });
});

describe('opening', () => {
  it.each([
    ['nothing listens', { Addresses: ['127.0.0.1:1'] }, 'connection-refused', /ECONNREFUSED/],
    ['no such host', { Addresses: ['no-such-host.invalid'] }, 'unresolved', /no-such-host\.invalid/],
    ['no address', { Addresses: [] }, 'client', /Addresses is empty/],
    ['not an address', { Addresses: ['a b:c'] }, 'client', /address 1 of Addresses/],
    ['a user in the address', { Addresses: ['http://u:secret@localhost'] }, 'client', /^(?!.*secret)/],
    ['no such file', { CaFile: '/not/there.pem' }, 'client', /not\/there\.pem/],
  ])('%s is an error with a hint', async (_, settings, errorClass, message) => {
    const target = new InfluxTarget(settingsWith(settings), systemClock);
    const opened = await target.open(attempts);
    if (!('errorClass' in opened)) throw new Error('it opened');
    expect(opened.errorClass).toBe(errorClass);
    expect(opened.message).toMatch(message);
    expect(opened.hint).toBeTruthy();
    expect(opened.hint).not.toMatch(/secret/);
    await target.close();
  });

  it('one dead address of two is told by its name', async () => {
    const settings = settingsWith({ Addresses: [server.address, '127.0.0.1:1'] });
    const target = new InfluxTarget(settings, systemClock);
    expect(await target.open(attempts)).toMatchObject({ address: '127.0.0.1:1' });
    await target.close();
  });
});

describe('the API', () => {
  it.each([
    ['1.8.10', 'auto', {}, 'stress'],
    ['v2.7.4', 'auto', {}, 'a bucket'],
    ['2.7.4', 'auto', {}, 'a bucket'],
    ['unknown', 'auto', {}, 'stress'],
    ['unknown', 'auto', { Org: 'ours' }, 'a bucket'],
    ['v2.7.4', '1', {}, 'stress'],
    ['1.8.10', '2', {}, 'a bucket'],
  ] as const)('of version %s, Version [%s], %j writes to %s', async (version, Version, more, written) => {
    const versioned = await startPracticeServerThread({ version });
    // There is only the database, or only the bucket: the write of the other API is refused.
    await fetch(`http://${versioned.address}/query?q=CREATE+DATABASE+"${written}"`, { method: 'POST' });
    const target = await attemptsWith({
      Addresses: [versioned.address],
      Version,
      Bucket: version === 'unknown' && written === 'stress' ? '' : 'a bucket',
      ...more,
    });
    expect(await target.sendPlan(write)).toMatchObject({ status: 204 });
    await target.target.close();
    await versioned.close();
  });
});

describe('an address that is gone', () => {
  it('is refused, as a failed operation, again and again', async () => {
    const gone = await startPracticeServerThread();
    const left = await attemptsWith({ Addresses: [gone.address] });
    const sender = await left.prepare(write);
    await gone.close();
    for (let each = 0; each < 3; each++) {
      const slot = await left.send(sender);
      expect(slot.status).toBe(0);
      expect(['connection-refused', 'connection-lost']).toContain(slot.errorClass);
    }
    expect(left.answers.at(-1)).toMatchObject({ errorClass: 'connection-refused', outcome: 'failed' });
    await left.target.close();
  });
});

describe('closing', () => {
  it('answers what is in flight as lost, without a request more', async () => {
    const closing = await attemptsWith({ Addresses: [server.address] });
    const sender = await closing.prepare(write);
    await server.setFaults({ delayMs: 60_000 });
    const slots = [1, 2, 3].map(() => closing.start(sender));
    await closing.target.close();
    expect(closing.answers).toEqual(slots);
    for (const slot of slots)
      expect(slot).toMatchObject({ outcome: 'unknown', errorClass: 'connection-lost' });
  });

  it('answers an attempt that is still being compressed', async () => {
    const closing = await attemptsWith({ Addresses: [server.address], Compression: 'gzip' });
    const sender = await closing.prepare(planOf('write', point.repeat(20_000)));
    const { writes } = await server.counters();
    const slot = closing.start(sender);
    await closing.target.close();
    await closing.answer(slot);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(closing.answers).toEqual([slot]);
    expect((await server.counters()).writes).toBeLessThanOrEqual(writes + 1);
  });
});

function addressOf(listening: Server): string {
  return `127.0.0.1:${(listening.address() as AddressInfo).port}`;
}
