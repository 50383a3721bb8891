import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MixStatement, type MixMember } from '../../src/statement/mix.ts';
import { WaitStatement } from '../../src/statement/wait.ts';
import { GoStatement } from '../../src/statement/go.ts';
import type { LoadOptions, MixOptions } from '../../src/statement/load-options.ts';
import { MixOrder } from '../../src/stress-client/mix-order.ts';
import type { StatementResult } from '../../src/stress-client/results.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import { loadOptions, parts, queryPlan, settingsWith, stage, writePlan } from '../support/loads.ts';
import { ms, Play, seconds } from '../support/play.ts';
import { randomBehaviour } from '../support/random-behaviour.ts';
import { expectLaws } from '../support/laws.ts';

const batches = [3, 1, 1] as const;
const names = ['writes', 'more', 'reads'] as const;
const ids = ['mmmmmm00', 'mmmmmm01', 'mmmmmm02'];

/** A MIX of two INSERTs, one of which writes batches, and a QUERY. */
function mixOf(
  changed: Partial<LoadOptions>,
  mix: MixOptions = { weights: [1, 1, 2], cluster: undefined },
  settings: Partial<Settings> = {},
): MixStatement {
  const options = loadOptions({ ...changed, fixed: new Set(['WriteConcurrency']) });
  const plans = [writePlan(batches[0]), writePlan(), queryPlan()];
  const members = plans.map((plan, index): MixMember => {
    const own = { ...options, items: options.items * plan.batchSize };
    const member = parts(names[index]!, plan, own, { settings: settingsWith(settings) });
    return { kind: plan.kind === 'write' ? 'insert' : 'query', parts: member };
  });
  return new MixStatement({
    name: 'mixed',
    position: 1,
    text: 'MIX mixed',
    place: '',
    options,
    mix,
    seed: 42,
    members,
  });
}

async function playMix(
  play: Play,
  mix: MixStatement,
  during?: () => Promise<void>,
): Promise<StatementResult[]> {
  mix.setId('mmmmmmmm', ids);
  const script = mix.run(play.test);
  await during?.();
  await play.clock.until(script);
  await play.clock.until(play.test.close());
  return ids.map((id) => play.test.resultOf(id)!);
}

function sum(results: readonly StatementResult[], of: (result: StatementResult) => number): number {
  return results.reduce((all, result) => all + of(result), 0);
}

const answersAfter = (ns: number) => () => ({ afterNs: ns });

