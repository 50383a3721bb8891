import type { Plan } from './plan.ts';
import type { FailedOperation } from './results.ts';
import type { PooledSlot } from './slot-pool.ts';

/** Of a statement and a client, in an interval. */
const failuresAtMost = 200;

/** Operations of a statement that were not acknowledged, as far as they are kept: plain data. */
export interface Failures {
  readonly operations: readonly FailedOperation[];
  /** Further ones that are only counted. */
  readonly more: number;
}

/** Keeps the operations of one statement that were not acknowledged until they are taken: at most 200, the rest counted. */
export class FailureLog {
  readonly #plan: Plan;
  #operations: FailedOperation[] = [];
  #more = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  add(slot: PooledSlot): void {
    if (this.#operations.length === failuresAtMost) {
      this.#more++;
      return;
    }
    const { operation, attempt, errorClass, message, status, answeredNs, warmup } = slot;
    this.#operations.push({
      operation,
      indexes: this.#plan.indexesOf?.(operation),
      attempts: attempt,
      errorClass: errorClass!,
      message,
      status,
      endNs: answeredNs,
      warmup,
    });
  }

  /** Hands out what was kept since the last call, and forgets it; undefined when nothing was. */
  take(): Failures | undefined {
    if (this.#operations.length === 0) return undefined;
    const taken = { operations: this.#operations, more: this.#more };
    this.#operations = [];
    this.#more = 0;
    return taken;
  }
}
