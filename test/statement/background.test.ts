import { describe, expect, test } from 'vitest';
import { GoStatement } from '../../src/statement/go.ts';
import { InsertStatement } from '../../src/statement/insert.ts';
import { PassThroughStatement } from '../../src/statement/pass-through.ts';
import { QueryStatement } from '../../src/statement/query.ts';
import { SetStatement } from '../../src/statement/set.ts';
import type { Statement } from '../../src/statement/statement.ts';
import { WaitStatement } from '../../src/statement/wait.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import { parts, queryPlan, settingsWith, stage, writePlan } from '../support/loads.ts';
import { idOf, ms, Play, seconds } from '../support/play.ts';

const origin = { position: 1, text: 'a statement', place: 'test.sql:1' };
const wait = (until: 'all' | { name: string } | { durationNs: number } = 'all') =>
  new WaitStatement({ ...origin, until });
const insert = (name: string, items: number) => new InsertStatement(parts(name, writePlan(), { items }));
const go = (name: string, items: number) =>
  new GoStatement(new InsertStatement(parts(name, writePlan(), { items }, { background: true })));
const passThrough = (body: string, settings: Settings = settingsWith()) =>
  new PassThroughStatement({ ...origin, text: body, body, dialect: 'influxql', settings });

/** When each statement of a script had run, in milliseconds of the run. */
async function endsOf(play: Play, statements: readonly Statement[]): Promise<number[]> {
  const ends: number[] = [];
  const noting = statements.map((statement) => ({
    run: async (each: Play['test']) => {
      await statement.run(each);
      ends.push(each.clock.nowNs() / ms);
    },
    report: (each: Play['test']) => statement.report(each),
    setId: (id: string) => statement.setId(id),
  }));
  await play.run(noting);
  return [...ends, play.nowNs / ms];
}

/** A target of 1 s an operation, over one write slot an INSERT. */
const slow = () => new Play(() => ({ afterNs: seconds }), { WriteConcurrency: 10 });

describe('GO and WAIT', () => {
  test.each<[string, Statement[], number[]]>([
    ['a statement runs to its end', [insert('a', 20), insert('b', 10)], [2000, 3000, 3000]],
    ['GO goes on at once, and the script ends with it', [go('a', 30)], [0, 3000]],
    ['WAIT waits for all', [go('a', 10), go('b', 20), wait(), insert('c', 10)], [0, 0, 3000, 4000, 4000]],
    [
      'WAIT name waits for those of the name',
      [go('a', 5), go('b', 40), go('a', 5), wait({ name: 'a' })],
      [0, 0, 0, 2000, 5000],
    ],
    ['a name that nothing has is there at once', [go('a', 10), wait({ name: 'b' })], [0, 0, 1000]],
    ['WAIT for nothing', [wait()], [0, 0]],
    ['WAIT for a time', [go('a', 20), wait({ durationNs: 500 * ms }), wait()], [0, 500, 2000, 2000]],
  ])('%s', async (_name, statements, ends) => {
    expect(await endsOf(slow(), statements)).toEqual(ends);
  });

  test('what WAIT has waited for is recorded, and told to the sinks', async () => {
    const play = slow();
    const told: number[] = [];
    const noted = wait();
    const noting: Statement = {
      run: async (each) => {
        await noted.run(each);
        told.push(play.sink.ended.length, play.result(0).total.times.service!.count);
      },
      report: (each) => noted.report(each),
      setId: (id) => noted.setId(id),
    };
    await play.run([go('a', 25), noting]);
    expect(told).toEqual([1, 25]);
    expect(noted.report(play.test)).toMatchObject({ kind: 'wait', ran: true, durationNs: 3 * seconds });
  });

  test('GO shares the id and the report of its statement', async () => {
    const play = slow();
    const statement = go('a', 1);
    await play.run([statement]);
    expect(statement.report(play.test)).toMatchObject({
      kind: 'insert',
      statementId: idOf(0),
      background: true,
      ran: true,
      result: { state: 'ended', identity: { name: 'a', statementId: idOf(0) } },
    });
  });
});

const failing = (text: string, settings: Partial<Settings> = {}) => {
  const play = new Play(() => ({ afterNs: ms }), settings);
  play.target.passThroughAnswer = (body) =>
    Promise.resolve(
      body === text
        ? { ok: false, error: { errorClass: 'query-error', message: 'database not found', status: 200 } }
        : { ok: true, status: 200, responseBytes: 2, rows: 3, text: '' },
    );
  return play;
};

