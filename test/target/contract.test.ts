import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPracticeServerThread } from '../../src/practice/start-practice-server-thread.ts';
import type { CqlPracticeServer } from '../../src/practice/cql/cql-practice-server.ts';
import type { PracticeServer } from '../../src/practice/practice-server.ts';
import { systemClock } from '../../src/stress-client/clock.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import { createTarget } from '../../src/stress-client/target/create-target.ts';
import type { ErrorClass } from '../../src/stress-client/target/target.ts';
import { describeWithCassandra } from '../servers/cassandra.ts';
import { describeWithInflux, describeWithInfluxLogin } from '../servers/influx.ts';
import type { Influx } from '../servers/influx.ts';
import { Attempts, planOf, settingsWith } from './attempts.ts';

/** The suite's texts in the words of a kind of target, with what it says to those that are wrong. */
interface Vocabulary {
  create(settings: Settings): readonly string[];
  readonly writes: readonly [string, string, string];
  readonly query: string;
  /** Bodies of requests and answers are the texts. */
  readonly bodiesAreTexts: boolean;
  readonly status: number;
  readonly refused: Wrong;
  /** Nothing is there under these settings. */
  readonly missing: Wrong & { readonly settings: Partial<Settings> };
}

interface Wrong {
  readonly write: readonly [text: string, said: object];
  readonly query: readonly [text: string, said: object];
  readonly passThrough: readonly [text: string, said: object];
}

const point = 'contract,host=a value=1i 1\n';
const influxQuery = 'SELECT value FROM contract';
const influxWords: Vocabulary = {
  create: ({ Database }) => [`CREATE DATABASE "${Database}"`],
  writes: [point, 'contract,host=b value=2i 2\n', 'contract,host=c value=3i 3\ncontract,host=c value=4i 4\n'],
  query: influxQuery,
  bodiesAreTexts: true,
  status: 200,
  refused: {
    write: [
      'no line protocol',
      said('rejected', { status: 400, outcome: 'failed' }, /unable to parse 'no line protocol'/),
    ],
    query: [
      'SELEC value',
      said('rejected', { status: 400, outcome: 'failed', rows: 0 }, /found SELEC, expected SELECT/),
    ],
    passThrough: ['CREATE NOTHING', said('rejected', { status: 400 })],
  },
  missing: {
    settings: { Database: 'not_there' },
    write: [point, said('not-found', { status: 404, outcome: 'failed' })],
    query: [influxQuery, said('not-found', { status: 200, outcome: 'failed' })],
    passThrough: [influxQuery, said('not-found', { hint: expect.stringMatching(/not_there.* first$/) })],
  },
};

const insert = "INSERT INTO contract (host, at, value) VALUES ('a', 1, 1)";
const cqlQuery = 'SELECT value FROM contract';
const cqlWords: Vocabulary = {
  create: ({ Keyspace }) => [
    `CREATE KEYSPACE IF NOT EXISTS ${Keyspace} ` +
      "WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
    'CREATE TABLE contract (host text, at int, value int, PRIMARY KEY (host, at))',
  ],
  writes: [
    insert,
    "UPDATE contract SET value = 2 WHERE host = 'b' AND at = 2",
    "DELETE FROM contract WHERE host = 'b' AND at = 3",
  ],
  query: cqlQuery,
  bodiesAreTexts: false,
  status: 0,
  refused: {
    write: ['INSERT INTO contract', said('rejected', { status: 0x2000 })],
    query: ['SELEC value', said('rejected', { status: 0x2000 })],
    passThrough: ['CREAT NOTHING', said('rejected', { status: 0x2000 })],
  },
  missing: {
    settings: { Keyspace: 'not_there' },
    write: [insert, said('not-found', { hint: expect.stringMatching(/CREATE KEYSPACE not_there first/) })],
    query: [cqlQuery, said('not-found', { hint: expect.stringMatching(/CREATE KEYSPACE not_there first/) })],
    passThrough: [cqlQuery, said('not-found', { hint: 'CREATE KEYSPACE not_there first' })],
  },
};

function said(errorClass: ErrorClass, more: object, message = /./): object {
  return { errorClass, message: expect.stringMatching(message), ...more };
}

