import type { Lease } from './package.ts';

/** Operations of one lease of a closed model at most: enough that asking for the next one costs nothing. */
const chunkAtMost = 4096;

/**
 * Deals the operations of a statement to clients. In an open model each has every n-th one for good: the pacer
 * says when each is due, and a stretch of them would give one client all the load of a moment. So has each in a
 * closed model without an end; in one with an end they get chunks, which shrink with what is left, so that they
 * end together.
 */
export class LeaseDealer {
  readonly #lease: Lease;
  readonly #clients: number;
  readonly #strided: boolean;
  #dealt = 0;

  constructor(lease: Lease, model: 'open' | 'closed', clients: number) {
    this.#lease = lease;
    this.#clients = clients;
    this.#strided = model === 'open' || clients === 1 || lease.count === Infinity;
  }

  /** What a client begins with, which may be nothing. */
  first(client: number): Lease {
    const { first, stride, count } = this.#lease;
    if (!this.#strided) return this.next() ?? { first, stride, count: 0 };
    return {
      first: first + client * stride,
      stride: stride * this.#clients,
      count: Math.max(0, Math.ceil((count - client) / this.#clients)),
    };
  }

  /** A further chunk; undefined when all has been dealt. */
  next(): Lease | undefined {
    if (!this.hasMore) return undefined;
    const { first, stride, count } = this.#lease;
    const chunk = Math.min(chunkAtMost, Math.ceil((count - this.#dealt) / (2 * this.#clients)));
    const lease = { first: first + this.#dealt * stride, stride, count: chunk };
    this.#dealt += chunk;
    return lease;
  }

  get hasMore(): boolean {
    return !this.#strided && this.#dealt < this.#lease.count;
  }
}
