import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/stress-client/clock.ts';
import { preciseClock } from '../../src/stress-client/precise-clock.ts';

const clock = preciseClock(systemClock);

test('timers come in the order of their times, never early, and not when they are cancelled', async () => {
  const timer = fc.record({ afterUs: fc.integer({ min: -100, max: 20_000 }), cancelled: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(timer, { minLength: 1, maxLength: 30 }), async (timers) => {
      const startNs = clock.nowNs();
      const called: number[] = [];
      const early: number[] = [];
      await new Promise<void>((resolve) => {
        for (const [index, { afterUs, cancelled }] of timers.entries()) {
          const atNs = startNs + afterUs * 1000;
          const armed = clock.at(atNs, () => {
            called.push(index);
            if (clock.nowNs() < atNs) early.push(index);
          });
          if (cancelled) armed.cancel();
        }
        clock.at(startNs + 20_001_000, resolve);
      });
      const kept = [...timers.keys()].filter((index) => !timers[index]!.cancelled);
      expect(called).toEqual(kept.toSorted((one, other) => timers[one]!.afterUs - timers[other]!.afterUs));
      expect(early).toEqual([]);
    }),
    { seed: 42, numRuns: 20 },
  );
});

test('what a timer arms is called too, and cancelling what was called does nothing', async () => {
  const called: string[] = [];
  await new Promise<void>((resolve) => {
    const first = clock.at(clock.nowNs() + 1e6, () => {
      called.push('first');
      clock.at(clock.nowNs(), () => {
        called.push('second');
        first.cancel();
        clock.at(clock.nowNs() + 3e6, resolve);
      });
    });
  });
  expect(called).toEqual(['first', 'second']);
});
