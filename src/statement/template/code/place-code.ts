import type { BoundSlot } from '../bind-slot.ts';
import type { Odometer } from '../odometer.ts';
import { firstPlace } from '../place.ts';
import type { Places } from '../places.ts';
import type { Values } from '../values.ts';
import type { Code, RankName } from './code.ts';

/** Whether items are placed as the code does it: not in the lockstep of influx stress v2. */
export function hasCode({ odometer }: Places): boolean {
  return !odometer.lockstep;
}

/**
 * Where the items of a batch stand, in straight-line code: found once at the first item, then moved on by
 * counting, since a division costs more than the rest of a number.
 */
export class PlaceCode {
  readonly #moves: boolean;
  readonly #odometer: Odometer;
  readonly #place: string;
  readonly #places: string;
  readonly #step: { readonly seconds: number; readonly nanoseconds: number };
  /** Counters of bounded slots beside the odometer: one a count. */
  readonly #itemCounters = new Map<number, string>();
  readonly #turnCounters = new Map<number, string>();

  /** Of one item alone the place is as it was found; else it moves on. */
  constructor(code: Code, places: Places, moves: boolean) {
    this.#moves = moves;
    this.#odometer = places.odometer;
    this.#place = code.constant(firstPlace());
    this.#places = code.constant(places);
    this.#step = places.timeline.step;
  }

  /** A slot's rank, as Odometer.rankOf has it. */
  rankOf(slot: BoundSlot): RankName {
    const { count, ofTurn } = slot;
    const digit = this.#odometer.slots.indexOf(slot);
    if (digit !== -1) return { text: `digit${digit}`, below: count!, isIndex: false };
    if (count === undefined)
      return ofTurn
        ? { text: 'turn', below: Infinity, isIndex: false }
        : { text: 'index', below: Infinity, isIndex: true };
    const counters = ofTurn ? this.#turnCounters : this.#itemCounters;
    const name = counters.get(count) ?? `${ofTurn ? 'turnOf' : 'itemOf'}${count}`;
    counters.set(count, name);
    return { text: name, below: count, isIndex: false };
  }

  /** The place as an object that holds what the item's does: an argument for functions that need it. */
  object(): string {
    const place = this.#place;
    if (!this.#moves) return place;
    return `(${place}.index = index, ${place}.turn = turn, ${place}.series = series, ${place}.seconds = seconds, ${place}.nanoseconds = nanoseconds, ${place})`;
  }

  /** The same for functions of `values`, which need it unless they go by the rank alone. */
  objectFor({ ofRank }: Values): string {
    return ofRank ? 'undefined' : this.object();
  }

  /** Lines that find the first item, from its index `first` and `intendedNs`. */
  begin(): string {
    const { slots, neighbours } = this.#odometer;
    const digits = slots.map((slot, at) => {
      const stride = this.#stride(at);
      return `let digit${at} = Math.floor(series / ${stride}) - Math.floor(series / ${stride * slot.count!}) * ${slot.count!};`;
    });
    const place = this.#place;
    return [
      `${this.#places}.setIndex(${place}, first);`,
      `${place}.intendedNs = intendedNs;`,
      `let { turn, series, seconds, nanoseconds } = ${place};`,
      ...digits,
      ...[...this.#itemCounters].map((each) => `let ${this.#counted('first', each)}`),
      ...[...this.#turnCounters].map((each) => `let ${this.#counted('turn', each)}`),
      ...(neighbours > 1 ? [`let ${this.#counted('first', [neighbours, 'neighbour'])}`] : []),
    ].join('\n');
  }

  /** Lines that move on to the next item. */
  advance(): string {
    const { neighbours, itemsOfTurn, slots } = this.#odometer;
    const count = ([count, name]: readonly [number, string]): string =>
      `if (++${name} === ${count}) ${name} = 0;`;
    const items = [...this.#itemCounters].map(count);
    const digits = slots.reduceRight(
      (inner, slot, at) => `if (++digit${at} === ${slot.count!}) { digit${at} = 0; ${inner} }`,
      '',
    );
    const series = itemsOfTurn === 1 ? '' : `if (++series === ${itemsOfTurn}) series = 0;`;
    if (neighbours > 1) {
      const place = this.#place;
      return [
        ...items,
        `if (++neighbour === ${neighbours}) { neighbour = 0; ${series} ${digits} }`,
        `${this.#places}.setIndex(${place}, index + 1);`,
        `({ turn, seconds, nanoseconds } = ${place});`,
        ...[...this.#turnCounters].map((each) => this.#counted('turn', each)),
      ].join('\n');
    }
    const { seconds, nanoseconds } = this.#step;
    const turned = [
      'turn++;',
      ...[...this.#turnCounters].map(count),
      ...(seconds === 0 ? [] : [`seconds += ${seconds};`]),
      ...(nanoseconds === 0
        ? []
        : [`nanoseconds += ${nanoseconds}; if (nanoseconds >= 1e9) { nanoseconds -= 1e9; seconds++; }`]),
    ].join(' ');
    return [...items, series, digits, itemsOfTurn === 1 ? turned : `if (series === 0) { ${turned} }`].join(
      '\n',
    );
  }

  #counted(of: string, [count, name]: readonly [number, string]): string {
    return `${name} = ${of} - Math.floor(${of} / ${count}) * ${count};`;
  }

  #stride(digit: number): number {
    return this.#odometer.slots.slice(0, digit).reduce((product, slot) => product * slot.count!, 1);
  }
}
