import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CqlPracticeServer } from '../../src/practice/cql/cql-practice-server.ts';
import type { CqlErrorBody } from '../../src/practice/cql/cql-refusal.ts';
import { startPracticeServerThread } from '../../src/practice/start-practice-server-thread.ts';
import { systemClock } from '../../src/stress-client/clock.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import type { Slot } from '../../src/stress-client/slot.ts';
import { CqlTarget } from '../../src/stress-client/target/cql/cql-target.ts';
import type { Sender } from '../../src/stress-client/target/target.ts';
import { Attempts, cqlPlanOf, int, planOf, settingsWith } from './attempts.ts';

const schema = [
  "CREATE KEYSPACE IF NOT EXISTS stress WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
  'CREATE TABLE IF NOT EXISTS stress.t (k int, at int, v blob, PRIMARY KEY (k, at))',
];
const write = cqlPlanOf(
  'write',
  'INSERT INTO t (k, at, v) VALUES (?, ?, ?)',
  Array.from({ length: 200 }, (_, row) => [int(row), int(row), Buffer.from('v')]),
);
const batch = { ...write, batchSize: 3, cql: { ...write.cql!, batch: 'unlogged' as const } };
const query = planOf('query', 'SELECT * FROM t WHERE k = 1');

const opened: Attempts[] = [];
afterEach(async () => {
  for (const { target } of opened.splice(0)) await target.close();
});

async function attemptsWith(settings: Partial<Settings>): Promise<Attempts> {
  const all = settingsWith({ Target: 'cql', ...settings });
  const made = new Attempts(new CqlTarget(all, systemClock), all);
  opened.push(made);
  await made.open();
  return made;
}

async function withSchema(attempts: Attempts): Promise<void> {
  for (const text of schema) {
    expect(await attempts.target.passThrough(text, attempts.settings)).toMatchObject({ ok: true });
  }
}

