import type { StressTest } from '../stress-client/stress-test.ts';
import type { StatementReport } from './report.ts';

/** One statement of a script, compiled. */
export interface Statement {
  /** Does what the statement says. Resolves when it has ended; a `GO` when it has started. Rejects never. */
  run(test: StressTest): Promise<void>;
  /** What came of it; meaningful at any moment, also before and during `run`. */
  report(test: StressTest): StatementReport;
  /** Gives it the 8 characters that identify it in results. */
  setId(id: string): void;
}
