import { percentileMetrics } from '../parser/ast.ts';
import type {
  ComparedStatementFacts,
  ConditionResult,
  FigureComparison,
  RunComparison,
  StatementComparison,
} from './comparison.ts';
import type { Clock } from './load-series.ts';
import { formatChange, formatInterval } from './format-figure.ts';

/**
 * When a condition of --fail-if is met. `sure`: the whole interval of 95 % about the change lies beyond the limit,
 * so that noise fails nothing; `estimate`: the change itself does.
 */
export type FailureRule = 'sure' | 'estimate';

export interface FailureRules {
  readonly rule: FailureRule;
  /** Figures that an invalid run spoils are judged as they stand. */
  readonly allowInvalid: boolean;
}

/** `name:service.p99 > +10%`. */
export interface FailureCondition {
  readonly text: string;
  /** Name of an INSERT or QUERY; undefined means all. */
  readonly statement: string | undefined;
  readonly metric: FigureComparison['metric'];
  /** Undefined means response times, in a closed model service times. */
  readonly clock: Clock | undefined;
  readonly operator: '<' | '>';
  /** A change: 0.1 of `+10%`. */
  readonly limit: number;
}

const metrics: readonly string[] = [
  ...percentileMetrics.filter((name) => name !== 'p99.99'),
  'mean',
  'max',
  'throughput',
  'error_rate',
];

/** A condition as it is written; `expected` where it can't be read. */
export function readFailureCondition(text: string): FailureCondition | { readonly expected: string } {
  const parts =
    /^\s*(?:(.*):)?\s*(?:(service|response)\.)?([a-z_]+[\d.]*)\s*([<>])\s*([+-]?\d+(?:\.\d+)?)\s*%\s*$/s.exec(
      text,
    );
  if (parts === null)
    return { expected: 'a condition such as p99 > +10%, throughput < -5% or load:service.p99 > +10%' };
  const [, statement, clock, metric, operator, percent] = parts;
  if (!metrics.includes(metric!)) return { expected: `one of ${metrics.join(', ')}` };
  if (clock !== undefined && (metric === 'throughput' || metric === 'error_rate')) {
    return { expected: `${metric} without a clock` };
  }
  return {
    text: text.trim(),
    statement: statement?.trim(),
    metric: metric as FailureCondition['metric'],
    clock: clock as Clock | undefined,
    operator: operator as '<' | '>',
    limit: Number(percent) / 100,
  };
}

/**
 * Judges conditions on a run. What can't be judged has failed: a statement that the run has not, a figure that was not
 * measured, with rule `sure` one without an interval, and one that an invalid run spoils. A condition that names no statement of either run has no result.
 */
export function judgeConditions(
  comparison: RunComparison,
  conditions: readonly FailureCondition[],
  rules: FailureRules,
  baselineLabel: string,
): readonly ConditionResult[] {
  return conditions.flatMap((condition) => {
    const { text, statement } = condition;
    const isMeant = ({ name }: { readonly name: string }): boolean =>
      statement === undefined || name === statement;
    return [
      ...comparison.statements.filter(isMeant).map((each) => ({
        text,
        label: comparison.label,
        statement: each.name,
        ...judgeStatement(condition, each),
      })),
      ...comparison.unmatched
        .filter((each) => each.label !== comparison.label && isMeant(each))
        .map(({ name, reason }) => ({
          text,
          label: comparison.label,
          statement: name,
          failed: true,
          invalid: false,
          reason,
        })),
    ];
  });

  function judgeStatement(
    condition: FailureCondition,
    of: StatementComparison,
  ): Pick<ConditionResult, 'failed' | 'invalid' | 'reason'> {
    const flaws = [
      ...flawsOf(of.baseline, condition.metric).map((flaw) => `${baselineLabel} is ${flaw}`),
      ...flawsOf(of.candidate, condition.metric).map((flaw) => `${comparison.label} is ${flaw}`),
    ].join(', ');
    if (flaws !== '' && !rules.allowInvalid) {
      return { failed: true, invalid: true, reason: `not judged: ${flaws}; --allow-invalid judges it` };
    }
    const { failed, reason } = judge(condition, of, rules.rule);
    return { failed, invalid: false, reason: flaws === '' ? reason : `${reason}; ${flaws}` };
  }
}

/** Figures that stand though their statement is invalid. */
const unspoilt: Readonly<Partial<Record<string, readonly FigureComparison['metric'][]>>> = {
  INVALID_CLIENT: ['error_rate'],
  INVALID_RATE: ['error_rate', 'throughput'],
};

/** Why a figure of a statement decides nothing: the states that spoil it, or that it was stopped before its end. */
function flawsOf(
  { state, marks }: ComparedStatementFacts,
  metric: FigureComparison['metric'],
): readonly string[] {
  const spoiling = marks.filter((mark) => unspoilt[mark.state]?.includes(metric) === false);
  return [...(state === 'ended' ? [] : [state]), ...new Set(spoiling.map((mark) => mark.state))];
}

function judge(
  { metric, clock, operator, limit }: FailureCondition,
  { figures }: StatementComparison,
  rule: FailureRule,
): Pick<ConditionResult, 'failed' | 'reason'> {
  const ofMetric = figures.filter((each) => each.metric === metric);
  const figure =
    ofMetric.find((each) => each.clock === clock && each.change !== undefined) ??
    (clock === undefined ? ofMetric.find(({ change }) => change !== undefined) : undefined);
  if (figure?.change === undefined) return { failed: true, reason: 'not measured in both runs' };
  const { change, interval, unit } = figure;
  const told = formatChange(change, unit);
  if (rule === 'estimate') return { failed: isBeyond(change, operator, limit), reason: `changed by ${told}` };
  if (interval === undefined) {
    return { failed: true, reason: `changed by ${told}, and how surely can’t be told: ${figure.reason}` };
  }
  const bound = operator === '>' ? interval.low : interval.high;
  return {
    failed: bound !== null && isBeyond(bound, operator, limit),
    reason: `changed by ${told}, interval ${formatInterval(figure)}`,
  };
}

function isBeyond(change: number, operator: '<' | '>', limit: number): boolean {
  return operator === '>' ? change > limit : change < limit;
}
