/*
 * 64-bit integers are two 32-bit halves, since BigInts would cost more than the rest of a request. What has two
 * halves is computed twice, in functions without state, which the compiler keeps in registers.
 */

/** The high half of a product; its low half is what Math.imul makes of the low halves. */
function productHigh(oneHigh: number, oneLow: number, otherHigh: number, otherLow: number): number {
  // Products of 16-bit numbers are the largest that Math.imul gives whole.
  const low = Math.imul(oneLow & 0xffff, otherLow & 0xffff) >>> 16;
  const middle = Math.imul(oneLow >>> 16, otherLow & 0xffff);
  const cross = Math.imul(oneLow & 0xffff, otherLow >>> 16);
  const carry = (low + (middle & 0xffff) + (cross & 0xffff)) >>> 16;
  const product = Math.imul(oneLow >>> 16, otherLow >>> 16) + (middle >>> 16) + (cross >>> 16) + carry;
  return (product + Math.imul(oneHigh, otherLow) + Math.imul(oneLow, otherHigh)) | 0;
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

const c1High = 0x87c37b91 | 0;
const c1Low = 0x114253d5;
const c2High = 0x4cf5ad43;
const c2Low = 0x2745937f;

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
    let h1High = 0;
    let h1Low = 0;
    let h2High = 0;
    let h2Low = 0;
    for (let at = start; at < end; at += 16) {
      const left = end - at;
      let k1High = 0;
      let k1Low = 0;
      let k2High = 0;
      let k2Low = 0;
      if (left >= 16) {
        k1Low = word(bytes, at);
        k1High = word(bytes, at + 4);
        k2Low = word(bytes, at + 8);
        k2High = word(bytes, at + 12);
      } else {
        for (let place = left - 1; place >= 0; place--) {
          const byte = (bytes[at + place]! << 24) >> 24;
          const shifted = byte << ((place & 3) * 8);
          // What is signed also reaches the bits above it.
          if (place >= 12) k2High ^= shifted;
          else if (place >= 8) {
            k2Low ^= shifted;
            k2High ^= byte >> 31;
          } else if (place >= 4) k1High ^= shifted;
          else {
            k1Low ^= shifted;
            k1High ^= byte >> 31;
          }
        }
      }

      let high = productHigh(k1High, k1Low, c1High, c1Low);
      let low = Math.imul(k1Low, c1Low);
      k1High = rotated(high, low, 31);
      k1Low = rotated(low, high, 31);
      h1High ^= productHigh(k1High, k1Low, c2High, c2Low);
      h1Low ^= Math.imul(k1Low, c2Low);
      if (left >= 16) {
        high = rotated(h1High, h1Low, 27);
        low = rotated(h1Low, h1High, 27);
        h1Low = (low + h2Low) | 0;
        h1High = sumHigh(high, low, h2High, h1Low);
        const fivefold = (h1Low >>> 0) * 5 + 0x52dce729;
        h1High = (Math.imul(h1High, 5) + upperOf(fivefold)) | 0;
        h1Low = fivefold | 0;
      }
      if (left > 8) {
        high = productHigh(k2High, k2Low, c2High, c2Low);
        low = Math.imul(k2Low, c2Low);
        // By 33: the halves change places.
        k2High = rotated(low, high, 1);
        k2Low = rotated(high, low, 1);
        h2High ^= productHigh(k2High, k2Low, c1High, c1Low);
        h2Low ^= Math.imul(k2Low, c1Low);
      }
      if (left >= 16) {
        high = rotated(h2High, h2Low, 31);
        low = rotated(h2Low, h2High, 31);
        h2Low = (low + h1Low) | 0;
        h2High = sumHigh(high, low, h1High, h2Low);
        const fivefold = (h2Low >>> 0) * 5 + 0x38495ab5;
        h2High = (Math.imul(h2High, 5) + upperOf(fivefold)) | 0;
        h2Low = fivefold | 0;
      }
    }

    const length = end - start;
    h2Low ^= length;
    let low = ((h1Low ^ length) + h2Low) | 0;
    let high = sumHigh(h1High, h1Low ^ length, h2High, low);
    h2High = sumHigh(h2High, h2Low, high, (h2Low + low) | 0);
    h2Low = (h2Low + low) | 0;
    // Both halves of the 128 bits are mixed once more, and added.
    let tokenHigh = 0;
    let tokenLow = 0;
    for (let half = 1; ; half++) {
      low ^= high >>> 1;
      high = productHigh(high, low, 0xff51afd7 | 0, 0xed558ccd | 0);
      low = Math.imul(low, 0xed558ccd) ^ (high >>> 1);
      high = productHigh(high, low, 0xc4ceb9fe | 0, 0x1a85ec53);
      low = Math.imul(low, 0x1a85ec53) ^ (high >>> 1);
      const sum = (tokenLow + low) | 0;
      tokenHigh = sumHigh(tokenHigh, tokenLow, high, sum);
      tokenLow = sum;
      if (half === 2) break;
      high = h2High;
      low = h2Low;
    }
    // No partition has the smallest token of all: Cassandra makes it the largest.
    const smallest = tokenLow === 0 && tokenHigh === -0x80000000;
    this.high = smallest ? 0x7fffffff : tokenHigh;
    this.low = smallest ? -1 : tokenLow;
  }
}
