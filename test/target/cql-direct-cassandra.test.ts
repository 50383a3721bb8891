import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../src/stress-client/clock.ts';
import type { CqlValues } from '../../src/stress-client/cql-plan.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import { CqlSession } from '../../src/stress-client/target/cql/cql-session.ts';
import { CqlConnection } from '../../src/stress-client/target/cql/protocol/cql-connection.ts';
import {
  describeWithCassandra,
  describeWithCassandraLogin,
  describeWithCassandraTls,
} from '../servers/cassandra.ts';
import type { Cassandra } from '../servers/cassandra.ts';
import { settingsWith } from './attempts.ts';
import { DirectLoad, planOf, valuesOf } from './direct-load.ts';
import { int } from './scripted-node.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function openLoad(cassandra: Cassandra, settings: Partial<Settings>): Promise<DirectLoad> {
  const all = settingsWith({ Target: 'cql', Addresses: [cassandra.address], ...settings });
  const session = await CqlSession.open(all, systemClock);
  if ('errorClass' in session) throw new Error(session.message);
  const load = new DirectLoad(session, all);
  ends.push(async () => {
    await load.transport.close();
    await session.close();
  });
  const error = await load.transport.open();
  if (error !== undefined) throw new Error(error.message);
  return load;
}

const outcomes = (load: DirectLoad): unknown[] => [
  ...new Set(load.answers.map(({ outcome, message }) => `${outcome}${message}`)),
];

describeWithCassandra('direct on Cassandra', (cassandra) => {
  it('stores each row once, and reads it back', async () => {
    const Keyspace = await cassandra.createKeyspace();
    await cassandra.query('CREATE TABLE t (a int PRIMARY KEY, b int)', Keyspace);
    const load = await openLoad(cassandra, { Keyspace, ConnectionsPerHost: 3 });
    const insert = await load.sender(['INSERT INTO t (a, b) VALUES (?, ?)']);
    const select = await load.sender(['SELECT a, b FROM t WHERE a = ?'], planOf('query'));
    await load.allOf(load.startMany(insert, 5000));
    expect(outcomes(load)).toEqual(['acknowledged']);
    const rows = await cassandra.query('SELECT a, b FROM t', Keyspace);
    expect(rows.length).toBe(5000);
    expect(rows.every(({ a, b }) => a === b)).toBe(true);
    const found = load.startMany(select, 5001);
    await load.allOf(found);
    expect(found.map(({ rows: count }) => count)).toEqual([...Array<number>(5000).fill(1), 0]);
  });

  it('writes batches and counters', async () => {
    const Keyspace = await cassandra.createKeyspace();
    await cassandra.query('CREATE TABLE t (a int PRIMARY KEY, b int)', Keyspace);
    await cassandra.query('CREATE TABLE c (a int PRIMARY KEY, n counter)', Keyspace);
    const load = await openLoad(cassandra, { Keyspace });
    const rows = await load.sender(['INSERT INTO t (a, b) VALUES (?, ?)'], planOf('write', 7), {
      batch: 'unlogged',
      items: 100,
    });
    const counters = await load.sender(['UPDATE c SET n = n + 2 WHERE a = ?'], planOf('write', 3), {
      batch: 'counter',
    });
    await load.allOf([
      ...load.startMany(rows, 15),
      ...load.startMany(counters, 2),
      ...load.startMany(counters, 1),
    ]);
    expect(outcomes(load)).toEqual(['acknowledged']);
    const [{ count } = {}] = await cassandra.query('SELECT count(*) AS count FROM t', Keyspace);
    expect(String(count)).toBe('100');
    const counted = await cassandra.query('SELECT a, n FROM c', Keyspace);
    const sums = counted
      .map(({ a, n }) => [Number(a), Number(n)])
      .toSorted(([one], [other]) => one! - other!);
    expect(sums).toEqual([0, 1, 2, 3, 4, 5].map((key) => [key, key < 3 ? 4 : 2]));
  });

  it('counts the rows of all pages, and of answers larger than what is read at once', async () => {
    const Keyspace = await cassandra.createKeyspace();
    await cassandra.query('CREATE TABLE t (a int, b int, c text, PRIMARY KEY (a, b))', Keyspace);
    const load = await openLoad(cassandra, { Keyspace, PageSize: 60 });
    const text = Buffer.alloc(3000, 'x');
    const values: CqlValues = {
      ...valuesOf(3),
      itemBytesAtMost: 4000,
      write: (index, _pick, _intendedNs, staging, offset) => {
        const written = Buffer.concat([int(4), int(index % 2), int(4), int(index), int(text.length), text]);
        staging.set(written, offset);
        return offset + written.length;
      },
    };
    const insert = await load.sender(['INSERT INTO t (a, b, c) VALUES (?, ?, ?)'], planOf('write'), {
      values,
    });
    const select = await load.sender(['SELECT * FROM t WHERE a = ?'], planOf('query'));
    await load.allOf(load.startMany(insert, 500));
    const pages = load.startMany(select, 3);
    await load.allOf(pages);
    expect(outcomes(load)).toEqual(['acknowledged']);
    expect(pages.map(({ rows }) => rows)).toEqual([250, 250, 0]);
    expect(pages[0]!.responseBytes).toBeGreaterThan(250 * 3000);
    const frameLength = pages[2]!.requestBytes;
    // Five pages: four more requests, each with a paging state.
    expect(pages[0]!.requestBytes).toBeGreaterThan(5 * frameLength);
  });

  it('goes on where the server was told to forget', async () => {
    const Keyspace = await cassandra.createKeyspace();
    await cassandra.query('CREATE TABLE t (a int PRIMARY KEY, b int)', Keyspace);
    const load = await openLoad(cassandra, { Keyspace });
    const insert = await load.sender(['INSERT INTO t (a, b) VALUES (?, ?)']);
    // Whoever drops a table makes its node forget what was prepared for it.
    await cassandra.query('DROP TABLE t', Keyspace);
    await cassandra.query('CREATE TABLE t (a int PRIMARY KEY, b int)', Keyspace);
    await load.allOf(load.startMany(insert, 100));
    expect(outcomes(load)).toEqual(['acknowledged']);
    expect(load.reprepares).toBeGreaterThan(0);
    expect((await cassandra.query('SELECT a FROM t', Keyspace)).length).toBe(100);
  });
});

