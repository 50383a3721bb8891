import { errorSentence } from '../stress-client/target/error-sentence.ts';
import { formatDuration, formatItems } from '../stress-client/units.ts';
import type { LoadStatement, StatementSummary } from './summary.ts';

export interface StepOutcome {
  /** `none` where there was nothing to succeed: it did not run, was skipped, or is a SET or WAIT. */
  readonly kind: 'ok' | 'failed' | 'none';
  /** Whether it was carried out; where it was not, `text` says why. */
  readonly ran: boolean;
  /** Such as `1.81 ms, 3 rows` or `not run`. */
  readonly text: string;
  readonly details: readonly StepDetail[];
}

export interface StepDetail {
  /** A sentence about what went wrong, or `|` and a line of a program. */
  readonly text: string;
  /** Whether a program wrote it: one of its last lines. */
  readonly written: boolean;
}

/** How a statement that sends no load came out. */
export function outcomeOf(statement: Exclude<StatementSummary, LoadStatement>): StepOutcome {
  if (!statement.ran) return { kind: 'none', ran: false, text: 'not run', details: [] };
  switch (statement.kind) {
    case 'set':
      return {
        kind: 'none',
        ran: true,
        text: statement.text.includes(statement.value) ? '' : statement.value,
        details: [],
      };
    case 'wait':
      return { kind: 'none', ran: true, text: formatDuration(statement.durationNs), details: [] };
    case 'pass-through': {
      const { outcome, rows = 0, error, durationNs, reason } = statement;
      if (outcome === 'skipped')
        return { kind: 'none', ran: false, text: because('skipped', reason), details: [] };
      return {
        kind: outcome,
        ran: true,
        text: `${formatDuration(durationNs)}${rows === 0 ? '' : `, ${formatItems(rows, 'row')}`}`,
        details: error === undefined ? [] : [sentence(`${error.errorClass}: ${errorSentence(error)}`)],
      };
    }
    case 'exec': {
      const { outcome, durationNs, exitCode, reason, lastLines } = statement;
      if (outcome === 'refused')
        return { kind: 'failed', ran: false, text: because('refused', reason), details: [] };
      return {
        kind: outcome,
        ran: true,
        text: `${formatDuration(durationNs)}${exitCode === undefined ? '' : `, exit code ${exitCode}`}`,
        details: [
          ...(reason === undefined ? [] : [sentence(reason)]),
          ...lastLines.map((line) => ({ text: `| ${line}`, written: true })),
        ],
      };
    }
  }
}

function because(what: string, reason: string | undefined): string {
  return reason === undefined ? what : `${what}: ${reason}`;
}

function sentence(text: string): StepDetail {
  return { text, written: false };
}
