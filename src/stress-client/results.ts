import type { Check } from '../parser/ast.ts';
import type { Buckets } from './buckets.ts';
import type { RequestColumns } from './request-log.ts';
import type { Settings } from './settings.ts';
import type { ErrorClass } from './target/target.ts';

/*
 * What the hub knows of a run while it runs and after it: the one source of every figure that is printed,
 * written or sent. Times are nanoseconds of the run's clock since the run's start.
 */

/**
 * The times that are measured, each in a histogram of integer nanoseconds.
 * - `service`: sent → answered, of the last attempt; acknowledged and unknown operations.
 * - `response`: intended → final outcome; open model only. Unknown and due-but-unsent operations enter at their age.
 * - `lateness`: the part of intended → sent in which a slot was free: the client was late. Open model only.
 * - `slotWait`: the part of intended → sent in which no slot was free. Open model only.
 * - `failed`: sent → answered of failed operations, the last attempt.
 */
export const timeNames = ['service', 'response', 'lateness', 'slotWait', 'failed'] as const;
export type TimeName = (typeof timeNames)[number];

/** The layout of every histogram: 3 significant digits from 1 ns to 1 h; longer is clamped and counted. */
export const histogramLayout = {
  lowestDiscernibleValue: 1,
  highestTrackableValue: 3600e9,
  numberOfSignificantValueDigits: 3,
} as const;

/** Operations or items of a statement. asked = sent + unsent; sent = acknowledged + failed + unknown, once nothing is in flight. */
export interface Counts {
  asked: number;
  sent: number;
  unsent: number;
  acknowledged: number;
  failed: number;
  unknown: number;
}

export interface ErrorCount {
  readonly errorClass: ErrorClass;
  /** Operations that ended with this class. */
  count: number;
  /** The first message of the class, one line, without secrets. */
  readonly example: string;
  readonly status: number;
}

/** What one interval, or a whole statement, came to. */
export interface Tally {
  readonly operations: Counts;
  readonly items: Counts;
  /** Attempts = operations sent + retries. */
  retries: number;
  lateAnswers: number;
  /** Executions that the target asked to prepare anew first; each is one attempt. */
  reprepared: number;
  requestBytes: number;
  responseBytes: number;
  /** Rows that queries returned, or that INSERTs of partitions wrote. */
  rows: number;
  /** Acknowledged operations whose IF did not hold: they changed nothing. */
  notApplied: number;
  /** Queries that returned any. */
  answersWithRows: number;
  /** Samples clamped to the histograms' range. */
  clamped: number;
  /** Samples of `response` and `service` that are only known to be at least their value. */
  censored: { service: number; response: number };
  readonly errors: readonly ErrorCount[];
  /** Of `histogramLayout`; only times with a sample. */
  readonly times: Readonly<Partial<Record<TimeName, Buckets>>>;
}

/** What names a statement in every report, so that runs compare statement by statement. */
export interface StatementIdentity {
  readonly statementId: string;
  readonly name: string;
  readonly kind: 'insert' | 'query';
  /** From 1, in script order, counting every statement. */
  readonly position: number;
  /** Started by GO. */
  readonly background: boolean;
  /** The name of the MIX that it is a member of. */
  readonly mix?: string;
  /** TAG clauses. */
  readonly tags: Readonly<Record<string, string>>;
}

/** One stage of an open model, with what was asked and what came of it. */
export interface StageResult {
  /** As written, such as `1000/s TO 5000/s FOR 1m`, or `2000/s (changed)` from where the terminal changed the rate. */
  readonly text: string;
  /** Items a second that were asked, averaged over what ran of the stage. */
  readonly offered: number;
  /** Items a second acknowledged. */
  readonly achieved: number;
}

export type RunState = 'VALID' | 'INVALID_CLIENT' | 'INVALID_RATE' | 'INCOMPLETE' | 'REHEARSAL';

/** How an EXPECT came out. `got` is undefined where nothing was measured, which fails the check. */
export interface CheckResult {
  readonly check: Check;
  /** As written, such as `p99 < 20ms`. */
  readonly text: string;
  readonly got: number | undefined;
  /** As a report shows it, in the check's unit; `>= x` where censored samples reach the percentile. */
  readonly gotText: string;
  readonly passed: boolean;
}

