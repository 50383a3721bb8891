import type { TimeFigures } from '../stress-client/time-figures.ts';
import { intervalsAtLeast, type Estimate } from './estimate.ts';
import type { TimeSeries } from './load-series.ts';
import { ratioErrorOf } from './ratio-error.ts';

/** Never better known than as many independent samples would tell; without an upper limit where samples are censored. */
export function meanTimeEstimate(figures: TimeFigures, series: TimeSeries): Estimate | undefined {
  const { meanNs: value, stdevNs, count, censored } = figures;
  if (!(value > 0) || series.samples.length < intervalsAtLeast) return undefined;
  const { standardError, degrees } = ratioErrorOf(series.sumsNs, series.samples);
  const error = Math.max(standardError, stdevNs / value / Math.sqrt(count));
  return {
    value,
    degrees,
    limits: (t) => ({
      low: value * Math.exp(-t * error),
      high: censored > 0 ? Infinity : value * Math.exp(t * error),
    }),
  };
}