describe('a failure', () => {
  test('of a pass-through stops the script', async () => {
    const play = failing('DROP x');
    const statements = [passThrough('SHOW x'), passThrough('DROP x'), passThrough('SHOW y'), insert('a', 1)];
    await play.run(statements);
    expect(play.target.passedThrough).toEqual(['SHOW x', 'DROP x']);
    expect(play.test.stops).toEqual([{ kind: 'statement', reason: 'DROP x: database not found' }]);
    expect(statements.map((statement) => statement.report(play.test))).toMatchObject([
      { ran: true, outcome: 'ok', rows: 3 },
      { ran: true, outcome: 'failed', error: { message: 'database not found' } },
      { ran: false, outcome: 'skipped' },
      { ran: false, kind: 'insert' },
    ]);
  });

  test('does not, with OnError [continue]', async () => {
    const play = failing('DROP x', { OnError: 'continue' });
    await play.run([passThrough('DROP x'), passThrough('SHOW y')]);
    expect(play.target.passedThrough).toEqual(['DROP x', 'SHOW y']);
    expect(play.test.stops).toEqual([]);
  });

  test('OnError counts as it is set at the time', async () => {
    const play = failing('DROP x');
    await play.run([
      new SetStatement({ ...origin, name: 'OnError', value: 'continue' }),
      passThrough('DROP x'),
      new SetStatement({ ...origin, name: 'OnError', value: 'stop' }),
      passThrough('DROP x'),
      passThrough('SHOW y'),
    ]);
    expect(play.target.passedThrough).toEqual(['DROP x', 'DROP x']);
  });

  test('in the background surfaces at its WAIT', async () => {
    const play = new Play(() => ({ afterNs: ms }));
    const stuck = new GoStatement(
      new QueryStatement(
        parts(
          'q',
          queryPlan(() => 0),
          { items: 1 },
          { background: true, companion: 'cpu' },
        ),
      ),
    );
    const ends = await endsOf(play, [stuck, insert('other', 10), wait({ name: 'q' }), insert('after', 10)]);
    expect(ends).toHaveLength(4);
    expect(play.test.stops).toMatchObject([
      { kind: 'statement', reason: expect.stringContaining('INSERT cpu') },
    ]);
    expect(stuck.report(play.test)).toMatchObject({ error: expect.stringContaining('INSERT cpu') });
  });

  test('a pass-through that another dialect has is skipped', async () => {
    const play = failing('');
    const skipped = new PassThroughStatement({
      ...origin,
      body: 'TRUNCATE t',
      dialect: 'cql',
      skipReason: 'the target is influx',
      settings: settingsWith(),
    });
    await play.run([skipped]);
    expect(play.target.passedThrough).toEqual([]);
    expect(skipped.report()).toMatchObject({ ran: true, outcome: 'skipped', reason: 'the target is influx' });
  });
});

describe('SET', () => {
  test('of a live setting takes effect for what runs', async () => {
    const play = new Play(({ operation }) => ({ afterNs: operation < 2 ? 5 * seconds : 300 * ms }), {
      WriteConcurrency: 1,
      Timeout: 10 * seconds,
    });
    const set = new SetStatement({ ...origin, name: 'Timeout', value: 100 * ms });
    await play.run([go('a', 4), wait({ durationNs: seconds }), set, wait()]);
    // The first attempt keeps the deadline that it was sent with.
    expect(play.result(0).total.operations).toMatchObject({ acknowledged: 1, unknown: 3 });
    expect(play.result(0).endedNs).toBe(5300 * ms);
    expect(set.report()).toMatchObject({ kind: 'set', ran: true, name: 'Timeout', value: '100ms' });
  });

  test('does not touch what WITH has fixed', async () => {
    const play = new Play(() => ({ afterNs: 300 * ms }), { WriteConcurrency: 1 });
    const fixed = { items: 4, fixed: new Set(['Timeout'] as const) };
    await play.run([
      new GoStatement(new InsertStatement(parts('a', writePlan(), fixed, { background: true }))),
      new SetStatement({ ...origin, name: 'Timeout', value: 100 * ms }),
      wait(),
      insert('b', 2),
    ]);
    expect(play.result(0).total.operations.acknowledged).toBe(4);
    expect(play.result(3).total.operations.unknown).toBe(2);
  });

  test('shows no secret', () => {
    const set = new SetStatement({ ...origin, name: 'Password', value: 'hunter2' });
    expect(JSON.stringify(set.report())).not.toContain('hunter2');
  });
});

const long = () => new Play(() => ({ afterNs: 1500 * ms }), { WriteConcurrency: 2 });

