import { workerData } from 'node:worker_threads';
import { systemClock } from './clock.ts';
import { aheadNs, type PacerWords } from './precise-clock.ts';

/* Wakes the thread that started this one at the times that it tells; see `preciseClock`. */
const { counts, dueNs } = workerData as PacerWords;

for (;;) {
  const told = Atomics.load(counts, 0);
  const leftMs = told === 0 ? Infinity : (dueNs[0]! - aheadNs - systemClock.nowNs()) / 1e6;
  // Another time may be told while it waits.
  if (leftMs > 0 && Atomics.wait(counts, 0, told, leftMs) !== 'timed-out') continue;
  Atomics.add(counts, 1, 1);
  Atomics.notify(counts, 1);
  Atomics.wait(counts, 0, told);
}
