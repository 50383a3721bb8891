import { Int32Histogram } from 'hdr-histogram-js';
import { CountPages } from './count-pages.ts';
import type { TimeDelta } from './recorder.ts';
import { histogramLayout } from './results.ts';

/**
 * The samples of one time, added up. The histogram is made when it is first asked for, and kept up from then
 * on: most of those of a run are looked at when it has ended, and 135 kB each is much for hundreds of statements.
 */
export class TimeTotals {
  readonly #counts = new CountPages();
  #count = 0;
  #minimumNs = Infinity;
  #maximumNs = 0;
  #histogram: Int32Histogram | undefined;

  get histogram(): Int32Histogram {
    if (this.#histogram === undefined) {
      this.#histogram = new Int32Histogram(
        histogramLayout.lowestDiscernibleValue,
        histogramLayout.highestTrackableValue,
        histogramLayout.numberOfSignificantValueDigits,
      );
      this.#fill(this.#counts.pairs(), this.#count, this.#minimumNs, this.#maximumNs);
    }
    return this.#histogram;
  }

  add({ buckets, count, minimumNs, maximumNs }: TimeDelta): void {
    for (let at = 0; at < buckets.length; at += 2) this.#counts.add(buckets[at]!, buckets[at + 1]!);
    this.#count += count;
    this.#minimumNs = Math.min(this.#minimumNs, minimumNs);
    this.#maximumNs = Math.max(this.#maximumNs, maximumNs);
    if (this.#histogram !== undefined) this.#fill(buckets, count, minimumNs, maximumNs);
  }

  reset(): void {
    this.#counts.clear();
    this.#count = 0;
    this.#minimumNs = Infinity;
    this.#maximumNs = 0;
    this.#histogram?.reset();
  }

  /** Buckets are the histogram's own; its smallest and largest values stay exact. */
  #fill(buckets: readonly number[], count: number, minimumNs: number, maximumNs: number): void {
    const histogram = this.#histogram!;
    for (let at = 0; at < buckets.length; at += 2) {
      histogram.addToCountAtIndex(buckets[at]!, buckets[at + 1]!);
    }
    histogram.addToTotalCount(count);
    histogram.updateMinAndMax(maximumNs);
    if (minimumNs < Infinity) histogram.updateMinAndMax(minimumNs);
  }
}
