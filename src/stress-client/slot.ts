import type { Operation } from './plan.ts';
import type { ErrorClass, Sender } from './target/target.ts';
import type { Work } from './work.ts';

/**
 * A place for one operation in flight, reused for one operation after the other, so that an operation
 * allocates nothing. Times are nanoseconds of the run's clock.
 */
export class Slot implements Operation {
  readonly index: number;

  /* What is sent; set by the client before `Sender.send`. */
  work!: Work;
  sender!: Sender;
  operation = 0;
  pick = -1;
  /** From 1. */
  attempt = 0;
  intendedNs = 0;
  timeoutNs = 0;

  /* What became of the attempt; set by the target. */
  sentNs = 0;
  answeredNs = 0;
  outcome: 'acknowledged' | 'failed' | 'unknown' = 'acknowledged';
  /** Set unless acknowledged. */
  errorClass: ErrorClass | undefined = undefined;
  /** HTTP status or CQL error code; 0 without an answer. */
  status = 0;
  /** One line, without secrets; empty when acknowledged. */
  message = '';
  requestBytes = 0;
  responseBytes = 0;
  /** Rows that a query returned. */
  rows = 0;
  /** The IF of an acknowledged write did not hold. Said of plans whose writes have one, and of no other. */
  notApplied = false;

  constructor(index: number) {
    this.index = index;
  }
}
