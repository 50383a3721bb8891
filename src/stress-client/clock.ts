/**
 * Where time comes from. Everything that waits or measures takes one, so that the engine runs unchanged in
 * virtual time.
 */
export interface Clock {
  /** Monotonic nanoseconds since some origin; a number, exact to well under 1 µs for 100 days. */
  nowNs(): number;
  /** Milliseconds since 1970. Steps when the machine's clock is set: for labels, never for differences. */
  wallMs(): number;
  /** Calls back once, as soon after `atNs` as the platform can (about 1 ms late in Node). */
  at(atNs: number, callback: () => void): Timer;
  /** Calls back in a later turn of the event loop, after pending input and output had theirs. */
  soon(callback: () => void): void;
}

export interface Timer {
  cancel(): void;
}

/** The machine's clock. performance.now() costs no more than the other clocks of Node and needs no BigInt. */
export const systemClock: Clock = {
  nowNs: () => Math.round(performance.now() * 1e6),
  wallMs: () => Date.now(),
  at(atNs, callback) {
    const delayMs = Math.max(0, atNs / 1e6 - performance.now());
    // Timers above 2^31 ms fire at once in Node: wait in pieces.
    let timer: NodeJS.Timeout;
    const arm = (leftMs: number): void => {
      timer =
        leftMs > 2e9
          ? setTimeout(() => arm(atNs / 1e6 - performance.now()), 2e9)
          : setTimeout(callback, Math.max(0, leftMs));
    };
    arm(delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
  soon: (callback) => void setImmediate(callback),
};