/** Attempts until one is acknowledged, as a closed model does after errors; those before. */
async function untilAcknowledged(attempts: Attempts, sender: Sender): Promise<Slot[]> {
  const failed: Slot[] = [];
  for (;;) {
    const slot = await attempts.send(sender);
    if (slot.outcome === 'acknowledged') return failed;
    failed.push(slot);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe.each(['driver', 'direct'] as const)('Driver [%s]', (Driver) => {
  describe('one node', () => {
    let server: CqlPracticeServer;
    let attempts: Attempts;
    let sender: Sender;
    beforeAll(async () => {
      server = await startPracticeServerThread({ protocol: 'cql' });
    });
    afterAll(() => server.close());
    beforeEach(async () => {
      attempts = await attemptsWith({ Addresses: [server.address], Driver });
      await withSchema(attempts);
      sender = await attempts.prepare(write);
    });
    afterEach(() => server.setFaults([]));

    const simple = { received: 0, blockFor: 1 };
    it.each<[CqlErrorBody, string, string, number]>([
      [{ error: 'serverError' }, 'server-error', 'failed', 0x0000],
      [{ error: 'unavailable', required: 2, alive: 1 }, 'unavailable', 'failed', 0x1000],
      [{ error: 'overloaded' }, 'overload', 'failed', 0x1001],
      [{ error: 'bootstrapping' }, 'unavailable', 'failed', 0x1002],
      [{ error: 'truncateError' }, 'server-error', 'failed', 0x1003],
      [{ error: 'writeTimeout', ...simple }, 'server-timeout', 'unknown', 0x1100],
      [{ error: 'writeTimeout', ...simple, writeType: 'CAS' }, 'server-timeout', 'unknown', 0x1100],
      [{ error: 'writeTimeout', ...simple, writeType: 'BATCH_LOG' }, 'server-timeout', 'unknown', 0x1100],
      [{ error: 'readTimeout', ...simple, dataPresent: false }, 'server-timeout', 'unknown', 0x1200],
      [
        { error: 'readFailure', ...simple, failures: 1, dataPresent: false },
        'server-error',
        'failed',
        0x1300,
      ],
      [{ error: 'writeFailure', ...simple, failures: 1 }, 'server-error', 'unknown', 0x1500],
      [{ error: 'syntaxError' }, 'rejected', 'failed', 0x2000],
      [{ error: 'unauthorized' }, 'authentication', 'failed', 0x2100],
      [{ error: 'invalid' }, 'rejected', 'failed', 0x2200],
      [{ error: 'configError' }, 'rejected', 'failed', 0x2300],
      [{ error: 'alreadyExists', keyspace: 'k', table: 't' }, 'rejected', 'failed', 0x2400],
    ])('%j is one request and one answer', async (body, errorClass, outcome, status) => {
      const batches = await attempts.prepare(batch);
      await server.setFaults([{ effect: { kind: 'error', body } }]);
      const before = (await server.counters()).frames;
      const slot = await attempts.send(sender);
      expect(slot).toMatchObject({ outcome, errorClass, status, rows: 0 });
      expect(slot.message).toMatch(/\S/);
      const inBatch = await attempts.send(batches);
      expect(inBatch).toMatchObject({ outcome, errorClass, status });
      const after = (await server.counters()).frames;
      expect(after.EXECUTE).toBe(before.EXECUTE + 1);
      expect(after.BATCH).toBe(before.BATCH + 1);
    });

    it('an answer is one request', async () => {
      const before = (await server.counters()).frames;
      for (let operation = 0; operation < 50; operation++) await attempts.send(sender, operation);
      const { frames } = await server.counters();
      expect(frames.EXECUTE).toBe(before.EXECUTE + 50);
      // Prepared before, not by the first that is sent.
      expect(frames.PREPARE).toBe(before.PREPARE);
    });

    it('a timeout is unknown, one request, and told from a closed socket; its late answer is counted', async () => {
      await server.setFaults([{ on: ['EXECUTE'], effect: { kind: 'delay', ms: 150 } }]);
      const before = await server.counters();
      const slots = Array.from({ length: 100 }, (_, operation) => attempts.start(sender, operation, 50e6));
      await Promise.all(slots.map((slot) => attempts.answer(slot)));
      for (const slot of slots) {
        expect(slot).toMatchObject({ outcome: 'unknown', errorClass: 'timeout', status: 0 });
        expect(slot.message).toMatch(/no answer within 0.05 s/);
        expect(slot.answeredNs - slot.sentNs).toBeGreaterThanOrEqual(50e6);
      }
      await expect.poll(() => attempts.lateAnswers).toBe(100);
      const after = await server.counters();
      expect(after.frames.EXECUTE).toBe(before.frames.EXECUTE + 100);
      expect(after.connections).toBe(before.connections);
      await server.setFaults([]);
      expect(await attempts.send(sender)).toMatchObject({ outcome: 'acknowledged' });
    });

    it('no answer at all is a timeout, and no late answer', async () => {
      await server.setFaults([{ on: ['EXECUTE'], times: 1, effect: { kind: 'no answer' } }]);
      expect(await attempts.send(sender, 0, 50e6)).toMatchObject({ errorClass: 'timeout' });
      expect(await attempts.send(sender)).toMatchObject({ outcome: 'acknowledged' });
      expect(attempts.lateAnswers).toBe(0);
    });

    it('a connection that ends is unknown for what was sent; a new one is made', async () => {
      await server.setFaults([
        { on: ['EXECUTE'], times: 1, effect: { kind: 'close', when: 'before answering' } },
      ]);
      const before = (await server.counters()).frames.EXECUTE;
      expect(await attempts.send(sender)).toMatchObject({
        outcome: 'unknown',
        errorClass: 'connection-lost',
        status: 0,
      });
      expect((await server.counters()).frames.EXECUTE).toBe(before + 1);
      const failed = await untilAcknowledged(attempts, sender);
      // Until there is a connection, nothing is sent.
      for (const slot of failed) expect(slot).toMatchObject({ errorClass: 'connection-refused' });
      expect((await server.counters()).frames.EXECUTE).toBe(before + 2);
    });

    it('a forgotten statement is prepared again within the attempt, and told', async () => {
      await server.setFaults([{ on: ['EXECUTE'], times: 1, effect: { kind: 'forget prepared' } }]);
      const before = (await server.counters()).frames;
      expect(await attempts.send(sender)).toMatchObject({ outcome: 'acknowledged' });
      expect(attempts.reprepares).toBe(1);
      const { frames } = await server.counters();
      expect(frames.EXECUTE).toBe(before.EXECUTE + 2);
      expect(frames.PREPARE).toBe(before.PREPARE + 1);
      await attempts.send(sender);
      expect(attempts.reprepares).toBe(1);
    });

    it('a forgotten statement of a batch is prepared again, too', async () => {
      const batches = await attempts.prepare(batch);
      await server.setFaults([{ on: ['BATCH'], times: 1, effect: { kind: 'forget prepared' } }]);
      const before = (await server.counters()).frames;
      expect(await attempts.send(batches)).toMatchObject({ outcome: 'acknowledged' });
      expect(attempts.reprepares).toBe(1);
      expect((await server.counters()).frames.BATCH).toBe(before.BATCH + 2);
    });

    it('pass-through text has a deadline', async () => {
      await server.setFaults([{ on: ['QUERY'], effect: { kind: 'no answer' } }]);
      const settings = { ...attempts.settings, Timeout: 100e6 };
      expect(await attempts.target.passThrough('SELECT * FROM t', settings)).toMatchObject({
        ok: false,
        error: { errorClass: 'timeout', message: 'no answer within 0.1 s' },
      });
    });

    it('every page of a query is one request', async () => {
      const insert = 'INSERT INTO t (k, at) VALUES (-1, ?)';
      const rows = Array.from({ length: 10 }, (_, row) => [int(row)]);
      const filling = await attempts.prepare(cqlPlanOf('write', insert, rows));
      for (let row = 0; row < 10; row++) await attempts.send(filling, row);
      const before = (await server.counters()).frames.EXECUTE;
      const pages = planOf('query', 'SELECT * FROM t WHERE k = -1');
      const slot = await attempts.sendPlan(pages, { ...attempts.settings, PageSize: 4 });
      expect(slot).toMatchObject({ outcome: 'acknowledged', rows: 10 });
      expect((await server.counters()).frames.EXECUTE).toBe(before + 3);
    });

    it('an error on a later page is the query’s; what rows came are counted', async () => {
      const insert = cqlPlanOf('write', 'INSERT INTO t (k, at) VALUES (-2, ?)', [[int(1)], [int(2)]]);
      const filling = await attempts.prepare(insert);
      for (let row = 0; row < 2; row++) await attempts.send(filling, row);
      const settings = { ...attempts.settings, PageSize: 1 };
      const reading = await attempts.prepare(planOf('query', 'SELECT * FROM t WHERE k = -2'), settings);
      await server.setFaults([
        { on: ['EXECUTE'], skip: 1, effect: { kind: 'error', body: { error: 'overloaded' } } },
      ]);
      expect(await attempts.send(reading)).toMatchObject({
        outcome: 'failed',
        errorClass: 'overload',
        rows: 1,
      });
    });

    it('closing answers what is in flight, once, as lost', async () => {
      await server.setFaults([{ on: ['EXECUTE'], effect: { kind: 'no answer' } }]);
      const slots = Array.from({ length: 5 }, (_, operation) => attempts.start(sender, operation));
      const asked = attempts.target.passThrough('SELECT * FROM stress.t', attempts.settings);
      await attempts.target.close();
      await Promise.all(slots.map((slot) => attempts.answer(slot)));
      for (const slot of slots) {
        expect(slot).toMatchObject({ outcome: 'unknown', errorClass: 'connection-lost' });
      }
      await asked;
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(attempts.answers).toHaveLength(5);
      await expect.poll(async () => (await server.counters()).openConnections).toBe(0);
    });

    it('ConnectionsPerHost is what the load has', async () => {
      const count = async (): Promise<number> => (await server.counters()).openConnections;
      const before = await count();
      const more = await attemptsWith({ Addresses: [server.address], Driver, ConnectionsPerHost: 4 });
      await more.sendPlan(query);
      // And those that carry no load: for the schema, and of the direct driver for PREPARE.
      expect(await count()).toBe(before + 4 + (Driver === 'direct' ? 2 : 1));
    });

    it('a dead server starves nothing: a loop over it lets timers run, and goes on when it is back', async () => {
      await server.stopNode(0);
      let answered = 0;
      let going = true;
      attempts.answered = (slot) => {
        answered++;
        expect(slot.outcome).not.toBe('acknowledged');
        if (!going) return;
        slot.sender.send(slot);
        attempts.target.flush();
      };
      attempts.start(sender);
      await new Promise((resolve) => setTimeout(resolve, 200));
      going = false;
      expect(answered).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const stopped = answered;
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(answered).toBe(stopped);
      await server.startNode(0);
      const again = await attemptsWith({ Addresses: [server.address], Driver });
      expect(await again.sendPlan(write)).toMatchObject({ outcome: 'acknowledged' });
    });

    it('a node that was down gets load again', async () => {
      await server.stopNode(0);
      expect(await attempts.send(sender)).toMatchObject({ outcome: expect.not.stringMatching(/^ack/) });
      await server.startNode(0);
      for (const slot of await untilAcknowledged(attempts, sender)) {
        expect(slot.errorClass).toMatch(/^connection-/);
      }
      await attempts.target.close();
      await expect.poll(async () => (await server.counters()).openConnections).toBe(0);
    });
  });

  describe('three nodes', () => {
    let server: CqlPracticeServer;
    beforeAll(async () => {
      server = await startPracticeServerThread({ protocol: 'cql', nodes: 3 });
    });
    afterAll(() => server.close());

    it('the ring is found from one address, and every node gets its share', async () => {
      const settings = settingsWith({
        Target: 'cql',
        Addresses: [server.address],
        Driver,
        Routing: 'roundrobin',
      });
      const attempts = new Attempts(new CqlTarget(settings, systemClock), settings);
      opened.push(attempts);
      const servers = await attempts.open();
      expect(servers.map(({ address }) => address).sort()).toEqual(server.addresses);
      await withSchema(attempts);
      const sender = await attempts.prepare(write);
      const before = (await server.counters()).requestsByNode;
      for (let operation = 0; operation < 60; operation++) await attempts.send(sender, operation);
      const { requestsByNode } = await server.counters();
      const shares = requestsByNode.map((requests, node) => requests - before[node]!);
      for (const share of shares) expect(Math.abs(share - 20)).toBeLessThanOrEqual(1);
    });

    it('a lost node’s operations are unknown, and the others go on', async () => {
      const attempts = await attemptsWith({ Addresses: server.addresses, Driver, Routing: 'roundrobin' });
      await withSchema(attempts);
      const sender = await attempts.prepare(write);
      await server.setFaults([{ node: 1, on: ['EXECUTE'], effect: { kind: 'no answer' } }]);
      const slots = Array.from({ length: 30 }, (_, operation) => attempts.start(sender, operation));
      await new Promise((resolve) => setTimeout(resolve, 100));
      await server.stopNode(1);
      await server.setFaults([]);
      await Promise.all(slots.map((slot) => attempts.answer(slot)));
      const lost = slots.filter(({ errorClass }) => errorClass === 'connection-lost');
      expect(lost).toHaveLength(10);
      expect(slots.filter(({ outcome }) => outcome === 'acknowledged')).toHaveLength(20);
      for (let operation = 0; operation < 30; operation++) {
        expect(await attempts.send(sender, operation)).toMatchObject({ outcome: 'acknowledged' });
      }
      await server.startNode(1);
      const before = (await server.counters()).requestsByNode[1]!;
      await expect
        .poll(
          async () => {
            await attempts.send(sender);
            return (await server.counters()).requestsByNode[1]!;
          },
          { timeout: 5000, interval: 20 },
        )
        .toBeGreaterThan(before);
    });
  });

  it('Routing [token] sends every operation of a partition to the node that has it', async () => {
    const server = await startPracticeServerThread({ protocol: 'cql', nodes: 3 });
    const attempts = await attemptsWith({ Addresses: [server.address], Driver, Routing: 'token' });
    await withSchema(attempts);
    const sender = await attempts.prepare(write);
    const seen = new Set<number>();
    for (let row = 0; row < 20; row++) {
      const before = (await server.counters()).requestsByNode;
      for (let each = 0; each < 6; each++) await attempts.send(sender, row);
      const { requestsByNode } = await server.counters();
      const shares = requestsByNode.map((requests, node) => requests - before[node]!);
      expect(shares.toSorted()).toEqual([0, 0, 6]);
      seen.add(shares.indexOf(6));
    }
    expect(seen.size).toBe(3);
    await attempts.target.close();
    await server.close();
  });

  it('ScyllaDB is called by its name', async () => {
    const server = await startPracticeServerThread({ protocol: 'cql', shards: 2 });
    const settings = settingsWith({ Target: 'cql', Addresses: [server.address], Driver });
    const attempts = new Attempts(new CqlTarget(settings, systemClock), settings);
    opened.push(attempts);
    expect(await attempts.open()).toMatchObject([{ product: expect.stringMatching(/^ScyllaDB /) }]);
    await attempts.target.close();
    await server.close();
  });

  it('addresses of two clusters are told', async () => {
    const servers = [
      await startPracticeServerThread({ protocol: 'cql' }),
      await startPracticeServerThread({ protocol: 'cql' }),
    ];
    const Addresses = servers.map(({ address }) => address);
    const target = new CqlTarget(settingsWith({ Target: 'cql', Addresses, Driver }), systemClock);
    expect(await target.open({ answered() {}, lateAnswer() {}, reprepared() {} })).toMatchObject({
      errorClass: 'client',
      message: `${Addresses.join(' and ')} are not of one cluster`,
    });
    await Promise.all(servers.map((server) => server.close()));
  });

  it('a change of the schema that the nodes don’t agree on is an error that says so', async () => {
    const server = await startPracticeServerThread({ protocol: 'cql', nodes: 2 });
    const attempts = await attemptsWith({ Addresses: [server.address], Driver, Timeout: 300e6 });
    await withSchema(attempts);
    await server.setFaults([{ statement: 'schema_version', effect: { kind: 'no answer' } }]);
    const text = 'CREATE TABLE stress.disagreed (k int PRIMARY KEY)';
    expect(await attempts.target.passThrough(text, attempts.settings)).toMatchObject({
      ok: false,
      error: {
        errorClass: 'server-timeout',
        message: 'the statement ran, and the nodes’ schemas did not agree within 0.3 s',
      },
    });
    await attempts.target.close();
    await server.close();
  });

  describe('two datacenters', () => {
    let server: CqlPracticeServer;
    beforeAll(async () => {
      server = await startPracticeServerThread({ protocol: 'cql', nodes: 4, datacenters: ['east', 'west'] });
    });
    afterAll(() => server.close());

    it.each([
      ['auto', 0, [0, 2]],
      ['auto', 1, [1, 3]],
      ['west', 0, [1, 3]],
    ])(
      'LocalDatacenter %s with address %i: the load goes to nodes %j',
      async (LocalDatacenter, address, nodes) => {
        const Addresses = [server.addresses[address]!];
        const attempts = await attemptsWith({ Addresses, Driver, LocalDatacenter });
        await withSchema(attempts);
        const sender = await attempts.prepare(write);
        const before = (await server.counters()).requestsByNode;
        for (let operation = 0; operation < 100; operation++) await attempts.send(sender, operation);
        const { requestsByNode } = await server.counters();
        const loaded = requestsByNode.flatMap((requests, node) =>
          requests > before[node]! + 5 ? [node] : [],
        );
        expect(loaded).toEqual(nodes);
      },
    );
  });
});
