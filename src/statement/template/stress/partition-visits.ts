import type { VisitsOption } from '../../load-options.ts';
import type { WordStream } from '../word-stream.ts';
import { drawsOf, type Draws } from './draws.ts';

/** Of a partition, and partitions that take turns. */
export const visitsAtMost = 1_000_000;

/** An item of an INSERT whose partitions are written in several visits. */
export interface Visit {
  /** The number of the partition, from 0. */
  readonly partition: number;
  /** Which of the partition's visits it is, from 0. */
  readonly visit: number;
  readonly visits: number;
}

/** So many neighbouring partitions that take turns: all that have a first visit, all that have a second, … */
interface Round {
  readonly firstItem: number;
  readonly firstPartition: number;
  /** How many visits each partition has. */
  readonly visits: Uint32Array;
  /** Those with the most visits first. */
  readonly byVisits: Uint32Array;
  /** How many partitions have a first visit, a second, … */
  readonly partitionsOfVisit: readonly number[];
}

/** Which partition each item visits, and for which time. All is a pure function of the item's number. */
export class PartitionVisits {
  readonly #over: number;
  readonly #draws: Draws;
  /** Where all partitions have as many. */
  readonly #fixed: number | undefined;
  readonly #stream: WordStream;
  /** The first item of each round, as far as they have been asked for. */
  readonly #firstItems: number[] = [0];
  #round: Round | undefined;

  constructor({ distribution, over }: VisitsOption, stream: WordStream) {
    this.#over = over;
    this.#draws = drawsOf(distribution);
    this.#fixed = distribution.kind === 'fixed' ? Math.max(1, distribution.value) : undefined;
    this.#stream = stream;
  }

  at(item: number): Visit {
    const over = this.#over;
    if (this.#fixed !== undefined) {
      const visits = this.#fixed;
      const round = Math.floor(item / (over * visits));
      const within = item - round * over * visits;
      return { partition: round * over + (within % over), visit: Math.floor(within / over), visits };
    }
    const { firstItem, firstPartition, visits, byVisits, partitionsOfVisit } = this.#roundOf(item);
    let rest = item - firstItem;
    let visit = 0;
    while (rest >= partitionsOfVisit[visit]!) rest -= partitionsOfVisit[visit++]!;
    const at = byVisits[rest]!;
    return { partition: firstPartition + at, visit, visits: visits[at]! };
  }

  #roundOf(item: number): Round {
    const firstItems = this.#firstItems;
    while (firstItems.at(-1)! <= item) {
      const { firstItem, visits } = this.#roundAt(firstItems.length - 1);
      firstItems.push(firstItem + visits.reduce((sum, each) => sum + each, 0));
    }
    return this.#roundAt(firstItems.findLastIndex((first) => first <= item));
  }

  #roundAt(number: number): Round {
    const firstPartition = number * this.#over;
    if (this.#round?.firstPartition === firstPartition) return this.#round;
    const visits = Uint32Array.from({ length: this.#over }, (_, at) => this.#visitsOf(firstPartition + at));
    const partitionsOfVisit: number[] = [];
    for (const each of visits) partitionsOfVisit[each - 1] = (partitionsOfVisit[each - 1] ?? 0) + 1;
    // Who has a third visit has a second.
    for (let visit = partitionsOfVisit.length - 1, more = 0; visit >= 0; visit--)
      partitionsOfVisit[visit] = more += partitionsOfVisit[visit] ?? 0;
    const places = [...partitionsOfVisit.slice(1), 0];
    const byVisits = new Uint32Array(visits.length);
    for (const [at, each] of visits.entries()) byVisits[places[each - 1]!++] = at;
    const firstItem = this.#firstItems[number]!;
    this.#round = { firstItem, firstPartition, visits, byVisits, partitionsOfVisit };
    return this.#round;
  }

  #visitsOf(partition: number): number {
    this.#draws.setSeed(this.#stream.word(partition, 5) | 0, this.#stream.word(partition, 7) | 0);
    return Math.max(1, this.#draws.next());
  }
}
