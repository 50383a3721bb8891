import type { StatementInterval, StatementResult } from '../stress-client/results.ts';
import { histogramLogBase, histogramLogHead, histogramLogLine, type TimeName } from './histogram-log.ts';
import {
  intervalHeader,
  intervalLine,
  noCollections,
  pystressHeader,
  pystressLine,
  type IntervalFigures,
} from './interval-lines.ts';
import { countsOf, nothingDone, restOf, sumOf, timeOf, type OperationCounts } from './operation-counts.ts';
import { RateUncertainty } from './rate-uncertainty.ts';
import { durationSeconds, type StressSettings } from './settings.ts';
import type { StressStreams } from './stress-streams.ts';
import {
  noSummaryCollections,
  pystressSummaryLines,
  summaryLines,
  type SummaryFigures,
} from './summary-lines.ts';
import { timeFigures } from './time-figures.ts';

/** A load that has ended. */
export interface MeasuredStep {
  readonly threads: number;
  readonly operationsPerSecond: number;
  /** Of each type, then of all together. */
  readonly figures: readonly IntervalFigures[];
}

/** Shorter intervals say nothing of a rate: they are part of the next one. */
const shareOfInterval = 0.1;

/** What an interval takes at least where there is something to tell of it. */
const leastSeconds = 0.001;

/** Prints a load that is measured, from the header to the summary. */
export class MeasuredLoad {
  readonly #settings: StressSettings;
  readonly #streams: StressStreams;
  readonly #threads: number;
  /** What is printed: response time at a fixed rate, else service time. */
  readonly #shown: TimeName;
  /** Of each type what lines have told, and what the next one tells. */
  readonly #told = new Map<string, OperationCounts>();
  readonly #next = new Map<string, OperationCounts>();
  readonly #uncertainty = new RateUncertainty();
  readonly #results: StatementResult[] = [];
  #toldSeconds = 0;
  /** When the run started, milliseconds since 1970, and how long after that the load. */
  readonly #runStartedMs: number;
  #startNs = Infinity;
  #histogramsBaseMs: number | undefined;
  #isCertain = false;

  constructor(settings: StressSettings, streams: StressStreams, threads: number, runStartedMs: number) {
    this.#settings = settings;
    this.#streams = streams;
    this.#threads = threads;
    this.#runStartedMs = runStartedMs;
    this.#shown = settings.rate.kind === 'threads' && settings.rate.fixed ? 'rt' : 'st';
  }

