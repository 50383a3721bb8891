import type { CheckMetric, CheckOperator } from '../parser/ast.ts';
import type { CheckResult, StatementResult, Tally } from '../stress-client/results.ts';
import { figureNs, timeFiguresOf, type FigureName } from '../stress-client/time-figures.ts';
import {
  formatCount,
  formatDuration,
  formatPerSecond,
  formatShare,
  pluralOf,
} from '../stress-client/units.ts';
import type { BoundCheck } from './load-options.ts';

/** A measured value; `atLeast` where censored samples reach it: the truth is not below it. */
interface Measured {
  readonly value: number;
  readonly atLeast: boolean;
  readonly text: string;
}

/**
 * Says how a check of EXPECT came out on what was measured in `seconds`. What was not measured passes
 * nothing: neither does a statement of which no operation has ended.
 */
export function evaluateCheck(
  bound: BoundCheck,
  tally: Tally,
  seconds: number,
  itemName: StatementResult['itemName'],
): CheckResult {
  const { check, limit, text } = bound;
  const measured = measure(bound, tally, seconds, itemName);
  if (measured === undefined) {
    return { check, text, got: undefined, gotText: 'nothing measured', passed: false };
  }
  return {
    check,
    text,
    got: measured.value,
    gotText: measured.atLeast ? `>= ${measured.text}` : measured.text,
    passed: holds(measured, check.operator, limit),
  };
}

function measure(
  { check, text }: BoundCheck,
  tally: Tally,
  seconds: number,
  itemName: StatementResult['itemName'],
): Measured | undefined {
  const { acknowledged, failed, unknown } = tally.operations;
  const ended = acknowledged + failed + unknown;
  if (ended === 0) return undefined;
  switch (check.metric) {
    case 'errors':
      return exactly(failed + unknown, formatCount(failed + unknown));
    case 'error_rate':
      return exactly((failed + unknown) / ended, formatShare((failed + unknown) / ended));
    case 'rows':
      return exactly(tally.rows, formatCount(tally.rows));
    case 'throughput': {
      if (seconds <= 0) return undefined;
      const perSecond = tally.items.acknowledged / seconds;
      const unit = text.at(-1) === 'm' ? 'm' : text.at(-1) === 'h' ? 'h' : 's';
      const inUnit = perSecond * { s: 1, m: 60, h: 3600 }[unit];
      return exactly(perSecond, `${formatPerSecond(inUnit)} ${pluralOf(itemName)}/${unit}`);
    }
    default:
      return measureTime(check.service, check.metric, tally);
  }
}

function exactly(value: number, text: string): Measured {
  return { value, atLeast: false, text };
}

/** Response time; where there is none (a closed model has one clock), service time. */
function measureTime(service: boolean, figure: FigureName & CheckMetric, tally: Tally): Measured | undefined {
  const clock = service || tally.times.response === undefined ? 'service' : 'response';
  const figures = timeFiguresOf(tally.times[clock], tally.censored[clock]);
  if (figures === undefined) return undefined;
  const value = figureNs(figures, figure);
  return { value, atLeast: figures.atLeast.includes(figure), text: formatDuration(value) };
}

/** What is only known to be at least its value may be anything above it: only what holds for all of that holds. */
function holds({ value, atLeast }: Measured, operator: CheckOperator, limit: number): boolean {
  switch (operator) {
    case '<':
      return !atLeast && value < limit;
    case '<=':
      return !atLeast && value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '=':
      return !atLeast && value === limit;
    case '!=':
      return atLeast ? value > limit : value !== limit;
  }
}
