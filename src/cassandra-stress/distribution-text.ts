import type { Distribution } from '../statement/template/stress/distribution.ts';

/** A distribution as the language takes it, such as `gaussian(1..1000,500.5,166.5)`. */
export function distributionText(distribution: Distribution): string {
  switch (distribution.kind) {
    case 'fixed':
      return `fixed(${distribution.value})`;
    case 'inverse':
      return `~${distributionText(distribution.of)}`;
    case 'uniform':
      return `uniform(${ends(distribution)})`;
    case 'sequence':
      return `seq(${ends(distribution)})`;
    case 'exponential':
      return `exp(${ends(distribution)})`;
    case 'gaussian':
      return `gaussian(${ends(distribution)},${distribution.mean},${distribution.deviation})`;
    case 'extreme':
      return distribution.quanta === undefined
        ? `extreme(${ends(distribution)},${distribution.shape})`
        : `qextreme(${ends(distribution)},${distribution.shape},${distribution.quanta})`;
  }
}

function ends({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }): string {
  return `${minimum}..${maximum}`;
}
