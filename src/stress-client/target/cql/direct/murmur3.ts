/*
 * 64-bit integers are two 32-bit halves, since BigInts would cost more than the rest of a request. What has two
 * halves is computed twice, in functions without state, which the compiler keeps in registers.
 */

/** The high half of a product; its low half is what Math.imul makes of the low halves. */
function productHigh(oneHigh: number, oneLow: number, otherHigh: number, otherLow: number): number {
  // A float has 53 bits of the low halves' 64: once the low half is taken off, the nearest integer is the high one.
  const low = Math.imul(oneLow, otherLow) >>> 0;
  const high = ((oneLow >>> 0) * (otherLow >>> 0) - low) / 0x100000000;
  return (((high + 0.5) | 0) + Math.imul(oneHigh, otherLow) + Math.imul(oneLow, otherHigh)) | 0;
}

/** The high half of a sum, whose low half is there. */
function sumHigh(oneHigh: number, oneLow: number, otherHigh: number, sumLow: number): number {
  return (oneHigh + otherHigh + (sumLow >>> 0 < oneLow >>> 0 ? 1 : 0)) | 0;
}

/** What of a number is above its lowest 32 bits. */
function upperOf(number: number): number {
  return (number / 0x100000000) | 0;
}

/** A half of what is rotated left by 1 to 31 bits, of the same half and the other. */
function rotated(half: number, other: number, bits: number): number {
  return (half << bits) | (other >>> (32 - bits));
}

/** Four bytes, the lowest first. */
function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** The first `count` of four bytes, the lowest first; 0 for none. */
function beginningOfWord(bytes: Uint8Array, at: number, count: number): number {
  if (count >= 4) return word(bytes, at);
  if (count <= 0) return 0;
  let beginning = bytes[at]!;
  if (count > 1) beginning |= bytes[at + 1]! << 8;
  if (count > 2) beginning |= bytes[at + 2]! << 16;
  return beginning;
}

/** For each byte, whether so many bytes up to it are negative that the ones they begin with cancel out: 0, else 1. */
function signsThrough(bytes: number): number {
  let signs = (bytes >>> 7) & 0x01010101;
  signs ^= signs << 8;
  return signs ^ (signs << 16);
}

/** The low half of a sum of bytes that are taken as signed, each shifted to its place: a negative one fills the rest. */
function signedLow(low: number): number {
  return low ^ Math.imul(signsThrough(low) << 8, 0xff);
}

/** The high half of that. */
function signedHigh(low: number, high: number): number {
  return signedLow(high) ^ -(signsThrough(low) >>> 24);
}

const c1High = 0x87c37b91 | 0;
const c1Low = 0x114253d5;
const c2High = 0x4cf5ad43;
const c2Low = 0x2745937f;
const m1High = 0xff51afd7 | 0;
const m1Low = 0xed558ccd | 0;
const m2High = 0xc4ceb9fe | 0;
const m2Low = 0x1a85ec53;

/**
 * The token of a partition key: Cassandra's Murmur3, the first half of the 128-bit one for x64 with seed 0, in
 * which the bytes of the tail are taken as signed (org.apache.cassandra.utils.MurmurHash). Its three parts are
 * functions of their own, small enough for the compiler to have all of the arithmetic in place.
 */
export class Murmur3 {
  /** The token's halves, both signed. */
  high = 0;
  low = 0;

  /* What was hashed so far, in halves. */
  #h1High = 0;
  #h1Low = 0;
  #h2High = 0;
  #h2Low = 0;

  /** Hashes the bytes from `start` to `end`. */
  hash(bytes: Uint8Array, start: number, end: number): void {
    this.#h1High = 0;
    this.#h1Low = 0;
    this.#h2High = 0;
    this.#h2Low = 0;
    let at = start;
    for (; end - at >= 16; at += 16) this.#addBlock(bytes, at);
    if (at < end) this.#addTail(bytes, at, end - at);
    this.#finish(end - start);
  }

