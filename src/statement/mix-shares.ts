import type { MixShares } from '../stress-client/mix-order.ts';
import type { MixOptions } from './load-options.ts';
import { valueOfShare } from './template/stress/draws.ts';
import { WordStream } from './template/word-stream.ts';

/** Equally likely sizes that stand for the distribution of CLUSTER. */
const clusterSizeCount = 4096;

/** How the MIX of this name shares its operations: the same wherever it is asked. */
export function mixShares(seed: number, name: string, { weights, cluster }: MixOptions): MixShares {
  const sizeOf = (_: unknown, at: number): number => valueOfShare(cluster!, (at + 0.5) / clusterSizeCount);
  return {
    seed: new WordStream(seed, name, 'mix').word(0, 0),
    weights,
    clusterSizes: cluster === undefined ? [] : Array.from({ length: clusterSizeCount }, sizeOf),
  };
}
