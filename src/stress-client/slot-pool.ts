import type { ActiveLease, RunningLoad } from './running-load.ts';
import type { RunningMember } from './running-member.ts';
import { Slot } from './slot.ts';

/** A slot with what the client has to remember of the operation in it. */
export class PooledSlot extends Slot {
  readonly pool: SlotPool;
  /** Since when it is free, or was when it was taken. */
  freeSinceNs = 0;
  /** Undefined while nothing that counts is in it. */
  load: RunningLoad | undefined = undefined;
  member!: RunningMember;
  lease!: ActiveLease;
  warmup = false;
  /** The stage of the open model in which it was sent, from 1; 0 is none. */
  stage = 0;
  /** When the first attempt was sent. */
  firstSentNs = 0;
  slotWaitNs = 0;
  latenessNs = 0;
  /** An attempt before this one may have taken effect. */
  maybeDone = false;
  /** It waits for its next attempt. */
  retrying = false;
  /** Operations in a row that failed on the connection or by overload. */
  setbacks = 0;

  constructor(index: number, pool: SlotPool) {
    super(index);
    this.pool = pool;
  }
}

/**
 * The slots that a number of statements share. First freed, first taken: so the slot that an operation gets
 * tells since when it could have had one.
 */
export class SlotPool {
  readonly #make: (pool: SlotPool) => PooledSlot;
  /** A ring of the free ones. */
  #free: (PooledSlot | undefined)[] = [undefined];
  #head = 0;
  #freeCount = 0;
  readonly #withheld: PooledSlot[] = [];
  #taken = 0;
  #limit = 0;

  constructor(make: (pool: SlotPool) => PooledSlot) {
    this.#make = make;
  }

  get hasFree(): boolean {
    return this.#freeCount > 0;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Only while `hasFree`. */
  take(): PooledSlot {
    const slot = this.#free[this.#head]!;
    this.#free[this.#head] = undefined;
    this.#head = (this.#head + 1) % this.#free.length;
    this.#freeCount--;
    this.#taken++;
    return slot;
  }

  /** Gives back a slot that is free since `freeSinceNs`. */
  give(slot: PooledSlot, freeSinceNs: number): void {
    this.#taken--;
    slot.freeSinceNs = freeSinceNs;
    if (this.#taken + this.#freeCount < this.#limit) this.#push(slot);
    else this.#withheld.push(slot);
  }

  /** Sets how many operations may be in flight. Fewer withholds slots as they become free, and cancels nothing. */
  resize(limit: number, nowNs: number): void {
    this.#limit = limit;
    while (this.#freeCount > 0 && this.#taken + this.#freeCount > limit) {
      this.#withheld.push(this.take());
      this.#taken--;
    }
    while (this.#taken + this.#freeCount < limit) {
      const slot = this.#withheld.pop() ?? this.#make(this);
      slot.freeSinceNs = nowNs;
      this.#push(slot);
    }
  }

  #push(slot: PooledSlot): void {
    if (this.#freeCount === this.#free.length) {
      this.#free = [...this.#free.slice(this.#head), ...this.#free.slice(0, this.#head)];
      this.#free.length *= 2;
      this.#head = 0;
    }
    this.#free[(this.#head + this.#freeCount++) % this.#free.length] = slot;
  }
}