/** What every target promises; `discards` where nothing is stored and no text is understood. */
function contract(
  reach: () => Promise<Settings>,
  { words = influxWords, discards = false }: { words?: Vocabulary; discards?: boolean } = {},
): void {
  const [write] = words.writes;
  let attempts: Attempts;
  beforeAll(async () => {
    const settings = await reach();
    attempts = new Attempts(await createTarget(settings, systemClock), settings);
  });
  afterAll(() => attempts.target.close());

  it('opens, and says what answers at every address', async () => {
    const servers = await attempts.open();
    expect(servers.length).toBeGreaterThan(0);
    for (const { address, product } of servers) {
      expect(address).not.toBe('');
      expect(product).not.toBe('');
    }
  });

  it('takes pass-through text', async () => {
    for (const text of words.create(attempts.settings)) {
      const answer = await attempts.target.passThrough(text, attempts.settings);
      expect(answer).toMatchObject({ ok: true, rows: 0 });
    }
  });

  it('answers an attempt once, in a later turn than the one that sent it', async () => {
    const sender = await attempts.prepare(planOf('write', write));
    const before = attempts.answers.length;
    const slot = attempts.start(sender);
    expect(attempts.answers.length).toBe(before);
    await Promise.resolve();
    expect(attempts.answers.length).toBe(before);
    await attempts.answer(slot);
    await attempts.send(sender);
    expect(attempts.answers.filter((each) => each === slot)).toEqual([slot]);
  });

  it('sets the result of an attempt before it answers', async () => {
    const beforeNs = systemClock.nowNs();
    const slot = await attempts.sendPlan(planOf('write', write));
    expect(slot).toMatchObject({ outcome: 'acknowledged', errorClass: undefined, message: '', rows: 0 });
    expect(slot.requestBytes).toBeGreaterThan(0);
    if (words.bodiesAreTexts) expect(slot.requestBytes).toBe(Buffer.byteLength(write));
    expect(slot.sentNs).toBeGreaterThanOrEqual(beforeNs);
    expect(slot.answeredNs).toBeGreaterThanOrEqual(slot.sentNs);
    expect(slot.answeredNs).toBeLessThanOrEqual(systemClock.nowNs());
  });

  it('answers each of many attempts in flight once', async () => {
    const sender = await attempts.prepare(planOf('write', write));
    const before = attempts.answers.length;
    const slots = Array.from({ length: 50 }, () => attempts.start(sender));
    await Promise.all(slots.map((slot) => attempts.answer(slot)));
    expect(attempts.answers.length).toBe(before + 50);
    expect(new Set(attempts.answers.slice(before))).toEqual(new Set(slots));
    expect(slots.map(({ outcome }) => outcome)).toEqual(Array(50).fill('acknowledged'));
  });

  it('sends again from within an answer', async () => {
    const settings = attempts.settings;
    const target = await createTarget(settings, systemClock);
    let left = 200;
    const done = new Promise<void>((resolve) => {
      const chain = new Attempts(target, settings);
      chain.answered = (slot) => {
        if (--left === 0) return resolve();
        slot.sender.send(slot);
        target.flush();
      };
      void chain
        .open()
        .then(() => chain.prepare(planOf('write', write)))
        .then((sender) => chain.start(sender));
    });
    await done;
    await target.close();
    expect(left).toBe(0);
  });

  it('sends what the plan writes for the operation', async () => {
    const sender = await attempts.prepare(planOf('write', ...words.writes));
    for (const [operation, text] of words.writes.entries()) {
      const slot = await attempts.send(sender, operation);
      if (words.bodiesAreTexts) expect(slot.requestBytes).toBe(Buffer.byteLength(text));
      expect(slot.outcome).toBe('acknowledged');
    }
  });

  it('answers what is in flight when it is closed, once', async () => {
    const settings = attempts.settings;
    const closing = new Attempts(await createTarget(settings, systemClock), settings);
    await closing.open();
    const sender = await closing.prepare(planOf('write', write));
    const slot = closing.start(sender);
    await closing.target.close();
    await closing.answer(slot);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(closing.answers).toEqual([slot]);
  });

  if (discards) return;

  it('counts the rows and bytes of a query', async () => {
    const slot = await attempts.sendPlan(planOf('query', words.query));
    expect(slot).toMatchObject({ outcome: 'acknowledged', status: words.status });
    const answer = await attempts.target.passThrough(words.query, attempts.settings);
    if (!answer.ok) throw new Error(answer.error.message);
    expect(slot.rows).toBe(answer.rows);
    expect(slot.rows).toBeGreaterThan(0);
    expect(slot.responseBytes).toBeGreaterThan(0);
    if (!words.bodiesAreTexts) return;
    expect(slot.responseBytes).toBe(answer.responseBytes);
    expect(answer.responseBytes).toBe(Buffer.byteLength(answer.text));
  });

  it('takes a refused write and a refused query as values', async () => {
    for (const kind of ['write', 'query'] as const) {
      const [text, expected] = words.refused[kind];
      expect(await attempts.trySendPlan(planOf(kind, text))).toMatchObject(expected);
    }
  });

  it('takes refused pass-through text as a value', async () => {
    const [text, error] = words.refused.passThrough;
    const answer = await attempts.target.passThrough(text, attempts.settings);
    expect(answer).toMatchObject({ ok: false, error });
  });

  it('says that the database or keyspace is missing, and what to do', async () => {
    const settings = { ...attempts.settings, ...words.missing.settings };
    for (const kind of ['write', 'query'] as const) {
      const [text, expected] = words.missing[kind];
      expect(await attempts.trySendPlan(planOf(kind, text), settings)).toMatchObject(expected);
    }
    const [text, error] = words.missing.passThrough;
    const answer = await attempts.target.passThrough(text, settings);
    expect(answer).toMatchObject({ ok: false, error });
  });
}

