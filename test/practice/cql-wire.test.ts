import fc from 'fast-check';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { startCqlPracticeServer } from '../../src/practice/cql/cql-practice-server.ts';
import type { CqlPracticeOptions, CqlPracticeServer } from '../../src/practice/cql/cql-practice-server.ts';
import { tokenOf, tokenValue } from '../../src/practice/cql/murmur3.ts';
import {
  RawCql,
  RawReader,
  executeBody,
  frame,
  int,
  longString,
  opcodes,
  parameters,
  preparedId,
  rowsOf,
  short,
  startupBody,
  string,
  told,
  value,
} from './raw-cql.ts';
import type { RawFrame } from './raw-cql.ts';

const servers: CqlPracticeServer[] = [];
const connections: RawCql[] = [];
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function practice(options: Omit<CqlPracticeOptions, 'protocol'> = {}): Promise<CqlPracticeServer> {
  const server = await startCqlPracticeServer({ protocol: 'cql', ...options });
  servers.push(server);
  return server;
}

async function connection(address: string, localPort?: number): Promise<RawCql> {
  const raw = await RawCql.start(address, localPort);
  connections.push(raw);
  return raw;
}

const createKeyspace =
  "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";

async function withTable(server: CqlPracticeServer): Promise<RawCql> {
  const raw = await connection(server.address);
  await raw.query(createKeyspace);
  await raw.query('CREATE TABLE k.t (k int PRIMARY KEY, v text)');
  return raw;
}

const insert = 'INSERT INTO k.t (k, v) VALUES (?, ?)';
const text = (value: string): Buffer => Buffer.from(value);

describe('frames', () => {
  it.each([true, false])('are read in whatever pieces they come, store: %s', async (store) => {
    const server = await practice({ store });
    const raw = await withTable(server);
    const id = preparedId(await raw.prepare(insert));
    let sent = 0;
    const requests = fc.array(fc.nat(300), { minLength: 1, maxLength: 20 });
    const cuts = fc.array(fc.nat(), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(requests, cuts, async (lengths, places) => {
        const frames = lengths.map((length, stream) =>
          frame(opcodes.EXECUTE, executeBody(id, [int(sent++), text('x'.repeat(length))]), stream),
        );
        const stream = Buffer.concat(frames);
        const ends = [...places.map((place) => place % stream.length), stream.length].sort((a, b) => a - b);
        let from = 0;
        for (const end of ends) {
          raw.socket.write(stream.subarray(from, end));
          from = end;
          await new Promise((resolve) => setImmediate(resolve));
        }
        for (const [index] of frames.entries()) {
          const answer = await raw.next();
          expect([answer.stream, told(answer)]).toEqual([index, 'void']);
        }
      }),
      { seed: 7, numRuns: 60 },
    );
    expect((await server.counters()).rowsWritten).toBe(sent);
  });

  it('are answered in order when many come at once', async () => {
    const raw = await withTable(await practice());
    const id = preparedId(await raw.prepare(insert));
    const select = preparedId(await raw.prepare('SELECT v FROM k.t WHERE k = ?'));
    const frames: Buffer[] = [];
    for (let k = 0; k < 2000; k++) {
      frames.push(frame(opcodes.EXECUTE, executeBody(id, [int(k), text(`v${k}`)]), 2 * k));
      frames.push(frame(opcodes.EXECUTE, executeBody(select, [int(k)]), 2 * k + 1));
    }
    raw.socket.write(Buffer.concat(frames));
    for (let k = 0; k < 2000; k++) {
      expect(told(await raw.next())).toBe('void');
      const answer = await raw.next();
      expect([answer.stream, rowsOf(answer).rows]).toEqual([2 * k + 1, [[text(`v${k}`)]]]);
    }
  });

  it('of batches are answered without storing, and refused where an id is unknown', async () => {
    const server = await practice({ store: false });
    const raw = await withTable(server);
    const id = preparedId(await raw.prepare(insert));
    const select = preparedId(await raw.prepare('SELECT * FROM k.t'));
    const batch = (ids: readonly Buffer[]): Buffer =>
      Buffer.concat([
        Buffer.from([1]),
        short(ids.length),
        ...ids.flatMap((each) => [Buffer.from([1]), short(16), each, short(2), value(int(1)), value(null)]),
        short(1),
        Buffer.from([0]),
      ]);
    const unknown = Buffer.alloc(16, 7);
    for (const ids of [[id, id, id], [id, unknown], [id, select], [id]]) {
      raw.socket.write(frame(opcodes.BATCH, batch(ids)));
    }
    raw.socket.write(frame(opcodes.BATCH, batch([id, id]).subarray(0, 40)));
    const answers = [];
    for (let each = 0; each < 5; each++) answers.push(told(await raw.next()));
    expect(answers).toMatchObject(['void', { error: '2500' }, { error: '2200' }, 'void', { error: 'a' }]);
    expect(await server.counters()).toMatchObject({ rowsWritten: 4, frames: { BATCH: 5 } });
  });

  it('may be large, and not too large', async () => {
    const raw = await withTable(await practice());
    const large = Buffer.alloc(5_000_000, 0x61);
    expect(told(await raw.query(insert, [int(1), large]))).toBe('void');
    expect(rowsOf(await raw.query('SELECT v FROM k.t')).rows).toEqual([[large]]);
    const header = frame(opcodes.QUERY, Buffer.alloc(0));
    header.writeInt32BE(17 * 2 ** 20, 5);
    raw.socket.write(header);
    expect(told(await raw.next())).toMatchObject({
      error: 'a',
      message: expect.stringMatching(/^Request is too big/),
    });
    await once(raw.socket, 'close');
  });
});

