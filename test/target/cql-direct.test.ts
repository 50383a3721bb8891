import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/stress-client/clock.ts';
import type { CqlValues } from '../../src/stress-client/cql-plan.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import type { Slot } from '../../src/stress-client/slot.ts';
import type { CqlNode, TokenRing } from '../../src/stress-client/target/cql/cql-session.ts';
import type { LoadCluster } from '../../src/stress-client/target/cql/direct/direct-transport.ts';
import { Murmur3 } from '../../src/stress-client/target/cql/direct/murmur3.ts';
import type { Work } from '../../src/stress-client/work.ts';
import { DirectLoad, planOf, until, valuesOf } from './direct-load.ts';
import { ScriptedNode, errorBody, int, opcodes, preparedBody, rowsBody, voidBody } from './scripted-node.ts';
import type { ScriptedRequest } from './scripted-node.ts';

const insert = 'INSERT INTO t (a, b) VALUES (?, ?)';
const select = 'SELECT b FROM t WHERE a = ?';

function clusterOf(nodes: readonly ScriptedNode[]): LoadCluster {
  const known = nodes.map(({ port, address }, index): CqlNode => ({
    name: address,
    host: '127.0.0.1',
    port,
    hostId: `host ${index}`,
    rack: 'r',
    version: '5.0.8',
    up: true,
  }));
  return {
    nodes: known,
    connectionOptions: ({ host, port }) => ({
      host,
      port,
      username: '',
      password: '',
      clock: systemClock,
      timeoutNs: 1e9,
    }),
    // Ranges of equal length, one a node.
    ring: async (): Promise<TokenRing> => ({
      ends: BigInt64Array.from(nodes, (_, node) => endOf(node, nodes.length)),
      replicas: nodes.map((_, node) => [node]),
      nodes: known,
    }),
    targetError: (failure) => failure,
  };
}

function endOf(node: number, nodes: number): bigint {
  return -(2n ** 63n) + (BigInt(node + 1) * 2n ** 64n) / BigInt(nodes) - 1n;
}

function ownerOf(key: number, nodes: number): number {
  const murmur3 = new Murmur3();
  murmur3.hash(int(key), 0, 4);
  const token = (BigInt(murmur3.high) << 32n) | BigInt(murmur3.low >>> 0);
  return Array.from({ length: nodes }, (_, node) => node).find((node) => token <= endOf(node, nodes))!;
}

/** The int that an EXECUTE of ours has as its first value; its id is that of the text. */
function firstValue({ body }: ScriptedRequest): number {
  const idLength = body.readUInt16BE(0);
  return body.readInt32BE(2 + idLength + 2 + 1 + 2 + 4);
}

let load: DirectLoad;
let nodes: ScriptedNode[] = [];

function loadOn(on: readonly ScriptedNode[], settings: Partial<Settings> = {}): DirectLoad {
  return new DirectLoad(clusterOf(on), { Keyspace: 'shop', Routing: 'roundrobin', ...settings });
}

async function startLoad(count: number, settings: Partial<Settings> = {}): Promise<DirectLoad> {
  nodes = await Promise.all(Array.from({ length: count }, () => ScriptedNode.start()));
  load = loadOn(nodes, settings);
  return load;
}

async function openLoad(count: number, settings: Partial<Settings> = {}): Promise<DirectLoad> {
  await startLoad(count, settings);
  expect(await load.transport.open()).toBeUndefined();
  return load;
}

afterEach(async () => {
  await load.transport.close();
  await Promise.all(nodes.map((node) => node.stop()));
});

