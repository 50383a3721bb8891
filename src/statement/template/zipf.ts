import type { WordStream } from './word-stream.ts';

/**
 * Ranks from 0 to `size` - 1 with probability proportional to 1 / (rank + 1)^exponent, exponent above 0; a
 * draw is a pure function of (stream, index) and takes the same time whatever the size.
 *
 * Rejection-inversion: W. Hörmann, G. Derflinger, "Rejection-inversion to generate variates from monotone
 * discrete distributions", ACM TOMACS 6 (1996). Each attempt takes two lanes, from
 * `firstLane` on.
 */
export function zipf(
  size: number,
  exponent: number,
  stream: WordStream,
  firstLane = 0,
): (index: number) => number {
  // Integral of x^-exponent and its inverse, in a form that is exact at exponent 1.
  const integral = (x: number): number => {
    const log = Math.log(x);
    const power = (1 - exponent) * log;
    return (Math.abs(power) > 1e-8 ? Math.expm1(power) / power : 1 + power / 2) * log;
  };
  const inverse = (value: number): number => {
    const power = Math.max(-1, value * (1 - exponent));
    return Math.exp((Math.abs(power) > 1e-8 ? Math.log1p(power) / power : 1 - power / 2) * value);
  };
  const density = (x: number): number => Math.exp(-exponent * Math.log(x));
  const low = integral(1.5) - 1;
  const high = integral(size + 0.5);
  const shortcut = 2 - inverse(integral(2.5) - density(2));
  return (index) => {
    for (let lane = firstLane; ; lane += 2) {
      const value = high + stream.unit(index, lane) * (low - high);
      const x = inverse(value);
      const candidate = Math.max(1, Math.min(size, Math.round(x)));
      if (candidate - x <= shortcut || value >= integral(candidate + 0.5) - density(candidate))
        return candidate - 1;
    }
  };
}
