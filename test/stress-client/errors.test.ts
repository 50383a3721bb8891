import { describe, expect, test } from 'vitest';
import { InsertStatement } from '../../src/statement/insert.ts';
import type { ErrorClass } from '../../src/stress-client/target/target.ts';
import { check, parts, stage, writePlan } from '../support/loads.ts';
import { ms, Play, seconds } from '../support/play.ts';

const insert = (options: Parameters<typeof parts>[2], idempotent = true) =>
  new InsertStatement(parts('cpu', writePlan(1, idempotent), options));

describe('retries', () => {
  test.each<[ErrorClass, boolean, number, 'acknowledged' | 'failed' | 'unknown']>([
    ['overload', true, 3, 'acknowledged'],
    ['overload', false, 3, 'acknowledged'],
    ['connection-refused', false, 3, 'acknowledged'],
    ['connection-lost', true, 3, 'acknowledged'],
    ['connection-lost', false, 1, 'unknown'],
    ['rejected', true, 1, 'failed'],
    ['not-found', true, 1, 'failed'],
    ['protocol', true, 1, 'unknown'],
  ])('%s, idempotent %s: %d attempts', async (error, idempotent, attempts, outcome) => {
    const play = new Play(({ attempt }) => (attempt < 3 ? { afterNs: ms, error } : { afterNs: ms }), {
      Retries: 5,
    });
    await play.run([insert({ items: 1 }, idempotent)]);
    const { operations, retries } = play.result(0).total;
    expect([play.target.seen.length, retries]).toEqual([attempts, attempts - 1]);
    expect(operations).toMatchObject({ sent: 1, [outcome]: 1 });
  });

  test.each<[ErrorClass, boolean, number]>([
    ['overload', true, 3],
    ['rejected', true, 3],
    ['query-error', false, 3],
    ['protocol', true, 3],
    ['protocol', false, 1],
    ['validation', true, 1],
  ])('RetryOn [any], %s, idempotent %s: %d attempts', async (error, idempotent, attempts) => {
    const play = new Play(({ attempt }) => (attempt < 3 ? { afterNs: ms, error } : { afterNs: ms }), {
      Retries: 5,
      RetryOn: 'any',
    });
    await play.run([insert({ items: 1 }, idempotent)]);
    expect(play.target.seen.length).toBe(attempts);
  });

  test('are as many as Retries says, with a pause that doubles up to 1 s', async () => {
    const play = new Play(() => ({ afterNs: 0, error: 'overload' }), { Retries: 6 });
    await play.run([insert({ items: 1 })]);
    const sent = play.target.seen.map(({ sentNs }) => sentNs);
    const pausesMs = sent.slice(1).map((ns, index) => (ns - sent[index]!) / ms);
    expect(pausesMs).toHaveLength(6);
    for (const [index, longest] of [100, 200, 400, 800, 1000, 1000].entries()) {
      expect(pausesMs[index]).toBeLessThanOrEqual(longest);
      expect(pausesMs[index]).toBeGreaterThanOrEqual(longest / 2);
    }
    expect(play.result(0).total.operations.failed).toBe(1);
  });

  test('what an attempt may have done stays unknown when the next one is refused', async () => {
    const play = new Play(
      ({ attempt }) => ({
        afterNs: ms,
        error: attempt === 1 ? 'connection-lost' : 'connection-refused',
      }),
      { Retries: 1 },
    );
    await play.run([insert({ items: 1 })]);
    expect(play.result(0).total).toMatchObject({
      operations: { failed: 0, unknown: 1 },
      errors: [{ errorClass: 'connection-refused', count: 1 }],
    });
  });

  test('response time goes from the intended start to the final outcome, service time over the last attempt', async () => {
    const play = new Play(
      ({ attempt }) => (attempt < 3 ? { afterNs: 5 * ms, error: 'overload' } : { afterNs: ms }),
      {
        Retries: 5,
      },
    );
    await play.run([insert({ items: 1, stages: [stage(100)] })]);
    const { times } = play.result(0).total;
    expect(times.service!.maximumNs).toBe(ms);
    expect(times.response!.maximumNs).toBe(play.target.seen[2]!.sentNs + ms);
    expect(times.lateness!.maximumNs).toBe(0);
  });
});

describe('a timeout', () => {
  test('is a slow answer, and a late answer changes nothing but its count', async () => {
    const play = new Play(({ operation }) => ({ afterNs: operation === 0 ? 3 * seconds : ms }), {
      Timeout: 2 * seconds,
      WriteConcurrency: 1,
    });
    await play.run([insert({ items: 3000 })]);
    const { total } = play.result(0);
    expect(total.operations).toMatchObject({ acknowledged: 2999, unknown: 1 });
    expect(total.times.service!.maximumNs).toBe(2 * seconds);
    expect(total.lateAnswers).toBe(1);
  });

  test('what is lost on a connection counts as long as its deadline', async () => {
    const play = new Play(() => ({ afterNs: ms, error: 'connection-lost' }), { Timeout: 2 * seconds });
    await play.run([insert({ items: 1 })]);
    expect(play.result(0).total.times.service!.maximumNs).toBe(2 * seconds);
  });
});

