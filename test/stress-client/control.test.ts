import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InsertStatement } from '../../src/statement/insert.ts';
import { QueryStatement } from '../../src/statement/query.ts';
import type { LoadOptions } from '../../src/statement/load-options.ts';
import type { RunEvent, StatementResult } from '../../src/stress-client/results.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import { expectLaws } from '../support/laws.ts';
import { parts, queryPlan, stage, writePlan } from '../support/loads.ts';
import { idOf, ms, Play, seconds } from '../support/play.ts';
import { randomBehaviour } from '../support/random-behaviour.ts';

const answersAfter = (ns: number) => () => ({ afterNs: ns });

/** Runs one INSERT, and does something at some milliseconds of its run. */
async function playing(
  options: Partial<LoadOptions>,
  acts: readonly (readonly [atMs: number, act: (play: Play) => void])[],
  {
    clients = 1,
    settings = {},
    afterNs = ms,
  }: { clients?: number; settings?: Partial<Settings>; afterNs?: number } = {},
): Promise<{ play: Play; result: StatementResult; events: readonly RunEvent[] }> {
  const play = new Play(answersAfter(afterNs), settings, clients);
  play.start([new InsertStatement(parts('load', writePlan(), options))]);
  let nowMs = 0;
  for (const [atMs, act] of acts) {
    await play.clock.pass((atMs - nowMs) * ms);
    nowMs = atMs;
    act(play);
  }
  await play.finish();
  const events = play.test.events.filter(
    ({ kind }) => kind !== 'run' && kind !== 'statement' && kind !== 'stage',
  );
  return { play, result: play.result(0), events };
}

/** Attempts that began between two milliseconds of the run. */
function sentWithin(play: Play, fromMs: number, toMs: number): number {
  return play.seen.filter(({ sentNs }) => sentNs >= fromMs * ms && sentNs < toMs * ms).length;
}

/** What was offered in each stage; it was achieved. */
function stagesOf({ stages }: StatementResult): readonly (readonly [text: string, offered: number])[] {
  for (const { offered, achieved } of stages) expect(Math.abs(offered - achieved)).toBeLessThan(3);
  return stages.map(({ text, offered }) => [text, Math.round(offered / 10) * 10]);
}

/** Stages that have ended: when they began, and how long they were, in about so many milliseconds. */
function stageEvents(play: Play): readonly (readonly [text: string, startMs: number, lengthMs: number])[] {
  const about = (ns: number): number => Math.round(ns / ms / 50) * 50;
  return play.test.events
    .filter(({ kind, endNs }) => kind === 'stage' && endNs !== undefined)
    .map(({ text, startNs, endNs }) => [text, about(startNs), about(endNs! - startNs)]);
}

function longestMs({ total }: StatementResult, time: 'response' | 'slotWait' | 'lateness'): number {
  return (total.times[time]?.maximumNs ?? Infinity) / ms;
}

