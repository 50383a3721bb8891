import { rangeOf, type Distribution } from './distribution.ts';
import { drawsOf, type Draws } from './draws.ts';
import { JavaRandom } from './java-random.ts';
import { saltOf, type Salt } from './name-salt.ts';

/*
 * The bytes that cassandra-stress makes of a seed. They never changed since 2015, so that what one version wrote
 * another can validate. Numbers of 64 bits are halves of 32: BigInt is six times as slow.
 */

/** Every value is drawn from 1 to this. */
const drawsAtMost = 1e11;
const random = new JavaRandom();

/** Whole, from 1 to 10^11. */
function draw(): number {
  const unit = random.nextDouble();
  const value = Math.trunc(unit * (drawsAtMost + 1) + (1 - unit));
  return value > drawsAtMost ? drawsAtMost : value;
}

/**
 * Values of one column, each of a seed of 64 bits as signed halves: the index for a column of the key, the hash of the
 * key for any other.
 */
export interface SeededBytes {
  readonly bytesAtMost: number;
  readonly bytesAtLeast: number;
  /** Writes the value of a seed at `offset` and returns the end. */
  write(high: number, low: number, staging: Uint8Array, offset: number): number;
}

/** What the values of a column have in common. */
abstract class Column implements SeededBytes {
  readonly bytesAtMost: number;
  readonly bytesAtLeast: number;
  protected readonly salt: Salt;
  /** Bytes of every value, or undefined where `sizes` draws them. */
  readonly #size: number | undefined;
  readonly #sizes: Draws;

  constructor(name: string, size: Distribution) {
    const { minimum, maximum } = rangeOf(size);
    this.bytesAtMost = maximum;
    this.bytesAtLeast = minimum;
    this.salt = saltOf(name);
    this.#size = size.kind === 'fixed' ? size.value : undefined;
    this.#sizes = drawsOf(size);
  }

  abstract write(high: number, low: number, staging: Uint8Array, offset: number): number;

  /** The size of a value, decided by its first draw. */
  protected sizeOf(drawnHigh: number, drawnLow: number): number {
    if (this.#size !== undefined) return this.#size;
    this.#sizes.setSeed(drawnHigh, drawnLow);
    return this.#sizes.next();
  }
}

/** A column of the key: bytes that are each one of `0` to `9` and `K` to `P`. */
export class KeyColumn extends Column {
  override write(high: number, low: number, staging: Uint8Array, offset: number): number {
    random.setSeed(this.salt.high ^ high, this.salt.low ^ low);
    const drawn = draw();
    const size = this.sizeOf((drawn / 0x1_0000_0000) | 0, drawn | 0);
    return writeHexadecimal(size, staging, offset);
  }
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

/** xorshift64*: S. Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled" (2016). */
const starHigh = 0x2545f491;
const starLow = 0x4f6cdd1d;
/** Words after which the generator takes a new state from a java.util.Random seeded with its own. */
const wordsOfState = 32;

/** Any other column. */
export class BlobColumn extends Column {
  override write(high: number, low: number, staging: Uint8Array, offset: number): number {
    random.setSeed(high ^ this.salt.high, low ^ this.salt.low);
    const drawn = draw();
    const drawnHigh = (drawn / 0x1_0000_0000) | 0;
    return writeBlob(drawnHigh, drawn | 0, staging, offset, this.sizeOf(drawnHigh, drawn | 0));
  }
}

/** Writes so many bytes that follow from a draw, and returns the end. */
export function writeBlob(
  drawnHigh: number,
  drawnLow: number,
  staging: Uint8Array,
  offset: number,
  size: number,
): number {
  return writeWords(drawnHigh, drawnLow, staging, offset, size, -1, 0);
}

/** Writes the same bytes as characters: each of them 32 more, within 7 bits. */
export function writeCharacters(
  drawnHigh: number,
  drawnLow: number,
  staging: Uint8Array,
  offset: number,
  size: number,
): number {
  return writeWords(drawnHigh, drawnLow, staging, offset, size, 0x7f7f7f7f, 0x20202020);
}

/** Of each byte the bits of a mask, with something added, are its bits of that mask: four bytes at a time. */
function writeWords(
  drawnHigh: number,
  drawnLow: number,
  staging: Uint8Array,
  offset: number,
  size: number,
  mask: number,
  added: number,
): number {
  random.setSeed(~drawnHigh, ~drawnLow);
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
    const product = (Math.imul(high, starLow) + Math.imul(low, starHigh) + highOfProduct(low)) | 0;
    let bits = ((Math.imul(low, starLow) & mask) + added) & mask;
    const upper = ((product & mask) + added) & mask;
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
