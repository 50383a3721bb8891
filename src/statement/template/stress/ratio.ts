import { readDistribution, readNumber, type Distribution } from './distribution.ts';

/** A share: values of a distribution, each divided by the same number. */
export interface Ratio {
  readonly distribution: Distribution;
  readonly divisor: number;
}

const ratio = /^(.*)\/([0-9]+[KMB]?)$/i;

/** A ratio such as `UNIFORM(1..5)/10`, or undefined where it has no divisor. Throws DistributionError. */
export function readRatio(text: string): Ratio | undefined {
  const [, distribution, divisor] = ratio.exec(text) ?? [];
  if (divisor === undefined) return undefined;
  return { distribution: readDistribution(distribution!), divisor: readNumber(divisor)! };
}
