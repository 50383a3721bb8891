/**
 * How far the rate of rows is known: the standard error of the intervals' rates as a share of their mean, which is
 * the column `stderr`, and what `err<` waits for.
 */
export class RateUncertainty {
  #intervals = 0;
  #sum = 0;
  #squares = 0;

  /**
   * Adds an interval. Its longest answer came from before it, so the time of that does not count, where it is shorter.
   * All times in seconds.
   */
  add(rows: number, intervalSeconds: number, longestSeconds: number): void {
    const uncounted = longestSeconds < intervalSeconds ? longestSeconds : 0;
    const rate = rows / (intervalSeconds - uncounted);
    this.#intervals++;
    this.#sum += rate;
    this.#squares += rate * rate;
  }

  /** 0 after the first interval; NaN before it. */
  get value(): number {
    const mean = this.#sum / this.#intervals;
    const deviation = Math.sqrt(Math.max(0, this.#squares / this.#intervals - mean * mean));
    return deviation / Math.sqrt(this.#intervals) / mean;
  }

  /** Whether a run may end that asked for it. */
  isBelow(target: number, minimum: number, maximum: number): boolean {
    return this.#intervals >= maximum || (this.#intervals >= minimum && this.value < target);
  }
}
