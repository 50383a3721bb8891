import type { WordStream } from './word-stream.ts';

/** What no deviate is beyond: the draws have 53 bits. */
export const exponentialDeviateAtMost = 53 * Math.LN2;
export const normalDeviateAtMost = Math.sqrt(2 * exponentialDeviateAtMost);

/** Mean 0, deviation 1: G. Box, M. Muller, "A note on the generation of random normal deviates" (1958). */
export function normalDeviate(stream: WordStream, rank: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - stream.unit(rank, 0)));
  return radius * Math.cos(2 * Math.PI * stream.unit(rank, 2));
}

/** Exponentially distributed with mean 1. */
export function exponentialDeviate(stream: WordStream, rank: number): number {
  return -Math.log(1 - stream.unit(rank, 0));
}
