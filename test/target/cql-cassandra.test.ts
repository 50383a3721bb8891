import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/stress-client/clock.ts';
import type { CqlTableKeys } from '../../src/stress-client/cql-plan.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import { CqlSession } from '../../src/stress-client/target/cql/cql-session.ts';
import { CqlTarget } from '../../src/stress-client/target/cql/cql-target.ts';
import { inspectCql } from '../../src/stress-client/target/cql/inspect-cql.ts';
import {
  describeWithCassandra,
  describeWithCassandraLogin,
  describeWithCassandraTls,
} from '../servers/cassandra.ts';
import { Attempts, cqlPlanOf, int, planOf, settingsWith } from './attempts.ts';

const opened: Attempts[] = [];
afterEach(async () => {
  for (const { target } of opened.splice(0)) await target.close();
});

async function attemptsWith(settings: Partial<Settings>): Promise<Attempts> {
  const all = settingsWith({ Target: 'cql', Driver: 'driver', ...settings });
  const made = new Attempts(new CqlTarget(all, systemClock), all);
  opened.push(made);
  await made.open();
  return made;
}

async function openError(settings: Partial<Settings>): Promise<unknown> {
  const target = new CqlTarget(settingsWith({ Target: 'cql', ...settings }), systemClock);
  const answer = await target.open({ answered() {}, lateAnswer() {}, reprepared() {} });
  await target.close();
  return answer;
}

const text = Buffer.from;
const insert = 'INSERT INTO readings (sensor, at, value) VALUES (?, ?, ?)';
const select = 'SELECT at, value FROM readings WHERE sensor = ?';

