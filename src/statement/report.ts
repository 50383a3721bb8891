import type { ServerInfo, TargetError } from '../stress-client/target/target.ts';
import type { RunEvent, StatementResult } from '../stress-client/results.ts';

interface ReportOf<Kind extends string> {
  readonly kind: Kind;
  /** From 1, in script order. */
  readonly position: number;
  readonly statementId: string;
  /** The statement as the canonical printer prints its first line, secrets cut out. */
  readonly text: string;
  /** Line of the statement in its file, such as `profile.sql:12`. */
  readonly place: string;
  /** False where the script stopped before it. */
  readonly ran: boolean;
}

/** What a statement has to say after the run, in script order: what reports are rendered from. */
export type StatementReport =
  | (ReportOf<'insert' | 'query'> & {
      readonly background: boolean;
      readonly result?: StatementResult;
      readonly error?: string;
    })
  | (ReportOf<'pass-through'> & {
      readonly outcome: 'ok' | 'failed' | 'skipped';
      readonly durationNs: number;
      readonly rows?: number;
      readonly error?: TargetError;
      /** Why it was skipped. */
      readonly reason?: string;
    })
  | (ReportOf<'set'> & { readonly name: string; readonly value: string })
  | (ReportOf<'wait'> & { readonly durationNs: number })
  | (ReportOf<'exec'> & {
      readonly background: boolean;
      readonly outcome: 'ok' | 'failed' | 'refused';
      readonly durationNs: number;
      readonly exitCode: number | undefined;
      readonly lastLines: readonly string[];
      readonly reason?: string;
    });

/** A whole run as reports see it. */
export interface RunReport {
  readonly testId: string;
  readonly testName: string;
  readonly startedMs: number;
  readonly durationNs: number;
  /** Processor time of this process from the first operation to the end of the script; 0 where nothing was sent. */
  readonly clientCpuNs: number;
  readonly seed: number;
  readonly scriptSha256: string;
  readonly version: string;
  readonly rehearsal: boolean;
  readonly target: string;
  readonly servers: readonly ServerInfo[];
  /** VALID, or every other state that applies, with a reason each. */
  readonly states: readonly { readonly state: string; readonly reason: string }[];
  /** Exit codes that apply, the one that the process ends with first. */
  readonly exitCodes: readonly { readonly code: number; readonly reason: string }[];
  readonly warnings: readonly string[];
  /** All that happened, as it was told. */
  readonly events: readonly RunEvent[];
  readonly statements: readonly StatementReport[];
}
