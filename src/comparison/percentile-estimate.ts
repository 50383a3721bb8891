import type { TimeFigures } from '../stress-client/time-figures.ts';
import { intervalsAtLeast, type Estimate } from './estimate.ts';
import { shareOf, type PercentileName, type TimeSeries } from './load-series.ts';
import { meanErrorOf } from './mean-error.ts';
import type { RankedBuckets } from './ranked-buckets.ts';

/**
 * A percentile, between the percentiles that the error of its own share reaches (R. Woodruff, "Confidence Intervals for
 * Medians and Other Position Measures", J. Am. Stat. Assoc. 47, 1952): how many samples of each interval lie
 * beyond it is a series like any other. Its error is never less than that of as many independent samples. No normal
 * distribution and no density is assumed, and where a run has too few samples beyond the percentile, there is
 * no upper limit. Limits are the far ends of buckets.
 */
export function percentileEstimate(
  percentile: PercentileName,
  figures: TimeFigures,
  series: TimeSeries,
): Estimate | undefined {
  if (series.samples.length < intervalsAtLeast) return undefined;
  const share = shareOf(percentile);
  const { total, ranks, censored } = series;
  const beyond = series.beyond[percentile];
  const { standardError, degrees } = meanErrorOf(
    series.samples.map((samples, at) => beyond[at]! - (1 - share) * samples),
  );
  const error = Math.max(
    (standardError * series.samples.length) / total.count,
    Math.sqrt((share * (1 - share)) / total.count),
  );
  return {
    value: figures.percentilesNs[percentile],
    degrees,
    limits: (t) => ({
      low: lowestAt((share - t * error) * total.count, ranks),
      high: highestAt((share + t * error) * total.count, ranks, total.count - censored),
    }),
  };
}

/** The lower end of the bucket that holds the sample of a rank; 0 below the first. */
function lowestAt(rank: number, ranks: RankedBuckets): number {
  return rank <= 0 ? 0 : ranks.rangeAt(rank).lowestNs;
}

/** The upper end of the bucket that holds the sample of a rank; Infinity beyond the last that is known. */
function highestAt(rank: number, ranks: RankedBuckets, known: number): number {
  if (Math.ceil(rank) > known) return Infinity;
  const { lowestNs, width } = ranks.rangeAt(rank);
  return lowestNs + width - 1;
}
