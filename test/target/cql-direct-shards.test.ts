import { afterEach, expect, it } from 'vitest';
import { startPracticeServerThread } from '../../src/practice/start-practice-server-thread.ts';
import type { CqlPracticeServer } from '../../src/practice/cql/cql-practice-server.ts';
import { systemClock } from '../../src/stress-client/clock.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import { CqlSession } from '../../src/stress-client/target/cql/cql-session.ts';
import { CqlConnection } from '../../src/stress-client/target/cql/protocol/cql-connection.ts';
import { settingsWith } from './attempts.ts';
import { DirectLoad, planOf, until } from './direct-load.ts';

const shards = 5;
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** A load on practice nodes that behave like ScyllaDB's. */
async function openLoad(
  nodes: number,
  settings: Partial<Settings> = {},
): Promise<{ server: CqlPracticeServer; load: DirectLoad }> {
  const server = await startPracticeServerThread({ protocol: 'cql', nodes, shards });
  ends.push(() => server.close());
  const all = settingsWith({ Target: 'cql', Addresses: [server.address], Keyspace: 'shop', ...settings });
  const session = await CqlSession.open(all, systemClock);
  if ('errorClass' in session) throw new Error(session.message);
  ends.push(() => session.close());
  const replication = "{'class': 'SimpleStrategy', 'replication_factor': 1}";
  await session.client.execute(`CREATE KEYSPACE shop WITH replication = ${replication}`);
  await session.client.execute('CREATE TABLE shop.t (a int PRIMARY KEY, b int)');
  const load = new DirectLoad(session, all);
  expect(await load.transport.open()).toBeUndefined();
  ends.push(() => load.transport.close());
  return { server, load };
}

it('every operation reaches the shard that owns its partition', async () => {
  const { server, load } = await openLoad(3);
  const insert = await load.sender(['INSERT INTO t (a, b) VALUES (?, ?)']);
  const select = await load.sender(['SELECT b FROM t WHERE a = ?'], planOf('query'));
  await load.allOf(load.startMany(insert, 1000));
  const found = load.startMany(select, 1000);
  await load.allOf(found);
  expect(load.answers.every(({ outcome }) => outcome === 'acknowledged')).toBe(true);
  expect(found.every(({ rows }) => rows === 1)).toBe(true);
  const { executesByShard, executesOnWrongShard } = await server.counters();
  expect(executesOnWrongShard).toBe(0);
  expect(executesByShard.reduce((sum, count) => sum + count)).toBe(2000);
  expect(executesByShard.every((count) => count > 200)).toBe(true);
});

it('round robin, each shard of each node gets the same', async () => {
  const { server, load } = await openLoad(2, { Routing: 'roundrobin' });
  await load.allOf(load.startMany(await load.sender(['INSERT INTO t (a, b) VALUES (?, ?)']), 1000));
  const { executesByShard } = await server.counters();
  expect(executesByShard).toEqual(Array(shards).fill(200));
});

it('a node that comes back gets a connection for each shard again', async () => {
  const { server, load } = await openLoad(2);
  const insert = await load.sender(['INSERT INTO t (a, b) VALUES (?, ?)']);
  await server.stopNode(1);
  await load.allOf(load.startMany(insert, 100));
  await load.allOf(load.startMany(insert, 100));
  expect(load.answers.slice(100).every(({ outcome }) => outcome === 'acknowledged')).toBe(true);
  await server.startNode(1);
  // Until a whole round finds each shard of its owner again.
  await until(async () => {
    const before = (await server.counters()).executesOnWrongShard;
    await load.allOf(load.startMany(insert, 500));
    return (await server.counters()).executesOnWrongShard === before;
  });
});

it('a connection leads to the shard that its port says', async () => {
  const { server } = await openLoad(1);
  const [host, port] = server.address.split(':');
  const options = {
    host: host!,
    port: Number(port),
    username: '',
    password: '',
    clock: systemClock,
    timeoutNs: 5e9,
  };
  const first = await CqlConnection.open(options);
  if ('errorClass' in first) throw new Error(first.message);
  const shardPort = Number(first.supported.get('SCYLLA_SHARD_AWARE_PORT')![0]);
  first.close();
  for (let shard = 0; shard < shards; shard++) {
    // The next free one where somebody has this.
    for (let localPort = 50_000 + shard; ; localPort += shards) {
      const connection = await CqlConnection.open({ ...options, port: shardPort, localPort });
      if ('errorClass' in connection) continue;
      expect(connection.supported.get('SCYLLA_SHARD')).toEqual([String(localPort % shards)]);
      connection.close();
      break;
    }
  }
});
