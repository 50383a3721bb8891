import type { AcknowledgedIndexes } from './acknowledged.ts';
import type { CqlPlan } from './cql-plan.ts';

/** One request of a plan, as its bytes depend on it. */
export interface Operation {
  /** k, from 0: the operation covers items [k × batchSize, min((k + 1) × batchSize, items)). */
  readonly operation: number;
  /** When it was meant to start, in nanoseconds of the run's clock since the run's start: what `now()` writes. */
  readonly intendedNs: number;
  /** The companion's item that a templated query is about, as `Plan.pick` chose it; -1 without a companion. */
  readonly pick: number;
}

/**
 * A compiled INSERT or QUERY. An operation is a pure function of its index: `write` makes its bytes, and
 * nothing else decides what they are, so that any thread, retry or rerun sends the same.
 */
export interface Plan {
  readonly kind: 'write' | 'query';
  /** What an item is called in reports. */
  readonly itemName: 'point' | 'row' | 'partition' | 'query';
  /** Items an operation; 1 for queries. */
  readonly batchSize: number;
  /** No operation is longer than this; at most 2^31 - 1. */
  readonly operationBytesAtMost: number;
  /** Sending an operation twice leaves the database as sending it once does. */
  readonly idempotent: boolean;
  /** Different series that the whole plan writes (0 for queries); Infinity where a tag is unbounded. */
  readonly seriesCardinality: number;
  /** Fields or value columns of an item; 0 for queries. */
  readonly fieldCount: number;
  /**
   * Writes operation `of` with items up to `items` (the statement's declared count; Infinity where only time
   * ends it) at `offset` and returns the end. The caller has made room for `operationBytesAtMost`.
   */
  write(of: Operation, items: number, staging: Uint8Array, offset: number): number;
  /** What a CQL target sends in place of what `write` writes; there where the target is CQL. */
  readonly cql?: CqlPlan;
  /** Indexes of its population that an operation is about, in its order; absent of points. */
  indexesOf?(operation: number): readonly number[];
  /** Chooses the companion's item for query `operation`, or -1 while nothing is acknowledged. Pure in its arguments. */
  pick?(operation: number, acknowledged: AcknowledgedIndexes): number;
}

/** Operations that `items` items make in batches of `batchSize`. */
export function operationsOf(items: number, batchSize: number): number {
  return Math.ceil(items / batchSize);
}

/** Items of operation `operation` where there are `items` in all. */
export function itemsOfOperation(operation: number, items: number, batchSize: number): number {
  return Math.max(0, Math.min(batchSize, items - operation * batchSize));
}
