import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/stress-client/clock.ts';
import { cqlTypeText } from '../../src/stress-client/cql-type.ts';
import { CqlConnection } from '../../src/stress-client/target/cql/protocol/cql-connection.ts';
import type { CqlConnectionOptions } from '../../src/stress-client/target/cql/protocol/frame-socket.ts';
import { BodyReader } from '../../src/stress-client/target/cql/protocol/body-reader.ts';
import { FrameReader } from '../../src/stress-client/target/cql/protocol/frame-reader.ts';
import { readType } from '../../src/stress-client/target/cql/protocol/read-type.ts';
import { typeOfClass } from '../../src/stress-client/target/cql/protocol/type-of-class.ts';
import { describeWithCassandra } from '../servers/cassandra.ts';
import { ScriptedNode, answerFrame, errorBody, int, opcodes, string, voidBody } from './scripted-node.ts';
import type { ScriptedRequest } from './scripted-node.ts';

const seed = 20_260_101;

function optionsFor(address: string, rest: Partial<CqlConnectionOptions> = {}): CqlConnectionOptions {
  const [host, port] = address.split(':');
  const login = { username: '', password: '' };
  return { host: host!, port: Number(port), ...login, clock: systemClock, timeoutNs: 10e9, ...rest };
}

async function opened(options: CqlConnectionOptions): Promise<CqlConnection> {
  const connection = await CqlConnection.open(options);
  if ('errorClass' in connection) throw new Error(`${connection.errorClass}: ${connection.message}`);
  return connection;
}

describe('FrameReader', () => {
  const frame = fc.record({
    stream: fc.integer({ min: -1, max: 32_767 }),
    opcode: fc.integer({ min: 0, max: 16 }),
    body: fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.integer({ min: 1000, max: 60_000 }).map((length) => new Uint8Array(length).fill(length)),
    ),
  });

  it('gives the same frames whatever pieces they come in', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), cuts, (frames, lengths) => {
        const sent = frames.map(({ stream, opcode, body }) => answerFrame(stream, opcode, body));
        const stream = Buffer.concat(sent);
        const read: Buffer[] = [];
        const reader = new FrameReader(
          (bytes, start, bodyLength) => read.push(Buffer.from(bytes.subarray(start, start + 9 + bodyLength))),
          (message) => expect.fail(message),
        );
        // One buffer for all pieces, as a socket has.
        const buffer = Buffer.alloc(3000);
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const length = stream.copy(buffer, 0, at, at + lengths[turn % lengths.length]!);
          reader.read(buffer, length);
          at += length;
        }
        expect(read).toEqual(sent);
      }),
      { seed, numRuns: 60 },
    );
  });

  it.each([
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['a request', Buffer.from('040000000500000000', 'hex')],
    ['an old version', Buffer.from('810000000000000000', 'hex')],
    ['a body of 2 GB', Buffer.from('84000000087fffffff', 'hex')],
    ['a negative length', Buffer.from('8400000008ffffffff', 'hex')],
  ])('ends once where %s comes', (_, bytes) => {
    for (const step of [1, 4, bytes.length]) {
      const told: string[] = [];
      const good = answerFrame(1, 8, Buffer.alloc(4));
      const frames: number[] = [];
      const reader = new FrameReader(
        (_bytes, start) => frames.push(start),
        (message) => told.push(message),
      );
      const stream = Buffer.concat([good, bytes, good]);
      for (let at = 0; at < stream.length; at += step) {
        const piece = stream.subarray(at, at + step);
        reader.read(piece, piece.length);
      }
      expect(told).toHaveLength(1);
      expect(frames).toHaveLength(1);
    }
  });
});

describe('BodyReader', () => {
  it('steps over tracing id, warnings and custom payload', () => {
    const tracing = Buffer.alloc(16, 7);
    const warnings = Buffer.from('000200016100026263', 'hex');
    const payload = Buffer.from('000100016b000000020102', 'hex');
    const body = Buffer.concat([tracing, warnings, payload, Buffer.from('0000002a', 'hex')]);
    const frame = answerFrame(0, 8, body, 0x02 | 0x04 | 0x08);
    expect(BodyReader.ofFrame(frame, 0, body.length).int()).toBe(42);
  });

  it('throws a RangeError where the body ends, not the buffer', () => {
    const bytes = Buffer.from('00056162636465666768', 'hex');
    expect(new BodyReader(bytes).string()).toBe('abcde');
    expect(() => new BodyReader(bytes, 0, 5).string()).toThrow(RangeError);
    expect(() => new BodyReader(bytes, 0, 2).int()).toThrow(RangeError);
    expect(() => new BodyReader(Buffer.from('7fffffff', 'hex')).bytes()).toThrow(RangeError);
  });
});

const marshal = 'org.apache.cassandra.db.marshal.';
const hex = (text: string): string => Buffer.from(text).toString('hex');

