import { intervalsAtLeast, type Estimate } from './estimate.ts';
import type { LoadSeries } from './load-series.ts';
import { meanErrorOf, type MeanError } from './mean-error.ts';

/**
 * The shares of operations that ended without success, of two runs: Wilson's limits (E. Wilson, "Probable Inference",
 * J. Am. Stat. Assoc. 22, 1927), which hold where there is no error at all, for as many operations as tell as
 * much as independent ones would (E. Korn and B. Graubard, "Confidence intervals for proportions with small
 * expected number of positive counts", Survey Methodology 24, 1998). Errors come in bursts, and a run without any
 * can't say how large: so the burstier of the two speaks for both.
 */
export function errorShareEstimates(
  first: LoadSeries,
  second: LoadSeries,
): readonly [Estimate, Estimate] | undefined {
  const [one, other] = [burstsOf(first), burstsOf(second)];
  if (one === undefined || other === undefined) return undefined;
  const together = Math.max(1, one.together, other.together);
  const degrees = Math.min(one.degrees, other.degrees);
  return [estimateOf(one, together, degrees), estimateOf(other, together, degrees)];
}

interface Bursts {
  readonly share: number;
  readonly ended: number;
  /** How many operations tell as much as one independent one. */
  readonly together: number;
  readonly degrees: number;
}

function burstsOf(series: LoadSeries): Bursts | undefined {
  const ended = sumOf(series.ended);
  if (ended === 0 || series.length < intervalsAtLeast) return undefined;
  const share = sumOf(series.errors) / ended;
  const degrees = series.length - 1;
  if (share === 0 || share === 1) return { share, ended, together: 1, degrees };
  const error: MeanError = meanErrorOf(series.errors.map((errors, at) => errors - share * series.ended[at]!));
  const variance = ((error.standardError * series.length) / ended) ** 2;
  return { share, ended, together: (variance * ended) / (share * (1 - share)), degrees: error.degrees };
}

function estimateOf({ share, ended }: Bursts, together: number, degrees: number): Estimate {
  const count = ended / together;
  return {
    value: share,
    degrees,
    limits: (t) => {
      const centre = share + (t * t) / (2 * count);
      const reach = t * Math.sqrt((share * (1 - share)) / count + (t * t) / (4 * count * count));
      const whole = 1 + (t * t) / count;
      return { low: Math.max(0, (centre - reach) / whole), high: Math.min(1, (centre + reach) / whole) };
    },
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
