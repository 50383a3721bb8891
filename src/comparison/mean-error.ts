/** How far the mean of a series is known. */
export interface MeanError {
  readonly standardError: number;
  /** Of the t distribution that the mean's error follows; need not be whole. */
  readonly degrees: number;
}

/** Longer batches leave too few of them to tell how they hang together. */
const batchesAtLeast = 20;

/**
 * The standard error of the mean of a series whose values hang together, as those of a run's intervals do: a
 * compaction or a pause of one interval is felt in the next.
 *
 * The series is taken as a first-order autoregression. Its correlation is estimated too low from a short series, and is
 * therefore corrected (F. Marriott and J. Pope, "Bias in the estimation of autocorrelations", Biometrika 41, 1954) and
 * taken a third of a standard error higher: to think it too low makes false alarms, to think it too high only a longer run.
 * Correlations below 0 count as none. What such a model does not see, such as slow swings under fast noise, shows in
 * means of batches: so the same is done for batches of 2, 4, … values, and the largest error counts (after
 * H. Flyvbjerg and H. Petersen, "Error estimates on averages of correlated data", J. Chem. Phys. 91, 1989). Degrees of
 * freedom are those of the effective number of independent values, or, where they are fewer, those that the variance
 * of the estimated error leaves. At least 3 values.
 */
export function meanErrorOf(series: readonly number[]): MeanError {
  let largest = errorOfAutoregression(series);
  for (let length = 2; series.length / length >= batchesAtLeast; length *= 2) {
    const error = errorOfAutoregression(batchMeans(series, Math.floor(series.length / length)));
    if (error.standardError > largest.standardError) largest = error;
  }
  return largest;
}

function errorOfAutoregression(series: readonly number[]): MeanError {
  const count = series.length;
  const mean = series.reduce((sum, value) => sum + value, 0) / count;
  let [squares, products] = [0, 0];
  for (const [at, value] of series.entries()) {
    squares += (value - mean) ** 2;
    if (at > 0) products += (value - mean) * (series[at - 1]! - mean);
  }
  if (squares === 0) return { standardError: 0, degrees: count - 1 };
  const raw = products / squares;
  const unbiased = raw + (1 + 4 * raw) / count;
  const uncertainty = Math.sqrt(Math.max(0, 1 - unbiased ** 2) / count);
  const correlation = Math.min(0.97, Math.max(0, unbiased + uncertainty / 3));
  // As many values as this tell as much as one that stands alone.
  const together = (1 + correlation) / (1 - correlation);
  // Values that hang together lie closer to their own mean than to the true one.
  const variance = squares / count / Math.max(0.2, 1 - together / count);
  const square = correlation ** 2;
  return {
    standardError: Math.sqrt((variance * together) / count),
    degrees: Math.max(2, Math.min(count / together - 1, (count * (1 - square)) / (3 + square))),
  };
}

/** Means of batches that are as equal in length as can be. */
function batchMeans(series: readonly number[], batches: number): readonly number[] {
  const means: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const from = Math.floor((batch * series.length) / batches);
    const to = Math.floor(((batch + 1) * series.length) / batches);
    let sum = 0;
    for (let at = from; at < to; at++) sum += series[at]!;
    means.push(sum / (to - from));
  }
  return means;
}
