import type { percentileMetrics } from '../parser/ast.ts';
import { rangeOfBucket, type Buckets } from './buckets.ts';

type PercentileName = (typeof percentileMetrics)[number];
/** The figures of a time, as reports and checks name them. */
export type FigureName = PercentileName | 'mean' | 'max';

const percentiles: Readonly<Record<PercentileName, number>> = {
  p50: 50,
  p75: 75,
  p90: 90,
  p95: 95,
  p99: 99,
  'p99.9': 99.9,
  'p99.99': 99.99,
};

/** The figures of one measured time. Everything is whole nanoseconds. */
export interface TimeFigures {
  /** Samples; at least 1. */
  readonly count: number;
  /** Samples that are only known to be at least their value. */
  readonly censored: number;
  /** Ends of buckets: they hold every sample. */
  readonly minNs: number;
  readonly maxNs: number;
  readonly meanNs: number;
  readonly stdevNs: number;
  /** Nearest rank, the upper end of its bucket (at most 0.1 % above the sample). */
  readonly percentilesNs: Readonly<Record<PercentileName, number>>;
  /** Figures that censored samples reach: the truth is at least what they say. */
  readonly atLeast: readonly FigureName[];
}

/**
 * Promises the figures that HdrHistogram's own methods give, in one pass over the buckets instead of one for each
 * percentile. Undefined where there is no sample: no figure is better than 0.
 */
export function timeFiguresOf(buckets: Buckets | undefined, censored: number): TimeFigures | undefined {
  if (buckets === undefined) return undefined;
  const { count, indexes, counts } = buckets;
  const ranks = (Object.keys(percentiles) as PercentileName[]).map((name) => ({
    name,
    rank: nearestRank(percentiles[name], count),
  }));
  const percentilesNs = {} as Record<PercentileName, number>;
  const mediansNs: number[] = [];
  let seen = 0;
  let next = 0;
  let maxNs = 0;
  let sum = 0;
  for (const [at, index] of indexes.entries()) {
    const { lowestNs, width } = rangeOfBucket(index);
    const medianNs = lowestNs + Math.floor(width / 2);
    maxNs = lowestNs + width - 1;
    seen += counts[at]!;
    for (; next < ranks.length && ranks[next]!.rank <= seen; next++) percentilesNs[ranks[next]!.name] = maxNs;
    mediansNs.push(medianNs);
    sum += medianNs * counts[at]!;
  }
  const mean = sum / count;
  let squares = 0;
  for (const [at, medianNs] of mediansNs.entries()) squares += (medianNs - mean) ** 2 * counts[at]!;
  const atLeast: FigureName[] = ranks.filter(({ rank }) => rank > count - censored).map(({ name }) => name);
  if (censored > 0) atLeast.push('mean', 'max');
  return {
    count,
    censored,
    minNs: rangeOfBucket(indexes[0]!).lowestNs,
    maxNs,
    meanNs: Math.round(mean),
    stdevNs: Math.round(Math.sqrt(squares / count)),
    percentilesNs,
    atLeast,
  };
}

export function figureNs(time: TimeFigures, figure: FigureName): number {
  if (figure === 'mean') return time.meanNs;
  return figure === 'max' ? time.maxNs : time.percentilesNs[figure];
}

/** The sample that a percentile is, counted from 1. The subtraction undoes the product's rounding: 99.9 % of 1,000 is the 999th. */
function nearestRank(percentile: number, count: number): number {
  const product = (percentile / 100) * count;
  return Math.max(1, Math.ceil(product - product * Number.EPSILON));
}
