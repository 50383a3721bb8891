import type { MachineFacts } from '../reporting/machine.ts';
import type { ServerInfo } from '../stress-client/target/target.ts';
import type { StatementResult, TimeName } from '../stress-client/results.ts';
import type { FigureName } from '../stress-client/time-figures.ts';

/**
 * `stressql compare --format json`: everything that a comparison says, whatever its format. Times are nanoseconds, rates
 * items a second, shares parts of 1. What does not apply is absent; what is unbounded is null.
 */
export interface Comparison {
  readonly schemaVersion: 1;
  /** Of the intervals, each for itself, and of the verdicts on a run, all together. */
  readonly confidence: number;
  /** The baseline first. */
  readonly runs: readonly ComparedRunFacts[];
  /** Every other run against the baseline. */
  readonly comparisons: readonly RunComparison[];
  /** What --fail-if came to. */
  readonly conditions: readonly ConditionResult[];
}

export interface ComparedRunFacts {
  /** A is the baseline. */
  readonly label: string;
  /** The run's folder; absent where it came from the reporting InfluxDB. */
  readonly path?: string;
  readonly testId: string;
  readonly testName: string;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  readonly durationNs: number;
  /** Of stressql. */
  readonly version: string;
  readonly rehearsal: boolean;
  readonly target: string;
  readonly servers: readonly ServerInfo[];
  readonly machine: MachineFacts;
  readonly seed: number;
  readonly scriptSha256: string;
  /** VALID alone, or every other state that applies. */
  readonly states: readonly { readonly state: string; readonly reason: string }[];
}

export interface RunComparison {
  /** Of the run that is compared with the baseline. */
  readonly label: string;
  readonly differences: RunDifferences;
  /** INSERTs and QUERYs that only one of the two has, or that sent nothing in one of them. */
  readonly unmatched: readonly UnmatchedStatement[];
  /** In the baseline's order. */
  readonly statements: readonly StatementComparison[];
}

/** What is not the same about two runs, apart from their figures. */
export interface RunDifferences {
  /** Version, machine, target, servers, seed, state and the like. */
  readonly facts: readonly NamedDifference[];
  /** As they stood before the first statement. */
  readonly settings: readonly NamedDifference[];
  readonly parameters: readonly NamedDifference[];
  /** Lines of the script; absent where the scripts are the same, or one is not known. */
  readonly script?: ScriptDifference;
}

export interface NamedDifference {
  readonly name: string;
  /** Absent where the run has none. */
  readonly baseline?: string;
  readonly candidate?: string;
}

export interface ScriptDifference {
  readonly removed: number;
  readonly added: number;
  /** Lines with what is around them; none where the scripts are too long to be laid side by side. */
  readonly lines: readonly { readonly sign: '-' | '+' | ' ' | '…'; readonly text: string }[];
}

export interface UnmatchedStatement {
  readonly kind: 'insert' | 'query';
  readonly name: string;
  /** From 1, in script order. */
  readonly position: number;
  /** Label of the run that has it. */
  readonly label: string;
  readonly reason: string;
}

export interface StatementComparison {
  readonly kind: 'insert' | 'query';
  readonly name: string;
  readonly baseline: ComparedStatementFacts;
  readonly candidate: ComparedStatementFacts;
  /** Settings as they stood where the statement started. */
  readonly settings: readonly NamedDifference[];
  readonly figures: readonly FigureComparison[];
}

export interface ComparedStatementFacts {
  readonly statementId: string;
  /** From 1, in script order. */
  readonly position: number;
  /** The name of the MIX that it was a member of. */
  readonly mix?: string;
  readonly model: 'open' | 'closed';
  readonly itemName: string;
  /** How long it sent what was measured. */
  readonly durationNs: number;
  readonly intervals: number;
  /** `ended` where nothing stopped it. */
  readonly state: StatementResult['state'];
  /** Why it did not end by itself. */
  readonly reason?: string;
  /** Why its times may not be shown as they stand; they carry a mark. */
  readonly marks: readonly { readonly state: string; readonly reason: string }[];
}

export interface FigureComparison {
  readonly metric: 'throughput' | 'error_rate' | FigureName;
  /** Of times. */
  readonly clock?: Extract<TimeName, 'response' | 'service'>;
  readonly unit: 'perSecond' | 'share' | 'ns';
  /** Absent where nothing was measured. */
  readonly baseline?: ComparedValue;
  readonly candidate?: ComparedValue;
  /**
   * 0.05 is 5 % more than the baseline; of `error_rate` 0.05 is 5 percentage points more. Absent where there is
   * nothing to compare.
   */
  readonly change?: number;
  /** Interval of `confidence` about the change, for this figure alone; absent where none can be told. */
  readonly interval?: { readonly low: number | null; readonly high: number | null };
  /** How likely two runs of the same differ at least so much in this figure. */
  readonly pValue?: number;
  /**
   * `better` and `worse` hold for all figures of the run together; `same`: the interval is within a thousandth, or
   * there was no error in either; `undecided`: the runs can't tell; `unjudged`: there is no test for it.
   */
  readonly verdict: Verdict;
  /** How many times as long both runs would have to be to tell a difference as large as this. */
  readonly longer?: number;
  /** Why it is undecided or unjudged, where it is not for its size. */
  readonly reason?: string;
}

export type Verdict = 'better' | 'worse' | 'same' | 'undecided' | 'unjudged';

export interface ComparedValue {
  readonly value: number;
  /** Answers are missing: the truth is not below it. */
  readonly atLeast: boolean;
  /** The statement is marked invalid in its run. */
  readonly marked: boolean;
}

/** How a condition of --fail-if came out for one statement of one run. */
export interface ConditionResult {
  /** As written. */
  readonly text: string;
  /** Of the run. */
  readonly label: string;
  readonly statement: string;
  readonly failed: boolean;
  /** It was not judged, and failed for that: what was measured in one of the runs is not the target's, or not whole. */
  readonly invalid: boolean;
  /** What was compared with the limit, in a sentence. */
  readonly reason: string;
}
