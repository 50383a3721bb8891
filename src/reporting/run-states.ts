import type { RunState, StatementResult } from '../stress-client/results.ts';

/** The part of a statement’s report that decides the run’s states. */
interface MarkedStatement {
  readonly text: string;
  readonly result?: Pick<StatementResult, 'marks'>;
}

/** More of one state than this would hide the other states. */
const reasonsAtMost = 3;

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
    states.push(...reasonsOf(facts.statements, state).map((reason) => ({ state, reason })));
  }
  if (facts.endedEarly !== undefined) {
    states.push({ state: 'INCOMPLETE', reason: `the run ended before its script did: ${facts.endedEarly}` });
  }
  for (const loss of facts.lost) states.push({ state: 'INCOMPLETE', reason: loss });
  if (states.length === 0) states.push({ state: 'VALID', reason: '' });
  return states;
}

/** One sentence a mark; where there are many, one for all of them, which quotes the first. */
function reasonsOf(statements: readonly MarkedStatement[], state: RunState): readonly string[] {
  const reasons: string[] = [];
  let marked = 0;
  for (const { text, result } of statements) {
    const marks = (result?.marks ?? []).filter((mark) => mark.state === state);
    reasons.push(...marks.map(({ reason }) => `${text}: ${reason}`));
    if (marks.length > 0) marked++;
  }
  if (reasons.length <= reasonsAtMost) return reasons;
  const loads = statements.filter(({ result }) => result !== undefined).length;
  return [`${marked} of ${loads} statements, such as ${reasons[0]!}`];
}