it.each([true, false])('any bytes are survived, store: %s', async (store) => {
  const server = await practice({ store });
  const good = await withTable(server);
  const id = preparedId(await good.prepare(insert));
  const opcode = fc.constantFrom(...Object.values(opcodes), 0x55);
  const garbled = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
  const nearlyGood = fc.tuple(fc.nat(60), fc.nat(255)).map(([at, byte]) => {
    const body = executeBody(id, [int(1), text('value')]);
    body[at % body.length] = byte;
    return body;
  });
  await fc.assert(
    fc.asyncProperty(opcode, fc.oneof(garbled, nearlyGood), async (code, body) => {
      const raw = await RawCql.start(server.address);
      const ended = once(raw.socket, 'close');
      raw.socket.write(frame(code, body));
      // Whatever it was, it is answered, or the connection ends.
      await Promise.race([raw.next(), ended]);
      raw.close();
    }),
    { seed: 11, numRuns: 300 },
  );
  expect(told(await good.query('SELECT key FROM system.local'))).toMatchObject({
    rows: [[expect.any(String)]],
  });
});

describe('protocol errors', () => {
  it.each([3, 5, 6, 0x42])('version %i is answered with one of v4', async (version) => {
    const raw = await RawCql.connect((await practice()).address);
    connections.push(raw);
    raw.socket.write(frame(opcodes.STARTUP, startupBody, 9, version));
    const answer = await raw.next();
    expect([answer.version, answer.stream, told(answer)]).toEqual([
      0x84,
      9,
      {
        error: 'a',
        message: `Invalid or unsupported protocol version (${version}); supported versions are (4/v4)`,
      },
    ]);
    await once(raw.socket, 'close');
  });

  it.each<readonly [string, number, Buffer, RegExp]>([
    ['an unknown opcode', 0x55, Buffer.alloc(0), /Unknown opcode 85/],
    ['a body that ends too early', opcodes.QUERY, int(50), /Not enough bytes/],
    [
      'values that end too early',
      opcodes.QUERY,
      Buffer.concat([longString('x'), short(1), Buffer.from([1, 0, 3])]),
      /Not enough bytes/,
    ],
    [
      'a value of length -3',
      opcodes.QUERY,
      Buffer.concat([longString('x'), short(1), Buffer.from([1, 0, 1]), int(-3)]),
      /Invalid ByteBuf length -3/,
    ],
  ])('%s', async (_, opcode, body, message) => {
    const raw = await connection((await practice()).address);
    expect(told(await raw.request(opcode, body))).toMatchObject({
      error: 'a',
      message: expect.stringMatching(message),
    });
    await once(raw.socket, 'close');
  });

  it('a statement before STARTUP, or before the login', async () => {
    const server = await practice({ login: { username: 'jo', password: 'secret' } });
    const early = await RawCql.connect(server.address);
    connections.push(early);
    expect(told(await early.query('SELECT * FROM system.local'))).toEqual({
      error: 'a',
      message: 'Unexpected message QUERY, expecting STARTUP or OPTIONS',
    });
    const raw = await RawCql.connect(server.address);
    connections.push(raw);
    const asked = await raw.request(opcodes.STARTUP, startupBody);
    expect([asked.opcode, asked.body.toString()]).toEqual([
      opcodes.AUTHENTICATE,
      expect.stringMatching(/PasswordAuthenticator$/),
    ]);
    const granted = await raw.request(opcodes.AUTH_RESPONSE, value(text('\0jo\0secret')));
    expect(granted.opcode).toBe(opcodes.AUTH_SUCCESS);
    expect(told(await raw.query('USE system'))).toEqual({ keyspace: 'system' });
  });
});