describe('types', () => {
  it.each([
    ['0009', 'int'],
    ['000d', 'text'],
    ['0020 0009', 'list<int>'],
    ['0022 000c', 'set<uuid>'],
    ['0021 000d 0020 0007', 'map<text, list<double>>'],
    ['0031 0003 0009 000d 0001', 'tuple<int, text, ascii>'],
    [`0030 0001${hex('k')} 0001${hex('u')} 0001 0001${hex('f')} 0009`, 'u'],
    [`0000 002c${hex(`${marshal}DurationType`)}`, 'duration'],
  ])('%s is %s', (bytes, text) => {
    const body = Buffer.from(bytes.replaceAll(' ', ''), 'hex');
    expect(cqlTypeText(readType(new BodyReader(body)))).toBe(text);
  });

  it('refuses what the protocol has no type for', () => {
    expect(() => readType(new BodyReader(Buffer.from('0050', 'hex')))).toThrow(RangeError);
  });

  it.each([
    [`${marshal}VectorType(${marshal}FloatType , 3)`, 'vector<float, 3>'],
    [`${marshal}FrozenType(${marshal}MapType(${marshal}UTF8Type,${marshal}Int32Type))`, 'map<text, int>'],
    [`${marshal}ReversedType(${marshal}TimestampType)`, 'timestamp'],
    [
      `${marshal}TupleType(${marshal}LongType,${marshal}SetType(${marshal}InetAddressType))`,
      'tuple<bigint, set<inet>>',
    ],
    [`${marshal}UserType(shop,${hex('Address')},${hex('zip')}:${marshal}Int32Type)`, 'Address'],
    ['com.example.Geometry', "'com.example.Geometry'"],
    [`${marshal}VectorType(${marshal}FloatType)`, `'${marshal}VectorType(${marshal}FloatType)'`],
    ['ListType(', "'ListType('"],
  ])('class %s is %s', (className, text) => {
    expect(cqlTypeText(typeOfClass(className))).toBe(text);
  });

  it('reads the fields of a user type', () => {
    const className = `${marshal}UserType(shop,${hex('address')},${hex('zip')}:${marshal}Int32Type,${hex('lines')}:${marshal}ListType(${marshal}UTF8Type))`;
    expect(typeOfClass(className)).toEqual({
      kind: 'udt',
      keyspace: 'shop',
      name: 'address',
      fields: [
        { name: 'zip', type: { kind: 'native', name: 'int' } },
        { name: 'lines', type: { kind: 'list', of: { kind: 'native', name: 'text' } } },
      ],
    });
  });
});

describe('CqlConnection', () => {
  let node: ScriptedNode;
  let connection: CqlConnection | undefined;
  beforeEach(async () => {
    node = await ScriptedNode.start();
  });
  afterEach(async () => {
    connection?.close();
    connection = undefined;
    await node.stop();
  });

  it('says what a server that asks for a login gets', async () => {
    node.onOther = ({ opcode, body, answer }) => {
      if (opcode === opcodes.startup) answer(0x03, string('Password'));
      else if (opcode !== 0x0f) return false;
      else if (body.subarray(4).equals(Buffer.from('\0me\0pw'))) answer(0x10, int(-1));
      else answer(0x00, errorBody(0x0100, 'bad credentials'));
      return true;
    };
    const without = await CqlConnection.open(optionsFor(node.address));
    expect(without).toMatchObject({ errorClass: 'authentication', hint: expect.stringMatching(/Username/) });
    const login = { username: 'me', password: 'no' };
    const wrong = await CqlConnection.open(optionsFor(node.address, login));
    expect(wrong).toMatchObject({ errorClass: 'authentication', status: 0x0100, message: 'bad credentials' });
    connection = await opened(optionsFor(node.address, { ...login, password: 'pw' }));
  });

  it('keeps what is supported', async () => {
    node.supported = () => ({ SCYLLA_SHARD: '3' });
    connection = await opened(optionsFor(node.address));
    expect(connection.supported).toEqual(new Map([['SCYLLA_SHARD', ['3']]]));
  });

  it('gives each its answer, in whatever order they come, and passes over events', async () => {
    const held: ScriptedRequest[] = [];
    node.onOther = (request) => {
      if (request.opcode !== opcodes.query) return false;
      if (held.push(request) < 3) return true;
      request.socket.write(answerFrame(-1, 0x0c, string('a')));
      for (const { body, answer } of held.toReversed()) {
        answer(0x00, errorBody(0x2200, body.toString('utf8', 4, 5)));
      }
      return true;
    };
    connection = await opened(optionsFor(node.address));
    const asked = await Promise.all(['a', 'b', 'c'].map((text) => connection!.query(text)));
    expect(asked.map((error) => 'message' in error && error.message)).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['nothing', undefined, 'timeout'],
    ['half a body', answerFrame(1, 0x08, Buffer.alloc(2)), 'protocol'],
    ['another opcode', answerFrame(1, 0x02, Buffer.alloc(0)), 'protocol'],
    ['a result that PREPARE does not have', answerFrame(1, 0x08, voidBody), 'protocol'],
    ['no protocol', Buffer.from('something else'), 'protocol'],
  ])('tells an answer that is %s', async (_, answer, errorClass) => {
    node.onPrepare = ({ socket }) => void (answer !== undefined && socket.write(answer));
    connection = await opened(optionsFor(node.address, { timeoutNs: 200e6 }));
    expect(await connection.prepare('SELECT')).toMatchObject({ errorClass, status: 0 });
  });

  it('tells a server that closes, that is not there, and that says nothing', async () => {
    node.onPrepare = ({ socket }) => socket.destroy();
    connection = await opened(optionsFor(node.address));
    const told = new Promise((resolve) => (connection!.onClosed = resolve));
    expect(await connection.prepare('a')).toMatchObject({ errorClass: 'connection-lost' });
    expect(await told).toMatchObject({ errorClass: 'connection-lost', address: node.address });
    expect(await connection.query('b')).toMatchObject({ errorClass: 'connection-lost' });
    await node.stop();
    const nobody = await CqlConnection.open(optionsFor(node.address));
    expect(nobody).toMatchObject({ errorClass: 'connection-refused' });
    await node.start();
    node.onOther = () => true;
    const silent = await CqlConnection.open(optionsFor(node.address, { timeoutNs: 50e6 }));
    expect(silent).toMatchObject({ errorClass: 'timeout' });
  });

  it('tells that a server does not speak this version', async () => {
    node.onOther = ({ stream, socket }) => {
      const answer = answerFrame(stream, 0x00, errorBody(0x000a, 'unsupported protocol version (4)'));
      answer[0] = 0x83;
      return socket.write(answer);
    };
    const error = await CqlConnection.open(optionsFor(node.address));
    expect(error).toMatchObject({ errorClass: 'protocol', status: 0x000a });
  });
});