describe('requests', () => {
  beforeEach(() => openLoad(1, { Consistency: 'QUORUM', SerialConsistency: 'LOCAL_SERIAL', PageSize: 77 }));

  it('are an EXECUTE for a row', async () => {
    const slot = await load.send(await load.sender([insert]), 5);
    const [request] = nodes[0]!.requestsOf(opcodes.execute);
    const id = `id of ${insert}`;
    const expected = Buffer.concat([
      Buffer.of(0, id.length),
      Buffer.from(id),
      // QUORUM; values and serial consistency; two of them.
      Buffer.of(0, 4, 0x11, 0, 2),
      Buffer.concat([int(4), int(5), int(4), int(5)]),
      Buffer.of(0, 9),
    ]);
    expect(request!.body.toString('hex')).toBe(expected.toString('hex'));
    expect(slot).toMatchObject({
      outcome: 'acknowledged',
      errorClass: undefined,
      status: 0,
      message: '',
      rows: 0,
    });
    expect(slot.requestBytes).toBe(request!.frame.length);
    expect(slot.responseBytes).toBe(13);
    expect(slot.answeredNs).toBeGreaterThanOrEqual(slot.sentNs);
  });

  it('are an EXECUTE with a page size and without metadata for a query', async () => {
    nodes[0]!.onOperation = ({ answer }) => answer(8, rowsBody(3));
    const slot = await load.send(await load.sender([select], planOf('query')), 9);
    const [request] = nodes[0]!.requestsOf(opcodes.execute);
    const id = `id of ${select}`;
    const expected = Buffer.concat([
      Buffer.of(0, id.length),
      Buffer.from(id),
      Buffer.of(0, 4, 0x17, 0, 1),
      Buffer.concat([int(4), int(9)]),
      int(77),
      Buffer.of(0, 9),
    ]);
    expect(request!.body.toString('hex')).toBe(expected.toString('hex'));
    expect(slot).toMatchObject({ outcome: 'acknowledged', rows: 3 });
    expect(slot.responseBytes).toBe(9 + rowsBody(3).length);
  });

  it('have no values where a text has no markers', async () => {
    await load.send(await load.sender(['TRUNCATE t']));
    const [request] = nodes[0]!.requestsOf(opcodes.execute);
    expect(request!.body.subarray(-5).toString('hex')).toBe('0004100009');
  });

  it.each([
    ['unlogged', 1],
    ['counter', 2],
  ] as const)('are a BATCH for %s rows, the last of which are fewer', async (batch, kind) => {
    const other = 'INSERT INTO t (b, a) VALUES (?, ?)';
    const values = valuesOf(2, (index) => index % 2);
    const sender = await load.sender([insert, other], planOf('write', 3), { batch, values, items: 5 });
    await load.send(sender, 1);
    const [request] = nodes[0]!.requestsOf(opcodes.batch);
    const row = (index: number): Buffer => {
      const id = `id of ${index % 2 === 0 ? insert : other}`;
      return Buffer.concat([
        Buffer.of(1, 0, id.length),
        Buffer.from(id),
        Buffer.of(0, 2),
        Buffer.concat([int(4), int(index), int(4), int(index)]),
      ]);
    };
    const expected = Buffer.concat([Buffer.of(kind, 0, 2), row(3), row(4), Buffer.of(0, 4, 0x10, 0, 9)]);
    expect(request!.body.toString('hex')).toBe(expected.toString('hex'));
  });

  it('of one turn leave in one piece, and each gets its own answer', async () => {
    const held: ScriptedRequest[] = [];
    nodes[0]!.onOperation = (request) => {
      if (held.push(request) < 300) return;
      for (const { answer, frame } of held.toReversed()) {
        if (firstValue({ body: frame.subarray(9) } as ScriptedRequest) === 7) {
          answer(0, errorBody(0x2200, 'seven'));
        } else answer(8, voidBody);
      }
    };
    const slots = load.startMany(await load.sender([insert]), 300);
    await load.allOf(slots);
    expect(new Set(held.map(({ stream }) => stream)).size).toBe(300);
    expect(load.answers.length).toBe(300);
    const refused = slots.filter(({ outcome }) => outcome !== 'acknowledged');
    expect(refused).toEqual([slots[7]]);
    expect(slots[7]).toMatchObject({ errorClass: 'rejected', status: 0x2200, message: 'seven' });
  });

  it('use the ids of those that were answered', async () => {
    const sender = await load.sender([insert]);
    load.onAnswered = (slot) => {
      if (slot.operation < 2000) load.start(sender, slot.operation + 4);
      setImmediate(() => load.transport.flush());
    };
    load.startMany(sender, 4);
    await until(() => load.answers.length === 2004);
    const streams = new Set(nodes[0]!.requestsOf(opcodes.execute).map(({ stream }) => stream));
    expect(streams).toEqual(new Set([0, 1, 2, 3]));
    const keys = nodes[0]!.requestsOf(opcodes.execute).map(firstValue);
    expect(keys.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 2004 }, (_, key) => key));
  });

  it('leave before the turn ends where 32 wait that are a quarter of what is in flight', async () => {
    nodes[0]!.onOperation = () => {};
    const sender = await load.sender([insert]);
    let sent = 0;
    const early = async (count: number): Promise<number> => {
      const slots = Array.from({ length: count }, (_, operation) => load.start(sender, operation));
      // When it leaves it is told.
      const left = slots.filter(({ sentNs }) => sentNs > 0);
      expect(slots.slice(0, left.length)).toEqual(left);
      load.transport.flush();
      sent += count;
      await until(() => nodes[0]!.requestsOf(opcodes.execute).length === sent);
      return left.length;
    };
    expect(await early(31)).toBe(0);
    expect(await early(40)).toBe(32);
    expect(await early(60)).toBe(32);
    // Behind 131 in flight, a quarter of all are 44; behind 174, 58.
    expect(await early(43)).toBe(0);
    expect(await early(65)).toBe(58);
  });

  it('have left at the same time where they left together', async () => {
    const slots = load.startMany(await load.sender([insert]), 63);
    await load.allOf(slots);
    expect(new Set(slots.slice(0, 32).map(({ sentNs }) => sentNs)).size).toBe(1);
    expect(new Set(slots.slice(32).map(({ sentNs }) => sentNs)).size).toBe(1);
    for (const { sentNs, answeredNs } of slots) expect(answeredNs).toBeGreaterThanOrEqual(sentNs);
  });

  it('are as many as there are ids, and no more', async () => {
    const node = nodes[0]!;
    node.onOperation = () => {};
    const slots = load.startMany(await load.sender([insert]), 32_769, 60e9);
    await load.allOf([slots.at(-1)!]);
    expect(slots.at(-1)).toMatchObject({ outcome: 'failed', errorClass: 'client' });
    await until(() => node.requestsOf(opcodes.execute).length === 32_768);
    const requests = node.requestsOf(opcodes.execute);
    expect(new Set(requests.map(({ stream }) => stream)).size).toBe(32_768);
    for (const { answer } of requests) answer(8, voidBody);
    await until(() => load.answers.length === 32_769);
    expect(slots.slice(0, -1).every(({ outcome }) => outcome === 'acknowledged')).toBe(true);
  });

  it('larger than a buffer go whole', async () => {
    const bytes = 300_000;
    const values: CqlValues = {
      ...valuesOf(1),
      itemBytesAtMost: 4 + bytes,
      write(index, _pick, _intendedNs, staging, offset) {
        staging.set(int(bytes), offset);
        staging.fill(index, offset + 4, offset + 4 + bytes);
        return offset + 4 + bytes;
      },
    };
    const sender = await load.sender(['INSERT INTO t (a) VALUES (?)'], planOf('write'), { values });
    const slots = load.startMany(sender, 20);
    await load.allOf(slots);
    for (const request of nodes[0]!.requestsOf(opcodes.execute)) {
      const value = request.body.subarray(-bytes - 2, -2);
      expect(value.equals(Buffer.alloc(bytes, value[0]))).toBe(true);
      expect(request.frame.length).toBe(slots[value[0]!]!.requestBytes);
    }
  });

  it('that no frame has room for are refused before load', async () => {
    const work: Work = { statementId: 'a', plan: planOf('write', 70_000), items: 1, settings: load.settings };
    const prepared = await load.transport.prepare(insert, 'shop');
    if ('errorClass' in prepared) throw new Error(prepared.message);
    const sender = await load.transport.sender({
      work,
      texts: [insert],
      prepared: [prepared],
      values: valuesOf(2),
      expected: undefined,
      batch: 'unlogged',
    });
    expect(sender).toMatchObject({ errorClass: 'client', hint: expect.stringMatching(/RowsPerBatch/) });
  });
});

