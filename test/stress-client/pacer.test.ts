import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Pacer, type PacerStage } from '../../src/stress-client/pacer.ts';

const second = 1e9;
const constant = (rate: number, durationNs?: number): PacerStage => ({ rate, toRate: undefined, durationNs });
const ramp = (rate: number, toRate: number, durationNs: number): PacerStage => ({ rate, toRate, durationNs });

describe('when operations are due', () => {
  test.each<[string, PacerStage[], number, number, [number, number][]]>([
    [
      'a constant rate',
      [constant(100)],
      1,
      Infinity,
      [
        [0, 0],
        [1, 0.01],
        [1000, 10],
      ],
    ],
    [
      'a batch is due with its last item',
      [constant(100)],
      10,
      Infinity,
      [
        [0, 0.09],
        [1, 0.19],
      ],
    ],
    [
      'the last batch may be short',
      [constant(100)],
      10,
      15,
      [
        [0, 0.09],
        [1, 0.14],
      ],
    ],
    [
      'a ramp from 0',
      [ramp(0, 100, second)],
      1,
      Infinity,
      [
        [0, 0],
        [2, 0.2],
        [8, 0.4],
        [50, 1],
        [51, 1.01],
      ],
    ],
    [
      'a ramp to 0, then nothing',
      [ramp(100, 0, second)],
      1,
      Infinity,
      [
        [0, 0],
        [42, 0.6],
        [49, 1 - Math.sqrt(0.02)],
        [50, Infinity],
      ],
    ],
    [
      'a pause',
      [constant(10, second), constant(0, 5 * second), constant(10)],
      1,
      Infinity,
      [
        [9, 0.9],
        [10, 6],
        [11, 6.1],
      ],
    ],
    [
      'a fraction carries over',
      [constant(1, 1.5 * second), constant(2)],
      1,
      Infinity,
      [
        [1, 1],
        [2, 1.75],
        [3, 2.25],
      ],
    ],
    [
      'the last rate holds',
      [constant(1, second), ramp(1, 3, second)],
      1,
      Infinity,
      [
        [3, 2],
        [6, 3],
        [9, 4],
      ],
    ],
    [
      'seven a minute are seven in a minute',
      [constant(7 / 60, 60 * second), constant(0)],
      1,
      Infinity,
      [
        [6, 360 / 7],
        [7, Infinity],
      ],
    ],
  ])('%s', (_name, stages, batchSize, items, expected) => {
    const pacer = new Pacer(stages, items, batchSize);
    for (const [operation, dueS] of expected) {
      const ns = pacer.intendedNs(operation);
      if (dueS === Infinity) expect(ns).toBe(Infinity);
      else expect(Math.abs(ns - dueS * second)).toBeLessThan(1);
    }
  });

  test('so many in a second are so many times the seconds, whatever a rate is in binary', () => {
    const rates = [1, 3, 7, 10, 300, 333, 700, 5000, 12_000, 20_000, 200_000, 333_333, 1_000_000];
    for (const rate of rates) {
      const pacer = new Pacer([constant(rate)], Infinity, 1);
      for (const seconds of [1, 2, 3, 7, 15, 30, 60, 600, 86_400])
        expect(pacer.operationsBefore(seconds * second), `${rate}/s for ${seconds} s`).toBe(rate * seconds);
    }
  });

  test('the items take until one more would be due', () => {
    expect(new Pacer([constant(100)], 1000, 7).endNs).toBe(10 * second);
    expect(new Pacer([constant(100)], Infinity, 7).endNs).toBe(Infinity);
  });
});

/** Items that are due before `ns`, by the integral of the rate in exact arithmetic of thousandths of an item. */
function integral(
  stages: readonly { rate: bigint; toRate: bigint; durationNs: bigint }[],
  ns: bigint,
): bigint {
  let left = ns;
  let total = 0n;
  for (const { rate, toRate, durationNs } of stages) {
    const t = left < durationNs ? left : durationNs;
    // Items times 1e18: r0 t + (r1 - r0) t² / 2T, with t in ns and rates a second.
    total += rate * t * 1_000_000_000n + ((toRate - rate) * t * t * 1_000_000_000n) / (2n * durationNs);
    left -= t;
    if (left === 0n) break;
  }
  return total;
}

describe('against the integral', () => {
  test.each<[string, { rate: bigint; toRate: bigint; durationNs: bigint }[]]>([
    ['up', [{ rate: 1_000n, toRate: 5_000_000n, durationNs: 500_000_000_000_000n }]],
    ['down', [{ rate: 5_000_000n, toRate: 0n, durationNs: 500_000_000_000_000n }]],
    [
      'up and down',
      [
        { rate: 0n, toRate: 4_000_000n, durationNs: 300_000_000_000_000n },
        { rate: 4_000_000n, toRate: 3_999_999n, durationNs: 300_000_000_000_000n },
        { rate: 3_000_000n, toRate: 7n, durationNs: 300_000_000_000_000n },
      ],
    ],
  ])('operations up to 1e12 are due to 1 µs: %s', (_name, exact) => {
    const stages = exact.map(({ rate, toRate, durationNs }) =>
      ramp(Number(rate), Number(toRate), Number(durationNs)),
    );
    const pacer = new Pacer(stages, Infinity, 1);
    for (const k of [
      0,
      1,
      2,
      999,
      1e6,
      1e9 + 1,
      1e10,
      1e11 + 7,
      5e11,
      9.9e11,
      999_999_999_998,
      1e12 - 1,
      1e12,
    ]) {
      const ns = BigInt(Math.floor(pacer.intendedNs(k)));
      if (Number(ns) >= Number(exact.reduce((sum, { durationNs }) => sum + durationNs, 0n))) continue;
      const micro = 1000n;
      const wanted = BigInt(k) * 10n ** 18n;
      expect(integral(exact, ns > micro ? ns - micro : 0n) <= wanted).toBe(true);
      expect(integral(exact, ns + micro) >= wanted).toBe(true);
    }
  });

  test('due times never fall, and operationsBefore is their inverse', () => {
    const stages = fc.array(
      fc.record({
        rate: fc.integer({ min: 0, max: 1000 }),
        toRate: fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined }),
        durationNs: fc.integer({ min: 1, max: 10_000 }).map((each) => each * 1e6),
      }),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(
        stages,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 20_000 }),
        (each, batch, items) => {
          const pacer = new Pacer(each, items, batch);
          const operations = Math.ceil(items / batch);
          let before = 0;
          for (let k = 0; k < operations; k += 1 + Math.floor(operations / 50)) {
            const ns = pacer.intendedNs(k);
            expect(ns).toBeGreaterThanOrEqual(before);
            before = ns;
            if (ns === Infinity) continue;
            expect(pacer.operationsBefore(ns)).toBeLessThanOrEqual(k);
            expect(pacer.operationsBefore(ns + 1)).toBeGreaterThan(k);
          }
        },
      ),
      { seed: 42, numRuns: 300 },
    );
  });
});
