import type { WordStream } from './word-stream.ts';

/** Below this a shuffled table gives every order; a Feistel network of so few values would not. */
const tableSize = 4096;
const rounds = 6;

/**
 * A keyed permutation of the whole numbers from 0 to `size` - 1 (size up to 2^53): different ranks give
 * different numbers, in an order that only the stream decides.
 *
 * Large sizes take a Feistel network over a × b ≥ size, walking the cycle until it comes back inside (Black
 * and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
 */
export function permutation(size: number, stream: WordStream): (rank: number) => number {
  if (size <= tableSize) {
    const table = Array.from({ length: size }, (_, index) => index);
    for (let index = size - 1; index > 0; index--) {
      const other = stream.below(index + 1, index, 0);
      [table[index], table[other]] = [table[other]!, table[index]!];
    }
    return (rank) => table[rank]!;
  }
  const width = Math.ceil(Math.sqrt(size));
  const height = Math.ceil(size / width);
  const once = (rank: number): number => {
    // V8 computes remainders of doubles slowly.
    let right = Math.floor(rank / width);
    let left = rank - right * width;
    for (let round = 0; round < rounds; round += 2) {
      left += stream.below(width, right, 2 * round);
      if (left >= width) left -= width;
      right += stream.below(height, left, 2 * round + 2);
      if (right >= height) right -= height;
    }
    return right * width + left;
  };
  return (rank) => {
    let image = once(rank);
    while (image >= size) image = once(image);
    return image;
  };
}
