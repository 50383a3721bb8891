import type { Clock, Timer } from '../../src/stress-client/clock.ts';

interface Event {
  readonly atNs: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

/**
 * A clock whose time passes only from event to event. Microtasks are drained between events, as the event
 * loop does, so that everything that takes a Clock behaves as it would, only at once and the same every time.
 */
export class VirtualClock implements Clock {
  readonly timersLateNs: number = 0;
  #nowNs = 0;
  #order = 0;
  readonly #heap: Event[] = [];
  readonly #startMs: number;

  /** Starts at an origin that is not 0, since no clock of a machine does. */
  constructor(startMs = Date.UTC(2026, 0, 1), originNs = 5e9) {
    this.#startMs = startMs;
    this.#nowNs = originNs;
  }

  nowNs(): number {
    return this.#nowNs;
  }

  wallMs(): number {
    return this.#startMs + Math.floor(this.#nowNs / 1e6);
  }

  at(atNs: number, callback: () => void): Timer {
    const event: Event = { atNs: Math.max(atNs, this.#nowNs), order: this.#order++, callback };
    this.#push(event);
    return { cancel: () => void (event.callback = undefined) };
  }

  soon(callback: () => void): void {
    this.at(this.#nowNs, callback);
  }

  /** Time passes without the event loop turning: as if the thread had been busy. */
  block(ns: number): void {
    this.#nowNs += ns;
  }

  /** Runs events until the promise settles; throws when nothing is left to happen before it does, or after `limitNs`. */
  async until<Value>(promise: Promise<Value>, limitNs = Infinity): Promise<Value> {
    let settled = false;
    const settle = (): void => void (settled = true);
    promise.then(settle, settle);
    await this.#turn(() => settled, limitNs);
    if (!settled)
      throw new Error(`nothing more happens at ${this.#nowNs / 1e9} s, and the promise is pending`);
    return promise;
  }

  /** Runs what happens within the next `ns`. */
  async pass(ns: number): Promise<void> {
    const endNs = this.#nowNs + ns;
    await this.#turn(() => (this.#next()?.atNs ?? Infinity) > endNs, Infinity);
    this.#nowNs = Math.max(this.#nowNs, endNs);
  }

  #turn(done: () => boolean, limitNs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let turns = 0;
      const step = (): void => {
        const event = done() ? undefined : this.#next();
        if (event === undefined || event.atNs > limitNs) return resolve();
        this.#pop();
        this.#nowNs = Math.max(this.#nowNs, event.atNs);
        try {
          event.callback!();
        } catch (error) {
          return reject(error as Error);
        }
        // A tick that is asked for in a microtask comes after all other microtasks.
        if (++turns % 1000 === 0) setImmediate(step);
        else queueMicrotask(() => process.nextTick(step));
      };
      setImmediate(step);
    });
  }

  #next(): Event | undefined {
    while (this.#heap.length > 0 && this.#heap[0]!.callback === undefined) this.#pop();
    return this.#heap[0];
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(event, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function before(one: Event, other: Event): boolean {
  return one.atNs < other.atNs || (one.atNs === other.atNs && one.order < other.order);
}
