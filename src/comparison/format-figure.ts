import { formatDuration, formatPerSecond, formatShare } from '../stress-client/units.ts';
import type { ComparedValue, FigureComparison, StatementComparison } from './comparison.ts';

/* Figures of a comparison as every format shows them. */

/** `>= 12.4 ms!`; `-` where nothing was measured. */
export function formatValue(value: ComparedValue | undefined, { unit }: FigureComparison): string {
  if (value === undefined) return '-';
  const figure =
    unit === 'ns'
      ? formatDuration(value.value)
      : unit === 'share'
        ? formatShare(value.value)
        : formatPerSecond(value.value);
  return `${value.atLeast ? '>= ' : ''}${figure}${value.marked ? '!' : ''}`;
}

/** `+4.8 %`, `-62 %`, `12.0 times`; of shares `+0.05 points`. */
export function formatChange(change: number, unit: FigureComparison['unit']): string {
  const percent = change * 100;
  if (unit === 'share')
    return percent === 0 ? '0' : `${signed(percent, Math.abs(percent) < 0.1 ? 3 : 2)} points`;
  if (percent >= 1000) return `${(1 + change).toFixed(1)} times`;
  const size = Math.abs(percent);
  return `${signed(percent, size < 1 ? 2 : size < 99.95 ? 1 : 0)} %`;
}

/** `+1.2 % … +8.4 %`; empty where there is none. */
export function formatInterval({ interval, unit }: FigureComparison): string {
  if (interval === undefined) return '';
  const end = (value: number | null, unbounded: string): string =>
    value === null ? unbounded : formatChange(value, unit);
  return `${end(interval.low, '?')} … ${end(interval.high, '?')}`;
}

/** `worse`, or how much longer would tell. */
export function formatVerdict(
  { verdict, longer, reason }: FigureComparison,
  { baseline, candidate }: StatementComparison,
): string {
  switch (verdict) {
    case 'better':
    case 'worse':
    case 'same':
      return verdict;
    case 'unjudged':
      return reason === undefined ? 'not judged' : `not judged: ${reason}`;
    case 'undecided': {
      if (longer === undefined) return 'can’t be told apart';
      const durationNs = Math.max(baseline.durationNs, candidate.durationNs) * longer;
      return `can’t be told apart; ${formatDuration(durationNs)} would tell`;
    }
  }
}

/** `response p99`, `points/s`, `errors`. */
export function nameOfFigure({ metric, clock }: FigureComparison, { baseline }: StatementComparison): string {
  if (metric === 'throughput')
    return `${baseline.itemName === 'query' ? 'queries' : `${baseline.itemName}s`}/s`;
  if (metric === 'error_rate') return 'errors';
  return `${clock} ${metric}`;
}

/** `worse: response p99 +12.0 %, errors +0.40 points; better: points/s +8.1 %`. */
export function shortVerdict(statement: StatementComparison): string {
  const parts = (['worse', 'better'] as const).flatMap((verdict) => {
    const of = statement.figures.filter((figure) => figure.verdict === verdict);
    if (of.length === 0) return [];
    const figures = of.map(
      (figure) => `${nameOfFigure(figure, statement)} ${formatChange(figure.change!, figure.unit)}`,
    );
    return [`${verdict}: ${figures.join(', ')}`];
  });
  if (parts.length > 0) return parts.join('; ');
  if (statement.figures.every(({ verdict }) => verdict === 'unjudged')) return 'nothing could be judged';
  return 'no figure can be told apart';
}

function signed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? `±${text.replace('-', '')}` : value > 0 ? `+${text}` : text;
}
