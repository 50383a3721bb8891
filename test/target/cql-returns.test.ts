import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPracticeServerThread } from '../../src/practice/start-practice-server-thread.ts';
import type { CqlPracticeServer } from '../../src/practice/cql/cql-practice-server.ts';
import { systemClock } from '../../src/stress-client/clock.ts';
import type { CqlProblem, ExpectedRow, ExpectedValues } from '../../src/stress-client/cql-plan.ts';
import { cqlTypeText } from '../../src/stress-client/cql-type.ts';
import type { CqlType } from '../../src/stress-client/cql-type.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import { inspectCql } from '../../src/stress-client/target/cql/inspect-cql.ts';
import { ExpectedRows } from '../../src/stress-client/target/cql/direct/expected-rows.ts';
import { FrameReader } from '../../src/stress-client/target/cql/protocol/frame-reader.ts';
import { createTarget } from '../../src/stress-client/target/create-target.ts';
import { describeWithCassandra } from '../servers/cassandra.ts';
import { Attempts, bytesOf, cqlPlanOf, int, settingsWith } from './attempts.ts';
import { answerFrame } from './scripted-node.ts';

type Values = readonly (Buffer | null)[];

/** Row k is expected of operation k, the last one of those behind it. */
function expecting(...rows: readonly Values[]): ExpectedRow {
  return { columns: rows[0]!.length, bind: () => valuesOf(rows) };
}

function valuesOf(rows: readonly Values[]): ExpectedValues {
  const written = rows.map((row) => Buffer.concat(row.flatMap(bytesOf)));
  return {
    bytesAtMost: Math.max(...written.map(({ length }) => length)),
    write({ operation }, staging, offset) {
      const row = written[Math.min(operation, written.length - 1)]!;
      staging.set(row, offset);
      return offset + row.length;
    },
  };
}

const notValidated = {
  outcome: 'failed',
  errorClass: 'validation',
  status: 0,
  message: 'Data returned was not validated',
};