describeWithCassandraLogin('direct on Cassandra with a login', (cassandra) => {
  it('logs in', async () => {
    const { username = '', password = '' } = cassandra.server;
    const Keyspace = await cassandra.createKeyspace();
    await cassandra.query('CREATE TABLE t (a int PRIMARY KEY, b int)', Keyspace);
    const load = await openLoad(cassandra, { Keyspace, Username: username, Password: password });
    await load.send(await load.sender(['INSERT INTO t (a, b) VALUES (?, ?)']));
    expect(outcomes(load)).toEqual(['acknowledged']);
    const [host, port] = cassandra.address.split(':');
    const common = { host: host!, port: Number(port), clock: systemClock, timeoutNs: 10e9 };
    const wrong = await CqlConnection.open({ ...common, username, password: 'no' });
    expect(wrong).toMatchObject({ errorClass: 'authentication', status: 0x0100 });
    const none = await CqlConnection.open({ ...common, username: '', password: '' });
    expect(none).toMatchObject({ errorClass: 'authentication', hint: expect.stringMatching(/Username/) });
  });
});

describeWithCassandraTls('direct on Cassandra over TLS', (cassandra) => {
  it('writes, reads, and verifies the certificate', async () => {
    const { caFile } = cassandra.server;
    const Keyspace = await cassandra.createKeyspace();
    await cassandra.query('CREATE TABLE t (a int PRIMARY KEY, b int)', Keyspace);
    const load = await openLoad(cassandra, { Keyspace, SSL: true, CaFile: caFile! });
    const slots = load.startMany(await load.sender(['INSERT INTO t (a, b) VALUES (?, ?)']), 2000);
    await load.allOf(slots);
    const select = await load.sender(['SELECT b FROM t WHERE a = ?'], planOf('query'));
    const found = load.startMany(select, 2000);
    await load.allOf(found);
    expect(outcomes(load)).toEqual(['acknowledged']);
    expect(found.every(({ rows }) => rows === 1)).toBe(true);

    const [host, port] = cassandra.address.split(':');
    const login = { username: '', password: '' };
    const common = { host: host!, port: Number(port), clock: systemClock, timeoutNs: 10e9, ...login };
    expect(await CqlConnection.open({ ...common, tls: {} })).toMatchObject({ errorClass: 'tls' });
    const verified = await CqlConnection.open({ ...common, tls: { ca: readFileSync(caFile!) } });
    expect(verified).toBeInstanceOf(CqlConnection);
    (verified as CqlConnection).close();
  });
});
