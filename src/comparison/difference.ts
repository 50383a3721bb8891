import type { Estimate } from './estimate.ts';
import { studentQuantile, studentTail } from './student-t.ts';

/** How far two estimates are apart. */
export interface Difference {
  readonly change: number;
  /** Of 95 %. Infinite where a run can't say. */
  readonly low: number;
  readonly high: number;
  /** How likely estimates of the same are at least this far apart. */
  readonly pValue: number;
  /** Standard errors that the difference is away from 0; Infinity where any number of them is too few. */
  readonly t: number;
  readonly degrees: number;
}

const confidence = 0.95;
/** More standard errors than this are beyond all doubt. */
const tAtMost = 1e3;

/**
 * The difference of two estimates, second less first, with an interval from the limits of each (G. Zou and A. Donner,
 * "Construction of confidence limits about effect measures: a general approach", Statistics in Medicine 27, 2008; for
 * shares R. Newcombe, ibid. 17, 1998), so that limits need not lie evenly about their figures. Degrees of freedom are
 * Welch's ("The generalization of 'Student's' problem", Biometrika 34, 1947). `scale` is where figures are subtracted:
 * the logarithm makes a ratio of the difference.
 */
export function differenceOf(
  first: Estimate,
  second: Estimate,
  scale: (value: number) => number = (value) => value,
): Difference {
  const change = scale(second.value) - scale(first.value);
  const at = (t: number): { readonly low: number; readonly high: number } => {
    const [one, other] = [first.limits(t), second.limits(t)];
    const away = (from: number, to: number): number => Math.abs(scale(from) - scale(to));
    return {
      low: change - Math.hypot(away(second.value, other.low), away(one.high, first.value)),
      high: change + Math.hypot(away(other.high, second.value), away(first.value, one.low)),
    };
  };
  const degrees = welchDegrees(first, second, scale);
  const excludesZero = (t: number): boolean => {
    const { low, high } = at(t);
    return low > 0 || high < 0;
  };
  const t = largestWhere(excludesZero);
  return {
    change,
    ...at(studentQuantile(1 - confidence, degrees)),
    pValue: t === 0 ? 1 : studentTail(t, degrees),
    t,
    degrees,
  };
}

function welchDegrees(first: Estimate, second: Estimate, scale: (value: number) => number): number {
  const variances = [first, second].map(({ limits }) => {
    const { low, high } = limits(1);
    return (scale(high) - scale(low)) ** 2;
  });
  const [one, other] = [variances[0]!, variances[1]!];
  const sum = one + other;
  if (!Number.isFinite(sum) || sum === 0) return Math.min(first.degrees, second.degrees);
  return sum ** 2 / (one ** 2 / first.degrees + other ** 2 / second.degrees);
}

/** The largest t for which it holds, and it holds for all below; 0 where it holds for none. */
function largestWhere(holds: (t: number) => boolean): number {
  if (holds(tAtMost)) return tAtMost;
  let [low, high] = [0, tAtMost];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low < 1e-6 ? 0 : low;
}
