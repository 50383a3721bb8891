import type { StatementReport } from '../statement/report.ts';
import type { CheckResult } from '../stress-client/results.ts';

/** What a process ends with, and what each code says. */
export const exitCodes = {
  0: 'The run did what the script says.',
  1: 'An EXPECT failed, the error limit was reached, a statement stopped the script, or no operation succeeded.',
  2: 'The script or the command line is wrong; nothing was sent.',
  3: 'The target can’t be reached.',
  4: 'INCOMPLETE: due operations were never sent, or results were lost.',
  5: 'The run is invalid: its figures may not be shown as they stand.',
  130: 'Interrupted by SIGINT (Ctrl-C).',
  143: 'Interrupted by SIGTERM.',
} as const;

export type ExitCode = keyof typeof exitCodes;

/** Of several that apply, the process ends with the first of these. */
const precedence: readonly ExitCode[] = [130, 143, 2, 3, 1, 5, 4, 0];

/** All that decides how a run's process ends. */
export interface RunFacts {
  readonly interrupted: 'SIGINT' | 'SIGTERM' | undefined;
  /** What is wrong with the script or the command line. */
  readonly usage?: string;
  /** Why the target can't be reached. */
  readonly unreachable?: string;
  /** Which statement or limit stopped the script, and why. */
  readonly stopped?: string;
  /** A rehearsal is no run whose figures could be shown: 5 does not apply, and of EXPECT only counts decide. */
  readonly rehearsal: boolean;
  readonly statements: readonly StatementReport[];
  /** What each sink says that it lost. */
  readonly lost: readonly string[];
}

/** Promises every exit code that applies, with its reason, in the order of precedence: at least one, 0 alone. */
export function exitCodesOf(
  facts: RunFacts,
): readonly { readonly code: ExitCode; readonly reason: string }[] {
  const found = [...applying(facts)];
  if (found.length === 0) return [{ code: 0, reason: exitCodes[0] }];
  return precedence.flatMap((code) => {
    const reasons = found.filter((each) => each.code === code).map((each) => each.reason);
    return reasons.length === 0 ? [] : [{ code, reason: reasons.join('; ') }];
  });
}

function* applying(facts: RunFacts): Iterable<{ readonly code: ExitCode; readonly reason: string }> {
  if (facts.interrupted === 'SIGINT') yield { code: 130, reason: 'interrupted by Ctrl-C (SIGINT)' };
  if (facts.interrupted === 'SIGTERM') yield { code: 143, reason: 'interrupted by SIGTERM' };
  if (facts.usage !== undefined) yield { code: 2, reason: facts.usage };
  if (facts.unreachable !== undefined) yield { code: 3, reason: facts.unreachable };
  if (facts.stopped !== undefined) yield { code: 1, reason: facts.stopped };
  let [sent, acknowledged] = [0, 0];
  for (const statement of facts.statements) {
    if (statement.kind !== 'insert' && statement.kind !== 'query') continue;
    const { result, error } = statement;
    // What stopped the script has ended every statement that ran, and is told once.
    const why = error ?? (result?.state === 'aborted' ? (result.reason ?? 'aborted') : undefined);
    if (why !== undefined && facts.stopped === undefined && facts.unreachable === undefined)
      yield { code: 1, reason: `${statement.text}: ${why}` };
    if (result === undefined) continue;
    sent += result.total.operations.sent;
    acknowledged += result.total.operations.acknowledged;
    const isOfCounts = ({ check }: CheckResult): boolean => countMetrics.has(check.metric);
    const deciding = facts.rehearsal ? result.checks.filter(isOfCounts) : result.checks;
    for (const { text, gotText, passed } of deciding) {
      if (!passed) yield { code: 1, reason: `${statement.text}: EXPECT ${text}, got ${gotText}` };
    }
    const expectsFigures = !result.checks.every(isOfCounts);
    for (const { state, reason } of result.marks) {
      const invalid = state === 'INVALID_CLIENT' || (state === 'INVALID_RATE' && expectsFigures);
      if (invalid && !facts.rehearsal) {
        yield { code: 5, reason: `${statement.text}: ${reason}` };
      }
      if (state === 'INCOMPLETE') yield { code: 4, reason: `${statement.text}: ${reason}` };
    }
  }
  if (sent > 0 && acknowledged === 0) yield { code: 1, reason: 'no operation succeeded' };
  for (const loss of facts.lost) yield { code: 4, reason: loss };
}

/** Checks that a missed rate leaves standing. */
const countMetrics: ReadonlySet<string> = new Set(['errors', 'rows', 'error_rate']);
