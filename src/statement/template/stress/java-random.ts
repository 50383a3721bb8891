/*
 * The multiplication of the generator's 48 bits in halves of 24: every product is exact as a double or, where only
 * its low bits count, as a 32-bit integer.
 */
const multiplierHigh = 0x5de;
const multiplierLow = 0xece66d;
const addend = 0xb;
const half = 2 ** -24;
const mask = 0xffffff;

/**
 * java.util.Random, with 64-bit numbers as signed 32-bit halves
 * (https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Random.html).
 */
export class JavaRandom {
  #high = 0;
  #low = 0;
  #gaussian = NaN;
  /** The halves of the last `nextLong`. */
  longHigh = 0;
  longLow = 0;

  setSeed(seedHigh: number, seedLow: number): void {
    const low = seedLow ^ 0xdeece66d;
    this.#high = (((seedHigh ^ 0x5) & 0xffff) << 8) | (low >>> 24);
    this.#low = low & mask;
    this.#gaussian = NaN;
  }

  #step(): void {
    const low = this.#low;
    const carry = ((low * multiplierLow + addend) * half) | 0;
    this.#high = (Math.imul(this.#high, multiplierLow) + Math.imul(low, multiplierHigh) + carry) & mask;
    this.#low = (Math.imul(low, multiplierLow) + addend) & mask;
  }

  /** Whole, from -2^31 to 2^31 - 1. */
  nextInt(): number {
    this.#step();
    return (this.#high << 8) | (this.#low >>> 16);
  }

  /** Leaves its halves in `longHigh` and `longLow`. */
  nextLong(): void {
    const high = this.nextInt();
    const low = this.nextInt();
    // Java adds the low half with its sign.
    this.longHigh = low < 0 ? (high - 1) | 0 : high;
    this.longLow = low;
  }

  /** At least 0, below 1. */
  nextDouble(): number {
    this.#step();
    const upper = (this.#high << 2) | (this.#low >>> 22);
    this.#step();
    const lower = (this.#high << 3) | (this.#low >>> 21);
    return (upper * 0x8000000 + lower) * 2 ** -53;
  }

  /** Mean 0, deviation 1: Marsaglia's polar method, two values at a time. */
  nextGaussian(): number {
    const kept = this.#gaussian;
    if (!Number.isNaN(kept)) {
      this.#gaussian = NaN;
      return kept;
    }
    for (;;) {
      const first = 2 * this.nextDouble() - 1;
      const second = 2 * this.nextDouble() - 1;
      const square = first * first + second * second;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#gaussian = second * factor;
      return first * factor;
    }
  }
}
