import { meanErrorOf, type MeanError } from './mean-error.ts';

/**
 * The standard error of sum(numerators) / sum(denominators), relative to it, over intervals that may differ in length:
 * the ratio estimator of sampling (W. Cochran, "Sampling Techniques", 1977, chapter 6), where a short last interval
 * has the weight of what it holds.
 */
export function ratioErrorOf(numerators: readonly number[], denominators: readonly number[]): MeanError {
  const sum = numerators.reduce((all, value) => all + value, 0);
  const weight = denominators.reduce((all, value) => all + value, 0);
  const ratio = sum / weight;
  const { standardError, degrees } = meanErrorOf(
    numerators.map((value, at) => value - ratio * denominators[at]!),
  );
  return { standardError: (standardError * numerators.length) / sum, degrees };
}
