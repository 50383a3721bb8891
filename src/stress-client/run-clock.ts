import type { Clock } from './clock.ts';

/** The same clock, counting nanoseconds from now on: the run's clock. */
export function runClock(clock: Clock): Clock {
  const startNs = clock.nowNs();
  return {
    nowNs: () => clock.nowNs() - startNs,
    wallMs: () => clock.wallMs(),
    at: (atNs, callback) => clock.at(atNs + startNs, callback),
    soon: (callback) => clock.soon(callback),
  };
}
