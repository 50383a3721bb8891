import type { Plan } from './plan.ts';
import type { Settings } from './settings.ts';

/** A started statement, as targets see it. */
export interface Work {
  readonly statementId: string;
  readonly plan: Plan;
  /** Declared items; Infinity where only time ends the statement. */
  readonly items: number;
  /** As captured when the statement started. */
  readonly settings: Settings;
}