/** What both transports do, on a server whose keyspace of the settings has `t`. */
function contract(reach: () => Promise<Settings>): void {
  let attempts: Attempts;
  const text = 'SELECT b, c FROM t WHERE a = ?';
  const long = Buffer.alloc(100_000, 'x');

  beforeAll(async () => {
    const settings = await reach();
    attempts = new Attempts(await createTarget(settings, systemClock), settings);
    await attempts.open();
    const create = 'CREATE TABLE t (a int, n int, b blob, c text, PRIMARY KEY (a, n))';
    expect(await attempts.target.passThrough(create, settings)).toMatchObject({ ok: true });
    const rows: Values[] = [
      [int(1), int(1), Buffer.from('one'), Buffer.from('eins')],
      [int(2), int(1), null, Buffer.from('zwei')],
      [int(3), int(1), Buffer.alloc(0), null],
      ...[1, 2, 3, 4, 5].map((n): Values => [int(4), int(n), Buffer.from('same'), Buffer.from('gleich')]),
      ...[1, 2, 3, 4, 5].map((n): Values => [
        int(5),
        int(n),
        Buffer.from(n === 5 ? 'other' : 'same'),
        Buffer.from('gleich'),
      ]),
      ...[1, 2, 3].map((n): Values => [int(6), int(n), long, Buffer.from('lang')]),
    ];
    const insert = 'INSERT INTO t (a, n, b, c) VALUES (?, ?, ?, ?)';
    const sender = await attempts.prepare(cqlPlanOf('write', insert, rows));
    for (const row of rows.keys()) {
      expect(await attempts.send(sender, row)).toMatchObject({ outcome: 'acknowledged' });
    }
  });
  afterAll(() => attempts.target.close());

  const read = async (key: number, expected: ExpectedRow | 'any', PageSize = 5000): Promise<object> =>
    attempts.sendPlan(cqlPlanOf('query', text, [[int(key)]], { cql: { expected } }), {
      ...attempts.settings,
      PageSize,
    });

  it.each<[what: string, key: number, row: Values, pageSize?: number]>([
    ['values', 1, [Buffer.from('one'), Buffer.from('eins')]],
    ['a null', 2, [null, Buffer.from('zwei')]],
    ['an empty value and a null', 3, [Buffer.alloc(0), null]],
    ['several rows', 4, [Buffer.from('same'), Buffer.from('gleich')]],
    ['several pages', 4, [Buffer.from('same'), Buffer.from('gleich')], 2],
    ['answers longer than what is read at once', 6, [long, Buffer.from('lang')]],
  ])('%s as expected are acknowledged', async (_, key, row, pageSize) => {
    const slot = await read(key, expecting(row), pageSize);
    expect(slot).toMatchObject({ outcome: 'acknowledged', message: '', errorClass: undefined });
  });

  it.each<[what: string, key: number, row: Values, pageSize?: number]>([
    ['another value', 1, [Buffer.from('one'), Buffer.from('zwei')]],
    ['a longer value', 1, [Buffer.from('one!'), Buffer.from('eins')]],
    ['a shorter value', 1, [Buffer.from('on'), Buffer.from('eins')]],
    ['values in another order', 1, [Buffer.from('eins'), Buffer.from('one')]],
    ['a value for a null', 2, [Buffer.from('x'), Buffer.from('zwei')]],
    ['an empty value for a null', 2, [Buffer.alloc(0), Buffer.from('zwei')]],
    ['a null for an empty value', 3, [null, null]],
    ['no row', 7, [Buffer.from('one'), Buffer.from('eins')]],
    ['one row of several', 5, [Buffer.from('same'), Buffer.from('gleich')]],
    ['one row of several pages', 5, [Buffer.from('same'), Buffer.from('gleich')], 2],
    ['the end of a long value', 6, [Buffer.concat([long.subarray(1), Buffer.of(0)]), Buffer.from('lang')]],
  ])('%s that is not as expected fails', async (_, key, row, pageSize) => {
    expect(await read(key, expecting(row), pageSize)).toMatchObject(notValidated);
  });

  it.each([
    ['one', 1, 5000],
    ['several', 5, 5000],
    ['several pages', 5, 2],
  ])('any row is enough where nothing else is expected: %s', async (_, key, pageSize) => {
    expect(await read(key, 'any', pageSize)).toMatchObject({ outcome: 'acknowledged' });
  });

  it('no row fails where any is expected', async () => {
    expect(await read(7, 'any')).toMatchObject(notValidated);
  });

  it('any row is expected of what answers with rows', async () => {
    const insert = 'INSERT INTO t (a, n) VALUES (?, ?)';
    const plan = cqlPlanOf('query', insert, [[int(1), int(1)]], { cql: { expected: 'any' } });
    expect(await attempts.tryPrepare(plan)).toMatchObject({
      errorClass: 'client',
      message: 'RETURNS expects a row, and the answer has no columns',
    });
  });

  it('each operation has its own row', async () => {
    const one: Values = [Buffer.from('one'), Buffer.from('eins')];
    const two: Values = [null, Buffer.from('zwei')];
    const keys = [[int(1)], [int(2)], [int(1)]];
    const expected = expecting(one, two, two);
    const sender = await attempts.prepare(cqlPlanOf('query', text, keys, { cql: { expected } }));
    const slots = [0, 1, 2, 0, 1].map((operation) => attempts.start(sender, operation));
    await Promise.all(slots.map((slot) => attempts.answer(slot)));
    expect(slots.map(({ outcome }) => outcome)).toEqual([
      'acknowledged',
      'acknowledged',
      'failed',
      'acknowledged',
      'acknowledged',
    ]);
  });

  it('an answer of more or fewer columns is refused before load', async () => {
    const plan = cqlPlanOf('query', text, [[int(1)]], { cql: { expected: expecting([null]) } });
    expect(await attempts.tryPrepare(plan)).toMatchObject({
      errorClass: 'client',
      message: 'RETURNS has 1 value, the answer 2 columns',
      hint: 'its columns are b, c',
    });
    const [inspected] = await inspect(plan);
    expect(inspected).toMatchObject({ error: { message: 'RETURNS has 1 value, the answer 2 columns' } });
  });

  it('values are fitted to the types of the columns', async () => {
    let told: readonly CqlType[] = [];
    const problem: CqlProblem = { problem: 'it does not fit' };
    const bind = (types: readonly CqlType[]): CqlProblem => {
      told = types;
      return problem;
    };
    const plan = cqlPlanOf('query', text, [[int(1)]], { cql: { expected: { columns: 2, bind } } });
    expect(await attempts.tryPrepare(plan)).toMatchObject({ errorClass: 'client', message: problem.problem });
    expect(told.map(cqlTypeText)).toEqual(['blob', 'text']);
  });

  async function inspect(plan: ReturnType<typeof cqlPlanOf>): Promise<readonly object[]> {
    const { settings } = attempts;
    const inspected = await inspectCql(settings, systemClock, [{ name: 'q', plan, settings }]);
    if ('errorClass' in inspected) throw new Error(inspected.message);
    return inspected.statements;
  }
}