describe('answers', () => {
  beforeEach(() => openLoad(1));

  it.each([
    [0x0000, 'server-error', 'failed'],
    [0x1000, 'unavailable', 'failed'],
    [0x1001, 'overload', 'failed'],
    [0x1100, 'server-timeout', 'unknown'],
    [0x1200, 'server-timeout', 'unknown'],
    [0x1500, 'server-error', 'unknown'],
    [0x2100, 'authentication', 'failed'],
    [0x2200, 'rejected', 'failed'],
  ])('with code %i are classed', async (code, errorClass, outcome) => {
    nodes[0]!.onOperation = ({ answer }) => answer(0, errorBody(code, 'as it\nis'));
    const slot = await load.send(await load.sender([insert]));
    expect(slot).toMatchObject({ errorClass, outcome, status: code });
    expect(slot.message).toMatch(/^as it is/);
  });

  it('of pages are asked for one after the other, within one attempt', async () => {
    const states = ['first', 'x'.repeat(70_000), undefined];
    nodes[0]!.onOperation = ({ answer }) => {
      const page = nodes[0]!.requestsOf(opcodes.execute).length - 1;
      answer(8, rowsBody(page + 1, states[page]));
    };
    const slot = await load.send(await load.sender([select], planOf('query')), 3);
    const requests = nodes[0]!.requestsOf(opcodes.execute);
    expect(requests.map(firstValue)).toEqual([3, 3, 3]);
    expect(slot).toMatchObject({ outcome: 'acknowledged', rows: 6 });
    expect(slot.requestBytes).toBe(requests.reduce((sum, { frame }) => sum + frame.length, 0));
    const answered = states.map((state, page) => 9 + rowsBody(page + 1, state).length);
    expect(slot.responseBytes).toBe(answered.reduce((sum, bytes) => sum + bytes));
    // Page size, paging state, serial consistency.
    const second = requests[1]!.body.subarray(-4 - 4 - 5 - 2).toString('hex');
    expect(second).toBe(
      Buffer.concat([int(5000), int(5), Buffer.from('first'), Buffer.of(0, 8)]).toString('hex'),
    );
  });

  it.each([
    ['no more', 0],
    ['that columns would be of one table', 1],
  ])('whose metadata say %s are counted', async (_, flags) => {
    nodes[0]!.onOperation = ({ answer }) => answer(8, rowsBody(3, undefined, flags));
    const slot = await load.send(await load.sender([select], planOf('query')));
    expect(slot).toMatchObject({ outcome: 'acknowledged', rows: 3 });
  });

  it('without rows are acknowledged, with a warning too', async () => {
    const warning = Buffer.from('0001000177', 'hex');
    const sender = await load.sender([select], planOf('query'));
    for (const [body, flags] of [
      [voidBody, 0],
      [Buffer.concat([warning, voidBody]), 0x08],
    ] as const) {
      nodes[0]!.onOperation = ({ answer }) => answer(8, body, flags);
      expect(await load.send(sender)).toMatchObject({ outcome: 'acknowledged', rows: 0 });
    }
  });

  it('with metadata and warnings are read, too', async () => {
    const warnings = Buffer.from('0001000177', 'hex');
    const table = Buffer.from('000173000174', 'hex');
    const column = Buffer.from('0001620009', 'hex');
    const rows = Buffer.concat([
      int(2),
      int(1),
      int(1),
      table,
      column,
      int(2),
      int(4),
      int(1),
      int(4),
      int(2),
    ]);
    nodes[0]!.onOperation = ({ answer }) => answer(8, Buffer.concat([warnings, rows]), 0x08);
    const slot = await load.send(await load.sender([select], planOf('query')));
    expect(slot).toMatchObject({ outcome: 'acknowledged', rows: 2 });
  });

  it.each([
    ['half a result', 8, Buffer.from('0000000200000002', 'hex')],
    ['an error that is cut off', 0, Buffer.from('0000', 'hex')],
    ['of another kind', 2, Buffer.alloc(0)],
  ])('that are %s are told', async (_, opcode, body) => {
    nodes[0]!.onOperation = ({ answer }) => answer(opcode, body);
    const slot = await load.send(await load.sender([select], planOf('query')));
    expect(slot).toMatchObject({ outcome: 'unknown', errorClass: 'protocol' });
  });

  it('that are no frames end the connection, which is made again', async () => {
    const node = nodes[0]!;
    node.onOperation = ({ socket }) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
    const sender = await load.sender([insert]);
    const slots = load.startMany(sender, 3);
    await load.allOf(slots);
    for (const slot of slots) expect(slot).toMatchObject({ outcome: 'unknown', errorClass: 'protocol' });
    node.onOperation = ({ answer }) => answer(8, voidBody);
    await until(async () => (await load.send(sender)).outcome === 'acknowledged');
  });

  it('come in a later turn, also where there is no connection', async () => {
    const sender = await load.sender([insert]);
    await nodes[0]!.stop();
    await until(() => load.start(sender).requestBytes === 0);
    const before = load.answers.length;
    const slot = load.start(sender);
    await Promise.resolve();
    expect(load.answers.length).toBe(before);
    await load.allOf([slot]);
    expect(slot).toMatchObject({ outcome: 'failed', errorClass: 'connection-refused', requestBytes: 0 });
    expect(slot.message).toMatch(/^(no connection since: |connect ECONNREFUSED)/);
    expect(slot.answeredNs).toBeGreaterThanOrEqual(slot.sentNs);
  });
});

