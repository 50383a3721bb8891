import { performance } from 'node:perf_hooks';

/**
 * Where time comes from. Everything that waits or measures takes one, so that the engine runs unchanged in
 * virtual time.
 */
export interface Clock {
  /** So late a timer may be although nothing keeps the thread busy; 0 where that is too little to plan with. */
  readonly timersLateNs: number;
  /** Monotonic nanoseconds since some origin; a number, exact to well under 1 µs for 100 days. */
  nowNs(): number;
  /** Milliseconds since 1970. Steps when the machine's clock is set: for labels, never for differences. */
  wallMs(): number;
  /** Calls back once, as soon after `atNs` as the platform can. */
  at(atNs: number, callback: () => void): Timer;
  /** Calls back in a later turn of the event loop, after pending input and output had theirs. */
  soon(callback: () => void): void;
}

export interface Timer {
  cancel(): void;
}

/** What performance.now(), which counts from each thread's own start, is behind the machine's monotonic clock. */
const behindNs = measureBehind();

/**
 * The machine's clock, the same in all threads. performance.now() costs no more than the other clocks of Node and
 * needs no BigInt; imported, since the global of that name is looked up at every call.
 */
export const systemClock: Clock = {
  // Node's timers count whole milliseconds, and the system takes a little more to wake a thread.
  timersLateNs: 1.25e6,
  nowNs: () => Math.round(performance.now() * 1e6 + behindNs),
  wallMs: () => Date.now(),
  at(atNs, callback) {
    const delayMs = Math.max(0, (atNs - behindNs) / 1e6 - performance.now());
    // Timers above 2^31 ms fire at once in Node: wait in pieces.
    let timer: NodeJS.Timeout;
    const arm = (leftMs: number): void => {
      timer =
        leftMs > 2e9
          ? setTimeout(() => arm((atNs - behindNs) / 1e6 - performance.now()), 2e9)
          : setTimeout(callback, Math.ceil(Math.max(0, leftMs)));
    };
    arm(delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
  soon: (callback) => void setImmediate(callback),
};

/** The least of many differences is the one between two readings that nothing came between. */
function measureBehind(): number {
  let leastNs = Infinity;
  for (let reading = 0; reading < 50; reading++) {
    const ownNs = performance.now() * 1e6;
    leastNs = Math.min(leastNs, Number(process.hrtime.bigint()) - ownNs);
  }
  return Math.round(leastNs);
}