describe('sink', () => {
  contract(async () => settingsWith({ Target: 'sink' }), { discards: true });
});

describe.each([
  ['1', 'none'],
  ['2', 'none'],
  ['1', 'gzip'],
] as const)('practice server, API %s, compression %s', (Version, Compression) => {
  let server: PracticeServer;
  afterAll(() => server.close());
  contract(async () => {
    server = await startPracticeServerThread();
    return settingsWith({ Addresses: [server.address], Version });
  });
  it('is asked to compress as set', async () => {
    const settings = settingsWith({ Addresses: [server.address], Version, Compression });
    const attempts = new Attempts(await createTarget(settings, systemClock), settings);
    await attempts.open();
    const text = 'contract,host=compressed value=1i 1\n'.repeat(1000);
    const slot = await attempts.sendPlan(planOf('write', text));
    expect(slot.outcome).toBe('acknowledged');
    if (Compression === 'gzip') expect(slot.requestBytes).toBeLessThan(text.length / 10);
    else expect(slot.requestBytes).toBe(text.length);
    await attempts.target.close();
  });
});

describeWithInflux('InfluxDB 1.8', (influx) => {
  contract(async () =>
    settingsWith({ Addresses: [influx.address], Database: await influx.createDatabase() }),
  );
});

describeWithInfluxLogin('InfluxDB 1.8 with a login', (influx) => {
  contract(async () => withLogin(influx, { Database: await influx.createDatabase() }));
});

describeWithInfluxLogin('InfluxDB 1.8 by the 2.x API', (influx) => {
  contract(async () => {
    const { address, username, password } = influx.server;
    const Database = await influx.createDatabase();
    return settingsWith({ Addresses: [address], Version: '2', Token: `${username}:${password}`, Database });
  });
});

describe.each(['driver', 'direct'] as const)('Driver [%s]', (Driver) => {
  const cql = (address: string, Keyspace: string): Settings =>
    settingsWith({ Target: 'cql', Driver, Addresses: [address], Keyspace });

  describe('CQL practice server', () => {
    let server: CqlPracticeServer;
    afterAll(() => server.close());
    contract(
      async () => {
        server = await startPracticeServerThread({ protocol: 'cql' });
        return cql(server.address, 'contract');
      },
      { words: cqlWords },
    );
  });

  describeWithCassandra('Cassandra', (cassandra) => {
    contract(async () => cql(cassandra.address, await cassandra.createKeyspace()), { words: cqlWords });
  });
});

function withLogin(influx: Influx, settings: Partial<Settings>): Settings {
  const { address, username = '', password = '' } = influx.server;
  return settingsWith({ Addresses: [address], Username: username, Password: password, ...settings });
}