describe('deadlines', () => {
  beforeEach(() => openLoad(1));

  it('end attempts; what comes later is told as late, and its id is free again', async () => {
    const held: ScriptedRequest[] = [];
    nodes[0]!.onOperation = (request) => void held.push(request);
    const sender = await load.sender([insert]);
    const slow = load.startMany(sender, 1)[0]!;
    const quick = load.startMany(sender, 3, 50e6);
    await load.allOf(quick);
    for (const slot of quick) {
      expect(slot).toMatchObject({ outcome: 'unknown', errorClass: 'timeout', status: 0 });
      expect(slot.message).toBe('no answer within 0.05 s');
      expect(slot.answeredNs - slot.sentNs).toBeGreaterThanOrEqual(49e6);
    }
    expect(load.answers).not.toContain(slow);
    // The ids of orphans are not given to others.
    load.startMany(sender, 1);
    await until(() => held.length === 5);
    expect(new Set(held.map(({ stream }) => stream)).size).toBe(5);
    for (const { answer } of held) answer(8, voidBody);
    await load.allOf([slow]);
    expect(slow.outcome).toBe('acknowledged');
    await until(() => load.late === 3);
    load.startMany(sender, 5);
    await until(() => held.length === 10);
    expect(new Set(held.slice(5).map(({ stream }) => stream))).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(load.answers.length).toBe(5);
  });

  it('replace a connection with many orphans, which ends what lives first', async () => {
    const node = nodes[0]!;
    const held: ScriptedRequest[] = [];
    node.onOperation = (request) => {
      if (held.length < 1029) held.push(request);
      else request.answer(8, voidBody);
    };
    const sender = await load.sender([insert]);
    const live = load.startMany(sender, 5);
    const orphans = load.startMany(sender, 1024, 60e6);
    await load.allOf(orphans);
    expect(orphans.every(({ errorClass }) => errorClass === 'timeout')).toBe(true);
    const worn = held[0]!.socket;
    // What is sent meanwhile is answered, too.
    await until(async () => {
      expect((await load.send(sender)).outcome).toBe('acknowledged');
      return node.requests.at(-1)!.socket !== worn;
    });
    expect(worn.destroyed).toBe(false);
    for (const { answer } of held.slice(0, 5)) answer(8, voidBody);
    await load.allOf(live);
    expect(live.map(({ outcome }) => outcome)).toEqual(Array(5).fill('acknowledged'));
    await until(() => !node.sockets.has(worn));
  });

  it('retire a connection with many orphans where there is no other', async () => {
    const node = nodes[0]!;
    node.onOperation = () => {};
    const sender = await load.sender([insert]);
    const refused = node.refuse();
    await load.allOf(load.startMany(sender, 1024, 50e6));
    await until(async () => (await load.send(sender, 0, 50e6)).errorClass === 'connection-refused');
    await until(() => node.sockets.size === 1);
    node.cut();
    await refused;
    await node.start();
    node.onOperation = ({ answer }) => answer(8, voidBody);
    await until(async () => (await load.send(sender)).outcome === 'acknowledged');
  });

  it('replace a connection with an orphan that is ten times older', async () => {
    const node = nodes[0]!;
    let first: ScriptedRequest | undefined;
    node.onOperation = (request) => {
      if (first === undefined) first = request;
      else request.answer(8, voidBody);
    };
    const sender = await load.sender([insert]);
    const startedNs = systemClock.nowNs();
    await load.send(sender, 0, 20e6);
    await until(() => !node.sockets.has(first!.socket));
    expect(systemClock.nowNs() - startedNs).toBeGreaterThan(199e6);
    expect((await load.send(sender)).outcome).toBe('acknowledged');
  });
});

