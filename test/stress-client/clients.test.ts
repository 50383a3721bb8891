import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GoStatement } from '../../src/statement/go.ts';
import { InsertStatement } from '../../src/statement/insert.ts';
import { QueryStatement } from '../../src/statement/query.ts';
import { SetStatement } from '../../src/statement/set.ts';
import { WaitStatement } from '../../src/statement/wait.ts';
import type { ClientListener } from '../../src/stress-client/client-port.ts';
import { LeaseDealer } from '../../src/stress-client/lease-dealer.ts';
import type { Lease } from '../../src/stress-client/package.ts';
import { StressClient } from '../../src/stress-client/stress-client.ts';
import { parts, queryPlan, settingsWith, stage, stressTest, writePlan } from '../support/loads.ts';
import { idOf, ms, Play, seconds } from '../support/play.ts';
import { SimulatedTarget, type Behaviour } from '../support/simulated-target.ts';
import { VirtualClock } from '../support/virtual-time.ts';
import type { Slot } from '../../src/stress-client/slot.ts';

const origin = { position: 0, text: '', place: '' };

/** What becomes of an attempt depends on what it is, not on when or where. */
function behaviourOf(seed: number): (slot: Slot) => Behaviour {
  return ({ operation, attempt }) => {
    const draw = (Math.imul(operation + 1, 0x9e3779b1) ^ Math.imul(attempt + seed, 0x85ebca6b)) >>> 0;
    const afterNs = (1 + (draw % 7)) * ms;
    if (draw % 11 === 0) return { afterNs, error: 'overload' };
    if (draw % 13 === 0) return { afterNs, error: 'rejected' };
    return draw % 17 === 0 ? { afterNs: Infinity } : { afterNs };
  };
}

const script = (batch: number, slots: number) => [
  new GoStatement(
    new InsertStatement(
      parts('closed', writePlan(batch), { items: 500, warmup: { items: 40 } }, { background: true }),
    ),
  ),
  new GoStatement(
    new InsertStatement(
      parts(
        'open',
        writePlan(batch),
        { stages: [stage(100, seconds), stage(50, seconds, 400)], durationNs: 1500 * ms },
        { background: true },
      ),
    ),
  ),
  new GoStatement(
    new InsertStatement(
      parts(
        'own',
        writePlan(batch),
        { items: 60, fixed: new Set(['WriteConcurrency']) },
        { background: true, settings: settingsWith({ WriteConcurrency: 2 }) },
      ),
    ),
  ),
  new WaitStatement({ ...origin, until: { durationNs: 100 * ms } }),
  new SetStatement({ ...origin, name: 'WriteConcurrency', value: slots }),
  new QueryStatement(parts('queries', queryPlan(), { items: 90, stages: [stage(300)] })),
];

