import { describe, expect, test } from 'vitest';
import { GoStatement } from '../../src/statement/go.ts';
import { InsertStatement } from '../../src/statement/insert.ts';
import { QueryStatement } from '../../src/statement/query.ts';
import { WaitStatement } from '../../src/statement/wait.ts';
import type { AcknowledgedIndexes } from '../../src/stress-client/acknowledged.ts';
import { parts, queryPlan, stage, writePlan } from '../support/loads.ts';
import { idOf, ms, Play, seconds } from '../support/play.ts';

/** Picks the latest acknowledged item. */
const latest = (_operation: number, acknowledged: AcknowledgedIndexes): number => {
  for (let item = acknowledged.end - 1; item >= 0; item--) if (acknowledged.has(item)) return item;
  return -1;
};
const origin = { position: 1, text: '', place: '' };
const wait = (until: 'all' | { name: string } | { durationNs: number } = 'all') =>
  new WaitStatement({ ...origin, until });
const insert = (name: string, options: Parameters<typeof parts>[2], background = false, batchSize = 1) => {
  const statement = new InsertStatement(parts(name, writePlan(batchSize), options, { background }));
  return background ? new GoStatement(statement) : statement;
};
const query = (companion: string, options: Parameters<typeof parts>[2], background = false) => {
  const statement = new QueryStatement(parts('q', queryPlan(latest), options, { background, companion }));
  return background ? new GoStatement(statement) : statement;
};

describe('a QUERY about what its INSERT wrote', () => {
  test('asks only for what is acknowledged', async () => {
    const play = new Play(
      ({ work, operation }) =>
        work.plan.kind === 'write' && operation % 3 === 1
          ? { afterNs: 5 * ms, error: 'rejected' }
          : { afterNs: (operation % 7) * ms },
      { WriteConcurrency: 5 },
    );
    await play.run([
      insert('cpu', { items: 900, stages: [stage(300)] }, true),
      query('cpu', { items: 200, stages: [stage(100)] }),
    ]);
    const acknowledgedNs = new Map<number, number>();
    for (const { statementId, operation, sentNs } of play.target.seen) {
      if (statementId === idOf(0) && operation % 3 !== 1)
        acknowledgedNs.set(operation, sentNs + (operation % 7) * ms);
    }
    const queries = play.target.seen.filter(({ statementId }) => statementId === idOf(1));
    expect(queries).toHaveLength(200);
    for (const { pick, sentNs } of queries) expect(acknowledgedNs.get(pick)).toBeLessThanOrEqual(sentNs);
  });

  test('starts its clock at the first acknowledgement', async () => {
    const play = new Play(({ work }) => ({ afterNs: work.plan.kind === 'write' ? 700 * ms : ms }));
    await play.run([insert('cpu', { items: 100 }, true), query('cpu', { items: 100, stages: [stage(100)] })]);
    const { startedNs, total } = play.result(1);
    expect(startedNs).toBe(700 * ms);
    expect(total.times.response!.maximumNs).toBe(ms);
  });

  test('works after its INSERT has ended', async () => {
    const play = new Play(() => ({ afterNs: ms }));
    await play.run([insert('cpu', { items: 95 }, false, 10), query('cpu', { items: 3 })]);
    expect(play.target.seen.slice(-3).map(({ pick }) => pick)).toEqual([94, 94, 94]);
  });

  test('waits in the background for an INSERT that comes later', async () => {
    const play = new Play(() => ({ afterNs: ms }));
    await play.run([
      query('cpu', { items: 10 }, true),
      wait({ durationNs: seconds }),
      insert('other', { items: 5 }),
      insert('cpu', { items: 5 }),
      wait(),
    ]);
    expect(play.result(0)).toMatchObject({ state: 'ended', total: { operations: { acknowledged: 10 } } });
  });

  test('WRITTEN: sends nothing, and all of it is there', async () => {
    const play = new Play(() => ({ afterNs: ms }));
    await play.run([insert('cpu', { items: 12_345, written: true }, false, 100), query('cpu', { items: 2 })]);
    expect(play.target.seen.map(({ pick }) => pick)).toEqual([12_344, 12_344]);
    expect(play.result(0)).toMatchObject({ state: 'ended', total: { operations: { asked: 0, sent: 0 } } });
  });
});

const rejected = () => ({ afterNs: ms, error: 'rejected' as const });

describe('a QUERY whose INSERT will never acknowledge anything ends with an error', () => {
  const never = 'so there is nothing to ask for';
  test.each<[string, (play: Play) => Promise<unknown>, number]>([
    ['in the foreground, without an INSERT', (play) => play.run([query('cpu', { items: 1 })]), 0],
    [
      'in the foreground, with its INSERT behind it',
      (play) => play.run([query('cpu', { items: 1 }), insert('cpu', { items: 1 })]),
      0,
    ],
    ['in the background, at its WAIT', (play) => play.run([query('cpu', { items: 1 }, true), wait()]), 0],
    [
      'in the background, at a WAIT for its name',
      (play) => play.run([query('cpu', { items: 1 }, true), wait({ name: 'q' })]),
      0,
    ],
    [
      'in the background, at the end of the script',
      (play) => play.run([query('cpu', { items: 1 }, true)]),
      0,
    ],
    [
      'when its INSERT has failed',
      (play) => play.run([insert('cpu', { items: 10 }), query('cpu', { items: 1 })]),
      1,
    ],
    [
      'when its INSERT fails beside it',
      (play) => play.run([insert('cpu', { items: 10 }, true), query('cpu', { items: 1 })]),
      1,
    ],
  ])('%s', async (_name, run, index) => {
    const play = new Play(rejected);
    await run(play);
    expect(play.result(index)).toMatchObject({ state: 'aborted', reason: expect.stringContaining(never) });
    expect(play.test.stops).toMatchObject([{ kind: 'statement' }]);
  });

  test('an interrupt ends its waiting', async () => {
    const play = new Play(() => ({ afterNs: Infinity }), { Timeout: 100 * seconds });
    play.start([insert('cpu', { items: 10 }, true), query('cpu', { items: 1 })]);
    await play.clock.pass(5 * seconds);
    play.test.interrupt('Ctrl-C');
    await play.finish();
    expect(play.result(1)).toMatchObject({ state: 'interrupted', reason: 'Ctrl-C' });
    expect(play.result(0).total.operations).toMatchObject({ sent: 10, unknown: 10 });
    expect(play.nowNs).toBe(7 * seconds);
  });
});
