import type { Place } from './place.ts';

/** A sine of the place's time since 1970, from -1 to 1. */
export function wave(place: Place, periodNs: number): number {
  const period = periodNs / 1e9;
  // The remainder first: the whole time as one number has no nanoseconds left.
  return Math.sin(2 * Math.PI * (((place.seconds % period) + place.nanoseconds / 1e9) / period));
}
