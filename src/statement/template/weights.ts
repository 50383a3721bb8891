import type { WordStream } from './word-stream.ts';

/** A draw with the given weights: rank → which of them, by a search in their running sums. */
export function weightedDraw(weights: readonly number[], stream: WordStream): (rank: number) => number {
  const ends: number[] = [];
  let total = 0;
  for (const weight of weights) ends.push((total += weight));
  return (rank) => {
    const at = stream.unit(rank, 0) * total;
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! > at) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
