import type { Buckets } from './buckets.ts';
import type { Failures } from './failure-log.ts';
import type { RequestColumns } from './request-log.ts';
import type { Counts, ErrorCount, TimeName } from './results.ts';

/** What became of a running INSERT or QUERY since the last deltas: plain data, added up by the hub. */
export interface LoadDeltas {
  readonly statementId: string;
  readonly operations: Counts;
  readonly items: Counts;
  readonly warmup: { readonly operations: Counts; readonly items: Counts };
  readonly retries: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly rows: number;
  readonly notApplied: number;
  readonly answersWithRows: number;
  readonly clamped: number;
  readonly censored: { readonly service: number; readonly response: number };
  readonly errors: readonly ErrorCount[];
  readonly times: Readonly<Partial<Record<TimeName, Buckets>>>;
  /** Acknowledged items of operations that were sent in no stage, as a drain's, and then of those of each stage. */
  readonly stageItems: readonly number[];
  /** A row an operation, the warm-up apart; there only where they are wanted and any has ended. */
  readonly requests?: RequestColumns;

  /** Operations that were not acknowledged, the warm-up's too; there only where they are wanted and any was not. */
  readonly failures?: Failures;

  /* As they stand now, not since the last deltas. */
  readonly inFlight: number;
  /** Of the MIX where it is one's member, here and below: when the first operation after the warm-up was sent (closed) or its first item due (open), once there is one. */
  readonly firstNs: number | undefined;
  /** Outcome of the last operation; the start of the statement before there is one. */
  readonly lastNs: number;
}

export function emptyCounts(): Counts {
  return { asked: 0, sent: 0, unsent: 0, acknowledged: 0, failed: 0, unknown: 0 };
}
