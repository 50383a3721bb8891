import { percentileMetrics } from '../parser/ast.ts';
import { storedBuckets } from '../reporting/decode-histogram.ts';
import type { IntervalLine } from '../reporting/interval-line.ts';
import type { LoadSummary } from '../reporting/summary.ts';
import type { Buckets } from '../stress-client/buckets.ts';
import { PercentileBoundary } from './percentile-boundary.ts';
import { RankedBuckets } from './ranked-buckets.ts';

/** The clocks that runs are compared by. */
export const clocks = ['response', 'service'] as const;
export type Clock = (typeof clocks)[number];
export type PercentileName = (typeof percentileMetrics)[number];

/** What a time came to in each interval. */
export interface TimeSeries {
  /** All samples of the statement. */
  readonly total: Buckets;
  readonly ranks: RankedBuckets;
  /** Those of the total that are only known to be at least their value. */
  readonly censored: number;
  readonly boundaries: Readonly<Record<PercentileName, PercentileBoundary>>;
  readonly samples: number[];
  readonly sumsNs: number[];
  /** Samples beyond the percentile of all samples. */
  readonly beyond: Readonly<Record<PercentileName, number[]>>;
}

/**
 * What a statement came to interval by interval: as much as tells how far its figures are known, so that an hour of
 * intervals takes little memory. The parts of intervals before its first and after its last operation are cut off.
 */
export class LoadSeries {
  readonly #startedNs: number;
  readonly #endedNs: number;
  readonly seconds: number[] = [];
  readonly items: number[] = [];
  /** Items that were due; those of a closed model are undefined. */
  readonly due: (number | undefined)[] = [];
  /** Operations that ended, and those of them without success. */
  readonly ended: number[] = [];
  readonly errors: number[] = [];
  readonly times: Readonly<Partial<Record<Clock, TimeSeries>>>;

  constructor(load: LoadSummary) {
    this.#startedNs = load.startedNs;
    this.#endedNs = load.endedNs;
    const times: Partial<Record<Clock, TimeSeries>> = {};
    for (const clock of clocks) {
      const time = load.times[clock];
      if (time !== undefined) times[clock] = emptySeries(storedBuckets(load, clock)!, time.censored);
    }
    this.times = times;
  }

  get length(): number {
    return this.seconds.length;
  }

  /** Intervals in the order in which they came. */
  add(line: IntervalLine): void {
    const fromNs = Math.max(line.startNs, this.#startedNs);
    const toNs = Math.min(line.endNs, this.#endedNs);
    const seconds = Math.max(0, toNs - fromNs) / 1e9;
    const { acknowledged, failed, unknown } = line.operations;
    const ended = acknowledged + failed + unknown;
    if (seconds === 0 && ended === 0) return;
    this.seconds.push(seconds);
    this.items.push(line.items.acknowledged);
    this.due.push(line.offered === undefined ? undefined : line.offered * seconds);
    this.ended.push(ended);
    this.errors.push(failed + unknown);
    for (const clock of clocks) {
      const series = this.times[clock];
      if (series !== undefined) addTime(series, line.times[clock], storedBuckets(line, clock));
    }
  }
}

function emptySeries(total: Buckets, censored: number): TimeSeries {
  const of = <Value>(make: (name: PercentileName) => Value): Record<PercentileName, Value> =>
    Object.fromEntries(percentileMetrics.map((name) => [name, make(name)])) as Record<PercentileName, Value>;
  return {
    total,
    ranks: new RankedBuckets(total),
    censored,
    boundaries: of((name) => new PercentileBoundary(total, shareOf(name))),
    samples: [],
    sumsNs: [],
    beyond: of(() => []),
  };
}

function addTime(series: TimeSeries, time: IntervalLine['times'][Clock], buckets: Buckets | undefined): void {
  series.samples.push(time?.count ?? 0);
  series.sumsNs.push(time === undefined ? 0 : time.count * time.meanNs);
  for (const name of percentileMetrics) {
    series.beyond[name].push(buckets === undefined ? 0 : series.boundaries[name].beyond(buckets));
  }
}

/** 0.999 of `p99.9`. */
export function shareOf(percentile: PercentileName): number {
  return Number(percentile.slice(1)) / 100;
}
