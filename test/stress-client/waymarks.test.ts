import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Waymarks } from '../../src/stress-client/waymarks.ts';

interface Mark {
  readonly at: number;
}

/** Marks of so many steps, each `stride` further. */
function walked(steps: number, stride = 1): Waymarks<Mark> {
  const waymarks = new Waymarks<Mark>({ at: 0 });
  for (let step = 1; step <= steps; step++) waymarks.pass({ at: step * stride });
  return waymarks;
}

describe('waymarks', () => {
  test.each([
    [4000, 1, 0],
    [100_000, 1, 16],
    [100_000, 7, 16 * 7],
  ])('after %i steps of %i the way is %i at most', (steps, stride, most) => {
    const waymarks = walked(steps, stride);
    const start = { at: 0 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: steps }), (step) => {
        const at = step * stride;
        expect(Math.abs(waymarks.nearest(at, start).at - at)).toBeLessThanOrEqual(most);
      }),
      { seed: 42, numRuns: 200 },
    );
    expect(waymarks.nearest(steps * stride + 1, start).at).toBe(steps * stride);
  });

  test('keeps a few thousand of a million, and the furthest', () => {
    const waymarks = walked(1_000_001);
    const kept = new Set(
      Array.from({ length: 1_000_002 }, (_, at) => waymarks.nearest(at, { at: -Infinity }).at),
    );
    expect(kept.size).toBeGreaterThan(2000);
    expect(kept.size).toBeLessThanOrEqual(4097);
    expect(Math.max(...kept)).toBe(1_000_001);
  });

  test('prefers the mark that is given where none is nearer, and takes none twice', () => {
    const waymarks = walked(100_000);
    for (let at = 0; at <= 100_000; at++) waymarks.pass({ at });
    const mark = { at: 50_001 };
    expect(waymarks.nearest(50_001, mark)).toBe(mark);
    expect(waymarks.nearest(100_000, mark).at).toBe(100_000);
    expect(waymarks.nearest(99_999, mark).at).toBeGreaterThan(99_900);
  });
});