describe('requests', () => {
  it('have values by position or by name, and a wrong number is refused', async () => {
    const raw = await withTable(await practice());
    expect(told(await raw.query(insert, [int(1)]))).toMatchObject({
      message: 'Invalid amount of bind variables',
    });
    const named = Buffer.concat([
      longString('INSERT INTO k.t (k, v) VALUES (:key, :value)'),
      short(1),
      Buffer.from([0x41]),
      short(2),
      string('value'),
      value(text('named')),
      string('key'),
      value(int(3)),
    ]);
    expect(told(await raw.request(opcodes.QUERY, named))).toBe('void');
    expect(rowsOf(await raw.query('SELECT * FROM k.t')).rows).toEqual([[int(3), text('named')]]);
  });

  it('leave out metadata when they are told to', async () => {
    const raw = await withTable(await practice());
    await raw.query(insert, [int(1), text('x')]);
    const id = preparedId(await raw.prepare('SELECT * FROM k.t'));
    const skipping = Buffer.concat([short(16), id, short(1), Buffer.from([0x02])]);
    const { body } = await raw.request(opcodes.EXECUTE, skipping);
    expect(body.subarray(0, 16)).toEqual(Buffer.concat([int(2), int(0x05), int(2), int(1)]));
  });

  it.each<readonly [string, Buffer, string]>([
    ['too short', Buffer.alloc(3), 'no value of type int'],
    ['too long', Buffer.alloc(5), 'no value of type int'],
    ['null', Buffer.alloc(0), ''],
  ])('have keys that are values of their type: %s', async (_, key, message) => {
    const raw = await withTable(await practice());
    const answer = told(await raw.query(insert, [key, null]));
    expect(answer).toMatchObject({ error: '2200', message: expect.stringContaining(message) });
  });

  it.each<readonly [string, string, Buffer]>([
    ['text that is no UTF-8', 'text', Buffer.from([0xff])],
    ['a list that ends too early', 'list<int>', Buffer.concat([int(2), value(int(1))])],
    ['a list with a null', 'list<int>', Buffer.concat([int(1), int(-1)])],
    ['a map with something behind it', 'map<int, int>', Buffer.concat([int(0), int(1)])],
    ['a tuple with too much', 'tuple<int>', Buffer.concat([value(int(1)), value(int(2))])],
    ['a vector of another size', 'vector<float, 3>', Buffer.alloc(8)],
    ['an inet of 5 bytes', 'inet', Buffer.alloc(5)],
  ])('are refused with %s', async (_, type, bytes) => {
    const raw = await connection((await practice()).address);
    await raw.query(createKeyspace);
    await raw.query(`CREATE TABLE k.t (k int PRIMARY KEY, v ${type})`);
    expect(told(await raw.query(insert, [int(1), bytes]))).toMatchObject({ error: '2200' });
    expect(rowsOf(await raw.query('SELECT v FROM k.t')).rows).toEqual([]);
  });

  it('say what the practice server can not do', async () => {
    const raw = await withTable(await practice());
    const beyond = [
      'SELECT JSON * FROM k.t',
      'SELECT k, count(*) FROM k.t GROUP BY k',
      'SELECT writetime(v) FROM k.t',
      'SELECT CAST(k AS text) FROM k.t',
      'CREATE MATERIALIZED VIEW v AS SELECT * FROM k.t',
      "CREATE ROLE r WITH PASSWORD = 'x'",
      'GRANT SELECT ON k.t TO r',
      "SELECT * FROM k.t WHERE v LIKE 'x%'",
    ];
    for (const statement of beyond) {
      expect(told(await raw.query(statement))).toEqual({
        error: '2200',
        message: expect.stringMatching(/^the practice server /),
      });
    }
  });

  it('page by page, on another connection too', async () => {
    const server = await practice();
    const raw = await withTable(server);
    for (let k = 0; k < 10; k++) await raw.query(insert, [int(k), null]);
    const id = preparedId(await raw.prepare('SELECT k FROM k.t'));
    const other = await connection(server.address);
    const first = rowsOf(await raw.execute(id, [], { size: 7 }));
    const second = rowsOf(await other.execute(id, [], { size: 7, state: first.pagingState! }));
    expect(second.pagingState).toBeNull();
    const keys = [...first.rows, ...second.rows].map(([key]) => key!.readInt32BE());
    expect(keys.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const nonsense = told(await raw.execute(id, [], { size: 7, state: Buffer.from('nonsense') }));
    expect(nonsense).toMatchObject({ error: expect.stringMatching(/^(2200|0)$/) });
  });

  it('are counted by opcode, and connections by port', async () => {
    const server = await practice();
    const raw = await withTable(server);
    const other = await connection(server.address);
    await raw.query(insert, [int(1), null]);
    await other.prepare(insert);
    const counters = await server.counters();
    expect(counters).toMatchObject({
      connections: 2,
      openConnections: 2,
      openConnectionsAtMost: 2,
      rowsWritten: 1,
      prepared: 1,
      requestsByNode: [3],
    });
    expect(counters.frames).toMatchObject({ STARTUP: 2, QUERY: 3, PREPARE: 1, EXECUTE: 0 });
    expect(counters.framesByRemotePort[raw.socket.localPort!]).toBe(4);
    other.close();
    await expect.poll(async () => (await server.counters()).openConnections).toBe(1);
    expect(Object.keys((await server.counters()).framesByRemotePort)).toEqual([String(raw.socket.localPort)]);
  });

  it('are prepared on a node, until it stops', async () => {
    const server = await practice({ nodes: 2 });
    const raw = await withTable(server);
    const id = preparedId(await raw.prepare(insert));
    expect(told(await raw.execute(id, [int(1), null]))).toBe('void');
    const other = await connection(server.addresses[1]!);
    const { opcode, body } = await other.execute(id, [int(1), null]);
    const reader = new RawReader(body);
    expect([opcode, reader.int(), reader.string(), reader.shortBytes()]).toEqual([
      opcodes.ERROR,
      0x2500,
      expect.stringContaining(`Prepared query with ID ${id.toString('hex')} not found`),
      id,
    ]);
    expect(preparedId(await other.prepare(insert))).toEqual(id);
    expect((await server.counters()).prepared).toBe(2);
    await server.stopNode(1);
    await server.startNode(1);
    expect((await server.counters()).prepared).toBe(1);
  });

  it('are told of nodes that go and come', async () => {
    const server = await practice({ nodes: 2 });
    const raw = await connection(server.address);
    await raw.request(opcodes.REGISTER, Buffer.concat([short(1), string('STATUS_CHANGE')]));
    const event = async (): Promise<readonly string[]> => {
      const { opcode, stream, body } = await raw.next();
      const reader = new RawReader(body);
      expect([opcode, stream]).toEqual([opcodes.EVENT, -1]);
      return [reader.string(), reader.string(), reader.rest().subarray(1, 5).join('.')];
    };
    await server.stopNode(1);
    expect(await event()).toEqual(['STATUS_CHANGE', 'DOWN', '127.0.0.2']);
    await server.startNode(1);
    expect(await event()).toEqual(['STATUS_CHANGE', 'UP', '127.0.0.2']);
    expect(told(await (await connection(server.addresses[1]!)).query('USE system'))).toEqual({
      keyspace: 'system',
    });
  });
});

describe('shards', () => {
  async function supported(raw: RawCql): Promise<Record<string, readonly string[]>> {
    const { body } = await raw.request(opcodes.OPTIONS);
    const reader = new RawReader(body);
    return Object.fromEntries(
      Array.from({ length: reader.short() }, () => [reader.string(), reader.strings()]),
    );
  }

  it('are told in SUPPORTED, and chosen by the port', async () => {
    const server = await practice({ shards: 3 });
    const raws = [];
    for (let each = 0; each < 4; each++) raws.push(await connection(server.address));
    const told = await Promise.all(raws.map(supported));
    expect(told.map((each) => each['SCYLLA_SHARD']![0])).toEqual(['0', '1', '2', '0']);
    expect(told[0]).toMatchObject({
      SCYLLA_NR_SHARDS: ['3'],
      SCYLLA_PARTITIONER: ['org.apache.cassandra.dht.Murmur3Partitioner'],
      SCYLLA_SHARDING_ALGORITHM: ['biased-token-round-robin'],
      SCYLLA_SHARDING_IGNORE_MSB: ['12'],
    });
    const aware = `127.0.0.1:${told[0]!['SCYLLA_SHARD_AWARE_PORT']![0]}`;
    for (let each = 0; each < 3; each++) {
      const raw = await connection(aware);
      expect((await supported(raw))['SCYLLA_SHARD']).toEqual([String(raw.socket.localPort! % 3)]);
    }
    const plain = await connection((await practice()).address);
    expect(Object.keys(await supported(plain))).toEqual(['COMPRESSION', 'CQL_VERSION', 'PROTOCOL_VERSIONS']);
  });

  it.each([true, false])('count what came to the wrong one, store: %s', async (store) => {
    const server = await practice({ shards: 2, store });
    const first = await withTable(server);
    const second = await connection(server.address);
    const id = preparedId(await first.prepare(insert));
    // As ScyllaDB's algorithm has it: the token from 0, without its first 12 bits, in two halves.
    const shardOf = (k: number): number =>
      Number((((tokenValue(tokenOf(int(k))) + 2n ** 63n) << 12n) >> 63n) & 1n);
    const keys = Array.from({ length: 40 }, (_, k) => k);
    for (const k of keys) await (shardOf(k) === 0 ? first : second).execute(id, [int(k), null]);
    const right = await server.counters();
    const ofFirst = keys.filter((k) => shardOf(k) === 0).length;
    expect([right.executesByShard, right.executesOnWrongShard]).toEqual([[ofFirst, 40 - ofFirst], 0]);
    for (const k of keys) await first.execute(id, [int(k), null]);
    expect((await server.counters()).executesOnWrongShard).toBe(40 - ofFirst);
  });
});

/** As Cassandra 5.0.8 tells them: SELECT token(k). */
const knownTokens: readonly (readonly [string, bigint])[] = [
  ['00', 5048724184180415669n],
  ['61', -8839064797231613815n],
  ['ff', -4442228696663692417n],
  ['80808080', 6896267178455106169n],
  ['00000001', -4069959284402364209n],
  ['6669667465656e2062797465732e2e', -3590019892536764777n],
  ['7369787465656e206279746573202e2e', -6645589963481798736n],
  ['f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0', 3943843175874396146n],
  ['8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f', 6952067969441791174n],
  ['00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff', -4815489281311388829n],
  ['9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a', 8085108806521036107n],
  [
    'c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3',
    -312572334779685089n,
  ],
];

describe('tokens', () => {
  it.each<readonly [string, bigint]>(knownTokens)('of 0x%s', (hex, token) => {
    expect(tokenValue(tokenOf(Buffer.from(hex, 'hex')))).toBe(token);
  });
});

it('a whole session, as the bytes of a client would have it', async () => {
  const raw = await RawCql.connect((await practice()).address);
  connections.push(raw);
  const answers: RawFrame[] = [];
  const requests = [
    frame(opcodes.STARTUP, startupBody),
    frame(opcodes.QUERY, Buffer.concat([longString(createKeyspace), parameters([])])),
    frame(opcodes.QUERY, Buffer.concat([longString('USE k'), parameters([])])),
    frame(opcodes.QUERY, Buffer.concat([longString('CREATE TABLE t (k int PRIMARY KEY)'), parameters([])])),
    frame(
      opcodes.BATCH,
      Buffer.concat([
        Buffer.from([1]),
        short(2),
        Buffer.from([0]),
        longString('INSERT INTO t (k) VALUES (?)'),
        short(1),
        value(int(1)),
        Buffer.from([0]),
        longString('INSERT INTO t (k) VALUES (2)'),
        short(0),
        short(1),
        Buffer.from([0]),
      ]),
    ),
    frame(opcodes.QUERY, Buffer.concat([longString('SELECT count(*) FROM t'), parameters([])])),
  ];
  raw.socket.write(Buffer.concat(requests));
  for (const _ of requests) answers.push(await raw.next());
  expect(answers[0]!.opcode).toBe(opcodes.READY);
  expect(answers.slice(1).map(told)).toMatchObject([
    { change: 'CREATED', target: 'KEYSPACE' },
    { keyspace: 'k' },
    { change: 'CREATED', target: 'TABLE' },
    'void',
    { rows: [['0000000000000002']] },
  ]);
});
