/**
 * Where an item stands: everything that its values are made from. One is reused for one item after the other.
 */
export interface Place {
  /** The item, from 0. */
  item: number;
  /** The item's index, from 0. */
  index: number;
  /** Full turns of the odometer before it. */
  turn: number;
  /** Its rank within the turn: which series it belongs to. */
  series: number;
  /** Its time, as whole seconds since 1970 and the nanoseconds from 0 to 999,999,999 after them. */
  seconds: number;
  nanoseconds: number;
  /** When its operation was meant to start, in nanoseconds since the run's start: what `now()` gives. */
  intendedNs: number;
}

/** The place of item 0, for `setPlace` of a plan to move. */
export function firstPlace(): Place {
  return { item: 0, index: 0, turn: 0, series: 0, seconds: 0, nanoseconds: 0, intendedNs: 0 };
}
