import type { LoadSummary } from '../reporting/summary.ts';
import { intervalsAtLeast, type Estimate } from './estimate.ts';
import type { LoadSeries } from './load-series.ts';
import type { MeanError } from './mean-error.ts';
import { ratioErrorOf } from './ratio-error.ts';

/** A smaller part of what was asked is a rate that was not kept. */
const keptPart = 0.99;

/**
 * Items a second. An open model that kept its rate has the one that was asked: intervals only say where their edges
 * fell, and what is not known is an operation more or less, and how long the last answer took. Where it did not, the
 * part of the asked that each interval achieved varies, so that a ramp is as well known as a steady rate.
 */
export function throughputEstimate(load: LoadSummary, series: LoadSeries): Estimate | undefined {
  const value = load.throughput.itemsPerSecond;
  if (!(value > 0) || series.length < intervalsAtLeast) return undefined;
  const { standardError, degrees } = varyingPart(load, series);
  const error = Math.hypot(standardError, 1 / load.operations.acknowledged);
  return {
    value,
    degrees,
    limits: (t) => ({ low: value * Math.exp(-t * error), high: value * Math.exp(t * error) }),
  };
}

function varyingPart(load: LoadSummary, series: LoadSeries): MeanError {
  const isOpen = load.model === 'open';
  if (isOpen && load.items.acknowledged >= keptPart * load.items.asked) {
    const lastAnswerNs = load.times.response?.maxNs ?? 0;
    return { standardError: lastAnswerNs / (load.endedNs - load.startedNs), degrees: series.length - 1 };
  }
  const due = series.due.map((items) => items ?? 0);
  return ratioErrorOf(series.items, isOpen && due.some((items) => items > 0) ? due : series.seconds);
}
