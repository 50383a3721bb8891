import { parseCount } from '../lexer/scalar.ts';
import {
  DistributionError,
  rangeOf,
  readDistribution,
  readNumber,
  type Distribution,
} from './template/stress/distribution.ts';

/**
 * The distribution of a POPULATION: indexes from a to b one after the other, `a..b`, or drawn in the words of
 * cassandra-stress, such as `gaussian(a..b)`. What can't be one is told in words that follow its text.
 */
export function readPopulation(text: string): Distribution | { readonly problem: string } {
  try {
    const distribution = text.includes('(') ? readDistribution(text) : readIndexes(text);
    if (distribution === undefined) return { problem: 'is no range of indexes' };
    return rangeOf(distribution).minimum < 0 ? { problem: 'has indexes below 0' } : distribution;
  } catch (error) {
    if (error instanceof DistributionError) return { problem: 'is no distribution of indexes' };
    throw error;
  }
}

function readIndexes(text: string): Distribution | undefined {
  const [minimum, maximum, ...more] = text.split('..').map((each) => parseCount(each) ?? readNumber(each));
  if (minimum === undefined || maximum === undefined || more.length > 0) return undefined;
  if (minimum === maximum) return { kind: 'fixed', value: minimum };
  return minimum < maximum && Number.isSafeInteger(maximum)
    ? { kind: 'sequence', minimum, maximum }
    : undefined;
}
