import { bucketOf } from '../../stress-client/bucket-layout.ts';
import type { TimeName } from '../../stress-client/results.ts';
import {
  figureNs,
  timeFiguresOf,
  type FigureName,
  type TimeFigures,
} from '../../stress-client/time-figures.ts';
import { TimeTotals } from '../../stress-client/time-totals.ts';
import { storedBuckets } from '../decode-histogram.ts';
import type { IntervalLine } from '../interval-line.ts';
import type { LoadSummary } from '../summary.ts';
import { HeatMap } from './heat-map.ts';
import { packColumns } from './pack-columns.ts';
import type { PackedColumns, PackedHeatMap } from './report-data.ts';

/** Figures over time, of each time that charts show. */
export const figuresOverTime: Readonly<Partial<Record<TimeName, readonly FigureName[]>>> = {
  response: ['p50', 'p90', 'p99', 'p99.9', 'max'],
  service: ['p50', 'p90', 'p99', 'p99.9', 'max'],
  lateness: ['p99', 'max'],
  slotWait: ['p99', 'max'],
};

/** The rate of a shorter part of an interval, where a statement begins or ends, says nothing. */
const activeShareAtLeast = 0.1;

interface Point {
  readonly index: number;
  readonly startNs: number;
  readonly lines: IntervalLine[];
}

/**
 * What a statement did over time, a point for each so many intervals. The percentiles of a point are those of all
 * its samples: where it stands for several intervals, their histograms are added up.
 */
export class StatementSeries {
  readonly #load: LoadSummary;
  readonly #intervalsAPoint: number;
  readonly #heat: { readonly time: PackedHeatMap['time']; map: HeatMap | undefined };
  #startNs: number | undefined;
  readonly #columns: Record<string, (number | undefined)[]> = {};
  #point: Point | undefined;
  #length = 0;

  constructor(load: LoadSummary, intervalsAPoint: number) {
    this.#load = load;
    this.#intervalsAPoint = intervalsAPoint;
    this.#heat = { time: load.model === 'open' ? 'response' : 'service', map: undefined };
  }

  /** Intervals come in their order. */
  add(line: IntervalLine): void {
    const index = Math.floor(line.interval / this.#intervalsAPoint);
    if (this.#point?.index !== index) {
      this.#endPoint();
      this.#point = { index, startNs: line.startNs, lines: [] };
    }
    this.#point.lines.push(line);
    const { time } = this.#heat;
    const map = (this.#heat.map ??= new HeatMap(line.startNs, line.endNs - line.startNs));
    const measured = storedBuckets(line, time);
    if (measured !== undefined) map.add((line.startNs + line.endNs) / 2, measured);
  }

  pack(): {
    readonly startNs: number;
    readonly series: PackedColumns;
    readonly errorClasses: readonly string[];
    readonly heatMap?: PackedHeatMap;
  } {
    this.#endPoint();
    const heatMap = this.#heat.map?.pack(this.#heat.time);
    return {
      startNs: this.#startNs ?? 0,
      series: packColumns(this.#columns, this.#length),
      errorClasses: this.#load.errors.map(({ errorClass }) => errorClass),
      ...(heatMap !== undefined && { heatMap }),
    };
  }

  #endPoint(): void {
    const point = this.#point;
    if (point === undefined) return;
    const { lines, startNs } = point;
    this.#startNs ??= startNs;
    const { endNs, inFlight } = lines.at(-1)!;
    const { startedNs, endedNs } = this.#load;
    const activeNs = Math.min(endNs, endedNs) - Math.max(startNs, startedNs);
    const isRate = activeNs > 0 && activeNs >= activeShareAtLeast * (endNs - startNs);
    const sum = (of: (line: IntervalLine) => number): number =>
      lines.reduce((total, line) => total + of(line), 0);
    /** Thousandths a second, so that it is a whole number. */
    const rate = (of: (line: IntervalLine) => number): number | undefined =>
      isRate ? Math.round((sum(of) / activeNs) * 1e12) : undefined;
    this.#put('endUs', Math.round(endNs / 1e3));
    this.#put(
      'achieved',
      rate((line) => line.items.acknowledged),
    );
    this.#put(
      'offered',
      this.#load.model === 'open'
        ? rate(({ offered = 0, startNs: from, endNs: to }) => (offered * (to - from)) / 1e9)
        : undefined,
    );
    this.#put(
      'requestBytes',
      rate((line) => line.requestBytes),
    );
    this.#put(
      'responseBytes',
      rate((line) => line.responseBytes),
    );
    this.#put('inFlight', inFlight);
    for (const { errorClass } of this.#load.errors) {
      const count = sum(({ errors }) => errors.find((each) => each.errorClass === errorClass)?.count ?? 0);
      this.#put(`error:${errorClass}`, count);
    }
    for (const [name, figures] of Object.entries(figuresOverTime)) {
      const time = timeOf(lines, name as TimeName);
      for (const figure of figures) {
        // Buckets are smaller numbers than their ends, and say as much.
        this.#put(`${name}:${figure}`, time && bucketOf(figureNs(time, figure)));
      }
    }
    this.#length++;
    this.#point = undefined;
  }

  #put(name: string, value: number | undefined): void {
    (this.#columns[name] ??= []).push(value);
  }
}

function timeOf(lines: readonly IntervalLine[], name: TimeName): TimeFigures | undefined {
  const measured = lines.filter(({ times }) => times[name] !== undefined);
  if (measured.length < 2) return measured[0]?.times[name];
  const totals = new TimeTotals();
  let censored = 0;
  for (const line of measured) {
    totals.add(storedBuckets(line, name)!);
    censored += line.times[name]!.censored;
  }
  return timeFiguresOf(totals.buckets, censored);
}
