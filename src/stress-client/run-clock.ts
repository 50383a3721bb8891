import type { Clock } from './clock.ts';

/** A clock that counts nanoseconds from a run's start. */
export interface RunClock extends Clock {
  /** The run's start on the clock that it is made from. */
  readonly originNs: number;
}

/** The same clock, counting from now on, or from another moment of it. */
export function runClock(clock: Clock, originNs = clock.nowNs()): RunClock {
  return {
    originNs,
    timersLateNs: clock.timersLateNs,
    nowNs: () => clock.nowNs() - originNs,
    wallMs: () => clock.wallMs(),
    at: (atNs, callback) => clock.at(atNs + originNs, callback),
    soon: (callback) => clock.soon(callback),
  };
}