describe('the order of a MIX', () => {
  test.each([
    [[1, 3], []],
    [
      [0.5, 0.25, 2],
      [1, 2, 3],
    ],
    [[1, 1], [5]],
  ])('weights %j with clusters of %j have their shares, and are counted', (weights, clusterSizes) => {
    const order = new MixOrder({ seed: 7, weights, clusterSizes });
    const total = weights.reduce((all, weight) => all + weight, 0);
    const counts = weights.map(() => 0);
    const operations = 100_000;
    for (let operation = 0; operation < operations; operation++) counts[order.memberOf(operation)]!++;
    for (const [member, count] of counts.entries()) {
      expect(Math.abs(count / operations - weights[member]! / total)).toBeLessThan(0.015);
      expect(order.countBefore(operations, member)).toBe(count);
    }
  });

  test('is a pure function of the operation, however it is asked for', () => {
    const shares = { seed: 3, weights: [1, 2, 3], clusterSizes: [1, 4] };
    const inOrder = new MixOrder(shares);
    const expected = Array.from({ length: 20_000 }, (_, operation) => inOrder.memberOf(operation));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 19_999 }), { minLength: 1 }), (operations) => {
        const order = new MixOrder(shares);
        for (const operation of operations) expect(order.memberOf(operation)).toBe(expected[operation]);
        const end = operations[0]!;
        expect(order.countBefore(end, 1)).toBe(
          expected.slice(0, end).filter((member) => member === 1).length,
        );
      }),
      { seed: 42, numRuns: 50 },
    );
  });

  test('counts behind millions of operations, and back again', () => {
    const order = new MixOrder({ seed: 3, weights: [1, 3], clusterSizes: [] });
    const far = 4096 * 1100 + 17;
    const count = order.countBefore(far, 0);
    expect(count + order.countBefore(far, 1)).toBe(far);
    expect(Math.abs(count / far - 0.25)).toBeLessThan(0.001);
    const anew = new MixOrder({ seed: 3, weights: [1, 3], clusterSizes: [] });
    const ends = [0, 5000, 4096 * 777, far - 4096, far];
    const counts = new Map(ends.map((end) => [end, anew.countBefore(end, 0)]));
    for (const end of [...ends, ...ends.toReversed()])
      expect(order.countBefore(end, 0)).toBe(counts.get(end));
  });

  test('counting back a block, and forth again, draws a block each at most', () => {
    let draws = 0;
    // One cluster fills a block, and each size is asked for once.
    const clusterSizes = Object.defineProperty([4096], 0, { get: () => (draws++, 4096) });
    const order = new MixOrder({ seed: 3, weights: [1, 3], clusterSizes });
    const blocks = 40_000;
    order.countBefore(4096 * blocks, 0);
    expect(draws).toBe(blocks);
    for (let back = 1; back <= 100; back++) order.countBefore(4096 * (blocks - back), 0);
    expect(draws).toBeLessThanOrEqual(blocks + 100);
    draws = 0;
    order.countBefore(4096 * blocks, 0);
    expect(draws).toBe(0);
    // Of so many blocks each 16th is kept.
    order.countBefore(4096 * 12_345, 0);
    expect(draws).toBeLessThanOrEqual(8);
  });

  test('clusters of a size follow each other', () => {
    const order = new MixOrder({ seed: 1, weights: [1, 1], clusterSizes: [4] });
    const members = Array.from({ length: 4096 }, (_, operation) => order.memberOf(operation));
    for (let at = 0; at < 4096; at += 4) expect(new Set(members.slice(at, at + 4)).size).toBe(1);
    expect(new Set(members).size).toBe(2);
  });

  test('another seed is another order', () => {
    const of = (seed: number): number[] => {
      const order = new MixOrder({ seed, weights: [1, 1], clusterSizes: [] });
      return Array.from({ length: 64 }, (_, operation) => order.memberOf(operation));
    };
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });
});