describe('an interrupt', () => {
  test('lets what is in flight end, and tells due from not yet due', async () => {
    const play = long();
    const closed = new GoStatement(
      new InsertStatement(parts('a', writePlan(), { items: 100 }, { background: true })),
    );
    const open = new InsertStatement(parts('b', writePlan(), { items: 100, stages: [stage(10)] }));
    const after = insert('c', 1);
    play.start([closed, open, after]);
    await play.clock.pass(2050 * ms);
    play.test.interrupt('Ctrl-C');
    await play.finish();
    expect(play.nowNs).toBe(3000 * ms);
    const [a, b] = [play.result(0), play.result(1)];
    expect([a.state, b.state, b.reason]).toEqual(['interrupted', 'interrupted', 'Ctrl-C']);
    expect(a.total.operations.sent + b.total.operations.sent).toBe(4);
    // Due until 2.05 s: those of 0, 0.1, … 2.0 s.
    expect(b.total.operations.asked).toBe(21);
    expect(a.total.operations.unsent).toBe(0);
    expect(b.total.operations.unknown).toBe(0);
    expect(after.report(play.test)).toMatchObject({ ran: false });
    expect(play.test.stops).toEqual([{ kind: 'interrupted', reason: 'Ctrl-C' }]);
  });

  test('ends what is not answered within the grace; a second one at once', async () => {
    for (const [again, endMs] of [
      [undefined, 3000],
      [300, 1300],
    ] as const) {
      const play = new Play(() => ({ afterNs: 60 * seconds }), { Timeout: 100 * seconds });
      play.start([insert('a', 100)]);
      await play.clock.pass(seconds);
      play.test.interrupt('Ctrl-C');
      if (again !== undefined) {
        await play.clock.pass(again * ms);
        play.test.interrupt('Ctrl-C');
      }
      await play.finish();
      expect(play.nowNs / ms).toBe(endMs);
      const { total } = play.result(0);
      expect(total.operations).toMatchObject({ sent: 15, unknown: 15 });
      expect(total.times.service!.maximumNs).toBe(endMs * ms);
    }
  });

  test('ends a pause, and a pass-through that hangs', async () => {
    const play = new Play(() => ({ afterNs: ms }));
    play.target.passThroughAnswer = () => new Promise(() => {});
    const hanging = passThrough('SHOW x');
    play.start([wait({ durationNs: seconds }), hanging]);
    await play.clock.pass(2 * seconds);
    play.test.interrupt('SIGTERM');
    await play.finish();
    expect(play.nowNs).toBe(4 * seconds);
    expect(hanging.report()).toMatchObject({
      outcome: 'failed',
      error: { message: 'the run ended before the answer' },
    });

    const pausing = new Play(() => ({ afterNs: ms }));
    pausing.start([wait({ durationNs: 1000 * seconds })]);
    await pausing.clock.pass(seconds);
    pausing.test.interrupt('SIGTERM');
    await pausing.finish();
    expect(pausing.nowNs).toBe(seconds);
  });

  test.each(['openNs', 'prepareNs'] as const)('does not wait for a target that hangs (%s)', async (what) => {
    const play = long();
    play.target[what] = 3600 * seconds;
    play.start([insert('a', 10), insert('b', 10)]);
    await play.clock.pass(seconds);
    play.test.interrupt('Ctrl-C');
    await play.finish();
    expect(play.nowNs).toBe(3 * seconds);
    expect(play.result(0)).toMatchObject({ state: 'interrupted', total: { operations: { asked: 0 } } });
    expect(play.target.seen).toEqual([]);
    await play.clock.pass(3600 * seconds);
    expect(play.target.closed).toBe(true);
  });

  test('before anything has run', async () => {
    const play = long();
    play.test.interrupt('Ctrl-C');
    await play.run([insert('a', 1)]);
    expect(play.test.resultOf(idOf(0))).toBeUndefined();
    expect(play.target.seen).toEqual([]);
  });
});

test('intervals come each ReportInterval and once more at the end, one behind the other', async () => {
  const play = new Play(() => ({ afterNs: 100 * ms }), { ReportInterval: 250 * ms, WriteConcurrency: 1 });
  await play.run([insert('a', 7), wait({ durationNs: 400 * ms })]);
  expect(play.sink.intervals.map(({ startNs, endNs }) => [startNs / ms, endNs / ms])).toEqual([
    [0, 250],
    [250, 500],
    [500, 750],
    [750, 1000],
    [1000, 1100],
  ]);
  expect(play.sink.intervals.map(({ statements }) => statements[0]?.acknowledged)).toEqual([
    2,
    2,
    3,
    undefined,
    undefined,
  ]);
});
