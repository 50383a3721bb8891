/*
 * 64-bit integers are two 32-bit halves, since BigInts would cost more than the rest of a request. What computes
 * one returns its low half and leaves the other in `high`.
 */

let high = 0;

function multiply(oneHigh: number, oneLow: number, otherHigh: number, otherLow: number): number {
  // Products of 16-bit numbers are the largest that Math.imul gives whole.
  const low = Math.imul(oneLow & 0xffff, otherLow & 0xffff) >>> 16;
  const middle = Math.imul(oneLow >>> 16, otherLow & 0xffff);
  const cross = Math.imul(oneLow & 0xffff, otherLow >>> 16);
  const carry = (low + (middle & 0xffff) + (cross & 0xffff)) >>> 16;
  const product = Math.imul(oneLow >>> 16, otherLow >>> 16) + (middle >>> 16) + (cross >>> 16) + carry;
  high = (product + Math.imul(oneHigh, otherLow) + Math.imul(oneLow, otherHigh)) | 0;
  return Math.imul(oneLow, otherLow);
}

function add(oneHigh: number, oneLow: number, otherHigh: number, otherLow: number): number {
  const low = (oneLow + otherLow) | 0;
  high = (oneHigh + otherHigh + (low >>> 0 < oneLow >>> 0 ? 1 : 0)) | 0;
  return low;
}

/** Rotates left by 1 to 31 bits; by 32 more where the halves come the other way round. */
function rotate(oneHigh: number, oneLow: number, bits: number): number {
  high = (oneHigh << bits) | (oneLow >>> (32 - bits));
  return (oneLow << bits) | (oneHigh >>> (32 - bits));
}

const c1High = 0x87c37b91 | 0;
const c1Low = 0x114253d5;
const c2High = 0x4cf5ad43;
const c2Low = 0x2745937f;

/** What the first half of a block adds to the hash. */
function mixFirst(kHigh: number, kLow: number): number {
  let low = multiply(kHigh, kLow, c1High, c1Low);
  low = rotate(high, low, 31);
  return multiply(high, low, c2High, c2Low);
}

/** What the second half of a block adds to the hash. */
function mixSecond(kHigh: number, kLow: number): number {
  const low = multiply(kHigh, kLow, c2High, c2Low);
  const rotated = rotate(low, high, 1);
  return multiply(high, rotated, c1High, c1Low);
}

function finalMix(hHigh: number, hLow: number): number {
  let low = multiply(hHigh, hLow ^ (hHigh >>> 1), 0xff51afd7 | 0, 0xed558ccd | 0);
  low = multiply(high, low ^ (high >>> 1), 0xc4ceb9fe | 0, 0x1a85ec53);
  return low ^ (high >>> 1);
}

/** Four bytes, the lowest first; those from `end` on are 0, and the last may be signed. */
function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/**
 * The token of a partition key: Cassandra's Murmur3, the first half of the 128-bit one for x64 with seed 0, in
 * which the bytes of the tail are taken as signed (org.apache.cassandra.utils.MurmurHash).
 */
export class Murmur3 {
  /** The token's halves, both signed. */
  high = 0;
  low = 0;

  /** Hashes the bytes from `start` to `end`. */
  hash(bytes: Uint8Array, start: number, end: number): void {
    let firstHigh = 0;
    let first = 0;
    let secondHigh = 0;
    let second = 0;
    const tail = end - ((end - start) & 15);
    for (let at = start; at < tail; at += 16) {
      first ^= mixFirst(word(bytes, at + 4), word(bytes, at));
      first = rotate(firstHigh ^ high, first, 27);
      first = add(high, first, secondHigh, second);
      first = multiply(high, first, 0, 5);
      first = add(high, first, 0, 0x52dce729);
      firstHigh = high;
      second ^= mixSecond(word(bytes, at + 12), word(bytes, at + 8));
      // By 31.
      second = rotate(secondHigh ^ high, second, 31);
      second = add(high, second, firstHigh, first);
      second = multiply(high, second, 0, 5);
      second = add(high, second, 0, 0x38495ab5);
      secondHigh = high;
    }
    let k1High = 0;
    let k1 = 0;
    let k2High = 0;
    let k2 = 0;
    for (let at = end - 1; at >= tail; at--) {
      // Signed, so that a negative byte also reaches the bits above it.
      const byte = (bytes[at]! << 24) >> 24;
      const place = at - tail;
      const bits = (place & 3) * 8;
      const low = byte << bits;
      const sign = byte >> 31;
      if (place >= 12) k2High ^= low;
      else if (place >= 8) {
        k2 ^= low;
        k2High ^= sign;
      } else if (place >= 4) k1High ^= low;
      else {
        k1 ^= low;
        k1High ^= sign;
      }
    }
    if (end - tail > 8) {
      second ^= mixSecond(k2High, k2);
      secondHigh ^= high;
    }
    if (end > tail) {
      first ^= mixFirst(k1High, k1);
      firstHigh ^= high;
    }
    const length = end - start;
    first ^= length;
    second ^= length;
    first = add(firstHigh, first, secondHigh, second);
    firstHigh = high;
    second = add(secondHigh, second, firstHigh, first);
    secondHigh = high;
    first = finalMix(firstHigh, first);
    firstHigh = high;
    second = finalMix(secondHigh, second);
    first = add(firstHigh, first, high, second);
    // No partition has the smallest token of all: Cassandra makes it the largest.
    const smallest = first === 0 && high === -0x80000000;
    this.high = smallest ? 0x7fffffff : high;
    this.low = smallest ? -1 : first;
  }
}
