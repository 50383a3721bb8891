/** Operations whose members are drawn together: nothing of a block follows from the one before it. */
export const blockOperations = 4096;
/** Blocks whose counts are kept: however long a run is, counting from the one before takes few steps. */
const keptAtMost = 1024;

/** How a MIX shares its operations among its members; plain data. */
export interface MixShares {
  /** 32 bits. */
  readonly seed: number;
  /** Of each member, above 0. */
  readonly weights: readonly number[];
  /** Equally likely sizes of a cluster: so many operations of one member follow each other. Empty: always 1. */
  readonly clusterSizes: readonly number[];
}

/** Which member of a MIX each of its operations belongs to: a pure function of the operation's number. */
export class MixOrder {
  readonly #shares: MixShares;
  /** The last one is 1. */
  readonly #shareUpTo: readonly number[];
  readonly #members = new Uint16Array(blockOperations);
  #block = -1;
  /** Of each member, operations before the block that was counted to last. */
  #before: readonly number[];
  #countedTo = 0;
  /** The same before each `#keptEvery`th block, as far as it was counted. */
  #kept: (readonly number[])[];
  #keptEvery = 1;

  constructor(shares: MixShares) {
    const { weights } = shares;
    const sum = weights.reduce((all, weight) => all + weight, 0);
    let upTo = 0;
    this.#shares = shares;
    this.#shareUpTo = weights.map((weight, member) =>
      member === weights.length - 1 ? 1 : (upTo += weight / sum),
    );
    this.#before = weights.map(() => 0);
    this.#kept = [this.#before];
  }

  memberOf(operation: number): number {
    const block = Math.floor(operation / blockOperations);
    if (block !== this.#block) this.#draw(block);
    return this.#members[operation - block * blockOperations]!;
  }

  /** How many of the operations below `end` are a member's. Takes time by the block that `end` is further than before. */
  countBefore(end: number, member: number): number {
    const block = Math.floor(end / blockOperations);
    this.#countTo(block);
    let count = this.#before[member]!;
    const first = block * blockOperations;
    for (let operation = first; operation < end; operation++)
      if (this.memberOf(operation) === member) count++;
    return count;
  }

  #countTo(block: number): void {
    if (block < this.#countedTo) {
      const nearest = Math.floor(block / this.#keptEvery);
      this.#before = this.#kept[nearest]!;
      this.#countedTo = nearest * this.#keptEvery;
    }
    while (this.#countedTo < block) {
      if (this.#countedTo !== this.#block) this.#draw(this.#countedTo);
      const counts = [...this.#before];
      for (const member of this.#members) counts[member]!++;
      this.#before = counts;
      this.#countedTo++;
      if (this.#countedTo === this.#kept.length * this.#keptEvery) this.#keep(counts);
    }
  }

  #keep(counts: readonly number[]): void {
    this.#kept.push(counts);
    if (this.#kept.length <= keptAtMost) return;
    this.#kept = this.#kept.filter((_, at) => at % 2 === 0);
    this.#keptEvery *= 2;
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
