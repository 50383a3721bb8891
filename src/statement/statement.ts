import type { StressTest } from '../stress-client/stress-test.ts';
import type { StatementReport } from './report.ts';

/** One statement of a script, compiled. */
export interface Statement {
  /** Does what the statement says. Resolves when it has ended; a `GO` when it has started. Rejects never. */
  run(test: StressTest): Promise<void>;
  /** What came of it, of a MIX of each member; meaningful at any moment, also before and during `run`. */
  report(test: StressTest): StatementReport | readonly StatementReport[];
  /** Gives it, and the members of a MIX, the 8 characters that identify it in results. */
  setId(id: string, memberIds?: readonly string[]): void;
}

/** Where a statement stands in its script. */
export interface StatementOrigin {
  /** From 1, in script order, counting every statement. */
  readonly position: number;
  /** The statement as the canonical printer prints its first line, secrets cut out. */
  readonly text: string;
  /** Such as `profile.sql:12`. */
  readonly place: string;
}
