import type { TokenRing } from '../cql-session.ts';
import type { DirectNode } from './direct-node.ts';

/** Tokens whose highest bits are the same are looked up together: so many groups. */
const groupBits = 12;

/** Replicas of tokens, in halves as Murmur3 gives them. */
export class ReplicaRing {
  /** The ranges' ends, low half first. */
  readonly #halves: Int32Array;
  readonly #ranges: number;
  readonly #replicas: readonly (readonly DirectNode[])[];
  /** The first range that reaches into each group: a search would cost more than the few steps from there. */
  readonly #firstOf: Int32Array;

  /** `nodes`: those of the ring, undefined where one gets no load. */
  constructor(ring: TokenRing, nodes: readonly (DirectNode | undefined)[]) {
    this.#ranges = ring.ends.length;
    this.#halves = new Int32Array(2 * this.#ranges);
    for (const [range, end] of ring.ends.entries()) {
      this.#halves[2 * range] = Number(BigInt.asIntN(32, end));
      this.#halves[2 * range + 1] = Number(end >> 32n);
    }
    this.#replicas = ring.replicas.map((indexes) => indexes.flatMap((index) => nodes[index] ?? []));
    this.#firstOf = new Int32Array(1 << groupBits);
    for (let group = 0, range = 0; group < this.#firstOf.length; group++) {
      const smallest = (group << (32 - groupBits)) ^ 0x80000000;
      while (range < this.#ranges && this.#halves[2 * range + 1]! < smallest) range++;
      this.#firstOf[group] = range;
    }
  }

  /** Who has the partition with that token. */
  replicasOf(high: number, low: number): readonly DirectNode[] {
    const halves = this.#halves;
    let range = this.#firstOf[(high ^ 0x80000000) >>> (32 - groupBits)]!;
    for (; range < this.#ranges; range++) {
      const endHigh = halves[2 * range + 1]!;
      if (endHigh > high || (endHigh === high && halves[2 * range]! >>> 0 >= low >>> 0)) {
        return this.#replicas[range]!;
      }
    }
    // Beyond the last end the ring begins again.
    return this.#replicas[0]!;
  }
}
