import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from './clock.ts';
import { DueQueue } from './due-queue.ts';

/** What a pacer thread shares with the thread that it wakes. */
export interface PacerWords {
  /** [how often it was told a time, how often it woke the other]. */
  readonly counts: Int32Array;
  /** [when to wake the other, on the machine's clock]. */
  readonly dueNs: Float64Array;
}

/** So long before a time is due the pacer thread wakes this one: about what that takes. */
export const aheadNs = 60e3;

/**
 * The machine's clock with timers that are some 0.1 ms late instead of 1: a thread waits for the next one and wakes
 * this thread. It costs two switches of threads a timer. The thread keeps no process alive, and ends with this one.
 */
export function preciseClock(clock: Clock): Clock {
  const counts = new Int32Array(new SharedArrayBuffer(8));
  const dueNs = new Float64Array(new SharedArrayBuffer(8));
  const script = new URL(`./pacer-thread${extname(import.meta.url)}`, import.meta.url);
  new Worker(script, { workerData: { counts, dueNs } satisfies PacerWords }).unref();
  const queue = new DueQueue();
  const callbacks = new Map<number, () => void>();
  let lastId = 0;
  let toldNs = Infinity;

  const tell = (): void => {
    if (queue.firstNs >= toldNs) return;
    toldNs = queue.firstNs;
    dueNs[0] = toldNs;
    Atomics.add(counts, 0, 1);
    Atomics.notify(counts, 0);
  };
  const wake = (): void => {
    listen();
    toldNs = Infinity;
    // It was woken a little before the time: a timer that is called early would have to be set again.
    while (queue.firstNs - clock.nowNs() < aheadNs) {
      while (queue.firstNs > clock.nowNs());
      const id = queue.take();
      const callback = callbacks.get(id)!;
      callbacks.delete(id);
      callback();
    }
    tell();
  };
  const listen = (): void => {
    const waiting = Atomics.waitAsync(counts, 1, Atomics.load(counts, 1));
    if (waiting.async) void waiting.value.then(wake);
  };
  listen();
  return {
    ...clock,
    timersLateNs: 0,
    at(atNs, callback) {
      const id = ++lastId;
      queue.put(id, atNs);
      callbacks.set(id, callback);
      tell();
      return {
        cancel: () => {
          if (callbacks.delete(id)) queue.remove(id);
        },
      };
    },
  };
}
