import type { TokenRing } from '../cql-session.ts';
import type { DirectNode } from './direct-node.ts';

/** Replicas of tokens, in halves as Murmur3 gives them. */
export class ReplicaRing {
  /** The ranges' ends, low half first. */
  readonly #halves: Int32Array;
  readonly #ranges: number;
  readonly #replicas: readonly (readonly DirectNode[])[];

  /** `nodes`: those of the ring, undefined where one gets no load. */
  constructor(ring: TokenRing, nodes: readonly (DirectNode | undefined)[]) {
    this.#ranges = ring.ends.length;
    this.#halves = new Int32Array(2 * this.#ranges);
    for (const [range, end] of ring.ends.entries()) {
      this.#halves[2 * range] = Number(BigInt.asIntN(32, end));
      this.#halves[2 * range + 1] = Number(end >> 32n);
    }
    this.#replicas = ring.replicas.map((indexes) => indexes.flatMap((index) => nodes[index] ?? []));
  }

  /** Who has the partition with that token. */
  replicasOf(high: number, low: number): readonly DirectNode[] {
    const halves = this.#halves;
    const unsignedLow = low >>> 0;
    let first = 0;
    let last = this.#ranges;
    while (first < last) {
      const middle = (first + last) >> 1;
      const endHigh = halves[2 * middle + 1]!;
      const reaches = endHigh > high || (endHigh === high && halves[2 * middle]! >>> 0 >= unsignedLow);
      if (reaches) last = middle;
      else first = middle + 1;
    }
    // Beyond the last end the ring begins again.
    return this.#replicas[first === this.#ranges ? 0 : first]!;
  }
}
