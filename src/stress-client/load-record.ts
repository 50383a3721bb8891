import { bucketOf } from './bucket-layout.ts';
import { CountPages } from './count-pages.ts';
import { emptyCounts, type LoadDeltas } from './load-deltas.ts';
import { marksOf } from './marks.ts';
import type { Lease, Load } from './package.ts';
import { Pacer } from './pacer.ts';
import type { RequestColumns } from './request-log.ts';
import {
  histogramLayout,
  type RequestRows,
  type StageResult,
  type StatementInterval,
  type StatementResult,
} from './results.ts';
import { addCounts, RunningTally } from './running-tally.ts';
import type { Tracer } from './tracer.ts';

/** What the hub knows of an INSERT or QUERY. Times are nanoseconds of the run's clock. */
export class LoadRecord {
  readonly load: Load;
  readonly tracer: Tracer;
  readonly lease: Lease;
  readonly #pacer: Pacer | undefined;

  state: StatementResult['state'] = 'running';
  reason: string | undefined;
  /** Why it failed as a whole. */
  problem: string | undefined;
  /** What the target said when it made ready to send. */
  warnings: readonly string[] = [];
  /** Whether any of its operations was acknowledged. */
  acknowledged = false;
  /** Its clock's zero. */
  #startNs: number | undefined;
  #firstNs: number | undefined;
  #lastNs = 0;
  /** Until when the run went on, where it was stopped. */
  #stoppedNs = Infinity;
  #inFlight = 0;
  readonly #total = new RunningTally();
  #interval: RunningTally | undefined = new RunningTally();
  /** Of this interval. */
  #requests: RequestColumns[] = [];
  readonly #warmup = { operations: emptyCounts(), items: emptyCounts() };
  readonly #stageItems: number[];
  #intervals = 0;
  /** The longest stall of each interval, by its bucket. */
  readonly #stalls = new CountPages();

  constructor(load: Load, lease: Lease, tracer: Tracer) {
    this.load = load;
    this.tracer = tracer;
    this.lease = lease;
    this.#pacer =
      load.stages.length > 0 ? new Pacer(load.stages, load.items, load.plan.batchSize) : undefined;
    this.#stageItems = load.stages.map(() => 0);
  }

  begin(startNs: number): void {
    this.#startNs = startNs;
    this.#lastNs = startNs;
  }