describeWithCassandra('CQL target on Cassandra', (cassandra) => {
  let Keyspace: string;
  let at: Partial<Settings>;
  beforeAll(async () => {
    Keyspace = await cassandra.createKeyspace();
    at = { Addresses: [cassandra.address], Keyspace };
    await cassandra.query(
      'CREATE TABLE readings (sensor text, at int, value blob, PRIMARY KEY (sensor, at))',
      Keyspace,
    );
    await cassandra.query('CREATE TABLE hits (page text PRIMARY KEY, count counter)', Keyspace);
  }, 120_000);

  describe('opening', () => {
    it('names the node as it was written, its product and its version', async () => {
      const target = new CqlTarget(settingsWith({ Target: 'cql', ...at }), systemClock);
      const servers = await target.open({ answered() {}, lateAnswer() {}, reprepared() {} });
      await target.close();
      const { version } = cassandra.server;
      const name: unknown = expect.stringMatching(/./);
      const host: unknown = expect.stringMatching(/^[\da-f.:]+$/);
      const node = { host, cluster: name, datacenter: name, rack: name };
      expect(servers).toEqual([
        { address: cassandra.address, product: `Cassandra ${version}`, version, node },
      ]);
    });

    it.each([
      [{ Addresses: ['127.0.0.1:1'] }, 'connection-refused', '127.0.0.1:1', /address right/],
      [{ Addresses: ['nowhere.invalid'] }, 'unresolved', 'nowhere.invalid', /host name/],
      [{ Addresses: ['http://u:secret@x'] }, 'client', undefined, /expected host, host:port/],
      [{ CaFile: '/not/there', SSL: true }, 'client', undefined, /CaFile/],
    ])('%j is %s', async (settings, errorClass, address, hint) => {
      const error = await openError({ ...at, ...settings });
      expect(error).toMatchObject({ errorClass, hint: expect.stringMatching(hint) });
      expect((error as { address?: string }).address).toBe(address);
      expect(JSON.stringify(error)).not.toContain('secret');
    });

    it('every address has to answer', async () => {
      const error = await openError({ Addresses: [cassandra.address, '127.0.0.1:1'] });
      expect(error).toMatchObject({ errorClass: 'connection-refused', address: '127.0.0.1:1' });
    });

    it('a datacenter that is not there is told with those that are', async () => {
      expect(await openError({ ...at, LocalDatacenter: 'mars' })).toEqual({
        errorClass: 'not-found',
        message: 'there is no datacenter mars',
        status: 0,
        hint: 'SET LocalDatacenter to datacenter1, or to auto',
      });
    });

    it.each([
      // One for the session, one to prepare on, and those that carry the load.
      ['direct', 1 + 1 + 3],
      // One for the session, and those of the keyspace that is loaded.
      ['driver', 1 + 3],
    ] as const)('%s opens as many sockets as are said, and leaves none', async (Driver, opened) => {
      const sockets = (): number =>
        process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
      const before = await settled(sockets);
      const attempts = await attemptsWith({ ...at, Driver, ConnectionsPerHost: 3 });
      await attempts.sendPlan(cqlPlanOf('query', select, [[text('nobody')]]));
      expect(await settled(sockets)).toBe(before + opened);
      await attempts.target.close();
      await expect.poll(sockets, { timeout: 5000 }).toBe(before);
    });
  });

  describe('operations', () => {
    it('store the values that the plan wrote, null too', async () => {
      const attempts = await attemptsWith(at);
      const rows = [
        [text('values'), int(1), text('one')],
        [text('values'), int(-2), Buffer.alloc(0)],
        [text('values'), int(3), null],
      ];
      const sender = await attempts.prepare(cqlPlanOf('write', insert, rows));
      for (const [operation] of rows.entries()) {
        expect(await attempts.send(sender, operation)).toMatchObject({ outcome: 'acknowledged', status: 0 });
      }
      const stored = await cassandra.query("SELECT * FROM readings WHERE sensor = 'values'", Keyspace);
      expect(stored).toEqual([
        { sensor: 'values', at: -2, value: Buffer.alloc(0) },
        { sensor: 'values', at: 1, value: Buffer.from('one') },
        { sensor: 'values', at: 3, value: null },
      ]);
    });

    it('of several rows are one batch', async () => {
      const attempts = await attemptsWith(at);
      const rows = Array.from({ length: 10 }, (_, row) => [text('batch'), int(row), text('x')]);
      const plan = cqlPlanOf('write', insert, rows, { batchSize: 5, cql: { batch: 'unlogged' } });
      const sender = await attempts.prepare(plan);
      const slot = await attempts.send(sender, 1);
      expect(slot).toMatchObject({ outcome: 'acknowledged', rows: 0 });
      const stored = await cassandra.query("SELECT at FROM readings WHERE sensor = 'batch'", Keyspace);
      expect(stored.map((row) => row['at'])).toEqual([5, 6, 7, 8, 9]);
    });

    it('count in counter tables', async () => {
      const attempts = await attemptsWith(at);
      const plan = cqlPlanOf('write', 'UPDATE hits SET count = count + 1 WHERE page = ?', [[text('home')]], {
        batchSize: 3,
        cql: { batch: 'counter' },
      });
      expect(await attempts.sendPlan(plan)).toMatchObject({ outcome: 'acknowledged' });
      const [row] = await cassandra.query("SELECT count FROM hits WHERE page = 'home'", Keyspace);
      expect(Number(row!['count'])).toBe(3);
    });

    it('of a query are all pages of its answer', async () => {
      for (let row = 0; row < 5; row++) {
        await cassandra.query(`INSERT INTO readings (sensor, at) VALUES ('pages', ${row})`, Keyspace);
      }
      const attempts = await attemptsWith(at);
      const plan = cqlPlanOf('query', select, [[text('pages')]]);
      const whole = await attempts.sendPlan(plan);
      const paged = await attempts.sendPlan(plan, { ...attempts.settings, PageSize: 2 });
      expect(whole).toMatchObject({ outcome: 'acknowledged', rows: 5 });
      expect(paged).toMatchObject({ outcome: 'acknowledged', rows: 5 });
      // Three requests and three answers with their metadata.
      expect(paged.requestBytes).toBeGreaterThan(3 * whole.requestBytes);
      expect(paged.responseBytes).toBeGreaterThan(whole.responseBytes);
    });

    it('with a condition return no rows, whether it held or not', async () => {
      const attempts = await attemptsWith(at);
      const plan = cqlPlanOf('write', `${insert} IF NOT EXISTS`, [[text('lwt'), int(1), null]]);
      const sender = await attempts.prepare(plan);
      for (let each = 0; each < 2; each++) {
        expect(await attempts.send(sender)).toMatchObject({ outcome: 'acknowledged', rows: 0 });
      }
    });

    it.each([
      [{ Consistency: 'TWO' }, [text('a'), int(1), null], 'unavailable', 0x1000],
      [{}, [text('a'), Buffer.alloc(3), null], 'rejected', 0x2200],
      [{}, [null, int(1), null], 'rejected', 0x2200],
    ] as const)('%j fail with a class and the code', async (settings, row, errorClass, status) => {
      const attempts = await attemptsWith({ ...at, ...settings });
      const slot = await attempts.sendPlan(cqlPlanOf('write', insert, [row]));
      expect(slot).toMatchObject({ outcome: 'failed', errorClass, status, rows: 0 });
      expect(slot.message).not.toBe('');
    });
  });

  describe('making ready', () => {
    it('a missing table is not found, with what to do', async () => {
      const attempts = await attemptsWith(at);
      expect(await attempts.tryPrepare(planOf('query', 'SELECT * FROM nothing'))).toMatchObject({
        errorClass: 'not-found',
        hint: expect.stringMatching(/CREATE TABLE nothing first/),
      });
    });

    it('a keyspace that is missing for its capitals is told how they are kept', async () => {
      const attempts = await attemptsWith({ ...at, Keyspace: 'NoWhere' });
      const hint = expect.stringContaining('SET Keyspace ["""NoWhere"""] keeps its capitals') as string;
      expect(await attempts.tryPrepare(planOf('write', 'INSERT INTO t (k) VALUES (1)'))).toMatchObject({
        hint,
      });
    });

    it('what a plan can’t send is an error of the client', async () => {
      const attempts = await attemptsWith(at);
      const problem = { problem: 'column at is an int: [str] can’t be one', hint: 'use [int]' };
      for (const cql of [{ bind: () => problem }, { texts: () => problem }]) {
        expect(await attempts.tryPrepare(cqlPlanOf('write', insert, [], { cql }))).toEqual({
          errorClass: 'client',
          message: problem.problem,
          status: 0,
          hint: problem.hint,
        });
      }
      const { cql: _, ...withoutCql } = planOf('write', 'cpu value=1');
      expect(await attempts.tryPrepare(withoutCql)).toMatchObject({ errorClass: 'client' });
    });

    it('warnings of the plan are the sender’s', async () => {
      const attempts = await attemptsWith(at);
      const plan = cqlPlanOf('query', select, [[text('a')]]);
      const values = plan.cql!.bind([], []);
      const warned = { ...plan, cql: { ...plan.cql!, bind: () => ({ ...values, warnings: ['mind'] }) } };
      expect((await attempts.prepare(warned as typeof plan)).warnings).toEqual(['mind']);
    });

    it('a plan gets the keys of its tables as they are now, without those that are missing', async () => {
      const attempts = await attemptsWith(at);
      const seen: (readonly CqlTableKeys[])[] = [];
      const tables = ['readings', '"late"', `${Keyspace}.hits`];
      const plan = cqlPlanOf('query', select, [[text('a')]], {
        cql: {
          tables,
          texts(keys) {
            seen.push(keys);
            return [select];
          },
        },
      });
      await attempts.prepare(plan);
      await cassandra.query('CREATE TABLE late (a int, b int, c int, PRIMARY KEY ((b, a), c))', Keyspace);
      await attempts.prepare(plan);
      const readings = { table: 'readings', partitionKey: ['sensor'], clusteringKey: ['at'] };
      const late = { table: 'late', partitionKey: ['b', 'a'], clusteringKey: ['c'] };
      const hits = { table: 'hits', partitionKey: ['page'], clusteringKey: [] };
      const named = (keys: object): object => ({ keyspace: Keyspace, ...keys });
      expect(seen).toEqual([[readings, hits].map(named), [readings, late, hits].map(named)]);
    });

    it('CreateTables runs the plan’s schema, each text once', async () => {
      const fresh = `${Keyspace}_made`;
      const schema = [
        `CREATE KEYSPACE ${fresh} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
        `CREATE TABLE ${fresh}.points (host text PRIMARY KEY)`,
      ];
      const attempts = await attemptsWith({ ...at, Keyspace: fresh });
      const plan = cqlPlanOf('write', 'INSERT INTO points (host) VALUES (?)', [[text('a')]], {
        cql: { schema },
      });
      expect(await attempts.tryPrepare(plan)).toMatchObject({ errorClass: 'not-found' });
      const creating = { ...attempts.settings, CreateTables: true };
      // The texts have no IF NOT EXISTS: a second time, they would be refused.
      for (let each = 0; each < 2; each++) {
        expect(await attempts.sendPlan(plan, creating)).toMatchObject({ outcome: 'acknowledged' });
      }
      // What the script has dropped is made again.
      await attempts.target.passThrough(`DROP KEYSPACE ${fresh}`, creating);
      expect(await attempts.sendPlan(plan, creating)).toMatchObject({ outcome: 'acknowledged' });
      await cassandra.query(`DROP KEYSPACE ${fresh}`);
    });

    it('Consistency ANY is refused, which the driver would send as ONE', async () => {
      const attempts = await attemptsWith(at);
      const settings = { ...attempts.settings, Consistency: 'ANY' as const };
      expect(await attempts.tryPrepare(planOf('query', 'SELECT * FROM hits'), settings)).toMatchObject({
        errorClass: 'client',
        hint: expect.stringMatching(/Driver \[direct\]/),
      });
    });
  });

  describe('pass-through text', () => {
    it('that changes the schema ends when it is known', async () => {
      const attempts = await attemptsWith(at);
      const made = await attempts.target.passThrough(
        'CREATE TABLE made (k int PRIMARY KEY)',
        attempts.settings,
      );
      expect(made).toMatchObject({ ok: true });
      const slot = await attempts.sendPlan(planOf('write', 'INSERT INTO made (k) VALUES (1)'));
      expect(slot.outcome).toBe('acknowledged');
    });

    it('is answered with rows as JSON, one a line', async () => {
      await cassandra.query('CREATE TYPE pair (one int, two text)', Keyspace);
      await cassandra.query(
        `CREATE TABLE every (k int PRIMARY KEY, big bigint, many varint, exact decimal, flag boolean,
         real double, bytes blob, id uuid, ip inet, day date, clock time, instant timestamp, span duration,
         list list<int>, names set<text>, ages map<text, int>, both tuple<int, text>, udt pair,
         near vector<float, 2>, nothing text)`,
        Keyspace,
      );
      const attempts = await attemptsWith(at);
      const { target, settings } = attempts;
      await target.passThrough(
        `INSERT INTO every (k, big, many, exact, flag, real, bytes, id, ip, day, clock, instant, span, list,
         names, ages, both, udt, near) VALUES (1, 9007199254740993, 123456789012345678901234567890, 1.50, true,
         0.5, 0xCAFE, 00000000-0000-4000-8000-000000000001, '10.0.0.1', '2026-01-02', '03:04:05',
         '2026-01-02T03:04:05Z', 1h30m, [1, 2], {'b', 'a'}, {'x': 1}, (7, 'seven'), {one: 1, two: 'zwei'},
         [0.5, 1.5])`,
        settings,
      );
      await target.passThrough('INSERT INTO every (k) VALUES (2)', settings);
      const answer = await target.passThrough('SELECT * FROM every WHERE k IN (1, 2)', settings);
      if (!answer.ok) throw new Error(answer.error.message);
      expect(answer.rows).toBe(2);
      const [full, empty] = answer.text.split('\n').map((line) => JSON.parse(line) as object);
      expect(full).toEqual({
        k: 1,
        big: '9007199254740993',
        many: '123456789012345678901234567890',
        exact: '1.50',
        flag: true,
        real: 0.5,
        bytes: '0xcafe',
        id: '00000000-0000-4000-8000-000000000001',
        ip: '10.0.0.1',
        day: '2026-01-02',
        clock: '03:04:05',
        instant: '2026-01-02T03:04:05.000Z',
        span: '1h30m',
        list: [1, 2],
        names: ['a', 'b'],
        ages: { x: 1 },
        both: [7, 'seven'],
        udt: { one: 1, two: 'zwei' },
        near: [0.5, 1.5],
        nothing: null,
      });
      expect(empty).toMatchObject({ k: 2, bytes: null, list: null });
    });

    it('shows no password when it is refused', async () => {
      const { target, settings } = await attemptsWith(at);
      const answer = await target.passThrough("CREATE ROLE r WITH PASSWORD = 'hush-hush' AND", settings);
      expect(answer).toMatchObject({ ok: false, error: { errorClass: 'rejected', status: 0x2000 } });
      expect(JSON.stringify(answer)).not.toContain('hush');
    });
  });

  describe('the session', () => {
    it('knows who has which partitions', async () => {
      const session = await CqlSession.open(settingsWith({ Target: 'cql', ...at }), systemClock);
      if ('errorClass' in session) throw new Error(session.message);
      const ring = await session.ring(Keyspace);
      await session.close();
      expect(ring!.nodes).toMatchObject([{ name: cassandra.address, up: true }]);
      expect(ring!.ends.length).toBeGreaterThan(0);
      expect([...ring!.ends].sort((one, other) => (one < other ? -1 : 1))).toEqual([...ring!.ends]);
      expect(new Set(ring!.replicas.map(String))).toEqual(new Set(['0']));
    });
  });

  describe('inspecting', () => {
    it('tells of each plan how it fits the schema, and makes nothing', async () => {
      const settings = settingsWith({ Target: 'cql', ...at });
      const schema = ['CREATE TABLE later (k int PRIMARY KEY)'];
      const later = cqlPlanOf('write', 'INSERT INTO later (k) VALUES (?)', [[int(1)]], { cql: { schema } });
      const inspection = await inspectCql(settings, systemClock, [
        { name: 'good', plan: cqlPlanOf('query', select, [[text('a')]]), settings },
        { name: 'missing', plan: later, settings },
        { name: 'made', plan: later, settings: { ...settings, CreateTables: true } },
        {
          name: 'wrong',
          plan: cqlPlanOf('write', insert, [], { cql: { bind: () => ({ problem: 'no' }) } }),
          settings,
        },
      ]);
      if ('errorClass' in inspection) throw new Error(inspection.message);
      expect(inspection.servers).toMatchObject([{ address: cassandra.address }]);
      expect(inspection.keyspaces).toEqual(expect.arrayContaining([Keyspace, 'system']));
      expect(inspection.statements).toMatchObject([
        { name: 'good', error: undefined, warnings: [], wouldCreate: [] },
        { name: 'missing', error: { errorClass: 'not-found' }, wouldCreate: [] },
        { name: 'made', error: undefined, wouldCreate: schema },
        { name: 'wrong', error: { errorClass: 'client', message: 'no' }, wouldCreate: [] },
      ]);
      const tables = await cassandra.query(
        `SELECT table_name FROM system_schema.tables WHERE keyspace_name = '${Keyspace}'`,
      );
      expect(tables.map((row) => row['table_name'])).not.toContain('later');
    });
  });
});

describeWithCassandraLogin('CQL target on Cassandra with a login', (cassandra) => {
  it('logs in', async () => {
    const { username = '', password = '' } = cassandra.server;
    const Keyspace = await cassandra.createKeyspace();
    const attempts = await attemptsWith({
      Addresses: [cassandra.address],
      Username: username,
      Password: password,
      Keyspace,
    });
    const { target, settings } = attempts;
    expect(await target.passThrough('CREATE TABLE t (k int PRIMARY KEY)', settings)).toMatchObject({
      ok: true,
    });
    expect(await attempts.sendPlan(planOf('write', 'INSERT INTO t (k) VALUES (1)'))).toMatchObject({
      outcome: 'acknowledged',
    });
  });

  it.each([
    ['a wrong password', { Username: 'cassandra', Password: 'hush-hush' }],
    ['no login', {}],
  ])('%s is told as such', async (_, login) => {
    const error = await openError({ Addresses: [cassandra.address], ...login });
    expect(error).toMatchObject({
      errorClass: 'authentication',
      address: cassandra.address,
      hint: expect.stringMatching(/Username.*Password/),
    });
    expect(JSON.stringify(error)).not.toContain('hush');
  });

  it('that speaks no TLS is told from one that is not trusted', async () => {
    expect(await openError({ Addresses: [cassandra.address], SSL: true })).toMatchObject({
      errorClass: 'tls',
      message: 'TLS: wrong version number',
      hint: expect.stringMatching(/SET SSL \[false\]/),
    });
  });
});

describeWithCassandraTls('CQL target on Cassandra with TLS', (cassandra) => {
  it('is trusted by its certificate’s authority', async () => {
    const attempts = await attemptsWith({
      Addresses: [cassandra.address],
      SSL: true,
      CaFile: cassandra.server.caFile!,
      Keyspace: 'system',
    });
    const slot = await attempts.sendPlan(planOf('query', 'SELECT key FROM local'));
    expect(slot).toMatchObject({ outcome: 'acknowledged', rows: 1 });
  });

  it('is not trusted without it, unless Insecure', async () => {
    const settings = { Addresses: [cassandra.address], SSL: true };
    expect(await openError(settings)).toMatchObject({
      errorClass: 'tls',
      message: 'self-signed certificate',
      hint: expect.stringMatching(/CaFile/),
    });
    await attemptsWith({ ...settings, Insecure: true });
  });
});

/** A count that has not changed for a while: what earlier tests have closed takes its time to go. */
async function settled(count: () => number): Promise<number> {
  for (let last = count(), same = 0; ;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const now = count();
    same = now === last ? same + 1 : 0;
    last = now;
    if (same === 6) return now;
  }
}
