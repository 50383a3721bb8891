import type { RunState, StatementResult } from '../stress-client/results.ts';

/** The part of a statement’s report that decides the run’s states. */
interface MarkedStatement {
  readonly text: string;
  readonly result?: Pick<StatementResult, 'marks'>;
}

/**
 * Promises what stands on top of every report: VALID alone, or every other state that applies, with its reasons.
 * A rehearsal shows nobody’s times, and shares its machine with the practice server: that its client was late
 * says nothing.
 */
export function runStatesOf(facts: {
  readonly rehearsal: boolean;
  readonly statements: readonly MarkedStatement[];
  /** What is missing from the results, a sentence each: what each sink says that it lost. */
  readonly lost: readonly string[];
  /** Why the run ended before its script did. */
  readonly endedEarly?: string | undefined;
}): readonly { readonly state: RunState; readonly reason: string }[] {
  const states: { readonly state: RunState; readonly reason: string }[] = [];
  if (facts.rehearsal) {
    states.push({
      state: 'REHEARSAL',
      reason: 'the practice server answered; these are no database’s figures',
    });
  }
  for (const state of ['INVALID_CLIENT', 'INVALID_RATE', 'INCOMPLETE'] as const) {
    if (facts.rehearsal && state !== 'INCOMPLETE') continue;
    for (const statement of facts.statements) {
      for (const mark of statement.result?.marks ?? []) {
        if (mark.state !== state) continue;
        states.push({ state, reason: `${statement.text}: ${mark.reason}` });
      }
    }
  }
  if (facts.endedEarly !== undefined) {
    states.push({ state: 'INCOMPLETE', reason: `the run ended before its script did: ${facts.endedEarly}` });
  }
  for (const loss of facts.lost) states.push({ state: 'INCOMPLETE', reason: loss });
  if (states.length === 0) states.push({ state: 'VALID', reason: '' });
  return states;
}