test('the operations, and what came of them, are the same however many clients there are', async () => {
  const shape = fc.record({
    seed: fc.nat(),
    batch: fc.integer({ min: 1, max: 5 }),
    slots: fc.integer({ min: 3, max: 9 }),
    retries: fc.integer({ min: 0, max: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(shape, async ({ seed, batch, slots, retries }) => {
      const outcomes: unknown[] = [];
      for (const clients of [1, 2, 3]) {
        const settings = { Timeout: 50 * ms, Retries: retries, RetryBackoff: 2 * ms, WriteConcurrency: 60 };
        const play = new Play(behaviourOf(seed), { ...settings, QueryConcurrency: 60 }, clients);
        await play.run(script(batch, slots));
        expect(play.targets.filter(({ seen }) => seen.length > 0)).toHaveLength(clients);
        const results = [0, 1, 2, 5].map((index) => play.result(index));
        outcomes.push({
          sent: play.seen
            .map(({ statementId, operation, attempt, text }) =>
              [statementId, operation, attempt, text].join(' '),
            )
            .sort(),
          counts: results.map(({ total, warmup }) => [total.operations, total.items, warmup, total.retries]),
          errors: results.map(({ total }) =>
            total.errors.map(({ errorClass, count }) => `${errorClass} ${count}`).sort(),
          ),
        });
      }
      expect(outcomes[1]).toEqual(outcomes[0]);
      expect(outcomes[2]).toEqual(outcomes[0]);
    }),
    { seed: 42, numRuns: 12 },
  );
});

test('an open model keeps its time on all clients', async () => {
  const play = new Play(() => ({ afterNs: ms }), {}, 3);
  await play.run([new InsertStatement(parts('open', writePlan(), { stages: [stage(1000)], items: 1000 }))]);
  const [first] = play.seen;
  for (const { operation, sentNs } of play.seen) {
    expect(Math.abs(sentNs - first!.sentNs - operation * ms)).toBeLessThan(10);
  }
  expect(play.targets.map(({ seen }) => seen.length)).toEqual([334, 333, 333]);
  expect(play.result(0).total.times.lateness!.maximumNs).toBe(0);
});

test('slots are divided, and are the same in all', async () => {
  const play = new Play(() => ({ afterNs: 10 * ms }), { WriteConcurrency: 7 }, 3);
  await play.run([
    new InsertStatement(parts('closed', writePlan(), { items: 400 })),
    new SetStatement({ ...origin, name: 'WriteConcurrency', value: 5 }),
    new InsertStatement(parts('fewer', writePlan(), { items: 400 })),
  ]);
  expect(play.targets.map(({ mostInFlight }) => mostInFlight)).toEqual([3, 2, 2]);
  const [closed, fewer] = [play.result(0), play.result(2)];
  // 58 rounds of 7, then 80 rounds of 5, and a few where they do not end together.
  expect((closed.endedNs - closed.startedNs) / ms).toBeLessThanOrEqual(650);
  expect((fewer.endedNs - fewer.startedNs) / ms).toBeLessThanOrEqual(870);
});

test('queries are about what any client had acknowledged', async () => {
  const play = new Play(({ work }) => ({ afterNs: work.plan.kind === 'write' ? 5 * ms : ms }), {}, 3);
  const known = new Map<number, number>();
  const pick = (
    operation: number,
    acknowledged: { count: number; end: number; has(index: number): boolean },
  ) => {
    expect(acknowledged.count).toBeGreaterThan(0);
    for (let index = acknowledged.end - 1 - (operation % 50); ; index--)
      if (acknowledged.has(index)) return index;
  };
  await play.run([
    new GoStatement(
      new InsertStatement(
        parts('cpu', writePlan(), { items: 900, stages: [stage(300)] }, { background: true }),
      ),
    ),
    new QueryStatement(
      parts('ask', queryPlan(pick), { items: 300, stages: [stage(100)] }, { companion: 'cpu' }),
    ),
    new WaitStatement({ ...origin, until: 'all' }),
  ]);
  for (const { statementId, operation, sentNs } of play.seen) {
    if (statementId === idOf(0)) known.set(operation, sentNs + 5 * ms);
  }
  const asked = play.seen.filter(({ statementId }) => statementId === idOf(1));
  expect(asked).toHaveLength(300);
  for (const { pick: item, sentNs } of asked) expect(known.get(item)).toBeLessThanOrEqual(sentNs);
  // Each client asks about the points of all.
  for (const target of play.targets) {
    const picks = target.seen.filter(({ statementId }) => statementId === idOf(1)).map((seen) => seen.pick);
    expect(new Set(picks.map((item) => item % 3)).size).toBe(3);
  }
});

test('more errors than MaxErrors in all stop the run', async () => {
  const play = new Play(
    () => ({ afterNs: ms, error: 'rejected' }),
    { MaxErrors: 20, WriteConcurrency: 3 },
    3,
  );
  await play.run([new InsertStatement(parts('cpu', writePlan(), { items: 1000 }))]);
  expect(play.test.stops).toMatchObject([{ kind: 'max-errors' }]);
  const { failed } = play.result(0).total.operations;
  expect(failed).toBeGreaterThan(20);
  expect(failed).toBeLessThanOrEqual(24);
});

test('a statement that one client can’t prepare begins on none', async () => {
  const play = new Play(() => ({ afterNs: ms }), {}, 3);
  play.targets[1]!.prepareNs = 5 * ms;
  play.targets[1]!.prepareError = { errorClass: 'query-error', message: 'no such table', status: 0 };
  play.targets[2]!.prepareNs = 9 * ms;
  await play.run([new InsertStatement(parts('cpu', writePlan(), { items: 10 }))]);
  expect(play.seen).toEqual([]);
  expect(play.result(0)).toMatchObject({ state: 'aborted', total: { operations: { asked: 0 } } });
});

test('a client that breaks ends the run, and says why', async () => {
  const clock = new VirtualClock();
  const listeners: ClientListener[] = [];
  const whole = stressTest(clock, () => new SimulatedTarget(() => ({ afterNs: ms })), settingsWith(), {
    clients: 2,
    makeClient: (_place, settings, listener) => {
      listeners.push(listener);
      return new StressClient(
        whole.clock,
        new SimulatedTarget(() => ({ afterNs: ms })).on(whole.clock),
        settings,
        () => writePlan(),
        listener,
      );
    },
  });
  const insert = new InsertStatement(parts('cpu', writePlan(), { durationNs: 5 * seconds }));
  insert.setId('aaaaaaaa');
  const ran = insert.run(whole);
  await clock.pass(seconds);
  listeners[1]!.broken('out of memory');
  await clock.until(ran);
  await clock.until(whole.close());
  expect(whole.stops).toEqual([{ kind: 'broken', reason: 'a load thread broke: out of memory' }]);
  expect(whole.resultOf('aaaaaaaa')).toMatchObject({
    state: 'aborted',
    reason: 'a load thread broke: out of memory',
  });
});

describe('leases', () => {
  test('are dealt wholly, and every operation once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30_000 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('open', 'closed'),
        (count, clients, model) => {
          const dealer = new LeaseDealer({ first: 0, stride: 1, count }, model, clients);
          const leases: Lease[] = Array.from({ length: clients }, (_, client) => dealer.first(client));
          for (let next = dealer.next(); next !== undefined; next = dealer.next()) leases.push(next);
          const dealt = leases.flatMap(({ first, stride, count: part }) =>
            Array.from({ length: part }, (_, rank) => first + rank * stride),
          );
          expect(dealt.toSorted((one, other) => one - other)).toEqual([...Array(count).keys()]);
        },
      ),
      { seed: 42, numRuns: 60 },
    );
  });

  test('without an end are every n-th operation', () => {
    const dealer = new LeaseDealer({ first: 0, stride: 1, count: Infinity }, 'closed', 3);
    expect(dealer.first(2)).toEqual({ first: 2, stride: 3, count: Infinity });
    expect(dealer.hasMore).toBe(false);
  });
});
