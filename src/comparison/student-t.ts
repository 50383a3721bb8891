/*
 * Student's t distribution, by the incomplete beta function (M. Abramowitz, I. Stegun, "Handbook of Mathematical
 * Functions", 26.5.27 and 26.5.8). Degrees of freedom need not be whole: those of a standard error from a series
 * are not.
 */

/** How likely a value is at least `t` away from 0, on either side; within 1e-12 of the truth. */
export function studentTail(t: number, degrees: number): number {
  if (t === Infinity) return 0;
  return incompleteBeta(degrees / 2, 0.5, degrees / (degrees + t * t));
}

/** The t that is exceeded, on either side, with probability `tail`, which is above 0 and below 1. */
export function studentQuantile(tail: number, degrees: number): number {
  let [low, high] = [0, 2];
  while (studentTail(high, degrees) > tail) [low, high] = [high, 2 * high];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (studentTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The regularized incomplete beta function I_x(a, b), with the tail for which its fraction converges fast. */
function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x);
  const front = a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b);
  return (Math.exp(front) / a) * betaFraction(a, b, x);
}

/** Its continued fraction, by the method of Lentz. */
function betaFraction(a: number, b: number, x: number): number {
  const away = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  let numerator = 1;
  let denominator = 1 / away(1 - ((a + b) * x) / (a + 1));
  let value = denominator;
  for (let m = 1; m <= 1000; m++) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      denominator = 1 / away(1 + term * denominator);
      numerator = away(1 + term / numerator);
      value *= denominator * numerator;
    }
    if (Math.abs(denominator * numerator - 1) < 1e-15) break;
  }
  return value;
}

/** C. Lanczos, "A Precision Approximation of the Gamma Function" (1964), with g = 7 and nine terms. */
function logGamma(value: number): number {
  const base = value + 6.5;
  let sum = 0.99999999999980993;
  for (const [at, coefficient] of lanczos.entries()) sum += coefficient / (value + at);
  return 0.5 * Math.log(2 * Math.PI) + (value - 0.5) * Math.log(base) - base + Math.log(sum);
}

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