  fold(deltas: LoadDeltas): void {
    this.#total.add(deltas);
    (this.#interval ??= new RunningTally()).add(deltas);
    addCounts(this.#warmup.operations, deltas.warmup.operations);
    addCounts(this.#warmup.items, deltas.warmup.items);
    for (const index of this.#stageItems.keys()) this.#stageItems[index]! += deltas.stageItems[index]!;
    if (deltas.requests !== undefined) this.#requests.push(deltas.requests);
    this.#inFlight = deltas.inFlight;
    this.#firstNs = deltas.firstNs;
    this.#lastNs = deltas.lastNs;
  }

  countLateAnswer(): void {
    this.#total.lateAnswers++;
    (this.#interval ??= new RunningTally()).lateAnswers++;
  }

  countReprepared(): void {
    this.#total.reprepared++;
    (this.#interval ??= new RunningTally()).reprepared++;
  }

  end(state: Exclude<StatementResult['state'], 'running'>, reason: string | undefined, nowNs: number): void {
    this.state = state;
    this.reason = reason;
    this.#inFlight = 0;
    if (state !== 'ended') this.#stoppedNs = nowNs;
    if (this.#startNs === undefined) this.begin(nowNs);
  }

  fail(problem: string, nowNs: number): void {
    this.problem = problem;
    this.end('aborted', problem, nowNs);
  }

  /** What came of it so far. */
  result(nowNs: number): StatementResult {
    const { load } = this;
    const startedNs = this.#firstNs ?? this.#startNs ?? nowNs;
    const endedNs = Math.max(startedNs, this.state === 'running' ? nowNs : this.#lastNs);
    const result: Omit<StatementResult, 'marks'> = {
      identity: load.identity,
      settings: load.settings,
      model: this.model,
      itemName: load.plan.itemName,
      batchSize: load.plan.batchSize,
      seriesCardinality: load.plan.seriesCardinality,
      fieldCount: load.plan.fieldCount,
      startedNs,
      endedNs,
      state: this.state,
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      total: this.#total,
      warmup: this.#warmup,
      ...(load.written && { written: load.items }),
      warnings: this.warnings,
      stages: this.#stages(this.state === 'running' ? nowNs : this.#stoppedNs),
      checks: load.checks(this.#total, (endedNs - startedNs) / 1e9),
    };
    return {
      ...result,
      marks: marksOf(result, { intervals: this.#intervals, longerThan: (ns) => this.#stalledLongerThan(ns) }),
    };
  }

  /** The checks that fail now and may stop the run; those of which nothing was measured yet do not. */
  abortReason(nowNs: number): string | undefined {
    const { abort } = this.load;
    if (abort === undefined || this.state !== 'running' || this.#startNs === undefined) return undefined;
    if (this.#firstNs === undefined || nowNs - this.#startNs < abort.afterNs) return undefined;
    const failed = this.load
      .checks(this.#total, (nowNs - this.#firstNs) / 1e9)
      .find((check) => !check.passed && check.got !== undefined);
    return failed && `EXPECT ${failed.text} of ${this.load.identity.name}: got ${failed.gotText}`;
  }

  /** The statement's share of an interval; undefined when there is nothing to tell. */
  interval(startNs: number, endNs: number): StatementInterval | undefined {
    if (this.#startNs === undefined || (this.state !== 'running' && this.#interval === undefined)) {
      return undefined;
    }
    const { load } = this;
    const warmup = this.#warmup.items;
    const { items } = this.#total;
    return {
      identity: load.identity,
      model: this.model,
      itemName: load.plan.itemName,
      tally: (this.#interval ??= new RunningTally()),
      offered: this.#offered(startNs - this.#startNs, endNs - this.#startNs, this.#stoppedNs - this.#startNs),
      inFlight: this.#inFlight,
      progress: {
        itemsDone: [items, warmup].reduce(
          (sum, { acknowledged, failed, unknown }) => sum + acknowledged + failed + unknown,
          0,
        ),
        items: load.items,
        elapsedNs: Math.min(endNs, this.state === 'running' ? Infinity : this.#lastNs) - this.#startNs,
        durationNs: load.durationNs,
      },
      ...(this.#requests.length > 0 && { requests: this.#requestRows() }),
    };
  }

  /** Operations of this interval that have a row each. */
  get requestCount(): number {
    return this.#requests.reduce((sum, { doneNs, dropped }) => sum + doneNs.length + dropped, 0);
  }

  forgetRequests(): void {
    this.#requests = [];
  }

  /** Starts the next interval, after one in which the client's loop stood still for so long at the most. */
  closeInterval(longestStallNs: number): void {
    if (this.#startNs === undefined || this.#interval === undefined) return;
    this.#intervals++;
    this.#requests = [];
    this.#stalls.add(bucketOf(Math.min(longestStallNs, histogramLayout.highestTrackableValue)), 1);
    this.#interval = this.state === 'running' ? new RunningTally() : undefined;
  }

  #requestRows(): RequestRows {
    const { settings, items, plan } = this.load;
    const { batchSize, seriesCardinality, fieldCount } = plan;
    return { settings, batchSize, seriesCardinality, fieldCount, items, columns: this.#requests };
  }

  #stalledLongerThan(ns: number): number {
    const bucket = bucketOf(ns);
    const { indexes, counts } = this.#stalls.sparse();
    return counts.reduce((sum, count, at) => (indexes[at]! > bucket ? sum + count : sum), 0);
  }

  get model(): 'open' | 'closed' {
    return this.#pacer === undefined ? 'closed' : 'open';
  }

  #stages(untilNs: number): StageResult[] {
    const startNs = this.#startNs;
    if (startNs === undefined) return [];
    const { stages, durationNs } = this.load;
    const endsNs = Math.min(durationNs ?? Infinity, this.#pacer?.endNs ?? Infinity, untilNs - startNs);
    let beginNs = 0;
    return stages.map(({ text, durationNs: stageNs }, index) => {
      const fromNs = Math.max(beginNs, (this.#firstNs ?? Infinity) - startNs);
      beginNs += index === stages.length - 1 ? Infinity : stageNs!;
      const toNs = Math.min(beginNs, endsNs);
      const achieved = toNs > fromNs ? this.#stageItems[index]! / ((toNs - fromNs) / 1e9) : 0;
      return { text, offered: this.#offered(fromNs, toNs, toNs) ?? 0, achieved };
    });
  }

  /** Items a second that were meant to start between two times after the start, the warm-up apart. */
  #offered(fromNs: number, toNs: number, endNs: number): number | undefined {
    if (this.#pacer === undefined) return undefined;
    if (toNs <= fromNs || this.#firstNs === undefined) return 0;
    const { load } = this;
    const firstNs = this.#firstNs - this.#startNs!;
    const dueItems = (ns: number): number => {
      // Intended starts are whole nanoseconds on the clock, and fractions in the pacer.
      const beforeNs = Math.min(Math.max(ns, firstNs), load.durationNs ?? Infinity, endNs) - 0.5;
      return Math.min(this.#pacer!.operationsBefore(beforeNs) * load.plan.batchSize, load.items);
    };
    return (dueItems(toNs) - dueItems(fromNs)) / ((toNs - fromNs) / 1e9);
  }
}
