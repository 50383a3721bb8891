import type { RunEvent } from '../stress-client/results.ts';
import type { IntervalLine } from './interval-line.ts';
import type { RunRecord } from './run-record.ts';
import type { Summary } from './summary.ts';

/** All that is known of a run: what reports with charts and intervals are made of. */
export interface RunDetail {
  readonly summary: Summary;
  readonly record: RunRecord;
  /** Every setting before the first operation, as SET would take it; secrets redacted. */
  readonly settings: Readonly<Record<string, string>>;
  /** As it ran, secrets cut out; undefined where only the reporting database knows the run. */
  readonly script: string | undefined;
  readonly events: readonly RunEvent[];
  /** Every interval of every statement, in the order of time; to be asked for once or more. */
  intervals(): AsyncIterable<IntervalLine>;
}
