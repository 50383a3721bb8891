import { Waymarks } from './waymarks.ts';

/** Operations whose members are drawn together: nothing of a block follows from the one before it. */
export const blockOperations = 4096;

/** How a MIX shares its operations among its members; plain data. */
export interface MixShares {
  /** 32 bits. */
  readonly seed: number;
  /** Of each member, above 0. */
  readonly weights: readonly number[];
  /** Equally likely sizes of a cluster: so many operations of one member follow each other. Empty: always 1. */
  readonly clusterSizes: readonly number[];
}

/** Of each member, operations before the block `at`. */
interface Counted {
  readonly at: number;
  readonly before: readonly number[];
}

/** Which member of a MIX each of its operations belongs to: a pure function of the operation's number. */
export class MixOrder {
  readonly #shares: MixShares;
  /** The last one is 1. */
  readonly #shareUpTo: readonly number[];
  readonly #members = new Uint16Array(blockOperations);
  #block = -1;
  /** Where it was counted to last. */
  #counted: Counted;
  readonly #waymarks: Waymarks<Counted>;

  constructor(shares: MixShares) {
    const { weights } = shares;
    const sum = weights.reduce((all, weight) => all + weight, 0);
    let upTo = 0;
    this.#shares = shares;
    this.#shareUpTo = weights.map((weight, member) =>
      member === weights.length - 1 ? 1 : (upTo += weight / sum),
    );
    this.#counted = { at: 0, before: weights.map(() => 0) };
    this.#waymarks = new Waymarks(this.#counted);
  }

  memberOf(operation: number): number {
    const block = Math.floor(operation / blockOperations);
    if (block !== this.#block) this.#draw(block);
    return this.#members[operation - block * blockOperations]!;
  }

  /** How many of the operations below `end` are a member's. Takes time by the blocks between `end` and where it was before. */
  countBefore(end: number, member: number): number {
    const block = Math.floor(end / blockOperations);
    this.#countTo(block);
    let count = this.#counted.before[member]!;
    const first = block * blockOperations;
    for (let operation = first; operation < end; operation++)
      if (this.memberOf(operation) === member) count++;
    return count;
  }

  #countTo(block: number): void {
    this.#counted = this.#waymarks.nearest(block, this.#counted);
    while (this.#counted.at > block) this.#step(this.#counted.at - 1, -1);
    while (this.#counted.at < block) {
      this.#step(this.#counted.at, 1);
      this.#waymarks.pass(this.#counted);
    }
  }

  /** Counts over a block, forward or back. */
  #step(over: number, by: 1 | -1): void {
    if (over !== this.#block) this.#draw(over);
    const before = [...this.#counted.before];
    for (const member of this.#members) before[member]! += by;
    this.#counted = { at: this.#counted.at + by, before };
  }

  #draw(block: number): void {
    this.#block = block;
    const { seed, clusterSizes } = this.#shares;
    const key = scramble(seed ^ scramble(block ^ Math.imul(Math.floor(block / 2 ** 32), 0x9e37_79b1)));
    let draws = 0;
    const unit = (): number => (scramble(key ^ Math.imul(++draws, 0x9e37_79b1)) >>> 0) / 2 ** 32;
    for (let at = 0; at < blockOperations;) {
      const share = unit();
      let member = 0;
      while (share >= this.#shareUpTo[member]!) member++;
      const size = clusterSizes.length === 0 ? 1 : clusterSizes[Math.floor(unit() * clusterSizes.length)]!;
      const end = Math.min(at + size, blockOperations);
      this.#members.fill(member, at, end);
      at = end;
    }
  }
}

/** A bijection of 32-bit integers with little bias ("lowbias32" of Chris Wellons' hash prospector). */
function scramble(word: number): number {
  let hash = word;
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0_aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a_2d97);
  return hash ^ (hash >>> 15);
}