describe('statements that a node has forgotten', () => {
  beforeEach(() => openLoad(1));

  function forgetting(): { known: boolean; uses: string[] } {
    const state = { known: true, uses: [] as string[] };
    const node = nodes[0]!;
    const { onPrepare } = node;
    node.onOther = ({ opcode, body }) => {
      if (opcode === opcodes.query) state.uses.push(body.toString('utf8', 4, body.length - 3));
      return false;
    };
    node.onPrepare = (request) => {
      state.known = true;
      onPrepare(request);
    };
    node.onOperation = ({ answer }) =>
      state.known
        ? answer(8, voidBody)
        : answer(0, Buffer.concat([errorBody(0x2500, 'which?'), Buffer.of(0, 1, 7)]));
    return state;
  }

  it('are prepared once and executed again, within the attempt', async () => {
    const state = forgetting();
    const node = nodes[0]!;
    const sender = await load.sender([insert]);
    const prepares = node.requestsOf(opcodes.prepare).length;
    state.known = false;
    const slots = load.startMany(sender, 40);
    await load.allOf(slots);
    expect(slots.map(({ outcome }) => outcome)).toEqual(Array(40).fill('acknowledged'));
    expect(load.reprepares).toBe(40);
    expect(load.answers.length).toBe(40);
    expect(node.requestsOf(opcodes.prepare).length).toBe(prepares + 1);
    expect(node.requestsOf(opcodes.execute).length).toBe(80);
    const frameLength = node.requestsOf(opcodes.execute)[0]!.frame.length;
    expect(slots.every(({ requestBytes }) => requestBytes === 2 * frameLength)).toBe(true);
    expect(state.uses).toEqual(['USE "shop"']);
  });

  it('fail where they are forgotten again, cannot be prepared, or have another id', async () => {
    const state = forgetting();
    const node = nodes[0]!;
    const sender = await load.sender([insert]);
    const fails = async (message: RegExp): Promise<void> => {
      state.known = false;
      const slot = await load.send(sender);
      expect(slot).toMatchObject({ outcome: 'failed', errorClass: 'server-error', status: 0x2500 });
      expect(slot.message).toMatch(message);
    };
    node.onPrepare = ({ answer }) => answer(8, preparedBody(`id of ${insert}`, 2));
    await fails(/which\?/);
    node.onPrepare = ({ answer }) => answer(0, errorBody(0x2200, 'no such table'));
    await fails(/no such table/);
    node.onPrepare = ({ answer }) => answer(8, preparedBody('another', 2));
    await fails(/another id/);
  });

  it('keep to the deadline while they are prepared', async () => {
    const state = forgetting();
    const sender = await load.sender([insert]);
    nodes[0]!.onPrepare = () => {};
    state.known = false;
    const slot = await load.send(sender, 0, 50e6);
    expect(slot).toMatchObject({ errorClass: 'timeout' });
    // The id is free at once: nothing of it is at the node.
    state.known = true;
    await load.send(sender);
    expect(new Set(nodes[0]!.requestsOf(opcodes.execute).map(({ stream }) => stream))).toEqual(new Set([0]));
    expect(load.late).toBe(0);
  });
});

