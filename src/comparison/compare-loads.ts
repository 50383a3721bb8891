import { percentileMetrics } from '../parser/ast.ts';
import { figureNs, type FigureName } from '../stress-client/time-figures.ts';
import type { LoadSummary } from '../reporting/summary.ts';
import { formatCount, formatItems, formatPerSecond } from '../stress-client/units.ts';
import type { ComparedLoad } from './compared-run.ts';
import type { ComparedValue, FigureComparison } from './comparison.ts';
import { differenceOf, type Difference } from './difference.ts';
import { errorShareEstimates } from './error-share-estimate.ts';
import { intervalsAtLeast, type Estimate } from './estimate.ts';
import { clocks, type Clock } from './load-series.ts';
import { meanTimeEstimate } from './mean-time-estimate.ts';
import { percentileEstimate } from './percentile-estimate.ts';
import { throughputEstimate } from './throughput-estimate.ts';

/** A figure of two runs before it is judged, which takes all figures of the runs together. */
export interface UnjudgedFigure extends Omit<FigureComparison, 'verdict' | 'longer' | 'interval' | 'pValue'> {
  readonly difference?: Difference;
}

/** Every figure of a statement: throughput, each clock that one of the runs has, errors. */
export function compareLoads(baseline: ComparedLoad, candidate: ComparedLoad): readonly UnjudgedFigure[] {
  return [
    throughputOf(baseline, candidate),
    ...clocks.flatMap((clock) => timesOf(clock, baseline, candidate)),
    errorShareOf(baseline, candidate),
  ];
}

const figureNames: readonly FigureName[] = [
  ...percentileMetrics.filter((name) => name !== 'p99.99'),
  'max',
  'mean',
];

function throughputOf(baseline: ComparedLoad, candidate: ComparedLoad): UnjudgedFigure {
  const [one, other] = [baseline, candidate].map(({ load }) => ({
    value: load.throughput.itemsPerSecond,
    atLeast: false,
    marked: false,
  }));
  const asked = differentlyAsked(baseline.load, candidate.load);
  const estimateOf = ({ load, series }: ComparedLoad): Estimate | undefined =>
    asked === undefined ? throughputEstimate(load, series) : undefined;
  return {
    metric: 'throughput',
    unit: 'perSecond',
    ...ratioOf(one, other, estimateOf(baseline), estimateOf(candidate), asked ?? tooFew(baseline, candidate)),
  };
}

/** Rates that were asked, as far apart as this, are no achievement of the database. */
const askedApart = 0.01;

/** Stages are unknown of a run that was killed: then what was asked is taken to be the same. */
function differentlyAsked(
  { stages: before }: LoadSummary,
  { stages: after }: LoadSummary,
): string | undefined {
  if (before.length === 0 || after.length === 0) return undefined;
  if (before.length !== after.length) {
    return `what was asked differs: ${formatItems(before.length, 'stage')} and ${formatCount(after.length)}`;
  }
  const apart = after.findIndex(
    ({ offered }, at) => Math.abs(offered - before[at]!.offered) > askedApart * before[at]!.offered,
  );
  if (apart < 0) return undefined;
  const [one, other] = [before[apart]!, after[apart]!];
  return `what was asked differs: ${formatPerSecond(one.offered)} and ${formatPerSecond(other.offered)} a second`;
}

function timesOf(clock: Clock, baseline: ComparedLoad, candidate: ComparedLoad): readonly UnjudgedFigure[] {
  if (baseline.load.times[clock] === undefined && candidate.load.times[clock] === undefined) return [];
  return figureNames.map((metric) => {
    const of = ({
      load,
      series,
      marked,
    }: ComparedLoad): { value?: ComparedValue; estimate?: Estimate | undefined } => {
      const [figures, times] = [load.times[clock], series.times[clock]];
      if (figures === undefined || times === undefined) return {};
      return {
        value: {
          value: figureNs(figures, metric),
          atLeast: figures.atLeast.includes(metric),
          marked,
        },
        estimate:
          metric === 'max'
            ? undefined
            : metric === 'mean'
              ? meanTimeEstimate(figures, times)
              : percentileEstimate(metric, figures, times),
      };
    };
    const [one, other] = [of(baseline), of(candidate)];
    const reason =
      metric === 'max' ? 'one sample tells nothing of the next run’s' : tooFew(baseline, candidate);
    return {
      metric,
      clock,
      unit: 'ns',
      ...ratioOf(one.value, other.value, one.estimate, other.estimate, reason),
    };
  });
}

function errorShareOf(baseline: ComparedLoad, candidate: ComparedLoad): UnjudgedFigure {
  const of = ({ load }: ComparedLoad): ComparedValue | undefined => {
    const { acknowledged, failed, unknown } = load.operations;
    const ended = acknowledged + failed + unknown;
    return ended === 0 ? undefined : { value: (failed + unknown) / ended, atLeast: false, marked: false };
  };
  const [one, other] = [of(baseline), of(candidate)];
  const head = { metric: 'error_rate', unit: 'share', ...values(one, other) } as const;
  if (one === undefined || other === undefined) return { ...head, reason: onlyOne };
  const estimates = errorShareEstimates(baseline.series, candidate.series);
  const change = other.value - one.value;
  if (estimates !== undefined) return { ...head, change, difference: differenceOf(...estimates) };
  const reason = tooFew(baseline, candidate);
  return { ...head, change, ...(reason !== undefined && { reason }) };
}

const onlyOne = 'only one of the runs has measured it';

function ratioOf(
  one: ComparedValue | undefined,
  other: ComparedValue | undefined,
  first: Estimate | undefined,
  second: Estimate | undefined,
  reason: string | undefined,
): Pick<UnjudgedFigure, 'baseline' | 'candidate' | 'change' | 'reason' | 'difference'> {
  const known = values(one, other);
  if (one === undefined || other === undefined) return { ...known, reason: onlyOne };
  if (!(one.value > 0)) return { ...known, reason: 'nothing to divide by' };
  if (!(other.value > 0)) return { ...known, change: -1, reason: 'a ratio to nothing has no interval' };
  const whole = { ...known, change: other.value / one.value - 1 };
  if (first === undefined || second === undefined)
    return { ...whole, ...(reason !== undefined && { reason }) };
  return { ...whole, difference: differenceOf(first, second, Math.log) };
}

function values(
  baseline: ComparedValue | undefined,
  candidate: ComparedValue | undefined,
): Pick<UnjudgedFigure, 'baseline' | 'candidate'> {
  return { ...(baseline && { baseline }), ...(candidate && { candidate }) };
}

function tooFew(baseline: ComparedLoad, candidate: ComparedLoad): string | undefined {
  const intervals = Math.min(baseline.series.length, candidate.series.length);
  if (intervals >= intervalsAtLeast) return undefined;
  return `${formatItems(intervals, 'interval')}; at least ${intervalsAtLeast} tell how figures vary`;
}
