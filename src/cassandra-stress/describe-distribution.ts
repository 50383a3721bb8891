import type { Distribution, Range } from '../statement/template/stress/distribution.ts';
import { fixed } from './java-format.ts';
import type { Ratio } from '../statement/template/stress/ratio.ts';

/** The same in the words of cassandra-stress, as its settings show it. */
export function describeDistribution(distribution: Distribution): string {
  switch (distribution.kind) {
    case 'fixed':
      return `Fixed:  key=${distribution.value}`;
    case 'uniform':
      return `Uniform:  ${ends(distribution)}`;
    case 'gaussian':
      return `Gaussian:  ${ends(distribution)},mean=${fixed(distribution.mean, 6)},stdev=${fixed(distribution.deviation, 6)}`;
    case 'exponential':
      return `Exponential:  ${ends(distribution)},mean=${fixed(distribution.mean, 6)}`;
    case 'extreme':
      return `Extreme:  ${ends(distribution)},shape=${fixed(distribution.shape, 6)}, scale=${fixed(distribution.scale, 6)}`;
    case 'sequence':
      return `Sequence:  start=${distribution.minimum},end=${distribution.maximum}`;
    case 'inverse':
      return `Inverse: ${describeDistribution(distribution.of)}`;
  }
}

export function describeRatio({ distribution, divisor }: Ratio): string {
  return `Ratio: divisor=${fixed(divisor, 6)};delegate=${describeDistribution(distribution)}`;
}

function ends({ minimum, maximum }: Range): string {
  return `min=${minimum},max=${maximum}`;
}
