import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../src/comparison/compare-runs.ts';
import type { FigureComparison } from '../../src/comparison/comparison.ts';
import { Random } from './random.ts';
import { simulatedRun, type SimulatedLoad } from './simulated-run.ts';

/*
 * What verdicts promise, held by pairs of simulated runs of 60 intervals: the mean time of an interval varies by 5 %,
 * by its samples or by a speed of its own. `STRESSQL_LAWS=1000` takes a thousand pairs each; docs/compare.md has
 * what came of it.
 */
const pairs = Number(process.env['STRESSQL_LAWS'] ?? 40);
const timeout = 10_000 + pairs * 500;

/** Half of the variation is in the speed of intervals, half in their samples. */
const swinging: SimulatedLoad = {
  intervals: 60,
  operations: 120,
  deviation: 0.05,
  correlation: 0,
  slowdown: 1,
};
const steady: SimulatedLoad = { ...swinging, deviation: 0.01 };

async function figuresOf(
  baseline: SimulatedLoad,
  candidate: SimulatedLoad,
  random: Random,
): Promise<readonly FigureComparison[]> {
  const runs = [await simulatedRun(baseline, random), await simulatedRun(candidate, random)];
  return compareRuns(runs).comparisons[0]!.statements[0]!.figures;
}

describe.each([0, 0.5, 0.8])('intervals with correlation %d', (correlation) => {
  test(
    'two runs of the same are told apart in at most 5 % of pairs, in whatever figure',
    { timeout },
    async () => {
      const random = new Random(1 + correlation * 10);
      const load = { ...swinging, correlation };
      let alarms = 0;
      let covered = 0;
      for (let pair = 0; pair < pairs; pair++) {
        const figures = await figuresOf(load, load, random);
        if (figures.some(({ verdict }) => verdict === 'better' || verdict === 'worse')) alarms++;
        const { interval } = figures.find(({ metric }) => metric === 'mean')!;
        if (interval!.low! <= 0 && interval!.high! >= 0) covered++;
      }
      expect(alarms / pairs).toBeLessThanOrEqual(0.05);
      // Nominal are 95 %.
      expect(covered / pairs).toBeGreaterThanOrEqual(0.9);
      if (pairs > 100)
        console.log(`correlation ${correlation}: ${alarms} alarms, ${covered} intervals of ${pairs} cover`);
    },
  );
});

test('a mean that is 5 % longer is found in at least 90 % of pairs', { timeout }, async () => {
  const random = new Random(77);
  let found = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const figures = await figuresOf(steady, { ...steady, slowdown: 1.05 }, random);
    if (figures.find(({ metric }) => metric === 'mean')!.verdict === 'worse') found++;
  }
  expect(found / pairs).toBeGreaterThanOrEqual(0.9);
  if (pairs > 100) console.log(`5 % longer: ${found} of ${pairs} found`);
});

test('runs without errors are the same, and one that fails all along is worse', { timeout }, async () => {
  const random = new Random(78);
  const errorsOf = async (failing: number): Promise<FigureComparison> =>
    (await figuresOf(steady, { ...steady, failing }, random)).find(({ metric }) => metric === 'error_rate')!;
  expect((await errorsOf(0)).verdict).toBe('same');
  expect((await errorsOf(0.02)).verdict).toBe('worse');
});