describe('nodes', () => {
  it('get equal shares round robin, over all their connections', async () => {
    await openLoad(3, { ConnectionsPerHost: 2 });
    await load.allOf(load.startMany(await load.sender([insert]), 60));
    for (const node of nodes) {
      const bySocket = Map.groupBy(node.requestsOf(opcodes.execute), ({ socket }) => socket);
      expect([...bySocket.values()].map(({ length }) => length)).toEqual([10, 10]);
      expect(node.requestsOf(opcodes.prepare)).toHaveLength(1);
    }
  });

  it('get what they own by token', async () => {
    await openLoad(3, { Routing: 'token' });
    const sender = await load.sender([insert]);
    await load.allOf(load.startMany(sender, 100));
    for (const [index, node] of nodes.entries()) {
      const keys = node.requestsOf(opcodes.execute).map(firstValue);
      expect(keys).toEqual(
        Array.from({ length: 100 }, (_, key) => key).filter((key) => ownerOf(key, 3) === index),
      );
      expect(keys.length).toBeGreaterThan(0);
    }
  });

  it('get batches by their first row', async () => {
    await openLoad(3, { Routing: 'token' });
    const sender = await load.sender([insert], planOf('write', 4), { batch: 'unlogged' });
    await load.allOf(load.startMany(sender, 30));
    for (const [index, node] of nodes.entries()) {
      const owned = Array.from({ length: 30 }, (_, batch) => batch).filter(
        (batch) => ownerOf(4 * batch, 3) === index,
      );
      expect(node.requestsOf(opcodes.batch)).toHaveLength(owned.length);
    }
  });

  it('that are lost leave what they had unknown, their share to the others, and get it back', async () => {
    await openLoad(3, { Routing: 'token' });
    const [lost] = nodes;
    const sender = await load.sender([insert]);
    lost!.onOperation = () => {};
    const slots = load.startMany(sender, 60);
    await until(() => lost!.requestsOf(opcodes.execute).length > 0);
    await lost!.stop();
    await load.allOf(slots);
    for (const slot of slots) {
      const owned = ownerOf(slot.operation, 3) === 0;
      expect(slot.outcome).toBe(owned ? 'unknown' : 'acknowledged');
      if (owned) expect(slot.errorClass).toBe('connection-lost');
    }
    const after = load.startMany(sender, 60);
    await load.allOf(after);
    expect(after.every(({ outcome }) => outcome === 'acknowledged')).toBe(true);

    const known = lost!.requestsOf(opcodes.prepare).length;
    const executed = lost!.requestsOf(opcodes.execute).length;
    lost!.onOperation = ({ answer }) => answer(8, voidBody);
    await lost!.start();
    await until(() => {
      load.startMany(sender, 60);
      return lost!.requestsOf(opcodes.execute).length > executed;
    });
    // It was told the statement before it got load.
    const later = lost!.requests.slice(lost!.requests.indexOf(lost!.requestsOf(opcodes.prepare)[known]!));
    expect(later.some(({ opcode }) => opcode === opcodes.execute)).toBe(true);
    expect(load.reprepares).toBe(0);
    expect(load.answers.slice(120).every(({ outcome }) => outcome === 'acknowledged')).toBe(true);
  });

  it('that are lost before a request has left fail it', async () => {
    await openLoad(1);
    const [node] = nodes;
    const bytes = 1 << 20;
    const values: CqlValues = {
      ...valuesOf(1),
      itemBytesAtMost: 4 + bytes,
      write(_index, _pick, _intendedNs, staging, offset) {
        staging.set(int(bytes), offset);
        return offset + 4 + bytes;
      },
    };
    const sender = await load.sender(['INSERT INTO t (a) VALUES (?)'], planOf('write'), { values });
    node!.onOperation = ({ socket }) => void socket.pause();
    const left = load.startMany(sender, 32);
    await until(() => node!.requestsOf(opcodes.execute).length > 0);
    const [kept] = load.startMany(sender, 1);
    node!.cut();
    await load.allOf([...left, kept!]);
    for (const slot of left)
      expect(slot).toMatchObject({ outcome: 'unknown', errorClass: 'connection-lost' });
    expect(kept).toMatchObject({ outcome: 'failed', errorClass: 'connection-refused' });
  });

  it('that are down from the start get load when they are up', async () => {
    await startLoad(2);
    await nodes[1]!.stop();
    expect(await load.transport.open()).toBeUndefined();
    const sender = await load.sender([insert]);
    await load.send(sender);
    await nodes[1]!.start();
    await until(() => {
      load.startMany(sender, 2);
      return nodes[1]!.requestsOf(opcodes.execute).length > 0;
    });
  });

  it('are an error where none is reached, or one refuses the login', async () => {
    await startLoad(2);
    nodes[1]!.onOther = ({ opcode, answer }) => {
      if (opcode === opcodes.startup) answer(0x03, Buffer.of(0, 0));
      return opcode === opcodes.startup;
    };
    expect(await load.transport.open()).toMatchObject({ errorClass: 'authentication' });
    await load.transport.close();
    await Promise.all(nodes.map((node) => node.stop()));
    load = loadOn(nodes);
    expect(await load.transport.open()).toMatchObject({ errorClass: 'connection-refused' });
  });

  it('refuse to prepare as they say', async () => {
    await openLoad(2);
    nodes[1]!.onPrepare = ({ answer }) => answer(0, errorBody(0x2200, 'unconfigured table t'));
    expect(await load.transport.prepare(insert, 'shop')).toMatchObject({
      errorClass: 'not-found',
      hint: expect.stringMatching(/CREATE TABLE t first/),
    });
  });
});

