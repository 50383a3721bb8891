import { parseDate } from '../../stress-client/settings.ts';
import type { LoadOptions, TemplateContext } from '../load-options.ts';
import type { Odometer } from './odometer.ts';
import { firstPlace, type Place } from './place.ts';
import { Timeline } from './timeline.ts';

/** Finds the place of any item: its turn and series by the odometer, its time by the turn. */
export class Places {
  readonly odometer: Odometer;
  readonly timeline: Timeline;

  constructor(odometer: Odometer, options: LoadOptions, { settings, startMs }: TemplateContext) {
    this.odometer = odometer;
    this.timeline = new Timeline(
      settings.StartDate === 'now' ? startMs : parseDate(settings.StartDate)!,
      options.stepNs,
    );
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
