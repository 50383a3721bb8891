import { meaningOfMark } from '../reporting/validity-mark.ts';
import { formatDuration, formatItems } from '../stress-client/units.ts';
import type {
  ComparedRunFacts,
  ComparedStatementFacts,
  Comparison,
  NamedDifference,
  RunComparison,
  ScriptDifference,
  StatementComparison,
} from './comparison.ts';

/* Sentences of a comparison that every format has. */

export function titleOf({ testName, testId }: ComparedRunFacts): string {
  return [testName, `test ${testId}`].filter((part) => part !== '').join(', ');
}

/** What a reader has to know of a statement before its figures. */
export function explanations(
  { baseline, candidate }: StatementComparison,
  baselineLabel: string,
  label: string,
): readonly string[] {
  const both = (one: string, other: string): string => (one === other ? one : `${one} → ${other}`);
  const sentences = [
    [
      ...(baseline.mix === undefined && candidate.mix === undefined
        ? []
        : [both(mixOf(baseline), mixOf(candidate))]),
      both(`${baseline.model} model`, `${candidate.model} model`),
      `statement ${both(String(baseline.position), String(candidate.position))}`,
      `ran ${both(formatDuration(baseline.durationNs), formatDuration(candidate.durationNs))}`,
      both(formatItems(baseline.intervals, 'interval'), formatItems(candidate.intervals, 'interval')),
    ].join(', '),
  ];
  for (const [of, { state, reason, marks }] of [
    [baselineLabel, baseline],
    [label, candidate],
  ] as const) {
    if (reason !== undefined) sentences.push(`${of} ${state}: ${reason}`);
    for (const mark of marks) sentences.push(`${of} ${mark.state}: ${mark.reason}`);
  }
  return sentences;
}

function mixOf({ mix }: ComparedStatementFacts): string {
  return mix === undefined ? 'in no MIX' : `in MIX ${mix}`;
}

/** Settings that differ for this statement, where the whole run does not say so already. */
export function settingsOfItsOwn(
  { settings }: StatementComparison,
  { differences }: RunComparison,
): readonly NamedDifference[] {
  return settings.filter(
    ({ name, baseline, candidate }) =>
      !differences.settings.some(
        (each) => each.name === name && each.baseline === baseline && each.candidate === candidate,
      ),
  );
}

/** `Script: 1 line removed, 12 lines added`. */
export function scriptTitle({ removed, added }: ScriptDifference): string {
  const parts = [formatItems(removed, 'line'), formatItems(added, 'line')];
  return `Script: ${parts[0]} removed, ${parts[1]} added`;
}

export function footnotes({ comparisons }: Comparison): readonly string[] {
  const statements = comparisons.flatMap((comparison) => comparison.statements);
  const states = new Set(
    statements.flatMap(({ baseline, candidate }) =>
      [...baseline.marks, ...candidate.marks].map(({ state }) => state),
    ),
  );
  return [
    'Verdicts hold together: were the runs the same, the chance that any figure of a run is called better or worse is ' +
      'at most 5 %. Intervals are each figure’s own.',
    ...[...states].flatMap((state) => meaningOfMark[state] ?? []),
  ];
}