describe('shards', () => {
  const shards = 4;

  /** Nodes of ScyllaDB: the shard of a connection follows from the port that it comes from. */
  async function openShards(
    settings: Partial<Settings>,
    shardAwarePort: (node: ScriptedNode) => number | undefined,
  ): Promise<void> {
    await startLoad(1, settings);
    const [node] = nodes;
    const port = shardAwarePort(node!);
    node!.supported = (socket) => ({
      SCYLLA_SHARD: String(socket.remotePort! % shards),
      SCYLLA_NR_SHARDS: String(shards),
      SCYLLA_SHARDING_ALGORITHM: 'biased-token-round-robin',
      SCYLLA_SHARDING_IGNORE_MSB: '0',
      ...(port === undefined ? {} : { SCYLLA_SHARD_AWARE_PORT: String(port) }),
    });
    expect(await load.transport.open()).toBeUndefined();
  }

  it('have a connection each, and get what they own', async () => {
    await openShards({ Routing: 'token', ConnectionsPerHost: 2 }, ({ port }) => port);
    await load.allOf(load.startMany(await load.sender([insert]), 100));
    const requests = nodes[0]!.requestsOf(opcodes.execute);
    const sockets = new Set(requests.map(({ socket }) => socket));
    expect(sockets.size).toBe(shards);
    for (const request of requests) {
      expect(request.socket.remotePort! % shards).toBe(ownerOf(firstValue(request), shards));
    }
  });

  it('have several where ConnectionsPerHost is more', async () => {
    await openShards({ Routing: 'roundrobin', ConnectionsPerHost: 6 }, ({ port }) => port);
    await load.allOf(load.startMany(await load.sender([insert]), 100));
    const sockets = new Set(nodes[0]!.requestsOf(opcodes.execute).map(({ socket }) => socket));
    expect([...sockets].map(({ remotePort }) => remotePort! % shards).toSorted()).toEqual([
      0, 0, 1, 1, 2, 2, 3, 3,
    ]);
  });

  it.each([
    ['has no port for them', () => undefined],
    ['is not reached at its port for them', () => 1],
  ])('are taken as they come where a node %s', async (_, port) => {
    await openShards({ Routing: 'token' }, port);
    const slots = load.startMany(await load.sender([insert]), 100);
    await load.allOf(slots);
    expect(slots.every(({ outcome }) => outcome === 'acknowledged')).toBe(true);
    // With the one for what is not load.
    expect(nodes[0]!.sockets.size).toBe(1 + shards);
  });
});

