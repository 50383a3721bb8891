import { describe, expect, test } from 'vitest';
import { askedPerSecond, figuresOf, offeredPerSecond } from '../../src/cli/calibration/calibration.ts';
import type { Figures } from '../../src/cli/calibration/calibration.ts';
import type { Round } from '../../src/cli/calibration/rounds.ts';

/** Of 100 ms, in batches of 4 and 10 bytes an item. */
function round(operations: number, cpuMs: number): Round {
  const items = 4 * operations;
  return { startNs: 5e8, endNs: 6e8, cpuNs: cpuMs * 1e6, operations, items, requestBytes: 10 * items };
}

describe('figures of rounds', () => {
  test.each([
    ['an odd number', [10, 50, 20, 40, 30], 300],
    ['an even number: the lower of the middle two', [10, 40, 20, 30], 200],
    ['one', [7], 70],
    ['most of them without an operation: all together', [0, 0, 0, 8, 2], 20],
  ])('the median rate of %s', (_, operations, rate) => {
    const figures = figuresOf(operations.map((count) => round(count, 50)))!;
    expect(figures.operationsPerSecond).toBeCloseTo(rate, 9);
    expect(figures.itemsPerSecond).toBeCloseTo(4 * rate, 9);
    expect(figures.requestBytesPerSecond).toBeCloseTo(40 * rate, 9);
    expect(figures.rounds).toBe(operations.length);
    expect(figures.operationsPerSecondRange[0]).toBeCloseTo(10 * Math.min(...operations), 9);
    expect(figures.operationsPerSecondRange[1]).toBeCloseTo(10 * Math.max(...operations), 9);
  });

  test('costs are those of all rounds', () => {
    const figures = figuresOf([round(10, 20), round(30, 40)])!;
    expect(figures.cpuNsPerOperation).toBeCloseTo(60e6 / 40, 6);
    expect(figures.cpuNsPerItem).toBeCloseTo(60e6 / 160, 6);
    expect(figures.processorsBusy).toBeCloseTo(0.3, 9);
  });

  test.each([
    ['no round', []],
    ['no operation', [round(0, 5)]],
  ] as const)('%s, no figures', (_, rounds) => {
    expect(figuresOf(rounds)).toBeUndefined();
  });
});

const costing = (cpuMs: number): Figures => figuresOf([round(250, cpuMs)])!;

test.each([
  // 1,000 items in so many ms of processor time.
  ['what it costs over sockets', costing(50), costing(100), 10_000],
  ['what it costs to make, where that seemed more', costing(200), costing(100), 5000],
  ['what it costs to make, where there are no sockets', costing(50), undefined, 20_000],
])('a thread offers %s', (_, sink, practice, offered) => {
  expect(offeredPerSecond(sink, practice)).toBeCloseTo(offered, 6);
});

test.each([
  [[], undefined],
  [[{ rate: 10, toRate: undefined }], 10],
  [
    [
      { rate: 10, toRate: 70 },
      { rate: 50, toRate: undefined },
    ],
    70,
  ],
  [[{ rate: 90, toRate: 0 }], 90],
])('%j asks for %s/s at most', (stages, asked) => {
  expect(askedPerSecond(stages)).toBe(asked);
});
