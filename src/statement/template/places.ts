import { parseDate } from '../../stress-client/settings.ts';
import type { LoadOptions, TemplateContext } from '../load-options.ts';
import type { BoundSlot } from './bind-slot.ts';
import type { Odometer } from './odometer.ts';
import { firstPlace, type Place } from './place.ts';
import { Population } from './population.ts';
import { sampleIndexes } from './sample-indexes.ts';
import { Timeline } from './timeline.ts';

/** Of the date that was asked for last: most statements of a script start at the same one. */
let lastStart: { readonly date: string; readonly ms: number } | undefined;

function startOf({ settings: { StartDate }, startMs }: TemplateContext): number {
  if (StartDate === 'now') return startMs;
  if (lastStart?.date !== StartDate) lastStart = { date: StartDate, ms: parseDate(StartDate)! };
  return lastStart.ms;
}

/** Finds the place of any item: its index by the population, its turn and series by the odometer, its time by the turn. */
export class Places {
  readonly odometer: Odometer;
  readonly timeline: Timeline;
  /** Undefined where the index of an item is its number. */
  readonly population: Population | undefined;

  constructor(odometer: Odometer, options: LoadOptions, context: TemplateContext) {
    this.odometer = odometer;
    this.timeline = new Timeline(startOf(context), options.stepNs);
    const { population } = options;
    this.population = population && new Population(population, context.seed);
  }

  indexOf(item: number): number {
    return this.population === undefined ? item : this.population.indexOf(item);
  }

  /** Different indexes that the first so many items have at most. */
  indexesOf(items: number): number {
    return this.population === undefined ? items : Math.min(items, this.population.size);
  }

  /** Different series of all items at most: Infinity where each index makes one of its own, and they have no end. */
  seriesAtMost(unbounded: boolean): number {
    return Math.min(unbounded ? Infinity : this.odometer.series, this.population?.size ?? Infinity);
  }

  /** How many values a slot without a count takes at most in the first so many items. */
  ranksOf({ ofTurn }: BoundSlot, items: number): number {
    const end = this.endOf(items);
    return ofTurn ? this.odometer.turnsOf(end) : end;
  }

  /** No index of the first so many items is as large. */
  endOf(items: number): number {
    const { population } = this;
    if (population === undefined) return items;
    return population.ascends ? population.first + this.indexesOf(items) : population.last + 1;
  }

  /** Up to `size` items that stand for the first so many, or for those whose indexes are found soon. */
  sampleOf(items: number, size: number): readonly number[] {
    return sampleIndexes(Math.min(items, this.population?.atHand ?? Infinity), size);
  }

  /** Moves a place to an item. */
  set(place: Place, item: number): void {
    place.item = item;
    this.setIndex(place, this.indexOf(item));
  }

  /** Moves a place to items of an index. */
  setIndex(place: Place, index: number): void {
    this.odometer.set(place, index);
    this.timeline.set(place);
  }

  /** The place of an item whose operation is due when the run starts. */
  at(item: number): Place {
    const place = firstPlace();
    this.set(place, item);
    return place;
  }
}