/** An INSERT or QUERY, running or ended. */
export interface StatementResult {
  readonly identity: StatementIdentity;
  readonly settings: Settings;
  readonly model: 'open' | 'closed';
  readonly itemName: 'point' | 'row' | 'partition' | 'query';
  readonly batchSize: number;
  readonly seriesCardinality: number;
  readonly fieldCount: number;
  /** Where the time that was measured begins, the warm-up apart: the first item is due (open), or sent (closed). */
  readonly startedNs: number;
  /** Outcome of the last operation, or now while it runs. */
  readonly endedNs: number;
  readonly state: 'running' | 'ended' | 'aborted' | 'interrupted';
  /** Why it did not end by itself: MaxErrors, EXPECT … ABORT, Ctrl-C, an error. */
  readonly reason?: string;
  readonly total: Tally;
  /** Operations and items that WARMUP sent; they are in nothing else. */
  readonly warmup: { readonly operations: Counts; readonly items: Counts };
  /** Items of a WRITTEN statement, which an earlier run has loaded: nothing was sent. */
  readonly written?: number;
  /** What the target said when it made ready, such as a partition key that SERIES does not have. */
  readonly warnings: readonly string[];
  readonly stages: readonly StageResult[];
  readonly checks: readonly CheckResult[];
  /** States other than VALID that apply to this statement, with the reason in a sentence each. */
  readonly marks: readonly { readonly state: RunState; readonly reason: string }[];
}

/** A row an operation of a statement, with what all of them share. */
export interface RequestRows {
  /** As they stood where the statement started. */
  readonly settings: Settings;
  readonly batchSize: number;
  readonly seriesCardinality: number;
  readonly fieldCount: number;
  /** Declared items; Infinity where only time ends the statement. */
  readonly items: number;
  readonly columns: readonly RequestColumns[];
}

/** One statement's share of an interval. The tally is valid during the call only. */
export interface StatementInterval {
  readonly identity: StatementIdentity;
  readonly model: 'open' | 'closed';
  readonly itemName: 'point' | 'row' | 'partition' | 'query';
  readonly tally: Tally;
  /** Items a second that were asked in this interval; undefined in a closed model. */
  readonly offered: number | undefined;
  readonly inFlight: number;
  /** Declared items done so far, of `items` (Infinity where time ends it); undefined bounds are unknown. */
  readonly progress: {
    readonly itemsDone: number;
    readonly items: number;
    readonly elapsedNs: number;
    readonly durationNs: number | undefined;
  };
  /** Of the operations that ended in the interval, the warm-up apart; there only where they are wanted. */
  readonly requests?: RequestRows;
}

export interface Interval {
  /** From 0. */
  readonly index: number;
  /** Start of the run's clock, milliseconds since 1970. */
  readonly startedMs: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly wallMs: number;
  /** Longest time in which the event loop of any of the client's threads stood still; unknown before they are there. */
  readonly clientPauseNs?: number;
  readonly statements: readonly StatementInterval[];
}

/**
 * Something that happened in a run, for those who look at its figures: what a chart marks. One that takes time is
 * told when it begins, without its end, and again, otherwise the same, when it has ended. No two of the same kind
 * and statement begin at the same time.
 */
export interface RunEvent {
  readonly kind:
    | 'run'
    | 'statement'
    | 'stage'
    | 'exec'
    | 'node-lost'
    | 'node-back'
    /** All load was held from the terminal. */
    | 'pause'
    /** The rate of a statement was changed from the terminal. */
    | 'rate'
    /** A statement was ended from the terminal. */
    | 'end';
  /** The statement that it is about; absent where it is about the run. */
  readonly statementId?: string;
  /** The name of that statement, where it is an INSERT or QUERY. */
  readonly name?: string;
  /** Nanoseconds of the run's clock since the run's start. */
  readonly startNs: number;
  /** Equal to `startNs` of what has no length; undefined while it lasts. */
  readonly endNs: number | undefined;
  /** One line for a reader, such as `AT 5000/s` or `10.0.0.2 lost`; without secrets. */
  readonly text: string;
}

/** An operation that was not acknowledged. */
export interface FailedOperation {
  /** Its number; in a MIX among those of all members. */
  readonly operation: number;
  /** What it was about, where its plan tells it: counting up to it anew could take seconds. */
  readonly indexes: readonly number[] | undefined;
  readonly attempts: number;
  /** Of the last attempt, here and below. */
  readonly errorClass: ErrorClass;
  /** One line, without secrets. */
  readonly message: string;
  /** HTTP status or CQL error code; 0 without an answer. */
  readonly status: number;
  readonly endNs: number;
  readonly warmup: boolean;
}

/** Operations of a statement that were not acknowledged, once an interval and at its end. */
export interface FailedOperations {
  readonly identity: StatementIdentity;
  /** In the order in which they ended on each client. */
  readonly operations: readonly FailedOperation[];
  /** Further ones of the same interval, which are only counted. */
  readonly more: number;
}

/** Something that keeps or shows results. Its calls return at once and never throw: a slow or dead sink can't change the load. */
export interface ResultSink {
  readonly name: string;
  interval(interval: Interval): void;
  /** Its share of the interval in which it ended comes after this. */
  statementEnded(result: StatementResult): void;
  /** A sink that has it makes the clients keep some hundreds of them an interval and statement. */
  failed?(failed: FailedOperations): void;
  /** Told as it happens. */
  event?(event: RunEvent): void;
  /** Flushes; tells in one sentence what was lost, if anything was. */
  close(): Promise<string | undefined>;
}
