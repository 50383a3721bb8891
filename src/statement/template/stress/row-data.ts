import { instantiate } from '../../../wasm/instantiate.ts';
import { rangeOf, type Distribution } from './distribution.ts';
import { drawsOf, type Draws } from './draws.ts';
import { saltOf, type Salt } from './name-salt.ts';
import { wasm } from './row-data.wasm.ts';

/*
 * The bytes that cassandra-stress makes of a seed. They never changed since 2015, so that what one version wrote
 * another can validate. row-data.wat makes them, several times as fast as numbers of 32 bits would; they are copied from
 * its memory to where they belong.
 */

/** What row-data.wat exports. Numbers of 64 bits are signed halves; what it makes lies at the beginning of its memory. */
interface Maker {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Draws follow from a seed, */
  setSeed(high: number, low: number): void;
  /** one after another: whole, from 1 to 10^11, */
  draw(): number;
  /** or as 16 digits each. */
  digits(draws: number): void;
  /** Words of 8 bytes follow from a draw, */
  begin(drawnHigh: number, drawnLow: number): void;
  /** one after another, */
  words(count: number): void;
  /** which cassandra-stress has go on in another way after `wordsOfState` of them. */
  renew(): void;
  /** The first words of the first draw of a seed. */
  wordsOf(high: number, low: number, count: number): void;
}

/** The first words are one less than that. */
const wordsOfState = 32;
const firstBytes = 8 * (wordsOfState - 1);
const digitsOfDraw = 16;
/** So many digits are made at once. */
const digitsAtMost = 1024;

let made: { readonly maker: Maker; readonly bytes: Uint8Array; readonly quarters: Int32Array } | undefined;

/** The one maker, which a script without its columns never needs. */
function theMaker(): NonNullable<typeof made> {
  if (made === undefined) {
    const maker = instantiate<Maker>(wasm);
    const { buffer } = maker.memory;
    made = { maker, bytes: new Uint8Array(buffer), quarters: new Int32Array(buffer) };
  }
  return made;
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
  /** Bytes of every value, or undefined where they are drawn. */
  protected readonly size: number | undefined;
  protected readonly maker = theMaker().maker;
  readonly #sizes: Draws;

  constructor(name: string, size: Distribution) {
    const { minimum, maximum } = rangeOf(size);
    this.bytesAtMost = maximum;
    this.bytesAtLeast = minimum;
    this.salt = saltOf(name);
    this.size = size.kind === 'fixed' ? size.value : undefined;
    this.#sizes = drawsOf(size);
  }

  abstract write(high: number, low: number, staging: Uint8Array, offset: number): number;

  /** The size of a value, decided by its first draw. */
  protected sizeOf(drawnHigh: number, drawnLow: number): number {
    if (this.size !== undefined) return this.size;
    this.#sizes.setSeed(drawnHigh, drawnLow);
    return this.#sizes.next();
  }
}

/** A column of the key: bytes that are each one of `0` to `9` and `K` to `P`. */
export class KeyColumn extends Column {
  override write(high: number, low: number, staging: Uint8Array, offset: number): number {
    const { maker } = this;
    maker.setSeed(this.salt.high ^ high, this.salt.low ^ low);
    const drawn = maker.draw();
    const end = offset + this.sizeOf((drawn / 0x1_0000_0000) | 0, drawn | 0);
    for (let at = offset; at < end; at += digitsAtMost) {
      const size = Math.min(end - at, digitsAtMost);
      maker.digits(Math.ceil(size / digitsOfDraw));
      copy(size, staging, at);
    }
    return end;
  }
}

/** Any other column. */
export class BlobColumn extends Column {
  override write(high: number, low: number, staging: Uint8Array, offset: number): number {
    const { maker, salt, size } = this;
    if (size !== undefined && size <= firstBytes) {
      maker.wordsOf(high ^ salt.high, low ^ salt.low, (size + 7) >> 3);
      return copy(size, staging, offset);
    }
    maker.setSeed(high ^ salt.high, low ^ salt.low);
    const drawn = maker.draw();
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
  return writeWords(drawnHigh, drawnLow, staging, offset, size, copy);
}

/** Writes the same bytes as characters: each of them 32 more, within 7 bits. */
export function writeCharacters(
  drawnHigh: number,
  drawnLow: number,
  staging: Uint8Array,
  offset: number,
  size: number,
): number {
  return writeWords(drawnHigh, drawnLow, staging, offset, size, copyAsCharacters);
}

type Copy = (size: number, staging: Uint8Array, offset: number) => number;

function writeWords(
  drawnHigh: number,
  drawnLow: number,
  staging: Uint8Array,
  offset: number,
  size: number,
  copyMade: Copy,
): number {
  const { maker } = theMaker();
  const end = offset + size;
  maker.begin(drawnHigh, drawnLow);
  for (let at = offset, bytes = firstBytes; at < end; at += bytes, bytes = 8 * wordsOfState) {
    if (at > offset) maker.renew();
    if (end - at < bytes) bytes = end - at;
    maker.words((bytes + 7) >> 3);
    copyMade(bytes, staging, at);
  }
  return end;
}

/** Keys are copied to other memory than the rest of a row is: one view of both would never be the last one's. */
const fewBytes = 16;

let lastStaging: Uint8Array | undefined;
let lastView: DataView;

/** Copies so many bytes that were made, many four at a time, and returns the end: a call of `set` costs more. */
function copy(size: number, staging: Uint8Array, offset: number): number {
  const { quarters, bytes } = made!;
  if (size < fewBytes) {
    for (let at = 0; at < size; at++) staging[offset + at] = bytes[at]!;
    return offset + size;
  }
  if (staging !== lastStaging) {
    lastStaging = staging;
    lastView = new DataView(staging.buffer, staging.byteOffset, staging.byteLength);
  }
  const end = offset + size;
  let at = offset;
  for (let quarter = 0; at + 4 <= end; at += 4) lastView.setInt32(at, quarters[quarter++]!, true);
  for (; at < end; at++) staging[at] = bytes[at - offset]!;
  return end;
}

function copyAsCharacters(size: number, staging: Uint8Array, offset: number): number {
  const { bytes } = made!;
  for (let at = 0; at < size; at++) staging[offset + at] = ((bytes[at]! & 0x7f) + 0x20) & 0x7f;
  return offset + size;
}
