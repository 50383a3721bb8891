import type { PopulationOption } from '../load-options.ts';
import { Lookback, operationsAtHand } from './lookback.ts';
import { rangeOf, type Distribution } from './stress/distribution.ts';
import { valuesOfShares } from './stress/draws.ts';
import { WordStream } from './word-stream.ts';

/** Which index each item has, as POPULATION says it: indexes one after the other and anew, or draws. */
export class Population {
  /** The smallest index that any item may have, and the largest. */
  readonly first: number;
  readonly last: number;
  /** Indexes that items may have. */
  readonly size: number;
  /** Item 0 has the first index, and each item the next, up to the last index. */
  readonly ascends: boolean;
  /** Two items may have one index before all indexes have been used. */
  readonly draws: boolean;
  /** The indexes of the first so many items are found in any order without counting up to each of them. */
  readonly atHand: number;
  readonly #indexOf: (item: number) => number;

  constructor({ distribution, drawnBy, lookback }: PopulationOption, seed: number) {
    const { minimum, maximum } = rangeOf(distribution);
    this.first = minimum;
    this.last = maximum;
    const size = maximum - minimum + 1;
    this.size = size;
    this.draws = lookback !== undefined || !isSequence(distribution);
    this.ascends = !this.draws && distribution.kind !== 'inverse';
    this.atHand = lookback === undefined ? Infinity : operationsAtHand;
    if (lookback !== undefined) {
      const positions = new Lookback(lookback, size, drawnBy, seed);
      this.#indexOf = (item) => minimum + positions.positionOf(item);
    } else if (this.draws) {
      const values = valuesOfShares(distribution);
      const stream = new WordStream(seed, drawnBy, 'population');
      this.#indexOf = (item) => values(stream.unit(item, 0));
    } else if (this.ascends) {
      this.#indexOf = (item) => minimum + (item - Math.floor(item / size) * size);
    } else {
      this.#indexOf = (item) => maximum - (item - Math.floor(item / size) * size);
    }
  }

  /** Whether any of the first so many items has the index of another one, or may have it. */
  repeats(items: number): boolean {
    return items > (this.draws ? 1 : this.size);
  }

  indexOf(item: number): number {
    return this.#indexOf(item);
  }
}

function isSequence(distribution: Distribution): boolean {
  const { kind } = distribution.kind === 'inverse' ? distribution.of : distribution;
  return kind === 'sequence' || kind === 'fixed';
}
