import type { Distribution } from './distribution.ts';
import { drawsOf, type Draws } from './draws.ts';
import { JavaRandom } from './java-random.ts';
import { saltOf, type Salt } from './name-salt.ts';

/*
 * The bytes that cassandra-stress makes of a seed. They never changed since 2015, so that what one version wrote
 * another can validate. Numbers of 64 bits are halves of 32: BigInt is six times as slow.
 */

/** Every value is drawn from 1 to this. */
const drawsAtMost = 1e11;
const keySalt = saltOf('key');
const random = new JavaRandom();

/** Whole, from 1 to 10^11. */
function draw(): number {
  const unit = random.nextDouble();
  const value = Math.trunc(unit * (drawsAtMost + 1) + (1 - unit));
  return value > drawsAtMost ? drawsAtMost : value;
}

/**
 * Writes the key of a seed, from 0 to 2^53 - 1, at `offset` and returns the end: `size` bytes, each one of `0` to `9`
 * and `K` to `P`.
 */
export function writeKey(seed: number, size: number, staging: Uint8Array, offset: number): number {
  random.setSeed(keySalt.high ^ Math.floor(seed / 0x1_0000_0000), keySalt.low ^ seed);
  // The first draw decides the size, which is fixed.
  draw();
  return writeHexadecimal(size, staging, offset);
}

const digitsOfDraw = 16;

function writeHexadecimal(size: number, staging: Uint8Array, offset: number): number {
  const end = offset + size;
  let at = offset;
  while (at < end) {
    const drawn = draw();
    let word = drawn | 0;
    const high = (drawn / 0x1_0000_0000) | 0;
    for (let digit = 0; digit < digitsOfDraw && at < end; digit++) {
      if (digit === digitsOfDraw / 2) word = high;
      const value = word & 15;
      staging[at++] = value + (value < 10 ? 0x30 : 0x41);
      word >>>= 4;
    }
  }
  return end;
}

/** The halves of what columns know of their row's key. */
export class KeyHash {
  high = 0;
  low = 0;

  /** Takes the hash of the key at `start` to `end`. */
  of(staging: Uint8Array, start: number, end: number): void {
    let high = 0;
    let low = 0;
    for (let at = start; at < end; at++) {
      const sum = low * 31 + ((staging[at]! << 24) >> 24);
      high = (Math.imul(high, 31) + Math.floor(sum / 0x1_0000_0000)) | 0;
      low = sum >>> 0;
    }
    this.high = high;
    this.low = low | 0;
  }
}

/** A column of generated blobs. */
export class BlobColumn {
  readonly salt: Salt;
  /** Bytes of every value, or undefined where `sizes` draws them. */
  readonly size: number | undefined;
  readonly sizes: Draws;

  constructor(name: string, size: Distribution) {
    this.salt = saltOf(name);
    this.size = size.kind === 'fixed' ? size.value : undefined;
    this.sizes = drawsOf(size);
  }
}

/** xorshift64*: S. Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled" (2016). */
const starHigh = 0x2545f491;
const starLow = 0x4f6cdd1d;
/** Words after which the generator takes a new state from a java.util.Random seeded with its own. */
const wordsOfState = 32;

/** Writes a column's value in the row of a key at `offset`, and returns the end. */
export function writeColumn(column: BlobColumn, key: KeyHash, staging: Uint8Array, offset: number): number {
  random.setSeed(key.high ^ column.salt.high, key.low ^ column.salt.low);
  const drawn = draw();
  const drawnHigh = (drawn / 0x1_0000_0000) | 0;
  let size = column.size;
  if (size === undefined) {
    column.sizes.setSeed(drawnHigh, drawn | 0);
    size = column.sizes.next();
  }
  random.setSeed(~drawnHigh, ~drawn);
  random.nextLong();
  let high = random.longHigh;
  let low = random.longLow;
  const end = offset + size;
  let at = offset;
  for (let word = 1; at < end; word++) {
    if (word % wordsOfState === 0) {
      random.setSeed(high, low);
      random.nextLong();
      high = random.longHigh;
      low = random.longLow;
    }
    // state ^= state >> 12; state ^= state << 25; state ^= state >> 27, shifted with the sign.
    low ^= (low >>> 12) | (high << 20);
    high ^= high >> 12;
    high ^= (high << 25) | (low >>> 7);
    low ^= low << 25;
    low ^= (low >>> 27) | (high << 5);
    high ^= high >> 27;
    let bits = Math.imul(low, starLow);
    const upper = (Math.imul(high, starLow) + Math.imul(low, starHigh) + highOfProduct(low)) | 0;
    const rest = end - at;
    if (rest >= 8) {
      staging[at] = bits;
      staging[at + 1] = bits >> 8;
      staging[at + 2] = bits >> 16;
      staging[at + 3] = bits >> 24;
      staging[at + 4] = upper;
      staging[at + 5] = upper >> 8;
      staging[at + 6] = upper >> 16;
      staging[at + 7] = upper >> 24;
      at += 8;
    } else {
      for (let byte = 0; byte < rest; byte++) {
        if (byte === 4) bits = upper;
        staging[at++] = bits;
        bits >>= 8;
      }
    }
  }
  return end;
}

const starLower = starLow & 0xffff;
const starUpper = starLow >>> 16;

/** The upper 32 bits of `word` times `starLow`, both unsigned. */
function highOfProduct(word: number): number {
  const lower = word & 0xffff;
  const upper = word >>> 16;
  const first = Math.imul(upper, starLower);
  const second = Math.imul(lower, starUpper);
  const carry = (Math.imul(lower, starLower) >>> 16) + (first & 0xffff) + (second & 0xffff);
  return Math.imul(upper, starUpper) + (first >>> 16) + (second >>> 16) + (carry >>> 16);
}
