import type { UnjudgedFigure } from './compare-loads.ts';
import type { FigureComparison, Verdict } from './comparison.ts';
import { holmAdjusted } from './holm.ts';
import { studentQuantile } from './student-t.ts';

/** Chance of a false alarm anywhere among the figures of a run. */
const falseAlarms = 0.05;
/** What histograms resolve: a smaller difference is none. */
const negligible = 0.001;
/** Standard errors beyond the limit that find a difference of a given size four times of five. */
const powerQuantile = 0.8416;
/** Who needs so many times as long has learned that the runs are alike. */
const longerAtMost = 100;

/** Says of each figure of a run which way it differs, so that all of it holds together. */
export function judgeFigures(figures: readonly UnjudgedFigure[]): readonly FigureComparison[] {
  const tested = figures.filter(({ difference }) => difference !== undefined);
  const adjusted = holmAdjusted(tested.map(({ difference }) => difference!.pValue));
  const byFigure = new Map(tested.map((figure, at) => [figure, adjusted[at]!]));
  return figures.map((figure) => judge(figure, byFigure.get(figure), tested.length));
}

function judge(figure: UnjudgedFigure, pValue: number | undefined, tests: number): FigureComparison {
  const { difference, ...rest } = figure;
  if (difference === undefined || pValue === undefined) {
    return { ...rest, verdict: 'unjudged' };
  }
  const low = changeOf(difference.low, figure);
  const high = changeOf(difference.high, figure);
  const told: Omit<FigureComparison, 'verdict'> = {
    ...rest,
    // A ratio that may be 0 has no lower end.
    interval: { low: figure.unit !== 'share' && low === -1 ? null : finite(low), high: finite(high) },
    pValue: difference.pValue,
  };
  const change = figure.change!;
  const limit = figure.unit === 'share' ? 0 : negligible;
  if (pValue < falseAlarms && Math.abs(change) >= limit) {
    return { ...told, verdict: verdictOn(figure, change) };
  }
  if (isSame(figure, low, high)) return { ...told, verdict: 'same' };
  const needed = studentQuantile(falseAlarms / tests, difference.degrees) + powerQuantile;
  const longer = (needed / difference.t) ** 2;
  return {
    ...told,
    verdict: 'undecided',
    ...(longer <= longerAtMost && Math.abs(change) >= limit && { longer }),
  };
}

function verdictOn({ metric }: UnjudgedFigure, change: number): Verdict {
  return change > 0 === (metric === 'throughput') ? 'better' : 'worse';
}

function isSame(figure: UnjudgedFigure, low: number, high: number): boolean {
  if (figure.unit === 'share') return figure.baseline?.value === 0 && figure.candidate?.value === 0;
  return low > -negligible && high < negligible;
}

/** Ratios are compared by their logarithms. */
function changeOf(difference: number, { unit }: UnjudgedFigure): number {
  return unit === 'share' ? difference : Math.expm1(difference);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
