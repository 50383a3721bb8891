import type { BoundSlot } from './bind-slot.ts';
import type { Place } from './place.ts';

/** Which of its values a slot takes at a place. */
export type RankOf = (place: Place) => number;

export interface OdometerOptions {
  /** Every slot turns by itself at every item, as influx stress v2 did: a turn holds fewer series. */
  readonly lockstep?: boolean;
  /** So many turns of one series are neighbouring items, to share a batch. */
  readonly neighbours?: number;
}

/**
 * The bounded slots that make the series, first one fastest: item i belongs to series i mod `itemsOfTurn` and
 * to turn i div `itemsOfTurn`.
 */
export class Odometer {
  readonly slots: readonly BoundSlot[];
  readonly itemsOfTurn: number;
  /** Different series. */
  readonly series: number;
  readonly lockstep: boolean;
  readonly neighbours: number;
  readonly #ranks = new Map<BoundSlot, RankOf>();

  constructor(slots: readonly BoundSlot[], { lockstep = false, neighbours = 1 }: OdometerOptions = {}) {
    this.slots = slots;
    this.lockstep = lockstep;
    this.neighbours = neighbours;
    let stride = 1;
    let series = 1;
    for (const slot of slots) {
      const count = slot.count!;
      this.#ranks.set(slot, lockstep ? (place) => remainder(place.index, count) : digit(stride, count));
      stride *= count;
      series = leastCommonMultiple(series, count);
    }
    this.itemsOfTurn = stride;
    this.series = lockstep ? series : stride;
  }

  /** Sets the place's index, turn and series. */
  set(place: Place, index: number): void {
    const neighbours = this.neighbours;
    const group = neighbours === 1 ? index : Math.floor(index / neighbours);
    const turn = Math.floor(group / this.itemsOfTurn);
    place.index = index;
    place.turn = neighbours === 1 ? turn : turn * neighbours + index - group * neighbours;
    place.series = group - turn * this.itemsOfTurn;
  }

  /** Turns that the first so many items begin. */
  turnsOf(items: number): number {
    const groups = Math.ceil(items / this.neighbours);
    return Math.min(items, Math.ceil(groups / this.itemsOfTurn) * this.neighbours);
  }

  /** A slot's rank: its digit, where it belongs to the odometer. */
  rankOf(slot: BoundSlot): RankOf {
    const own = this.#ranks.get(slot);
    if (own !== undefined) return own;
    const { count, ofTurn } = slot;
    if (count !== undefined)
      return ofTurn ? (place) => remainder(place.turn, count) : (place) => remainder(place.index, count);
    return ofTurn || this.lockstep ? (place) => place.turn : (place) => place.index;
  }
}

function digit(stride: number, count: number): RankOf {
  if (stride === 1) return (place) => remainder(place.series, count);
  return (place) => remainder(Math.floor(place.series / stride), count);
}

/** `value % size`, which V8 computes slowly for numbers beyond 2^31. */
function remainder(value: number, size: number): number {
  return value - Math.floor(value / size) * size;
}

function leastCommonMultiple(one: number, other: number): number {
  let [a, b] = [one, other];
  while (b !== 0) [a, b] = [b, a % b];
  return (one / a) * other;
}
