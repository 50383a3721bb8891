/*
 * The generator's 48 bits are its upper 32, which are all that is ever given out, and its lower 16. Of the multiplier
 * 0x5deece66d the upper ones take its lowest 32 bits, and the lower ones what is above 16.
 */
const multiplier = 0xdeece66d | 0;
const multiplierUpper = 0x5deec;
const multiplierLower = 0xe66d;
const addend = 0xb;

/**
 * java.util.Random for what is drawn from distributions, seeded with signed 32-bit halves; row-data.wat has its own
 * (https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Random.html).
 */
export class JavaRandom {
  #upper = 0;
  #lower = 0;
  #gaussian = NaN;

  setSeed(seedHigh: number, seedLow: number): void {
    this.#upper = ((seedHigh << 16) | (seedLow >>> 16)) ^ multiplierUpper;
    this.#lower = (seedLow & 0xffff) ^ multiplierLower;
    this.#gaussian = NaN;
  }

  /** Whole, from -2^31 to 2^31 - 1. */
  nextInt(): number {
    const lower = this.#lower;
    const product = Math.imul(lower, multiplierLower) + addend;
    const upper = Math.imul(this.#upper, multiplier) + Math.imul(lower, multiplierUpper) + (product >>> 16);
    this.#upper = upper | 0;
    this.#lower = product & 0xffff;
    return this.#upper;
  }

  /** At least 0, below 1. */
  nextDouble(): number {
    const upper = this.nextInt() >>> 6;
    const lower = this.nextInt() >>> 5;
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
