import { describe, expect, test } from 'vitest';
import { GoStatement } from '../../src/statement/go.ts';
import { InsertStatement } from '../../src/statement/insert.ts';
import { QueryStatement } from '../../src/statement/query.ts';
import { SetStatement } from '../../src/statement/set.ts';
import { WaitStatement } from '../../src/statement/wait.ts';
import { parts, queryPlan, settingsWith, stage, writePlan } from '../support/loads.ts';
import { idOf, ms, Play, seconds } from '../support/play.ts';

const origin = { position: 1, text: '', place: '' };
const set = (name: 'WriteConcurrency' | 'WriteInterval' | 'Timeout', value: number) =>
  new SetStatement({ ...origin, name, value });
const pause = (durationNs: number) => new WaitStatement({ ...origin, until: { durationNs } });
const go = (
  name: string,
  ...rest: [Parameters<typeof parts>[1], Parameters<typeof parts>[2], Parameters<typeof parts>[3]?]
) => new GoStatement(new InsertStatement(parts(name, rest[0], rest[1], { background: true, ...rest[2] })));

/** The most attempts of an interval in flight, from what the target saw, each taking `serviceNs`. */
function inFlightAt(play: Play, ns: number, serviceNs: number): number {
  return play.target.seen.filter(({ sentNs }) => sentNs <= ns && ns < sentNs + serviceNs).length;
}

describe('pools', () => {
  test('running INSERTs share one pool, QUERYs another', async () => {
    const play = new Play(() => ({ afterNs: 10 * ms }), { WriteConcurrency: 3, QueryConcurrency: 2 });
    await play.run([
      go('a', writePlan(), { durationNs: seconds }),
      go('b', writePlan(), { durationNs: seconds }),
      new QueryStatement(parts('q', queryPlan(), { durationNs: seconds })),
    ]);
    expect(play.target.mostInFlight).toBe(5);
    expect(play.result(2).total.operations.sent).toBe(200);
    const [a, b] = [play.result(0), play.result(1)].map(({ total }) => total.operations.sent);
    expect(a! + b!).toBe(300);
    expect(Math.abs(a! - b!)).toBeLessThanOrEqual(3);
  });

  test('a concurrency in WITH is a pool of its own', async () => {
    const play = new Play(() => ({ afterNs: 10 * ms }), { WriteConcurrency: 3 });
    const own = { fixed: new Set(['WriteConcurrency'] as const), items: 70 };
    await play.run([
      go('a', writePlan(), { items: 30 }),
      go('b', writePlan(), own, { settings: settingsWith({ WriteConcurrency: 7 }) }),
    ]);
    expect(play.target.mostInFlight).toBe(10);
    expect(inFlightAt(play, 5 * ms, 10 * ms)).toBe(10);
  });

  test('a pool grows and shrinks under a running statement, and cancels nothing', async () => {
    const play = new Play(() => ({ afterNs: 10 * ms }), { WriteConcurrency: 4 });
    await play.run([
      go('a', writePlan(), { durationNs: seconds }),
      pause(207 * ms),
      set('WriteConcurrency', 9),
      pause(205 * ms),
      set('WriteConcurrency', 1),
      pause(200 * ms),
      set('WriteConcurrency', 2),
    ]);
    const moments = [100, 300, 414, 418, 500, 800];
    expect(moments.map((at) => inFlightAt(play, at * ms, 10 * ms))).toEqual([4, 9, 9, 4, 1, 2]);
    const { operations } = play.result(0).total;
    expect(operations.acknowledged).toBe(operations.sent);
    expect(operations.sent).toBe(play.target.seen.length);
  });

  test('an interval holds the slot after the answer, and may change while it runs', async () => {
    const play = new Play(() => ({ afterNs: 10 * ms }), { WriteConcurrency: 1, WriteInterval: 90 * ms });
    await play.run([
      go('a', writePlan(), { durationNs: 2 * seconds }),
      pause(seconds),
      set('WriteInterval', 0),
    ]);
    const sent = (from: number, to: number) =>
      play.target.seen.filter(({ sentNs }) => sentNs >= from && sentNs < to).length;
    expect(sent(0, seconds)).toBe(10);
    expect(sent(seconds, 2 * seconds)).toBe(100);
  });
});

describe('who gets a slot', () => {
  test('the open operation with the earliest intended start', async () => {
    const play = new Play((_slot, nowNs) => ({ afterNs: nowNs < 500 * ms ? 500 * ms : 1 * ms }), {
      WriteConcurrency: 1,
    });
    await play.run([
      go('slow', writePlan(), { items: 20, stages: [stage(20)] }),
      go('fast', writePlan(), { items: 70, stages: [stage(70)] }),
    ]);
    const intendedNs = play.target.seen.map(({ statementId, operation }) =>
      Math.round((operation * seconds) / (statementId === idOf(0) ? 20 : 70)),
    );
    expect(intendedNs).toEqual(intendedNs.toSorted((one, other) => one - other));
  });

  test('closed statements in turn, behind what is due of open ones', async () => {
    const play = new Play(() => ({ afterNs: 10 * ms }), { WriteConcurrency: 2 });
    await play.run([
      go('open', writePlan(), { durationNs: 10 * seconds, stages: [stage(50)] }),
      ...['b', 'c', 'd'].map((name) => go(name, writePlan(), { durationNs: 10 * seconds })),
    ]);
    const sent = [0, 1, 2, 3].map((index) => play.result(index).total.operations.sent);
    expect(sent[0]).toBe(500);
    // 2 slots of 10 ms for 10 s.
    expect(sent[1]! + sent[2]! + sent[3]!).toBeGreaterThanOrEqual(1495);
    expect(Math.max(...sent.slice(1)) - Math.min(...sent.slice(1))).toBeLessThanOrEqual(2);
    expect(play.result(0).total.times.response!.maximumNs).toBeLessThan(21 * ms);
  });
});

test('200 statements at once end, each with all of its own', async () => {
  const play = new Play(({ operation }) => ({ afterNs: (1 + (operation % 5)) * ms }), {
    WriteConcurrency: 20,
  });
  await play.run(
    Array.from({ length: 200 }, (_, index) =>
      go(`s${index}`, writePlan(), index % 2 === 0 ? { items: 100 } : { items: 100, stages: [stage(50)] }),
    ),
  );
  for (let index = 0; index < 200; index++) {
    const { state, total } = play.result(index);
    expect([state, total.operations.acknowledged]).toEqual(['ended', 100]);
  }
  expect(play.target.mostInFlight).toBe(20);
});
