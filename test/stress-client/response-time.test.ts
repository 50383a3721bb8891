import { expect, test } from 'vitest';
import { GoStatement } from '../../src/statement/go.ts';
import { InsertStatement } from '../../src/statement/insert.ts';
import { QueryStatement } from '../../src/statement/query.ts';
import { rangeOfBucket, type Buckets } from '../../src/stress-client/buckets.ts';
import type { Plan } from '../../src/stress-client/plan.ts';
import { parts, queryPlan, stage, writePlan } from '../support/loads.ts';
import { ms, Play } from '../support/play.ts';

/** Whether a percentile is `expectedMs`, within the buckets' three digits. */
function expectPercentile(samples: Buckets | undefined, percentile: number, expectedMs: number): void {
  const { count, indexes, counts } = samples!;
  let left = Math.ceil((percentile / 100) * count);
  const gotMs = rangeOfBucket(indexes.find((_, at) => (left -= counts[at]!) <= 0)!).lowestNs / ms;
  expect(Math.abs(gotMs - expectedMs) / expectedMs).toBeLessThan(0.001);
}

/** 1,000 requests at 100/s over one slot, a target of 1 ms that stalls once, so that one takes 1,001 ms. */
async function stalledOnce() {
  const play = new Play(({ operation }) => ({ afterNs: operation === 300 ? 1001 * ms : 1 * ms }), {
    WriteConcurrency: 1,
  });
  await play.run([new InsertStatement(parts('cpu', writePlan(), { items: 1000, stages: [stage(100)] }))]);
  return play.result(0);
}

test('a stall is in the response time of all that was due in it, and in the service time of one', async () => {
  const { total } = await stalledOnce();
  expect(total.operations).toMatchObject({ asked: 1000, sent: 1000, acknowledged: 1000 });
  expectPercentile(total.times.service, 99, 1);
  expectPercentile(total.times.service, 100, 1001);
  expectPercentile(total.times.response, 95, 551);
  expectPercentile(total.times.response, 99, 911);
  expectPercentile(total.times.response, 100, 1001);
});

test('who waits for a slot waits for the target, and the client was not late', async () => {
  const { total, stages, marks } = await stalledOnce();
  expect(total.times.lateness!.maximumNs).toBe(0);
  expectPercentile(total.times.slotWait, 100, 991);
  expect(stages[0]).toMatchObject({ offered: 100, achieved: 100 });
  expect(marks).toEqual([]);
});

test('the time to write other batches is not in the time that the target takes', async () => {
  const play = new Play(() => ({ afterNs: ms }), { WriteConcurrency: 20 });
  // Writing a batch takes 0.4 ms, in which the event loop stands still.
  const plan: Plan = {
    ...writePlan(),
    write: (...args) => {
      play.clock.block(0.4 * ms);
      return writePlan().write(...args);
    },
  };
  await play.run([
    new GoStatement(new InsertStatement(parts('a', plan, { items: 1000 }, { background: true }))),
    new QueryStatement(parts('q', queryPlan(), { durationNs: 100 * ms })),
  ]);
  const { total } = play.result(0);
  expect(total.operations.acknowledged).toBe(1000);
  // An answer waits for three batches at most, and not for those of 20 slots.
  expect(total.times.service!.maximumNs).toBeLessThanOrEqual(2.3 * ms);
  expect(play.result(1).total.operations.acknowledged).toBeGreaterThan(100);
});

test('a client that was busy is late, and says so', async () => {
  const play = new Play(() => ({ afterNs: 1 * ms }));
  const ended = play.start([
    new InsertStatement(parts('cpu', writePlan(), { items: 500, stages: [stage(100)] })),
  ]);
  for (let second = 0; second < 4; second++) {
    await play.clock.pass(900 * ms);
    play.clock.block(105 * ms);
  }
  await play.clock.until(ended);
  await play.finish();
  const { total, marks } = play.result(0);
  expect(total.times.slotWait!.maximumNs).toBe(0);
  expect(total.times.lateness!.maximumNs).toBeGreaterThanOrEqual(100 * ms);
  expect(marks.map(({ state }) => state)).toContain('INVALID_CLIENT');
});
