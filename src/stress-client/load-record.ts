import { BucketCounts } from './bucket-counts.ts';
import { bucketOf } from './bucket-layout.ts';
import { emptyCounts, type LoadDeltas } from './load-deltas.ts';
import { marksOf } from './marks.ts';
import { MixOrder } from './mix-order.ts';
import type { Load } from './package.ts';
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
import { StageEnds } from './stage-ends.ts';

/** What the hub knows of an INSERT or QUERY. Times are nanoseconds of the run's clock. */
export class LoadRecord {
  readonly load: Load;
  /** Of the operations of a MIX, which are this member's. */
  readonly #order: MixOrder | undefined;
  /** Items that the pacer takes as one. */
  readonly #pacedItems: number;
  /** As if nothing held it. */
  #schedule: Pacer | undefined;
  #pacer: Pacer | undefined;
  #heldFromNs: number | undefined;
  /** After the start. */
  readonly #pauses: { readonly fromNs: number; readonly untilNs: number }[] = [];

  state: StatementResult['state'] = 'running';
  reason: string | undefined;
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
  readonly #stageEnds: StageEnds;
  readonly #stageTexts: string[];
  /** Of no stage first. */
  readonly #stageItems: number[] = [];
  #intervals = 0;
  /** The longest stall of each interval, by its bucket. */
  readonly #stalls = new BucketCounts();

  constructor(load: Load) {
    this.load = load;
    const { stages, items, mix } = load;
    const { batchSize } = load.plan;
    this.#order = mix && new MixOrder(mix.shares);
    this.#pacedItems = mix === undefined ? 1 : batchSize;
    this.#schedule =
      stages.length > 0
        ? new Pacer(stages, items / this.#pacedItems, batchSize / this.#pacedItems)
        : undefined;
    this.#pacer = this.#schedule;
    this.#stageEnds = new StageEnds(stages);
    this.#stageTexts = stages.map(({ text }) => text);
  }

  begin(startNs: number): void {
    this.#startNs = startNs;
    this.#lastNs = startNs;
  }

  /** Another rate of what is paced from `atNs` on, to its end, as a stage of its own; only in an open model that has begun. */
  changeRate(atNs: number, rate: number): void {
    const fromNs = Math.max(0, (this.#heldFromNs ?? atNs) - this.#startNs!);
    this.#schedule = this.#schedule!.withRate(fromNs, rate);
    this.#pacer =
      this.#heldFromNs === undefined ? this.#schedule : this.#schedule.withPause(fromNs, Infinity);
    this.#stageTexts.splice(this.#stageEnds.changeRate(fromNs), Infinity, `${rate}/s (changed)`);
  }

  /** The stages of an open model so far, and when each ends after the start: Infinity where the statement's end ends it. */
  get stages(): readonly { readonly text: string; readonly endNs: number }[] {
    return this.#stageTexts.map((text, stage) => ({ text, endNs: this.#stageEnds.of(stage) }));
  }

  /** What is asked a second of what is paced, as if nothing held it; undefined in a closed model, and before it has begun. */
  rateAt(ns: number): number | undefined {
    if (this.#startNs === undefined) return undefined;
    return this.#schedule?.rateAt((this.#heldFromNs ?? ns) - this.#startNs);
  }

  /** No time passes for what is due from `atNs` on, until `release`. */
  hold(atNs: number): void {
    if (this.#startNs === undefined) return;
    this.#heldFromNs = Math.max(atNs, this.#startNs);
    this.#pacer = this.#schedule?.withPause(this.#heldFromNs - this.#startNs, Infinity);
  }

  release(atNs: number): void {
    if (this.#startNs === undefined || this.#heldFromNs === undefined) return;
    const fromNs = this.#heldFromNs - this.#startNs;
    const untilNs = Math.max(fromNs, atNs - this.#startNs);
    this.#heldFromNs = undefined;
    this.#pauses.push({ fromNs, untilNs });
    this.#stageEnds.release(fromNs, untilNs);
    this.#schedule = this.#schedule?.withPause(fromNs, untilNs);
    this.#pacer = this.#schedule;
  }

  /** It has begun, and has not ended. */
  get isRunning(): boolean {
    return this.state === 'running' && this.#startNs !== undefined;
  }

  /** When what the script says of a time after the start comes, with the pauses so far. */
  #withPauses(ns: number): number {
    return this.#pauses.reduce((at, { fromNs, untilNs }) => (at > fromNs ? at + untilNs - fromNs : at), ns);
  }

  fold(deltas: LoadDeltas): void {
    this.#total.add(deltas);
    (this.#interval ??= new RunningTally()).add(deltas);
    addCounts(this.#warmup.operations, deltas.warmup.operations);
    addCounts(this.#warmup.items, deltas.warmup.items);
    for (const [stage, items] of deltas.stageItems.entries())
      this.#stageItems[stage] = (this.#stageItems[stage] ?? 0) + items;
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
    if (reason !== undefined) this.#stoppedNs = Math.min(this.#stoppedNs, nowNs);
    if (this.#startNs === undefined) this.begin(nowNs);
  }

  /** Nothing more is asked from here on. */
  stopAsking(atNs: number): void {
    this.#stoppedNs = atNs;
  }

  fail(problem: string, nowNs: number): void {
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
        items: this.#expectedItems,
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
    const firstNs = (this.#firstNs ?? Infinity) - startNs;
    const endsNs = Math.min(
      this.#withPauses(this.load.durationNs ?? Infinity),
      this.#pacer?.endNs ?? Infinity,
      untilNs - startNs,
    );
    let beginNs = 0;
    return this.stages.map(({ text, endNs }, index) => {
      const fromNs = Math.max(beginNs, firstNs);
      const toNs = Math.min(endNs, endsNs);
      beginNs = endNs;
      const items = this.#stageItems[index + 1] ?? 0;
      const achieved = toNs > fromNs ? items / ((toNs - fromNs) / 1e9) : 0;
      return { text, offered: this.#offered(fromNs, toNs, toNs) ?? 0, achieved };
    });
  }

  /** Items in the first operations of its sequence. */
  #itemsOf(operations: number): number {
    const { mix, plan, items } = this.load;
    if (mix === undefined) return Math.min(operations * plan.batchSize, items);
    return this.#order!.countBefore(operations, mix.member) * plan.batchSize;
  }

  /** Declared items; of a member of a MIX about as many as its weight makes. */
  get #expectedItems(): number {
    const { mix, items } = this.load;
    if (mix === undefined) return items;
    const { weights } = mix.shares;
    return Math.round((items * weights[mix.member]!) / weights.reduce((sum, weight) => sum + weight, 0));
  }

  /** Items a second that were meant to start between two times after the start, the warm-up apart. */
  #offered(fromNs: number, toNs: number, endNs: number): number | undefined {
    if (this.#pacer === undefined) return undefined;
    if (toNs <= fromNs || this.#firstNs === undefined) return 0;
    const { load } = this;
    const firstNs = this.#firstNs - this.#startNs!;
    const dueItems = (ns: number): number => {
      // Intended starts are whole nanoseconds on the clock, and fractions in the pacer.
      const durationNs = this.#withPauses(load.durationNs ?? Infinity);
      const beforeNs = Math.min(Math.max(ns, firstNs), durationNs, endNs) - 0.5;
      return this.#itemsOf(this.#pacer!.operationsBefore(beforeNs));
    };
    return (dueItems(toNs) - dueItems(fromNs)) / ((toNs - fromNs) / 1e9);
  }
}
