import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { loadStepsOf } from '../../src/statement/analyse.ts';
import { mixShares } from '../../src/statement/mix-shares.ts';
import { compile } from '../../src/statement/compile.ts';
import { Population } from '../../src/statement/template/population.ts';
import { MixOrder } from '../../src/stress-client/mix-order.ts';
import { analysed } from '../analysis/analysed.ts';
import { ms, Play } from '../support/play.ts';

const seed = 7;

function script(population: string, operations: number): string {
  return `SET Target [cql]
SET Seed [${seed}]

MIX mixed
  INSERT one
    INSERT INTO t (a) VALUES ([bigint inc(0)])
  QUERY reads
    SELECT a FROM t WHERE a = [bigint inc(0)]
    WEIGHT 2
  INSERT other
    INSERT INTO u (a) VALUES ([bigint inc(0)])
END
CLUSTER uniform(1..3)
POPULATION ${population}
DO ${operations}
WITH WriteConcurrency [5]`;
}

interface Looked {
  readonly order: MixOrder;
  /** Index of an operation, as the member whose it is has it. */
  indexOf(operation: number): number;
}

function looking(population: string): Looked {
  const { analysis, diagnostics } = analysed(script(population, 1_000_000));
  expect(diagnostics).toEqual([]);
  const mix = analysis.steps.find((step) => step.kind === 'mix');
  for (const { options } of mix!.members) expect(options.population!.text).toBe(population);
  const order = new MixOrder(mixShares(seed, 'mixed', mix!.mix));
  const plans = loadStepsOf(analysis.steps).map(({ plan }) => plan);
  return {
    order,
    indexOf: (operation) => {
      const plan = plans[order.memberOf(operation)]!;
      const text = plan.kind === 'query' ? plan.item(operation, -1) : plan.columnOf('a', operation).text;
      return Number(/\d+/.exec(text)![0]);
    },
  };
}

describe('LOOKBACK', () => {
  test.each([
    ['1..100000', 'uniform(1..10)', 1, 100_000, 1, 10],
    ['1..500', 'fixed(3)', 1, 500, 3, 3],
    ['40..49', 'exp(0..4)', 40, 10, 0, 4],
  ])('POPULATION %s LOOKBACK %s', (range, lookback, first, size, nearest, furthest) => {
    const { order, indexOf } = looking(`${range} LOOKBACK ${lookback}`);
    const distances = new Set<number>();
    let written = 0;
    for (let operation = 0; operation < 12_000; operation++) {
      const position = indexOf(operation) - first;
      if (order.memberOf(operation) !== 1) expect(position).toBe(written++ % size);
      else if (written > furthest) {
        const distance = Math.min(written, size) - position;
        // What is next is the first one, once all have been written.
        distances.add(distance === size && written >= size ? 0 : distance);
      } else expect(position).toBeLessThanOrEqual(Math.max(0, written - nearest));
    }
    expect(Math.min(...distances)).toBe(nearest);
    expect(Math.max(...distances)).toBe(furthest);
  });

  test('is a pure function of the operation, however it is asked for', () => {
    const inOrder = looking('1..3000 LOOKBACK uniform(1..50)');
    const expected = Array.from({ length: 20_000 }, (_, operation) => inOrder.indexOf(operation));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 19_999 }), { minLength: 1 }), (operations) => {
        const { indexOf } = looking('1..3000 LOOKBACK uniform(1..50)');
        for (const operation of operations) expect(indexOf(operation)).toBe(expected[operation]);
      }),
      { seed: 42, numRuns: 20 },
    );
  });

  test('answers and retries draw nothing of the operations that were sent before them', () => {
    const { analysis } = analysed(script('1..1000000 LOOKBACK uniform(1..50)', 1_000_000_000));
    const mix = analysis.steps.find((step) => step.kind === 'mix')!;
    const population = new Population(mix.members[1]!.options.population!, seed);
    const drawn = vi.spyOn(MixOrder.prototype, 'memberOf');
    const block = 4096;
    for (let of = 0; of < 100; of++) population.indexOf(of * block);
    expect(drawn).toHaveBeenCalledTimes(100 * block);
    for (let of = 99; of >= 36; of--) population.indexOf(of * block + 17);
    for (let operation = 99 * block; operation < 100 * block; operation++)
      population.indexOf(operation - block / 2);
    expect(drawn).toHaveBeenCalledTimes(100 * block);
    population.indexOf(35 * block);
    expect(drawn).toHaveBeenCalledTimes(101 * block);
    drawn.mockRestore();
  });

  test('what is sampled of a long run is at hand', () => {
    const { analysis } = analysed(script('1..1000000000 LOOKBACK uniform(1..50)', 1_000_000_000));
    const drawn = vi.spyOn(MixOrder.prototype, 'memberOf');
    const insert = loadStepsOf(analysis.steps).find((step) => step.kind === 'insert')!;
    expect(insert.plan.averageItemBytes(10_000)).toBeGreaterThan(30);
    expect(drawn.mock.calls.length).toBe(64 * 4096);
    drawn.mockRestore();
  });

  test.each([1, 3])('%i clients together write the sequence, each index once', async (clients) => {
    const play = new Play(() => ({ afterNs: ms }), { Seed: seed, Target: 'cql' }, clients);
    const { analysis } = analysed(script('1..1000000 LOOKBACK uniform(1..50)', 6000));
    const mix = compile(analysis.steps).at(-1);
    mix!.setId('mmmmmmmm', ['mmmmmm00', 'mmmmmm01', 'mmmmmm02']);
    const running = mix!.run(play.test);
    await play.clock.until(running);
    await play.clock.until(play.test.close());
    const { indexOf } = looking('1..1000000 LOOKBACK uniform(1..50)');
    const writes = play.seen.filter(({ statementId }) => statementId !== 'mmmmmm01');
    expect(play.seen).toHaveLength(6000);
    expect(writes.map(({ operation }) => indexOf(operation)).sort((a, b) => a - b)).toEqual(
      writes.map((_, index) => index + 1),
    );
  });
});