describe('a MIX', () => {
  test('is one sequence, each operation of which one member sends', async () => {
    const play = new Play(answersAfter(ms));
    const results = await playMix(play, mixOf({ items: 5000 }));
    const operations = play.seen.map(({ operation }) => operation).toSorted((a, b) => a - b);
    expect(operations).toEqual(Array.from({ length: 5000 }, (_, operation) => operation));
    for (const [index, result] of results.entries()) {
      expect(result.identity).toMatchObject({ name: names[index], mix: 'mixed', statementId: ids[index] });
      const { acknowledged } = result.total.operations;
      expect(result.total.items.acknowledged).toBe(acknowledged * batches[index]!);
      expect(play.seen.filter(({ statementId }) => statementId === ids[index])).toHaveLength(acknowledged);
    }
    const [one, two, three] = results.map(({ total }) => total.operations.acknowledged);
    expect(Math.abs(one! - 1250)).toBeLessThan(150);
    expect(Math.abs(two! - 1250)).toBeLessThan(150);
    expect(Math.abs(three! - 2500)).toBeLessThan(200);
  });

  test('has slots of its own, as many as WriteConcurrency', async () => {
    const play = new Play(answersAfter(5 * ms), { WriteConcurrency: 2, QueryConcurrency: 2 });
    await playMix(play, mixOf({ items: 300 }, undefined, { WriteConcurrency: 7 }));
    expect(play.target.mostInFlight).toBe(7);
  });

  test('is paced by operations, and each member is offered its share', async () => {
    const play = new Play(answersAfter(ms), { ReportInterval: 100 * ms });
    const results = await playMix(play, mixOf({ stages: [stage(1000, 2 * seconds)] }));
    expect(sum(results, ({ total }) => total.operations.sent)).toBe(2000);
    const sent = play.seen.map(({ operation, sentNs }) => [operation, Math.round(sentNs / ms)]);
    expect(sent.slice(0, 3)).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    for (const { stages, total, marks } of results) {
      expect(stages[0]!.offered).toBeCloseTo(total.items.acknowledged / 2, 6);
      expect(stages[0]!.achieved).toBeCloseTo(total.items.acknowledged / 2, 6);
      expect(marks).toEqual([]);
    }
    for (const { statements } of play.sink.intervals) {
      const offered = statements.map((each, index) => each.offered! / batches[index]!);
      if (statements.length === 3 && offered.every((each) => each > 0)) {
        const all = offered.reduce((total, each) => total + each, 0);
        expect(Math.abs(all - 1000)).toBeLessThanOrEqual(11);
      }
    }
  });

  test.each([
    ['a count', { items: 500 }],
    ['a time', { durationNs: 500 * ms }],
  ])('warms up by %s of all members together', async (_, warmup) => {
    const play = new Play(answersAfter(ms));
    const results = await playMix(play, mixOf({ stages: [stage(1000, 2 * seconds)], warmup }));
    expect(sum(results, (result) => result.warmup.operations.sent)).toBe(500);
    expect(sum(results, ({ total }) => total.operations.sent)).toBe(1500);
  });

  test('is the same however many clients there are', async () => {
    const seenBy = async (clients: number): Promise<unknown> => {
      const play = new Play(answersAfter(ms), {}, clients);
      await playMix(play, mixOf({ items: 900 }));
      return play.seen
        .map(({ statementId, operation, text }) => ({ statementId, operation, text }))
        .toSorted((one, other) => one.operation - other.operation);
    };
    const one = await seenBy(1);
    expect(await seenBy(3)).toEqual(one);
  });

  test('is waited for by its name', async () => {
    const play = new Play(answersAfter(ms));
    const mix = mixOf({ durationNs: seconds });
    const go = new GoStatement(mix);
    go.setId('mmmmmmmm', ids);
    const wait = new WaitStatement({ position: 5, text: '', place: '', until: { name: 'mixed' } });
    const script = go.run(play.test).then(() => wait.run(play.test));
    await play.clock.until(script);
    expect(ids.map((id) => play.test.resultOf(id)!.state)).toEqual(['ended', 'ended', 'ended']);
    await play.clock.until(play.test.close());
  });

  const anyMix = fc.record({
    seed: fc.integer(),
    share: fc.constantFrom(0, 0.05, 0.5, 1),
    retries: fc.integer({ min: 0, max: 3 }),
    weights: fc.array(fc.constantFrom(0.1, 1, 2.5, 10), { minLength: 3, maxLength: 3 }),
    clustered: fc.boolean(),
    warmup: fc.constantFrom(undefined, { items: 25 }, { durationNs: 300 * ms }),
    clients: fc.integer({ min: 1, max: 3 }),
    slots: fc.integer({ min: 1, max: 6 }),
    schedule: fc.constantFrom<Partial<LoadOptions>>(
      { items: 333 },
      { durationNs: seconds },
      { stages: [stage(100, seconds), stage(0, 200 * ms), stage(50, seconds, 900)], durationNs: 2200 * ms },
      { items: 250, stages: [stage(2000)] },
    ),
    interruptAfterMs: fc.option(fc.integer({ min: 0, max: 2500 }), { nil: undefined }),
  });

  test('keeps the laws of counts, for each member and for all of them', async () => {
    await fc.assert(
      fc.asyncProperty(anyMix, async (each) => {
        const settings = {
          Timeout: 100 * ms,
          Retries: each.retries,
          RetryBackoff: 3 * ms,
          WriteConcurrency: each.slots,
        };
        const play = new Play(
          randomBehaviour(each.seed, each.share),
          { ...settings, ReportInterval: 170 * ms },
          each.clients,
        );
        const cluster = { kind: 'uniform', minimum: 1, maximum: 9 } as const;
        const mix = mixOf(
          { ...each.schedule, warmup: each.warmup },
          { weights: each.weights, cluster: each.clustered ? cluster : undefined },
          settings,
        );
        const results = await playMix(play, mix, async () => {
          if (each.interruptAfterMs === undefined) return;
          await play.clock.pass(each.interruptAfterMs * ms);
          play.test.interrupt('Ctrl-C');
        });
        for (const id of ids) expectLaws(play, id);
        const items = each.schedule.items ?? Infinity;
        if (each.interruptAfterMs === undefined && items < Infinity) {
          expect(sum(results, ({ total, warmup }) => total.operations.asked + warmup.operations.asked)).toBe(
            items,
          );
        }
      }),
      { seed: 42, numRuns: 60 },
    );
  });
});
