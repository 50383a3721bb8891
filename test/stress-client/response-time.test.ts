import type { Histogram } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { InsertStatement } from '../../src/statement/insert.ts';
import { parts, stage, writePlan } from '../support/loads.ts';
import { ms, Play } from '../support/play.ts';

/** Whether a percentile is `expectedMs`, within the histogram's three digits. */
function expectPercentile(histogram: Histogram | undefined, percentile: number, expectedMs: number): void {
  const gotMs = histogram!.getValueAtPercentile(percentile) / ms;
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
  expect(total.times.lateness!.maxValue).toBe(0);
  expectPercentile(total.times.slotWait, 100, 991);
  expect(stages[0]).toMatchObject({ offered: 100, achieved: 100 });
  expect(marks).toEqual([]);
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
  expect(total.times.slotWait!.maxValue).toBe(0);
  expect(total.times.lateness!.maxValue).toBeGreaterThanOrEqual(100 * ms);
  expect(marks.map(({ state }) => state)).toContain('INVALID_CLIENT');
});
