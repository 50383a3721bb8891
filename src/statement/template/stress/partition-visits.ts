import { Waymarks } from '../../../stress-client/waymarks.ts';
import type { VisitsOption } from '../../load-options.ts';
import type { WordStream } from '../word-stream.ts';
import type { Distribution } from './distribution.ts';
import { drawsOf, type Draws } from './draws.ts';

/** Of a partition. */
export const visitsAtMost = 1_000_000;

/** So many partitions take turns at most: where their visits are drawn, those of all are drawn at once. */
export function turnsAtMost({ kind }: Distribution): number {
  return kind === 'fixed' ? 1_000_000 : 4096;
}

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
  readonly number: number;
  /** Its first item. */
  readonly at: number;
}

/** Which partition each item visits, and for which time. All is a pure function of the item's number. */
export class PartitionVisits {
  readonly #over: number;
  readonly #draws: Draws;
  /** Where all partitions have as many. */
  readonly #fixed: number | undefined;
  readonly #stream: WordStream;
  #round: Round = { number: 0, at: 0 };
  readonly #waymarks = new Waymarks(this.#round);
  #drawn = -1;
  /** Partitions of the round that was drawn last, those with the most visits first: visits and number in one. */
  readonly #byVisits: Float64Array;
  /** Items of the round until each of them has had its last visit, all others up to as many; 0 behind the last. */
  readonly #itemsTo: Float64Array;

  constructor({ distribution, over }: VisitsOption, stream: WordStream) {
    this.#over = over;
    this.#draws = drawsOf(distribution);
    this.#fixed = distribution.kind === 'fixed' ? Math.max(1, distribution.value) : undefined;
    this.#stream = stream;
    this.#byVisits = new Float64Array(this.#fixed === undefined ? over : 0);
    this.#itemsTo = new Float64Array(this.#byVisits.length + 1);
  }

  at(item: number): Visit {
    const over = this.#over;
    if (this.#fixed !== undefined) {
      const visits = this.#fixed;
      const round = Math.floor(item / (over * visits));
      const within = item - round * over * visits;
      return { partition: round * over + (within % over), visit: Math.floor(within / over), visits };
    }
    this.#enterRoundOf(item);
    const within = item - this.#round.at;
    const itemsTo = this.#itemsTo;
    // Partitions that still take turns.
    let turns = 1;
    for (let end = over + 1; end - turns > 1;) {
      const middle = (turns + end) >>> 1;
      if (itemsTo[middle - 1]! > within) turns = middle;
      else end = middle;
    }
    const rest = within - itemsTo[turns]!;
    const ended = turns < over ? this.#visitsAt(turns) : 0;
    const rank = rest % turns;
    return {
      partition: this.#round.number * over + (this.#byVisits[rank]! % over),
      visit: ended + Math.floor(rest / turns),
      visits: this.#visitsAt(rank),
    };
  }

  #enterRoundOf(item: number): void {
    const { at } = this.#round;
    if (item >= at && item < at + this.#itemsTo[0]!) return;
    this.#round = this.#waymarks.nearest(item, this.#round);
    while (item < this.#round.at) {
      const number = this.#round.number - 1;
      this.#draw(number);
      this.#round = { number, at: this.#round.at - this.#itemsTo[0]! };
    }
    this.#draw(this.#round.number);
    while (item >= this.#round.at + this.#itemsTo[0]!) {
      this.#round = { number: this.#round.number + 1, at: this.#round.at + this.#itemsTo[0]! };
      this.#waymarks.pass(this.#round);
      this.#draw(this.#round.number);
    }
  }

  #draw(round: number): void {
    if (round === this.#drawn) return;
    this.#drawn = round;
    const over = this.#over;
    const byVisits = this.#byVisits;
    for (let at = 0; at < over; at++)
      byVisits[at] = (visitsAtMost - this.#visitsOf(round * over + at)) * over + at;
    byVisits.sort();
    let fewer = 0;
    for (let rank = over - 1; rank >= 0; rank--) {
      const visits = this.#visitsAt(rank);
      this.#itemsTo[rank] = visits * (rank + 1) + fewer;
      fewer += visits;
    }
  }

  #visitsAt(rank: number): number {
    return visitsAtMost - Math.floor(this.#byVisits[rank]! / this.#over);
  }

  #visitsOf(partition: number): number {
    this.#draws.setSeed(this.#stream.word(partition, 5) | 0, this.#stream.word(partition, 7) | 0);
    return Math.max(1, this.#draws.next());
  }
}