describe.each([1, 3])('with %i clients', (clients) => {
  test('a statement that is ended sends nothing more, and nothing else is asked', async () => {
    const { play, result, events } = await playing(
      { stages: [stage(1000, 10 * seconds)] },
      [[2500, ({ test: hub }) => hub.endStatement(idOf(0), 'ended by hand')]],
      { clients },
    );
    expect(result).toMatchObject({ state: 'ended', reason: 'ended by hand' });
    const { asked, sent, acknowledged, unsent } = result.total.operations;
    expect([asked, acknowledged, unsent]).toEqual([sent, sent, 0]);
    expect(Math.abs(sent - 2500)).toBeLessThanOrEqual(3);
    expect(result.stages[0]!.achieved).toBeCloseTo(result.stages[0]!.offered, -1);
    expect(play.nowNs).toBeLessThan(2600 * ms);
    expect(events).toEqual([
      {
        kind: 'end',
        statementId: idOf(0),
        name: 'load',
        startNs: 2500 * ms,
        endNs: 2500 * ms,
        text: 'ended by hand',
      },
    ]);
    expectLaws(play, idOf(0));
  });

  test('another rate holds from its moment on, and is achieved', async () => {
    const { play, result, events } = await playing(
      { stages: [stage(1000, 4 * seconds)] },
      [
        [1000, ({ test: hub }) => void hub.changeRate(idOf(0), 5000)],
        [3000, ({ test: hub }) => void hub.changeRate(idOf(0), 200)],
      ],
      { clients, settings: { WriteConcurrency: 60 } },
    );
    expect(Math.abs(sentWithin(play, 0, 1000) - 1000)).toBeLessThanOrEqual(5);
    expect(Math.abs(sentWithin(play, 1000, 3000) - 10_000)).toBeLessThanOrEqual(12);
    expect(Math.abs(sentWithin(play, 3010, 4000) - 198)).toBeLessThanOrEqual(3);
    expect(stagesOf(result)).toEqual([
      ['1000/s', 1000],
      ['5000/s (changed)', 5000],
      ['200/s (changed)', 200],
    ]);
    expect(stageEvents(play)).toEqual([
      ['1000/s', 0, 1000],
      ['5000/s (changed)', 1000, 2000],
      ['200/s (changed)', 3000, 1000],
    ]);
    expect(result.marks).toEqual([]);
    expect(longestMs(result, 'response')).toBeLessThan(3);
    expect(events.map(({ kind, text }) => [kind, text])).toEqual([
      ['rate', 'AT 5000/s'],
      ['rate', 'AT 200/s'],
    ]);
    for (const { statements } of play.sink.intervals.slice(4, 5)) {
      for (const each of statements) expect(each.offered).toBeCloseTo(each.acknowledged, -2);
    }
    expectLaws(play, idOf(0));
  });

  test('another rate is in place of the stages to come', async () => {
    const { play, result } = await playing(
      { stages: [stage(1000, seconds), stage(100, seconds), stage(50, seconds)] },
      [[1500, ({ test: hub }) => void hub.changeRate(idOf(0), 2000)]],
      { clients, settings: { WriteConcurrency: 60 } },
    );
    expect(stagesOf(result)).toEqual([
      ['1000/s', 1000],
      ['100/s', 100],
      ['2000/s (changed)', 2000],
    ]);
    expect(stageEvents(play)).toEqual([
      ['1000/s', 0, 1000],
      ['100/s', 1000, 500],
      ['2000/s (changed)', 1500, 1500],
    ]);
  });

  test('items that a lower rate spreads over a longer time are all of a stage', async () => {
    const { result } = await playing({ items: 2000, stages: [stage(1000)] }, [
      [1000, ({ test: hub }) => void hub.changeRate(idOf(0), 250)],
    ]);
    expect(result.endedNs).toBeGreaterThan(4.9 * seconds);
    expect(stagesOf(result)).toEqual([
      ['1000/s', 1000],
      ['250/s (changed)', 250],
    ]);
    expect(result.marks).toEqual([]);
  });

  test('a warm-up that is a time is as long at another rate', async () => {
    const { result } = await playing(
      { stages: [stage(1000, 4 * seconds)], warmup: { durationNs: 2 * seconds } },
      [[1000, ({ test: hub }) => void hub.changeRate(idOf(0), 5000)]],
      { clients, settings: { WriteConcurrency: 60 } },
    );
    expect(Math.abs(result.warmup.operations.sent - 6000)).toBeLessThanOrEqual(120);
    expect(stagesOf(result).at(-1)).toEqual(['5000/s (changed)', 5000]);
  });

  test('held load goes on where it was, with no pause in its response times', async () => {
    const { play, result, events } = await playing(
      { stages: [stage(1000, 2 * seconds), stage(100, seconds)] },
      [
        [500, ({ test: hub }) => hub.hold(true)],
        [3500, ({ test: hub }) => hub.hold(false)],
      ],
      { clients },
    );
    expect(sentWithin(play, 502, 3500)).toBe(0);
    expect(Math.abs(sentWithin(play, 3500, 5000) - 1500)).toBeLessThanOrEqual(5);
    expect(result.total.operations.sent).toBe(2100);
    expect(longestMs(result, 'response')).toBeLessThan(3);
    expect(longestMs(result, 'lateness')).toBeLessThan(3);
    expect(result.stages.map(({ offered, achieved }) => Math.round(offered - achieved))).toEqual([0, 0]);
    expect(result.marks).toEqual([]);
    const [begun, ended] = events;
    expect([begun, ended]).toMatchObject([
      { kind: 'pause', endNs: undefined },
      { kind: 'pause', startNs: begun!.startNs, text: begun!.text },
    ]);
    expect(ended!.endNs).toBeGreaterThanOrEqual(3500 * ms);
    expectLaws(play, idOf(0));
  });

  test('held time is none of any stage', async () => {
    const hold =
      (isHeld: boolean) =>
      ({ test: hub }: Play): void =>
        hub.hold(isHeld);
    const { play } = await playing(
      { stages: [stage(1000, seconds), stage(2000, seconds), stage(500, seconds)] },
      [
        [400, hold(true)],
        [900, hold(false)],
        [2000, hold(true)],
        [4000, hold(false)],
      ],
      { clients },
    );
    const ended = play.test.events.filter(({ kind, endNs }) => kind === 'stage' && endNs !== undefined);
    const lengths = ended.map(({ startNs, endNs }) => endNs! - startNs);
    expect(lengths.slice(0, 2)).toEqual([1500 * ms, 3000 * ms]);
    expect(Math.abs(lengths[2]! - seconds)).toBeLessThanOrEqual(5 * ms);
    expect(ended.slice(1).map(({ startNs }) => startNs)).toEqual(ended.slice(0, 2).map(({ endNs }) => endNs));
    expectLaws(play, idOf(0));
  });

  test('stages of what begins while load is held begin, and wait', async () => {
    const { play } = await playing(
      { stages: [stage(1000, seconds), stage(2000, seconds)] },
      [
        [0, ({ test: hub }) => hub.hold(true)],
        [3000, ({ test: hub }) => hub.hold(false)],
      ],
      { clients },
    );
    const [first, second] = play.test.events.filter(
      ({ kind, endNs }) => kind === 'stage' && endNs !== undefined,
    );
    expect(first!.startNs).toBeLessThan(10 * ms);
    expect(Math.abs(first!.endNs! - 4000 * ms)).toBeLessThan(10 * ms);
    expect(second!.startNs).toBe(first!.endNs);
    expectLaws(play, idOf(0));
  });

  test('held time is none of FOR in a closed model', async () => {
    const { play, result } = await playing(
      { durationNs: seconds },
      [
        [400, ({ test: hub }) => hub.hold(true)],
        [2400, ({ test: hub }) => hub.hold(false)],
      ],
      { clients },
    );
    expect(sentWithin(play, 402, 2400)).toBe(0);
    expect(sentWithin(play, 2402, 3000)).toBeGreaterThan(0);
    expect(sentWithin(play, 3001, 9000)).toBe(0);
    expectLaws(play, idOf(0));
    expect(result.state).toBe('ended');
  });
});

