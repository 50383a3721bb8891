import type { Summary } from '../reporting/summary.ts';
import { marksOfLoad } from '../reporting/validity-mark.ts';
import { compareLoads } from './compare-loads.ts';
import type { ComparedLoad, ComparedRun } from './compared-run.ts';
import type {
  ComparedRunFacts,
  ComparedStatementFacts,
  Comparison,
  RunComparison,
  StatementComparison,
  UnmatchedStatement,
} from './comparison.ts';
import { judgeConditions, type FailureCondition, type FailureRules } from './failure-condition.ts';
import { judgeFigures } from './judge-figures.ts';
import { matchStatements } from './match-statements.ts';
import { namedDifferences, runDifferences } from './run-differences.ts';

/** Compares every run with the first, and says whether a condition is met. At least two runs. */
export function compareRuns(
  runs: readonly ComparedRun[],
  conditions: readonly FailureCondition[] = [],
  rules: FailureRules = { rule: 'sure', allowInvalid: false },
): Comparison {
  const [baseline, ...others] = runs;
  const comparisons = others.map((candidate, at) => compareTwo(baseline!, candidate, labelOf(at + 1)));
  return {
    schemaVersion: 1,
    confidence: 0.95,
    runs: runs.map(factsOf),
    comparisons,
    conditions: comparisons.flatMap((comparison) =>
      judgeConditions(comparison, conditions, rules, labelOf(0)),
    ),
  };
}

function compareTwo(baseline: ComparedRun, candidate: ComparedRun, label: string): RunComparison {
  const { pairs, onlyFirst, onlySecond } = matchStatements(baseline.loads, candidate.loads);
  const compared = pairs.filter((pair) => pair.every(hasSent));
  const figures = compared.map((pair) => compareLoads(...pair));
  const judged = judgeFigures(figures.flat());
  let at = 0;
  const statements = compared.map(([one, other], index): StatementComparison => {
    const from = at;
    at += figures[index]!.length;
    return {
      kind: one.statement.kind,
      name: one.load.name,
      baseline: statementFacts(one, baseline.summary),
      candidate: statementFacts(other, candidate.summary),
      settings: settingsOf(one, other),
      figures: judged.slice(from, at),
    };
  });
  const unmatched = (load: ComparedLoad, of: string, reason: string): UnmatchedStatement => ({
    kind: load.statement.kind,
    name: load.load.name,
    position: load.statement.position,
    label: of,
    reason,
  });
  return {
    label,
    differences: runDifferences(baseline, candidate),
    unmatched: [
      ...onlyFirst.map((load) =>
        unmatched(load, labelOf(0), `${label} has no such statement that began to send`),
      ),
      ...onlySecond.map((load) =>
        unmatched(load, label, `${labelOf(0)} has no such statement that began to send`),
      ),
      ...pairs.flatMap(([one, other]) =>
        hasSent(one) && hasSent(other)
          ? []
          : [
              unmatched(
                one,
                labelOf(0),
                `nothing was sent in ${[!hasSent(one) && labelOf(0), !hasSent(other) && label].filter(Boolean).join(' and ')}`,
              ),
            ],
      ),
    ],
    statements,
  };
}

function hasSent({ load }: ComparedLoad): boolean {
  return load.operations.sent > 0;
}

/** What a killed process has left no word of does not differ. */
function settingsOf(one: ComparedLoad, other: ComparedLoad): StatementComparison['settings'] {
  const isKnown = [one, other].every(({ load }) => Object.keys(load.settings).length > 0);
  return isKnown ? namedDifferences(one.load.settings, other.load.settings) : [];
}

function statementFacts({ statement, load, series }: ComparedLoad, summary: Summary): ComparedStatementFacts {
  return {
    statementId: statement.statementId,
    position: statement.position,
    ...(load.mix !== undefined && { mix: load.mix }),
    model: load.model,
    itemName: load.itemName,
    durationNs: load.endedNs - load.startedNs,
    intervals: series.length,
    state: load.state,
    ...(load.reason !== undefined && { reason: load.reason }),
    marks: marksOfLoad(summary, load),
  };
}

function factsOf({ path, summary }: ComparedRun, at: number): ComparedRunFacts {
  const { testId, testName, startedMs, durationNs, version, rehearsal, target, servers, machine, seed } =
    summary;
  return {
    label: labelOf(at),
    ...(path !== undefined && { path }),
    testId,
    testName,
    startedMs,
    durationNs,
    version,
    rehearsal,
    target,
    servers,
    machine,
    seed,
    scriptSha256: summary.scriptSha256,
    states: summary.states,
  };
}

/** A, B, … Z, then 27 and so on. */
function labelOf(at: number): string {
  return at < 26 ? String.fromCharCode(65 + at) : String(at + 1);
}
