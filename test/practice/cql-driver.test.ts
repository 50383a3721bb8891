import { Client, auth, mapping, policies, types } from 'cassandra-driver';
import type { ClientOptions } from 'cassandra-driver';
import { afterEach, describe, expect, it } from 'vitest';
import type { CqlPracticeOptions, CqlPracticeServer } from '../../src/practice/cql/cql-practice-server.ts';
import { startCqlPracticeServer } from '../../src/practice/cql/cql-practice-server.ts';
import { startPracticeServerThread } from '../../src/practice/start-practice-server-thread.ts';

const servers: CqlPracticeServer[] = [];
const clients: Client[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.shutdown()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

type Options = Omit<CqlPracticeOptions, 'protocol'>;

async function practiceServer(
  options: Options = {},
  start = startCqlPracticeServer,
): Promise<CqlPracticeServer> {
  const server = await start({ protocol: 'cql', ...options });
  servers.push(server);
  return server;
}

async function clientOf(server: CqlPracticeServer, options: Partial<ClientOptions> = {}): Promise<Client> {
  const client = new Client({
    contactPoints: [server.address],
    localDataCenter: 'datacenter1',
    // The peers' ports are not told.
    protocolOptions: { port: Number(server.address.split(':')[1]) },
    refreshSchemaDelay: 1,
    policies: { retry: new policies.retry.FallthroughRetryPolicy() },
    ...options,
  });
  clients.push(client);
  await client.connect();
  return client;
}

async function clientWithTable(server: CqlPracticeServer, columns: string): Promise<Client> {
  const client = await clientOf(server);
  await client.execute(
    "CREATE KEYSPACE shop WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
  );
  await client.execute(`CREATE TABLE shop.t (${columns})`);
  return client;
}

const prepare = { prepare: true } as const;

describe('cassandra-driver', () => {
  it('takes the practice server for a Cassandra', async () => {
    const client = await clientOf(await practiceServer());
    expect(client.getState().getConnectedHosts()).toHaveLength(1);
    const [host] = client.hosts.values();
    expect([host!.cassandraVersion, host!.datacenter, host!.rack]).toEqual(['5.0.8', 'datacenter1', 'rack1']);
    const { rows } = await client.execute('SELECT cluster_name FROM system.local');
    expect(rows[0]!['cluster_name']).toBe('stressql practice server');
  });

  it('reads keyspaces, tables, types and indexes', async () => {
    const server = await practiceServer();
    const client = await clientWithTable(
      server,
      'a int, b text, c timestamp, s text STATIC, v map<text, int>, PRIMARY KEY ((a, b), c)) WITH CLUSTERING ORDER BY (c DESC',
    );
    const created = await client.execute('CREATE TYPE shop.address (street text, zip int)');
    expect(created.info).toMatchObject({ isSchemaInAgreement: true });
    await client.execute('CREATE INDEX by_v ON shop.t (keys(v))');
    await client.execute('ALTER TABLE shop.t ADD home frozen<address>');

    const table = await client.metadata.getTable('shop', 't');
    expect(table!.partitionKeys.map((column) => column.name)).toEqual(['a', 'b']);
    expect(table!.clusteringKeys.map((column) => column.name)).toEqual(['c']);
    expect(table!.clusteringOrder).toEqual(['DESC']);
    expect(table!.columnsByName).toMatchObject({
      s: { isStatic: true, type: { code: types.dataTypes.text } },
      v: { type: { code: types.dataTypes.map } },
      home: { type: { code: types.dataTypes.udt } },
    });
    expect(table!.indexes.map(({ name, target }) => [name, target])).toEqual([['by_v', 'keys(v)']]);
    expect(await client.metadata.getTable('shop', 'nope')).toBeNull();
    const udt = await client.metadata.getUdt('shop', 'address');
    expect(udt.fields.map((field) => field.name)).toEqual(['street', 'zip']);
    expect(client.metadata.keyspaces).toHaveProperty('shop');
    await client.execute('DROP KEYSPACE shop');
    expect(await client.metadata.getTable('shop', 't')).toBeNull();
  });

  it('tells other clients of changes of the schema', async () => {
    const server = await practiceServer();
    const [one, other] = [await clientOf(server), await clientOf(server)];
    await one.execute(
      "CREATE KEYSPACE told WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
    );
    await expect.poll(() => Object.keys(other.metadata.keyspaces)).toContain('told');
  });

  const uuid = types.Uuid.fromString('123e4567-e89b-42d3-a456-426614174000');
  const timeuuid = types.TimeUuid.fromString('50554d6e-29bb-11e5-b345-feff819cdc9f');
  it.each<readonly [string, unknown]>([
    ['ascii', 'plain'],
    ['bigint', types.Long.fromString('-9223372036854775808')],
    ['blob', Buffer.from('cafe', 'hex')],
    ['boolean', true],
    ['date', types.LocalDate.fromString('2024-02-29')],
    ['decimal', types.BigDecimal.fromString('-12.340')],
    ['double', 1.5e300],
    ['duration', types.Duration.fromString('1mo2d3ns')],
    ['float', -1.5],
    ['inet', types.InetAddress.fromString('2001:db8::1')],
    ['int', -2147483648],
    ['smallint', -32768],
    ['text', 'ä🚀'],
    ['time', types.LocalTime.fromString('23:59:59.123456789')],
    ['timestamp', new Date(-1)],
    ['timeuuid', timeuuid],
    ['tinyint', -128],
    ['uuid', uuid],
    ['varint', types.Integer.fromString('123456789012345678901234567890')],
    ['list<int>', [2, 1, 2]],
    ['set<text>', ['a', 'b']],
    ['map<text, frozen<list<int>>>', { a: [1], b: [2, 3] }],
    ['tuple<int, text>', new types.Tuple(1, 'x')],
    ['frozen<address>', { street: 'x', zip: 7 }],
    ['address', { street: 'x', zip: 7 }],
    ['list<frozen<address>>', [{ street: 'x', zip: 7 }]],
    ['vector<float, 3>', new types.Vector([1, 2.5, -3], 'float')],
    ['vector<text, 2>', new types.Vector(['a', 'bc'], 'text')],
  ])('reads back what it wrote as %s', async (type, value) => {
    const server = await practiceServer();
    const client = await clientWithTable(server, 'k int PRIMARY KEY, nothing int');
    await client.execute('CREATE TYPE shop.address (street text, zip int)');
    await client.execute(`ALTER TABLE shop.t ADD v ${type}`);
    await client.execute('INSERT INTO shop.t (k, v, nothing) VALUES (?, ?, ?)', [1, value, null], prepare);
    const { rows } = await client.execute('SELECT v, nothing FROM shop.t WHERE k = ?', [1], prepare);
    expect(rows[0]!['nothing']).toBeNull();
    expect(JSON.stringify(rows[0]!['v'])).toBe(JSON.stringify(value));
  });

  it('leaves what is unset, and removes what is null', async () => {
    const client = await clientWithTable(await practiceServer(), 'k int PRIMARY KEY, a int, b int');
    const insert = 'INSERT INTO shop.t (k, a, b) VALUES (?, ?, ?)';
    await client.execute(insert, [1, 1, 1], prepare);
    await client.execute(insert, [1, types.unset, null], prepare);
    const { rows } = await client.execute('SELECT a, b FROM shop.t');
    expect({ ...rows[0] }).toEqual({ a: 1, b: null });
  });

  it.each([
    ['in clustering order', 'WHERE p = 1', []],
    ['against it', 'WHERE p = 1 ORDER BY c DESC', []],
    ['of several partitions', 'WHERE p IN (2, 1)', []],
    ['of a range', 'WHERE p = 1 AND c > ?', [9]],
    ['of the whole table', '', []],
    ['up to a limit', 'WHERE p = 1 LIMIT 17', []],
    ['with some of each partition', 'PER PARTITION LIMIT 7', []],
  ])('pages through rows %s', async (_, where, values) => {
    const client = await clientWithTable(await practiceServer(), 'p int, c int, PRIMARY KEY (p, c)');
    const inserts = Array.from({ length: 100 }, (__, index) =>
      client.execute('INSERT INTO shop.t (p, c) VALUES (?, ?)', [index % 4, Math.floor(index / 4)], prepare),
    );
    await Promise.all(inserts);
    const text = `SELECT p, c FROM shop.t ${where}`;
    const read = async (fetchSize: number): Promise<unknown[]> => {
      const rows: unknown[] = [];
      for await (const row of await client.execute(text, values, { ...prepare, fetchSize }))
        rows.push({ ...row });
      return rows;
    };
    const atOnce = await read(5000);
    expect(atOnce.length).toBeGreaterThan(10);
    expect(await read(3)).toEqual(atOnce);
    expect(await read(atOnce.length)).toEqual(atOnce);
  });

  it('goes on with the next page where the last row is gone', async () => {
    const client = await clientWithTable(await practiceServer(), 'p int, c int, PRIMARY KEY (p, c)');
    for (let c = 0; c < 6; c++) await client.execute('INSERT INTO shop.t (p, c) VALUES (1, ?)', [c], prepare);
    const select = 'SELECT c FROM shop.t WHERE p = 1';
    const { rows, pageState } = await client.execute(select, [], { ...prepare, fetchSize: 3 });
    await client.execute('DELETE FROM shop.t WHERE p = 1 AND c = 2');
    const next = await client.execute(select, [], { ...prepare, fetchSize: 3, pageState });
    expect([...rows, ...next.rows].map((row) => row['c'])).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('writes batches, prepared and not', async () => {
    const server = await practiceServer();
    const client = await clientWithTable(server, 'k int PRIMARY KEY, v text');
    const query = 'INSERT INTO shop.t (k, v) VALUES (?, ?)';
    const queries = [1, 2, 3].map((k) => ({ query, params: [k, `v${k}`] }));
    await client.batch(queries, { ...prepare, logged: false });
    await client.batch([
      { query: "UPDATE shop.t SET v = 'new' WHERE k = 1" },
      'DELETE FROM shop.t WHERE k = 2',
    ]);
    const { rows } = await client.execute('SELECT k, v FROM shop.t');
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { k: 1, v: 'new' },
      { k: 3, v: 'v3' },
    ]);
    expect(await server.counters()).toMatchObject({ rowsWritten: 5, rowsRead: 2, frames: { BATCH: 2 } });
  });

  it('answers light-weight transactions', async () => {
    const client = await clientWithTable(await practiceServer(), 'k int PRIMARY KEY, v int');
    const insert = 'INSERT INTO shop.t (k, v) VALUES (?, ?) IF NOT EXISTS';
    expect((await client.execute(insert, [1, 1], prepare)).wasApplied()).toBe(true);
    const second = await client.execute(insert, [1, 2], prepare);
    expect([second.wasApplied(), second.rows[0]!['v']]).toEqual([false, 1]);
    const update = 'UPDATE shop.t SET v = ? WHERE k = ? IF v = ?';
    expect((await client.execute(update, [5, 1, 1], prepare)).wasApplied()).toBe(true);
    expect((await client.execute(update, [5, 1, 1], prepare)).wasApplied()).toBe(false);
  });

  it('adds up counters', async () => {
    const client = await clientWithTable(await practiceServer(), 'k int PRIMARY KEY, n counter');
    const update = 'UPDATE shop.t SET n = n + ? WHERE k = ?';
    await Promise.all([1, 2, 3].map((by) => client.execute(update, [types.Long.fromNumber(by), 1], prepare)));
    await client.batch([{ query: update, params: [types.Long.fromNumber(4), 1] }], {
      ...prepare,
      counter: true,
    });
    const { rows } = await client.execute('SELECT n FROM shop.t');
    expect(String(rows[0]!['n'])).toBe('10');
  });

  it('is asked for a name and a password', async () => {
    const server = await practiceServer({ login: { username: 'jo', password: 'secret' } });
    const authProvider = new auth.PlainTextAuthProvider('jo', 'secret');
    await clientOf(server, { authProvider });
    const wrong = new auth.PlainTextAuthProvider('jo', 'wrong');
    await expect(clientOf(server, { authProvider: wrong })).rejects.toMatchObject({
      innerErrors: {
        [server.address]: { message: expect.stringContaining('Provided username jo and/or password') },
      },
    });
    await expect(clientOf(server)).rejects.toThrow();
  });

  it('prepares again what a change of the table made invalid', async () => {
    const client = await clientWithTable(await practiceServer(), 'k int PRIMARY KEY, v int');
    await client.execute('INSERT INTO shop.t (k, v) VALUES (1, 1)');
    const select = 'SELECT * FROM shop.t';
    expect({ ...(await client.execute(select, [], prepare)).rows[0] }).toEqual({ k: 1, v: 1 });
    await client.execute('ALTER TABLE shop.t DROP v');
    await client.execute('ALTER TABLE shop.t ADD v text');
    expect({ ...(await client.execute(select, [], prepare)).rows[0] }).toEqual({ k: 1, v: null });
  });

  it('keeps the rows that were written last', async () => {
    const client = await clientWithTable(
      await practiceServer({ rowsAtMost: 10 }),
      'k int PRIMARY KEY, v int',
    );
    for (let k = 0; k < 25; k++)
      await client.execute('INSERT INTO shop.t (k, v) VALUES (?, 1)', [k], prepare);
    const { rows } = await client.execute('SELECT k FROM shop.t');
    const keys = rows.map((row) => Number(row['k'])).sort((one, other) => one - other);
    expect(keys).toEqual([15, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
  });

  it('keeps so many bytes', async () => {
    const server = await practiceServer({ bytesAtMost: 10_000 });
    const client = await clientWithTable(server, 'p int, c int, v blob, PRIMARY KEY (p, c)');
    const insert = 'INSERT INTO shop.t (p, c, v) VALUES (?, ?, ?)';
    for (let c = 0; c < 30; c++) await client.execute(insert, [1, c, Buffer.alloc(992)], prepare);
    const { rows } = await client.execute('SELECT c FROM shop.t WHERE p = 1');
    expect(rows.map((row) => row['c'])).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
  });

  it('bounds static values, too', async () => {
    const server = await practiceServer({ rowsAtMost: 5 });
    const client = await clientWithTable(server, 'p int, c int, s text STATIC, PRIMARY KEY (p, c)');
    const insert = 'INSERT INTO shop.t (p, s) VALUES (?, ?)';
    for (let p = 0; p < 9; p++) await client.execute(insert, [p, 'x'], prepare);
    const { rows } = await client.execute('SELECT DISTINCT p FROM shop.t');
    expect(new Set(rows.map((row) => row['p']))).toEqual(new Set([4, 5, 6, 7, 8]));
    await client.execute('DELETE s FROM shop.t WHERE p = 8');
    expect((await client.execute('SELECT p FROM shop.t')).rowLength).toBe(4);
  });

  it('answers without storing', async () => {
    const server = await practiceServer({ store: false });
    const client = await clientWithTable(server, 'k int PRIMARY KEY, v int');
    await client.execute('INSERT INTO shop.t (k, v) VALUES (?, ?)', [1, 1], prepare);
    const conditional = 'INSERT INTO shop.t (k, v) VALUES (?, ?) IF NOT EXISTS';
    expect((await client.execute(conditional, [1, 1], prepare)).wasApplied()).toBe(true);
    const query = 'INSERT INTO shop.t (k, v) VALUES (?, ?)';
    await client.batch([{ query, params: [2, 2] }], prepare);
    expect((await client.execute('SELECT * FROM shop.t')).rows).toEqual([]);
    expect((await server.counters()).rowsWritten).toBe(3);
  });

  it('maps with the mapper', async () => {
    const client = await clientWithTable(await practiceServer(), 'k int PRIMARY KEY, v text');
    const mapper = new mapping.Mapper(client, {
      models: { Item: { tables: ['t'], keyspace: 'shop' } },
    }).forModel('Item');
    await mapper.insert({ k: 1, v: 'x' });
    await mapper.update({ k: 1, v: 'y' });
    expect(await mapper.get({ k: 1 })).toMatchObject({ k: 1, v: 'y' });
  });
});

describe('several nodes', () => {
  it('know each other, with tokens and datacenters', async () => {
    const server = await practiceServer(
      { nodes: 4, datacenters: ['datacenter1', 'dc2'] },
      startPracticeServerThread,
    );
    const client = await clientOf(server);
    const hosts = client.hosts.values().map(({ address, datacenter }) => [address, datacenter]);
    expect(hosts.toSorted()).toEqual(
      server.addresses.map((address, index) => [address, index % 2 === 0 ? 'datacenter1' : 'dc2']),
    );
    await client.execute(
      "CREATE KEYSPACE shop WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 1, 'dc2': 1}",
    );
    const replicas = client.metadata.getReplicas('shop', Buffer.from('key')) ?? [];
    expect(new Set(replicas.map((host) => host.datacenter))).toEqual(new Set(['datacenter1', 'dc2']));
  });

  it('get what is theirs of a client that knows tokens', async () => {
    const server = await practiceServer({ nodes: 3 }, startPracticeServerThread);
    const client = await clientWithTable(server, 'k int PRIMARY KEY, v int');
    const insert = 'INSERT INTO shop.t (k, v) VALUES (?, 1)';
    for (let k = 0; k < 60; k++) await client.execute(insert, [k], prepare);
    const { requestsByNode, openConnections } = await server.counters();
    for (const requests of requestsByNode) expect(requests).toBeGreaterThan(8);
    expect(openConnections).toBeGreaterThanOrEqual(3);
    // What one node took, every other one has.
    expect((await client.execute('SELECT count(*) FROM shop.t')).rows[0]!['count'].toNumber()).toBe(60);
  });

  it('can be lost, and come back', async () => {
    const server = await practiceServer({ nodes: 2 }, startPracticeServerThread);
    const reconnection = new policies.reconnection.ConstantReconnectionPolicy(20);
    const client = await clientOf(server, { policies: { reconnection } });
    const isUp = (): boolean[] => client.hosts.values().map((host) => host.isUp());
    await client.execute('SELECT * FROM system.local');
    await server.stopNode(1);
    await expect.poll(isUp).toContain(false);
    for (let each = 0; each < 4; each++) await client.execute('SELECT * FROM system.peers');
    await server.startNode(1);
    await expect.poll(isUp, { timeout: 10_000 }).not.toContain(false);
    await expect(server.startNode(1)).rejects.toThrow(/EADDRINUSE/);
  });
});

describe('faults', () => {
  it.each([
    [{ error: 'unavailable', required: 2, alive: 1 } as const, { required: 2, alive: 1 }],
    [
      { error: 'writeTimeout', received: 1, blockFor: 2, writeType: 'BATCH', consistency: 4 } as const,
      { received: 1, blockFor: 2, writeType: 'BATCH', consistencies: 4 },
    ],
    [
      { error: 'readTimeout', received: 1, blockFor: 2, dataPresent: true } as const,
      { received: 1, blockFor: 2, isDataPresent: 1 },
    ],
    [
      { error: 'writeFailure', received: 1, blockFor: 2, failures: 3 } as const,
      { received: 1, blockFor: 2, failures: 3, writeType: 'SIMPLE' },
    ],
    [
      { error: 'readFailure', received: 1, blockFor: 2, failures: 3, dataPresent: false } as const,
      { received: 1, blockFor: 2, failures: 3, isDataPresent: 0 },
    ],
    [{ error: 'overloaded', message: 'too much' } as const, { message: 'too much' }],
    [
      { error: 'functionFailure', keyspace: 'k', function: 'f', arguments: ['int'] } as const,
      { keyspace: 'k', functionName: 'f', argTypes: ['int'] },
    ],
    [{ error: 'alreadyExists', keyspace: 'k', table: 't' } as const, { keyspace: 'k', table: 't' }],
  ])('answer $error', async (body, { consistencies, ...fields }: Record<string, unknown>) => {
    const server = await practiceServer({}, startPracticeServerThread);
    const client = await clientOf(server);
    await server.setFaults([{ statement: 'cluster_name', effect: { kind: 'error', body } }]);
    const failed: unknown = await client
      .execute('SELECT cluster_name FROM system.local')
      .catch((error: unknown) => error);
    expect(failed).toMatchObject(fields);
    if (consistencies !== undefined) expect(failed).toHaveProperty('consistencies', consistencies);
    await server.setFaults([]);
    await client.execute('SELECT cluster_name FROM system.local');
  });

  it('go by request, statement, node, skip and times', async () => {
    const server = await practiceServer({ nodes: 2 }, startPracticeServerThread);
    const client = await clientWithTable(server, 'k int PRIMARY KEY, v int');
    const error = { kind: 'error', body: { error: 'overloaded' } } as const;
    const outcomes = async (text: string): Promise<string> => {
      let said = '';
      for (let each = 0; each < 4; each++) {
        said += await client.execute(text, [], prepare).then(
          () => '.',
          () => 'x',
        );
      }
      return said;
    };
    const select = 'SELECT * FROM shop.t';
    expect(await outcomes(select)).toBe('....');
    await server.setFaults([{ on: ['EXECUTE'], skip: 1, times: 2, effect: error }]);
    expect(await outcomes(select)).toBe('.xx.');
    await server.setFaults([{ statement: 'SHOP\\.t$', effect: error }]);
    expect(await outcomes(select)).toBe('xxxx');
    expect(await outcomes('SELECT k FROM shop.t WHERE k = 1')).toBe('....');
    await server.setFaults([{ on: ['BATCH'], effect: error }]);
    expect(await outcomes(select)).toBe('....');
    await server.setFaults([{ node: 1, effect: error }]);
    expect([...(await outcomes(select))].sort().join('')).toBe('..xx');
    await server.setFaults([{ probability: 0, effect: error }]);
    expect(await outcomes(select)).toBe('....');
    expect((await server.counters()).errors).toMatchObject({ [0x1001]: 8 });
  });

  it('delay answers', async () => {
    const server = await practiceServer({}, startPracticeServerThread);
    const client = await clientWithTable(server, 'k int PRIMARY KEY');
    await server.setFaults([{ effect: { kind: 'delay', ms: 100 } }]);
    const beforeMs = performance.now();
    await client.execute('SELECT * FROM shop.t');
    expect(performance.now() - beforeMs).toBeGreaterThan(99);
  });

  it('leave requests without an answer', async () => {
    const server = await practiceServer({}, startPracticeServerThread);
    const client = await clientWithTable(server, 'k int PRIMARY KEY');
    await server.setFaults([{ statement: 'INSERT', effect: { kind: 'no answer' } }]);
    const insert = client.execute('INSERT INTO shop.t (k) VALUES (1)', [], { readTimeout: 100 });
    await expect(insert).rejects.toMatchObject({ name: 'OperationTimedOutError' });
    // It was done nevertheless.
    expect((await client.execute('SELECT * FROM shop.t')).rowLength).toBe(1);
  });

  it.each(['before answering', 'after answering'] as const)('close the connection %s', async (when) => {
    const server = await practiceServer({}, startPracticeServerThread);
    const client = await clientWithTable(server, 'k int PRIMARY KEY');
    await server.setFaults([{ statement: 'INSERT', times: 1, effect: { kind: 'close', when } }]);
    const insert = client.execute('INSERT INTO shop.t (k) VALUES (1)');
    if (when === 'after answering') await insert;
    else await expect(insert).rejects.toThrow(/closed/);
    await expect.poll(async () => (await server.counters()).connections).toBeGreaterThan(2);
  });

  it('forget prepared statements', async () => {
    const server = await practiceServer({}, startPracticeServerThread);
    const client = await clientWithTable(server, 'k int PRIMARY KEY');
    const insert = 'INSERT INTO shop.t (k) VALUES (?)';
    await client.execute(insert, [1], prepare);
    await server.setFaults([{ on: ['EXECUTE'], times: 1, effect: { kind: 'forget prepared' } }]);
    await client.execute(insert, [2], prepare);
    const { frames, errors } = await server.counters();
    expect([frames.PREPARE, frames.EXECUTE, errors[0x2500]]).toEqual([2, 3, 1]);
  });
});

it('rejects when its port is taken', async () => {
  const server = await startCqlPracticeServer({ protocol: 'cql' });
  servers.push(server);
  const port = Number(server.address.split(':')[1]);
  await expect(startCqlPracticeServer({ protocol: 'cql', port })).rejects.toThrow(/EADDRINUSE/);
  await expect(startPracticeServerThread({ protocol: 'cql', port })).rejects.toThrow(/EADDRINUSE/);
});