test('what waited for a slot when load was held has waited no longer for it', async () => {
  const { result } = await playing(
    { items: 200, stages: [stage(1000)] },
    [
      [100, ({ test: hub }) => hub.hold(true)],
      [60_100, ({ test: hub }) => hub.hold(false)],
    ],
    { settings: { WriteConcurrency: 1 }, afterNs: 2 * ms },
  );
  expect(result.total.operations.acknowledged).toBe(200);
  expect(longestMs(result, 'response')).toBeLessThan(400);
  expect(longestMs(result, 'lateness')).toBeLessThan(1);
  expect(longestMs(result, 'slotWait')).toBeGreaterThan(100);
});

test('a statement that starts while load is held waits for it', async () => {
  const play = new Play(answersAfter(ms));
  play.test.hold(true);
  play.start([new InsertStatement(parts('load', writePlan(), { items: 100, stages: [stage(1000)] }))]);
  await play.clock.pass(5 * seconds);
  expect(play.seen).toEqual([]);
  play.test.hold(false);
  await play.finish();
  const result = play.result(0);
  expect(result.total.operations.acknowledged).toBe(100);
  expect(longestMs(result, 'response')).toBeLessThan(3);
});

test('a rate is given while load is held', async () => {
  const { play, result } = await playing({ stages: [stage(100, 3 * seconds)] }, [
    [1000, ({ test: hub }) => hub.hold(true)],
    [1200, ({ test: hub }) => void hub.changeRate(idOf(0), 700)],
    [1500, ({ test: hub }) => void hub.changeRate(idOf(0), 1000)],
    [2000, ({ test: hub }) => hub.hold(false)],
  ]);
  expect(stagesOf(result)).toEqual([
    ['100/s', 50],
    ['1000/s (changed)', 1000],
  ]);
  expect(stageEvents(play)).toEqual([
    ['100/s', 0, 2000],
    ['1000/s (changed)', 2000, 2000],
  ]);
  expect(Math.abs(sentWithin(play, 2000, 4000) - 2000)).toBeLessThanOrEqual(2);
  expect(result.total.operations.sent).toBe(2100);
});