describe.each(['driver', 'direct'] as const)('what is expected by Driver [%s]', (Driver) => {
  const cql = (address: string, Keyspace: string): Settings =>
    settingsWith({ Target: 'cql', Driver, Addresses: [address], Keyspace });

  describe('CQL practice server', () => {
    let server: CqlPracticeServer;
    afterAll(() => server.close());
    contract(async () => {
      server = await startPracticeServerThread({ protocol: 'cql' });
      const settings = cql(server.address, 'returns');
      const attempts = new Attempts(await createTarget(settings, systemClock), settings);
      await attempts.open();
      const create =
        "CREATE KEYSPACE returns WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";
      await attempts.target.passThrough(create, settings);
      await attempts.target.close();
      return settings;
    });
  });

  describeWithCassandra('Cassandra', (cassandra) => {
    contract(async () => cql(cassandra.address, await cassandra.createKeyspace()));
  });
});

describe('rows in a buffer', () => {
  const value = fc.oneof(
    fc.constant(null),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  );
  const row = fc.array(value, { minLength: 1, maxLength: 5 });

  it('are compared whatever pieces a frame comes in, and a single bit is noticed', () => {
    fc.assert(
      fc.property(
        row,
        fc.integer({ min: 1, max: 4 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 60 })),
        fc.nat(),
        fc.boolean(),
        (expected, count, pieces, place, isWrong) => {
          const one = Buffer.concat(expected.flatMap(bytesOf));
          const rows = Buffer.concat(Array.from({ length: count }, () => one));
          if (isWrong) rows[place % rows.length]! ^= 1;
          const frame = answerFrame(3, 8, rows);
          const expectedRows = new ExpectedRows(valuesOf([expected]));
          const of = { operation: 0, intendedNs: 0, pick: -1 };
          const matched: boolean[] = [];
          const reader = new FrameReader(
            (bytes, start, length) =>
              matched.push(expectedRows.match(of, count, bytes, start + 9, start + 9 + length)),
            () => expect.unreachable(),
          );
          for (let at = 0; at < frame.length;) {
            const end = Math.min(frame.length, at + pieces.next().value);
            reader.read(frame.subarray(at, end), end - at);
            at = end;
          }
          expect(matched).toEqual([!isWrong]);
        },
      ),
      { seed: 20_260_201, numRuns: 300 },
    );
  });

  it('are not fewer or more than they say', () => {
    const expected = new ExpectedRows(valuesOf([[int(1), null]]));
    const of = { operation: 0, intendedNs: 0, pick: -1 };
    const one = Buffer.concat([int(1), null].flatMap(bytesOf));
    const three = Buffer.concat([one, one, one]);
    expect([0, 1, 2, 3, 4].map((count) => expected.match(of, count, three, 0, three.length))).toEqual([
      false,
      false,
      false,
      true,
      false,
    ]);
    expect(expected.match(of, 0, three, 5, 5)).toBe(true);
  });
});