describe('a closed model', () => {
  test('over dead hosts goes slowly, leaves timers alive, and recovers', async () => {
    const play = new Play(
      (_slot, nowNs) =>
        nowNs < 30 * seconds ? { afterNs: 0, error: 'connection-refused' } : { afterNs: ms },
      { WriteConcurrency: 4 },
    );
    let ticks = 0;
    const tick = (): void => {
      ticks++;
      if (ticks < 100) play.clock.at(play.clock.nowNs() + 100 * ms, tick);
    };
    tick();
    await play.run([insert({ items: 5000 })]);
    const { failed, acknowledged } = play.result(0).total.operations;
    expect(ticks).toBe(100);
    // 4 slots, each with at most two tries a second once its pause has doubled up to 1 s.
    expect(failed).toBeGreaterThan(4 * 30);
    expect(failed).toBeLessThan(4 * 30 * 2 + 4 * 5);
    expect(acknowledged).toBe(5000 - failed);
  });

  test('that is refused at once yields to the event loop between errors', async () => {
    const play = new Play(() => ({ afterNs: 0, error: 'rejected' }));
    await play.run([insert({ items: 1000 })]);
    expect(play.result(0).total).toMatchObject({
      operations: { failed: 1000 },
      errors: [{ errorClass: 'rejected', count: 1000, example: 'simulated rejected' }],
    });
  });

  test('keeps its interval after errors too', async () => {
    const play = new Play(() => ({ afterNs: 0, error: 'rejected' }), {
      WriteConcurrency: 1,
      WriteInterval: 100 * ms,
    });
    await play.run([insert({ durationNs: seconds })]);
    expect(play.target.seen).toHaveLength(10);
  });
});

describe('the run stops', () => {
  test('beyond MaxErrors', async () => {
    const play = new Play(
      ({ operation }) => (operation % 2 === 0 ? { afterNs: ms, error: 'rejected' } : { afterNs: ms }),
      {
        MaxErrors: 10,
        WriteConcurrency: 1,
      },
    );
    await play.run([insert({ items: 1000 }), insert({ items: 1000 })]);
    const { state, reason, total } = play.result(0);
    expect([state, reason]).toEqual([
      'aborted',
      'more than MaxErrors [10] operations failed or stayed unknown',
    ]);
    expect(total.operations).toMatchObject({ sent: 21, failed: 11 });
    expect(play.test.stops).toMatchObject([{ kind: 'max-errors' }]);
    expect(play.test.resultOf('s0000001')).toBeUndefined();
  });

  test('with the first error where MaxErrors is 0', async () => {
    const play = new Play(() => ({ afterNs: ms, error: 'rejected' }), { MaxErrors: 0, WriteConcurrency: 1 });
    await play.run([insert({ items: 1000 })]);
    expect(play.result(0).total.operations.sent).toBe(1);
  });

  test('when a check of EXPECT … ABORT fails, not before its time', async () => {
    const play = new Play((_slot, nowNs) => ({ afterNs: nowNs < 500 * ms ? 50 * ms : 5 * ms }), {
      WriteConcurrency: 1,
    });
    await play.run([
      insert({
        durationNs: 60 * seconds,
        checks: [check('p50', '<', 20 * ms), check('throughput', '>', 190)],
        abort: { afterNs: 3500 * ms },
      }),
    ]);
    const { state, reason, endedNs, checks } = play.result(0);
    expect(state).toBe('aborted');
    expect(reason).toMatch(/^EXPECT throughput > 190 of cpu: got /);
    expect(Math.abs(endedNs - 4 * seconds)).toBeLessThan(20 * ms);
    expect(checks.map(({ passed }) => passed)).toEqual([true, false]);
    expect(play.test.stops).toMatchObject([{ kind: 'expect' }]);
  });

  test('when the target can not be reached', async () => {
    const play = new Play(() => ({ afterNs: ms }));
    play.target.openError = {
      errorClass: 'connection-refused',
      message: 'nobody listens on localhost:1',
      status: 0,
    };
    await play.run([insert({ items: 10 }), insert({ items: 10 })]);
    expect(play.result(0)).toMatchObject({ state: 'aborted', reason: 'nobody listens on localhost:1' });
    expect(play.test.stops).toEqual([{ kind: 'unreachable', reason: 'nobody listens on localhost:1' }]);
  });

  test('when a statement can not be prepared', async () => {
    const play = new Play(() => ({ afterNs: ms }));
    play.target.prepareError = { errorClass: 'rejected', message: 'no such table', status: 0 };
    await play.run([insert({ items: 10 }), insert({ items: 10 })]);
    expect(play.result(0)).toMatchObject({ state: 'aborted', reason: 'no such table' });
    expect(play.test.stops).toEqual([{ kind: 'statement', reason: 'cpu: no such table' }]);
  });
});
