import { JsHistogram, type Histogram } from 'hdr-histogram-js';
import type { percentileMetrics } from '../parser/ast.ts';

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
  /** Ends of the histogram's buckets: they hold every sample. */
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
 * Promises the figures that HdrHistogram's own methods give, in one pass over the buckets (its percentiles
 * take a pass each, and its logarithms more than the rest). Undefined where there is no sample: no figure is better than 0.
 */
export function timeFiguresOf(histogram: Histogram | undefined, censored: number): TimeFigures | undefined {
  if (histogram === undefined || histogram.totalCount === 0) return undefined;
  if (!(histogram instanceof JsHistogram)) throw new TypeError('expected a histogram in JavaScript memory');
  const count = histogram.totalCount;
  const ranks = (Object.keys(percentiles) as PercentileName[]).map((name) => ({
    name,
    rank: nearestRank(percentiles[name], count),
  }));
  const percentilesNs = {} as Record<PercentileName, number>;
  const buckets: { readonly medianNs: number; readonly count: number }[] = [];
  let seen = 0;
  let next = 0;
  let minNs = 0;
  let maxNs = 0;
  let sum = 0;
  // Sub-buckets come in halves of one width; the first two halves have the unit's, each one after it twice the last.
  const half = histogram.subBucketHalfCount;
  let widthNs = histogram.lowestDiscernibleValueRounded;
  let base = 0;
  for (let index = 0; seen < count && index < histogram.countsArrayLength; index++) {
    if (index === base + 2 * half) {
      widthNs *= 2;
      base += half;
    }
    const inBucket = histogram.getCountAtIndex(index);
    if (inBucket === 0) continue;
    const lowestNs = (index - base) * widthNs;
    if (seen === 0) minNs = lowestNs;
    maxNs = lowestNs + widthNs - 1;
    seen += inBucket;
    for (; next < ranks.length && ranks[next]!.rank <= seen; next++) percentilesNs[ranks[next]!.name] = maxNs;
    const medianNs = lowestNs + Math.floor(widthNs / 2);
    sum += medianNs * inBucket;
    buckets.push({ medianNs, count: inBucket });
  }
  const mean = sum / count;
  let squares = 0;
  for (const bucket of buckets) squares += (bucket.medianNs - mean) ** 2 * bucket.count;
  const atLeast: FigureName[] = ranks.filter(({ rank }) => rank > count - censored).map(({ name }) => name);
  if (censored > 0) atLeast.push('mean', 'max');
  return {
    count,
    censored,
    minNs,
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