  #addBlock(bytes: Uint8Array, at: number): void {
    let low = word(bytes, at);
    let high = productHigh(word(bytes, at + 4), low, c1High, c1Low);
    low = Math.imul(low, c1Low);
    let otherHigh = rotated(high, low, 31);
    let otherLow = rotated(low, high, 31);
    high = this.#h1High ^ productHigh(otherHigh, otherLow, c2High, c2Low);
    low = this.#h1Low ^ Math.imul(otherLow, c2Low);
    otherHigh = rotated(high, low, 27);
    otherLow = rotated(low, high, 27);
    low = (otherLow + this.#h2Low) | 0;
    high = sumHigh(otherHigh, otherLow, this.#h2High, low);
    let fivefold = (low >>> 0) * 5 + 0x52dce729;
    const h1High = (Math.imul(high, 5) + upperOf(fivefold)) | 0;
    const h1Low = fivefold | 0;
    this.#h1High = h1High;
    this.#h1Low = h1Low;

    low = word(bytes, at + 8);
    high = productHigh(word(bytes, at + 12), low, c2High, c2Low);
    low = Math.imul(low, c2Low);
    // By 33: the halves change places.
    otherHigh = rotated(low, high, 1);
    otherLow = rotated(high, low, 1);
    high = this.#h2High ^ productHigh(otherHigh, otherLow, c1High, c1Low);
    low = this.#h2Low ^ Math.imul(otherLow, c1Low);
    otherHigh = rotated(high, low, 31);
    otherLow = rotated(low, high, 31);
    low = (otherLow + h1Low) | 0;
    high = sumHigh(otherHigh, otherLow, h1High, low);
    fivefold = (low >>> 0) * 5 + 0x38495ab5;
    this.#h2High = (Math.imul(high, 5) + upperOf(fivefold)) | 0;
    this.#h2Low = fivefold | 0;
  }

  /** Adds the last bytes, 1 to 15 of them. */
  #addTail(bytes: Uint8Array, at: number, length: number): void {
    let word1 = beginningOfWord(bytes, at, length);
    let low = signedLow(word1);
    let high = productHigh(signedHigh(word1, beginningOfWord(bytes, at + 4, length - 4)), low, c1High, c1Low);
    low = Math.imul(low, c1Low);
    let rotatedLow = rotated(low, high, 31);
    this.#h1High ^= productHigh(rotated(high, low, 31), rotatedLow, c2High, c2Low);
    this.#h1Low ^= Math.imul(rotatedLow, c2Low);
    if (length <= 8) return;
    word1 = beginningOfWord(bytes, at + 8, length - 8);
    low = signedLow(word1);
    high = productHigh(signedHigh(word1, beginningOfWord(bytes, at + 12, length - 12)), low, c2High, c2Low);
    low = Math.imul(low, c2Low);
    // By 33: the halves change places.
    rotatedLow = rotated(high, low, 1);
    this.#h2High ^= productHigh(rotated(low, high, 1), rotatedLow, c1High, c1Low);
    this.#h2Low ^= Math.imul(rotatedLow, c1Low);
  }

  /** Mixes both halves of the 128 bits once more, and adds them. */
  #finish(length: number): void {
    const h1Low = this.#h1Low ^ length;
    let otherLow = this.#h2Low ^ length;
    let low = (h1Low + otherLow) | 0;
    let high = sumHigh(this.#h1High, h1Low, this.#h2High, low);
    let otherHigh = sumHigh(this.#h2High, otherLow, high, (otherLow + low) | 0);
    otherLow = (otherLow + low) | 0;
    low ^= high >>> 1;
    otherLow ^= otherHigh >>> 1;
    high = productHigh(high, low, m1High, m1Low);
    otherHigh = productHigh(otherHigh, otherLow, m1High, m1Low);
    low = Math.imul(low, m1Low) ^ (high >>> 1);
    otherLow = Math.imul(otherLow, m1Low) ^ (otherHigh >>> 1);
    high = productHigh(high, low, m2High, m2Low);
    otherHigh = productHigh(otherHigh, otherLow, m2High, m2Low);
    low = Math.imul(low, m2Low) ^ (high >>> 1);
    otherLow = Math.imul(otherLow, m2Low) ^ (otherHigh >>> 1);
    const tokenLow = (low + otherLow) | 0;
    const tokenHigh = sumHigh(high, low, otherHigh, tokenLow);
    // No partition has the smallest token of all: Cassandra makes it the largest.
    const smallest = tokenLow === 0 && tokenHigh === -0x80000000;
    this.high = smallest ? 0x7fffffff : tokenHigh;
    this.low = smallest ? -1 : tokenLow;
  }
}
