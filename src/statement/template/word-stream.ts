const twoTo32 = 4294967296;

/** Folds a text into 32 bits; FNV-1a over UTF-16 code units, finished by `scramble`. */
function fold(text: string, state: number): number {
  let hash = state ^ 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return scramble(hash ^ text.length);
}

/** A bijection of 32-bit integers with little bias ("lowbias32" of Chris Wellons' hash prospector). */
function scramble(word: number): number {
  let hash = word;
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return hash ^ (hash >>> 15);
}

/** The word of an index in a block of 2^32 of them, by the block's keys; a signed integer. */
export function wordOf(index: number, first: number, second: number, lane: number): number {
  let hash = index ^ first;
  hash = Math.imul(hash ^ (hash >>> 17), 0xed5ad4bb);
  hash = (hash ^ (hash >>> 11)) + (second ^ Math.imul(lane, 0x9e3779b1));
  hash = Math.imul(hash ^ (hash >>> 15), 0xac4c1b51);
  hash = Math.imul(hash ^ (hash >>> 15), 0x31848bab);
  return hash ^ (hash >>> 14);
}

/**
 * Random words that are a pure function of (seed, path, index, lane), index up to 2^53. The path says whose
 * words they are: a statement's name and the ordinal of a slot. A value that needs several words takes them
 * from lanes 0, 1, 2 and so on.
 *
 * The key of a block of 2^32 indexes is made once; inside a block everything is 32-bit arithmetic, since a
 * 32-bit hash of the whole index would repeat after minutes of a fast load.
 */
export class WordStream {
  readonly #seed: number;
  readonly #path: readonly (string | number)[];
  /** Of block 0. Made with the first word: most plans are only looked at. */
  #keys: readonly [first: number, second: number] | undefined;
  #block = -1;
  #blockFirst = 0;
  #blockSecond = 0;

  constructor(seed: number, ...path: readonly (string | number)[]) {
    this.#seed = seed;
    this.#path = path;
  }

  /** 32 random bits as an integer from 0 to 2^32 - 1. */
  word(index: number, lane: number): number {
    const block = index < twoTo32 ? 0 : Math.floor(index / twoTo32);
    if (block !== this.#block) this.#enter(block);
    return wordOf(index | 0, this.#blockFirst, this.#blockSecond, lane) >>> 0;
  }

  /** A double from 0 up to, not including, 1, with 53 random bits; takes lanes `lane` and `lane + 1`. */
  unit(index: number, lane: number): number {
    return (
      ((this.word(index, lane) >>> 5) * 67108864 + (this.word(index, lane + 1) >>> 6)) / 9007199254740992
    );
  }

  /** A whole number from 0 to `size` - 1, for sizes up to 2^53; takes lanes `lane` and `lane + 1`. */
  below(size: number, index: number, lane: number): number {
    // One word is enough where its 2^32 values spread over the size without visible bias.
    if (size <= 65536) return Math.floor((this.word(index, lane) / twoTo32) * size);
    return Math.floor(this.unit(index, lane) * size);
  }

  /** What the words of a block of 2^32 indexes are made with. */
  keys(block: number): readonly [first: number, second: number] {
    this.#keys ??= this.#fold();
    if (block === 0) return this.#keys;
    const [first, second] = this.#keys;
    const low = block | 0;
    return [scramble(first + Math.imul(low, 0x85ebca6b)), scramble(second ^ scramble(low + 0x27d4eb2f))];
  }

  #fold(): readonly [first: number, second: number] {
    let text = `#${this.#seed}`;
    for (const part of this.#path) text += `\u0000${typeof part === 'number' ? '#' : '$'}${part}`;
    return [fold(text, 0x9e3779b9), fold(text, 0x7f4a7c15)];
  }

  #enter(block: number): void {
    this.#block = block;
    [this.#blockFirst, this.#blockSecond] = this.keys(block);
  }
}
