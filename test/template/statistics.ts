/** χ² of counts against the shares expected. */
export function chiSquare(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, index) => {
    const expected = shares[index]! * total;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

/** The χ² that `degrees` degrees of freedom pass with probability 0.001 (Wilson and Hilferty's approximation). */
export function chiSquareLimit(degrees: number): number {
  return degrees * (1 - 2 / (9 * degrees) + 3.09 * Math.sqrt(2 / (9 * degrees))) ** 3;
}

/** Greatest distance of the samples' distribution from `cumulative`, times √n: above 1.95 with probability 0.001. */
export function kolmogorovSmirnov(samples: readonly number[], cumulative: (value: number) => number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const size = sorted.length;
  let distance = 0;
  for (const [index, value] of sorted.entries()) {
    const share = cumulative(value);
    distance = Math.max(distance, Math.abs(share - index / size), Math.abs(share - (index + 1) / size));
  }
  return distance * Math.sqrt(size);
}
export const kolmogorovSmirnovLimit = 1.95;

/** The normal distribution function (Abramowitz and Stegun 7.1.26, within 1.5e-7). */
export function normalCumulative(value: number): number {
  const x = Math.abs(value) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const erf =
    1 -
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) *
      t *
      Math.exp(-x * x);
  return value < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}