describe('whatever happens', () => {
  it('every attempt is answered once', async () => {
    await openLoad(3, { Routing: 'token', ConnectionsPerHost: 2 });
    let seed = 20_260_103;
    const random = (): number => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
    let faults = true;
    for (const node of nodes) {
      node.onOperation = ({ answer, socket }) => {
        const dice = faults ? random() : 1;
        if (dice < 0.005) socket.destroy();
        else if (dice < 0.01) socket.write('no frame at all');
        else if (dice < 0.05) return;
        else if (dice < 0.15) setTimeout(() => answer(8, voidBody), 60 * random());
        else if (dice < 0.2) answer(0, errorBody(0x1001, 'too much'));
        else if (dice < 0.25) answer(0, errorBody(0x2500, 'which?'));
        else answer(8, voidBody);
      };
    }
    const sender = await load.sender([insert]);
    const answered = new Map<Slot, number>();
    let sent = 0;
    load.onAnswered = (slot) => {
      answered.set(slot, (answered.get(slot) ?? 0) + 1);
      if (sent === 3000) return;
      const operation = sent++;
      const next = (): void => {
        load.start(sender, operation, 30e6);
        load.transport.flush();
      };
      // As the engine does after errors.
      if (slot.errorClass === 'connection-refused') setTimeout(next, 20);
      else setImmediate(next);
    };
    sent = load.startMany(sender, 64, 30e6).length;
    await until(() => load.answers.length === 3000);
    expect(new Set(answered.values())).toEqual(new Set([1]));
    expect(answered.size).toBe(3000);
    const outcomes = Map.groupBy(load.answers, ({ errorClass }) => errorClass);
    for (const errorClass of [undefined, 'timeout', 'connection-lost', 'overload', 'protocol'] as const) {
      expect(outcomes.get(errorClass)?.length ?? 0).toBeGreaterThan(0);
    }
    // And it goes on when all is well.
    faults = false;
    await until(async () => {
      const slots = load.startMany(sender, 60);
      await load.allOf(slots);
      return slots.every(({ outcome }) => outcome === 'acknowledged');
    });
    await until(() => nodes.every((node) => node.sockets.size === 3));
  });
});

describe('close', () => {
  it('answers what is in flight as lost, once', async () => {
    await openLoad(2);
    for (const node of nodes) node.onOperation = () => {};
    const sender = await load.sender([insert]);
    const slots = load.startMany(sender, 10);
    await load.transport.close();
    await load.allOf(slots);
    for (const slot of slots)
      expect(slot).toMatchObject({ outcome: 'unknown', errorClass: 'connection-lost' });
    expect(load.answers.length).toBe(10);
    await until(() => nodes.every((node) => node.sockets.size === 0));
    const after = await load.send(sender);
    expect(after.outcome).toBe('failed');
  });
});
