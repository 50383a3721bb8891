import { parseDate } from '../../stress-client/settings.ts';
import type { LoadOptions, TemplateContext } from '../load-options.ts';
import type { Odometer } from './odometer.ts';
import { firstPlace, type Place } from './place.ts';
import { Timeline } from './timeline.ts';

/** Statements with the same settings have one context, and start at one date. */
const starts = new WeakMap<TemplateContext, number>();

function startOf(context: TemplateContext): number {
  let start = starts.get(context);
  if (start === undefined) {
    const { StartDate } = context.settings;
    start = StartDate === 'now' ? context.startMs : parseDate(StartDate)!;
    starts.set(context, start);
  }
  return start;
}

/** Finds the place of any item: its turn and series by the odometer, its time by the turn. */
export class Places {
  readonly odometer: Odometer;
  readonly timeline: Timeline;

  constructor(odometer: Odometer, options: LoadOptions, context: TemplateContext) {
    this.odometer = odometer;
    this.timeline = new Timeline(startOf(context), options.stepNs);
  }

  /** Moves a place to item `index`. */
  set(place: Place, index: number): void {
    this.odometer.set(place, index);
    this.timeline.set(place);
  }

  /** The place of item `index`, of an operation that is due when the run starts. */
  at(index: number): Place {
    const place = firstPlace();
    this.set(place, index);
    return place;
  }
}