test('what can have no other rate says so', async () => {
  const said: (string | undefined)[] = [];
  await playing({ durationNs: seconds }, [
    [
      100,
      ({ test: hub }) => {
        said.push(hub.changeRate(idOf(0), 5), hub.changeRate('unknown0', 5));
      },
    ],
  ]);
  await playing({ stages: [stage(10, seconds)] }, [
    [100, ({ test: hub }) => void said.push(hub.changeRate(idOf(0), 0), hub.changeRate(idOf(0), Infinity))],
  ]);
  expect(said).toEqual([
    'it has no rate: it sends as answers come',
    'it does not run',
    'a rate is above 0/s',
    'a rate is above 0/s',
  ]);
});

test('a query that waits for its INSERT can be ended', async () => {
  const play = new Play(answersAfter(ms));
  play.start([
    new QueryStatement(
      parts(
        'asks',
        queryPlan(() => 0),
        { items: 5 },
        { companion: 'later' },
      ),
    ),
  ]);
  await play.clock.pass(ms);
  play.test.endStatement(idOf(0), 'no need');
  await play.finish();
  expect(play.result(0).total.operations.asked).toBe(0);
});

test('counts add up whatever is done to running load, and when', async () => {
  const act = fc.record({
    afterMs: fc.integer({ min: 1, max: 700 }),
    what: fc.constantFrom('hold', 'release', 'faster', 'slower', 'end'),
  });
  const script = fc.record({
    seed: fc.integer(),
    share: fc.constantFrom(0, 0.3),
    clients: fc.integer({ min: 1, max: 3 }),
    acts: fc.array(act, { maxLength: 6 }),
    schedule: fc.constantFrom<Partial<LoadOptions>>(
      { items: 333 },
      { durationNs: seconds },
      { stages: [stage(100, seconds), stage(0, 200 * ms), stage(50, seconds, 900)], durationNs: 2200 * ms },
      { items: 250, stages: [stage(2000)] },
    ),
  });
  await fc.assert(
    fc.asyncProperty(script, async ({ seed, share, clients, acts, schedule }) => {
      const play = new Play(
        randomBehaviour(seed, share),
        { Timeout: 100 * ms, Retries: 1, RetryBackoff: 3 * ms, ReportInterval: 170 * ms },
        clients,
      );
      play.start([new InsertStatement(parts('load', writePlan(), schedule))]);
      const { test: hub } = play;
      for (const { afterMs, what } of acts) {
        await play.clock.pass(afterMs * ms);
        if (what === 'end') hub.endStatement(idOf(0), 'by hand');
        else if (what === 'hold' || what === 'release') hub.hold(what === 'hold');
        else hub.changeRate(idOf(0), what === 'faster' ? 3000 : 20);
      }
      hub.hold(false);
      await play.finish();
      expectLaws(play, idOf(0));
      const { operations } = play.result(0).total;
      const isWhole = play.result(0).reason === undefined && schedule.items !== undefined;
      if (isWhole) expect(operations.asked).toBe(schedule.items);
    }),
    { seed: 42, numRuns: 50 },
  );
});

test('the rate that is asked now is known, of what has one and runs', async () => {
  const rates: (number | undefined)[] = [];
  const ask = ({ test: hub }: Play): void => void rates.push(hub.rateOf(idOf(0)));
  const { play } = await playing({ stages: [stage(1000, 2 * seconds, 3000), stage(100, 8 * seconds)] }, [
    [1000, ask],
    [1000, ({ test: hub }) => hub.hold(true)],
    [2000, ask],
    [2000, ({ test: hub }) => hub.hold(false)],
    [4000, ask],
    [4000, ({ test: hub }) => void hub.changeRate(idOf(0), 250)],
    [5000, ask],
  ]);
  expect(rates.map((rate) => Math.round(rate! / 100))).toEqual([20, 20, 1, 3]);
  expect(play.test.rateOf(idOf(0))).toBeUndefined();
  const closed: (number | undefined)[] = [];
  await playing({ durationNs: seconds }, [[500, ({ test: hub }) => void closed.push(hub.rateOf(idOf(0)))]]);
  expect(closed).toEqual([undefined]);
});
