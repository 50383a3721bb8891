import { DueQueue } from './due-queue.ts';
import type { RunningLoad } from './running-load.ts';
import type { SlotPool } from './slot-pool.ts';

/**
 * Which running statement gets the next free slot of a pool: the open one whose next operation has the
 * earliest intended start, if that has come; else the closed ones in turn.
 */
export class Admission {
  readonly slots: SlotPool;
  /** Open statements by the intended start of their next operation. */
  readonly #due = new DueQueue();
  readonly #open = new Map<number, RunningLoad>();
  readonly #closed: RunningLoad[] = [];
  #turn = 0;

  constructor(slots: SlotPool) {
    this.slots = slots;
  }

  /** When a timer has to call, for a slot that is free. */
  get wakeNs(): number {
    return this.slots.hasFree ? this.#due.firstNs : Infinity;
  }

  /** The open statement whose operation is due next, where a slot waits for it. */
  get upcoming(): RunningLoad | undefined {
    return this.wakeNs < Infinity ? this.#open.get(this.#due.first) : undefined;
  }

  join(load: RunningLoad): void {
    if (!load.isOpen) this.#closed.push(load);
    else {
      this.#open.set(load.id, load);
      this.#due.put(load.id, load.nextNs);
    }
  }

  leave(load: RunningLoad): void {
    if (load.isOpen) {
      this.#due.remove(load.id);
      this.#open.delete(load.id);
      return;
    }
    const at = this.#closed.indexOf(load);
    if (at < 0) return;
    this.#closed.splice(at, 1);
    if (at < this.#turn) this.#turn--;
  }

  /** The statement to send an operation of, if any; with `sent` called before the next call. */
  next(nowNs: number): RunningLoad | undefined {
    if (this.#due.firstNs <= nowNs) return this.#open.get(this.#due.first);
    for (let tried = 0; tried < this.#closed.length; tried++) {
      if (this.#turn >= this.#closed.length) this.#turn = 0;
      const load = this.#closed[this.#turn++]!;
      if (load.ready) return load;
    }
    return undefined;
  }

  /** Tells that the next operation of a statement that has joined is due at another time. */
  moved(load: RunningLoad): void {
    if (!this.#open.has(load.id)) return;
    this.#due.remove(load.id);
    this.#due.put(load.id, load.nextNs);
  }

  /** Tells that the statement that `next` named has sent its operation and has another one. */
  sent(load: RunningLoad): void {
    if (load.isOpen) this.#due.postponeFirst(load.nextNs);
  }
}