describeWithCassandra('CqlConnection on Cassandra', (cassandra) => {
  it('prepares, and says markers, partition key and result columns', async () => {
    const keyspace = await cassandra.createKeyspace();
    await cassandra.query('CREATE TYPE "Place" (zip int, lines frozen<list<text>>)', keyspace);
    await cassandra.query(
      `CREATE TABLE t (a int, b text, c timeuuid, v vector<float, 3>, d duration, p frozen<"Place">,
       m map<text, frozen<set<int>>>, u tuple<bigint, inet>, PRIMARY KEY ((b, a), c))`,
      keyspace,
    );
    const connection = await opened(optionsFor(cassandra.address));
    expect(connection.supported.get('CQL_VERSION')).toBeDefined();
    expect(await connection.use(keyspace)).toBeUndefined();
    const insert = await connection.prepare(
      'INSERT INTO t (a, b, c, v, d, p, m, u) VALUES (?,?,?,?,?,?,?,?) USING TTL ?',
    );
    if ('errorClass' in insert) throw new Error(insert.message);
    expect(insert.id.length).toBe(16);
    expect(insert.partitionKey).toEqual([1, 0]);
    expect(insert.resultColumns).toEqual([]);
    expect(insert.markers.map(({ name, type }) => `${name} ${cqlTypeText(type)}`)).toEqual([
      'a int',
      'b text',
      'c timeuuid',
      'v vector<float, 3>',
      'd duration',
      'p Place',
      'm map<text, set<int>>',
      'u tuple<bigint, inet>',
      '[ttl] int',
    ]);
    const select = await connection.prepare('SELECT a, m FROM t WHERE a = ? AND b = ? LIMIT ?');
    if ('errorClass' in select) throw new Error(select.message);
    expect(select.partitionKey).toEqual([1, 0]);
    expect(select.resultColumns.map(({ name }) => name)).toEqual(['a', 'm']);
    const half = await connection.prepare("SELECT a FROM t WHERE a = ? AND b = 'x'");
    expect(half).toMatchObject({ partitionKey: [] });
    connection.close();
  });

  it('reads rows, errors and large answers', async () => {
    const keyspace = await cassandra.createKeyspace();
    const connection = await opened(optionsFor(cassandra.address));
    await connection.use(keyspace);
    expect(await connection.query('CREATE TABLE t (k int PRIMARY KEY, v text)')).toEqual({
      columns: [],
      rows: [],
    });
    const large = 'x'.repeat(1 << 20);
    await Promise.all([
      connection.query(`INSERT INTO t (k, v) VALUES (1, '${large}')`),
      connection.query('INSERT INTO t (k) VALUES (2)'),
    ]);
    const found = await connection.query('SELECT k, v FROM t');
    if ('errorClass' in found) throw new Error(found.message);
    expect(found.rows.map(([k, v]) => [k!.readInt32BE(), v?.toString()]).sort()).toEqual([
      [1, large],
      [2, undefined],
    ]);
    expect(await connection.query('SELEC')).toMatchObject({ errorClass: 'rejected', status: 0x2000 });
    expect(await connection.prepare('SELECT x FROM t')).toMatchObject({
      errorClass: 'rejected',
      status: 0x2200,
    });
    expect(await connection.use('not_there')).toMatchObject({ status: 0x2200 });
    connection.close();
  });
});
