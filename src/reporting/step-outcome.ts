import { errorSentence } from '../stress-client/target/error-sentence.ts';
import { formatDuration, formatItems } from '../stress-client/units.ts';
import type { LoadStatement, StatementSummary } from './summary.ts';

export interface StepOutcome {
  /** `none` where there was nothing to succeed: it did not run, was skipped, or is a SET or WAIT. */
  readonly kind: 'ok' | 'failed' | 'none';
  /** Such as `1.81 ms, 3 rows` or `not run`. */
  readonly text: string;
  /** What went wrong, a sentence each, and the last lines of a program. */
  readonly details: readonly string[];
}

/** How a statement that sends no load came out. */
export function outcomeOf(statement: Exclude<StatementSummary, LoadStatement>): StepOutcome {
  if (!statement.ran) return { kind: 'none', text: 'not run', details: [] };
  switch (statement.kind) {
    case 'set':
      return {
        kind: 'none',
        text: statement.text.includes(statement.value) ? '' : statement.value,
        details: [],
      };
    case 'wait':
      return { kind: 'none', text: formatDuration(statement.durationNs), details: [] };
    case 'pass-through': {
      const { outcome, rows = 0, error, durationNs, reason } = statement;
      if (outcome === 'skipped') return { kind: 'none', text: because('skipped', reason), details: [] };
      return {
        kind: outcome,
        text: `${formatDuration(durationNs)}${rows === 0 ? '' : `, ${formatItems(rows, 'row')}`}`,
        details: error === undefined ? [] : [`${error.errorClass}: ${errorSentence(error)}`],
      };
    }
    case 'exec': {
      const { outcome, durationNs, exitCode, reason, lastLines } = statement;
      if (outcome === 'refused') return { kind: 'failed', text: because('refused', reason), details: [] };
      return {
        kind: outcome,
        text: `${formatDuration(durationNs)}${exitCode === undefined ? '' : `, exit code ${exitCode}`}`,
        details: [...(reason === undefined ? [] : [reason]), ...lastLines.map((line) => `| ${line}`)],
      };
    }
  }
}

function because(what: string, reason: string | undefined): string {
  return reason === undefined ? what : `${what}: ${reason}`;
}