  /** A statement of the load has begun. The first one prints the header. */
  begin(startNs: number): void {
    if (this.#startNs === Infinity) this.#line(this.#isPystress ? pystressHeader : intervalHeader);
    this.#startNs = Math.min(this.#startNs, startNs);
  }

  /** Prints an interval; true once, where the rate is now known as well as `err<` asks. */
  interval(shares: readonly StatementInterval[]): boolean {
    for (const { identity, tally } of shares) {
      const { name, kind } = identity;
      this.#next.set(name, sumOf([this.#next.get(name) ?? nothingDone, countsOf(kind, tally)]));
    }
    const { log, command } = this.#settings;
    const seconds = Math.max(...shares.map(({ progress }) => progress.elapsedNs)) / 1e9;
    if (seconds - this.#toldSeconds < (shareOfInterval * log.intervalMs) / 1000) return false;
    this.#print(seconds);
    const { length } = command;
    if (this.#isCertain || length.kind !== 'uncertainty') return false;
    this.#isCertain = this.#uncertainty.isBelow(length.target, length.minimum, length.maximum);
    return this.#isCertain;
  }

  statementEnded(result: StatementResult): void {
    this.#results.push(result);
  }

  /** Prints what no line has told yet and, where all went well, the summary. Undefined where nothing was done. */
  end(succeeded: boolean): MeasuredStep | undefined {
    const totals = new Map<string, OperationCounts>();
    for (const { identity, total } of this.#results) {
      const counts = countsOf(identity.kind, total);
      totals.set(identity.name, counts);
      this.#next.set(identity.name, restOf(counts, this.#told.get(identity.name) ?? nothingDone));
    }
    const total = sumOf([...totals.values()]);
    const seconds = this.#lasted(total.operations);
    const isLeft = [...this.#next.values()].some(({ operations }) => operations > 0);
    if (isLeft) this.#print(Math.max(seconds, this.#toldSeconds + leastSeconds));
    if (!succeeded || total.operations === 0) return undefined;
    this.#printSummary(total, totals, seconds);
    const figures = [...sorted(totals), ['total', total] as const].map(([type, counts]) =>
      this.#figures(type, counts, counts, seconds, seconds),
    );
    return { threads: this.#threads, operationsPerSecond: total.operations / seconds, figures };
  }

  /** Seconds: to the last answer, and at a rate that sent all that was due, to the end of the time it had. */
  #lasted(operations: number): number {
    const seconds = (Math.max(...this.#results.map(({ endedNs }) => endedNs)) - this.#startNs) / 1e9;
    const { rate, command } = this.#settings;
    if (rate.kind !== 'threads' || command.length.kind !== 'duration') return seconds;
    const duration = durationSeconds(command.length);
    const due = rate.operationsPerSecond * duration;
    return due > 0 && operations >= due ? Math.max(seconds, duration) : seconds;
  }

  get #isPystress(): boolean {
    return this.#settings.log.format === 'pystress';
  }

  /** The lines of an interval that ends `elapsedSeconds` after the start; none where nothing was done in it. */
  #print(elapsedSeconds: number): void {
    const seconds = elapsedSeconds - this.#toldSeconds;
    const types = sorted(this.#next);
    const next = sumOf(types.map(([, counts]) => counts));
    for (const [type, counts] of types) {
      this.#told.set(type, sumOf([this.#told.get(type) ?? nothingDone, counts]));
      this.#logHistograms(type, counts, this.#toldSeconds, elapsedSeconds);
    }
    this.#uncertainty.add(next.rows, seconds, timeFigures(timeOf(next, this.#shown)).maximum / 1000);
    this.#toldSeconds = elapsedSeconds;
    this.#next.clear();
    if (next.operations === 0) return;
    const told = sumOf([...this.#told.values()]);
    const lines = [...(types.length > 1 ? types : []), ['total', next] as const].map(([type, counts]) =>
      this.#figures(type, counts, this.#told.get(type) ?? told, seconds, elapsedSeconds),
    );
    if (this.#isPystress) this.#line(pystressLine(lines.at(-1)!));
    else for (const figures of lines) this.#line(intervalLine(figures));
  }

  #figures(
    type: string,
    counts: OperationCounts,
    total: OperationCounts,
    seconds: number,
    elapsedSeconds: number,
  ): IntervalFigures {
    return {
      type,
      totalOperations: total.operations,
      operationsPerSecond: counts.operations / seconds,
      partitionsPerSecond: counts.partitions / seconds,
      rowsPerSecond: counts.rows / seconds,
      times: timeFigures(timeOf(counts, this.#shown)),
      elapsedSeconds,
      uncertainty: this.#uncertainty.value,
      errors: counts.errors,
      collections: noCollections,
    };
  }

  #printSummary(total: OperationCounts, totals: ReadonlyMap<string, OperationCounts>, seconds: number): void {
    const figures = (counts: OperationCounts): SummaryFigures => ({
      operationsPerSecond: counts.operations / seconds,
      partitionsPerSecond: counts.partitions / seconds,
      rowsPerSecond: counts.rows / seconds,
      times: timeFigures(timeOf(counts, this.#shown)),
      partitions: counts.partitions,
      errors: counts.errors,
    });
    const summary = {
      total: figures(total),
      types: new Map([...totals].map(([type, counts]) => [type, figures(counts)])),
      collections: noSummaryCollections,
      elapsedMs: seconds * 1000,
    };
    this.#line('');
    this.#line('');
    for (const line of this.#isPystress ? [...pystressSummaryLines(summary), ''] : summaryLines(summary)) {
      this.#line(line);
    }
  }

  #logHistograms(type: string, counts: OperationCounts, fromSeconds: number, toSeconds: number): void {
    const { histograms } = this.#streams;
    if (histograms === undefined) return;
    const { rate } = this.#settings;
    const limited = rate.kind === 'threads' && rate.operationsPerSecond > 0;
    const at = (seconds: number): number => this.#runStartedMs + this.#startNs / 1e6 + seconds * 1000;
    const [startMs, endMs] = [at(fromSeconds), at(toSeconds)];
    if (this.#histogramsBaseMs === undefined) {
      this.#histogramsBaseMs = histogramLogBase(startMs);
      histograms.begin(histogramLogHead(startMs));
    }
    const baseMs = this.#histogramsBaseMs;
    for (const time of limited ? (['st', 'rt', 'wt'] as const) : (['st'] as const)) {
      const buckets = timeOf(counts, time);
      if (buckets === undefined) continue;
      histograms.append(histogramLogLine(type, time, { baseMs, startMs, endMs }, buckets));
    }
  }

  #line(text: string): void {
    this.#streams.out(`${text}\n`);
  }
}

function sorted(
  types: ReadonlyMap<string, OperationCounts>,
): readonly (readonly [string, OperationCounts])[] {
  return [...types].sort(([one], [other]) => (one < other ? -1 : 1));
}
