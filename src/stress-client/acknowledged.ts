/** A snapshot of the items of an INSERT that are known to be acknowledged; it may lag by an interval. */
export interface AcknowledgedIndexes {
  /** Acknowledged items in all, 0 when none are. */
  readonly count: number;
  /** One more than the largest index that may be acknowledged. */
  readonly end: number;
  /** Whether item `index` is acknowledged. */
  has(index: number): boolean;
}
