import { AcknowledgedOperations } from './acknowledged-operations.ts';
import type { AcknowledgedIndexes } from './acknowledged.ts';
import type { Admission } from './admission.ts';
import { bucketOf } from './bucket-layout.ts';
import type { Buckets } from './buckets.ts';
import type { StartLoad } from './client-port.ts';
import { emptyCounts, type LoadDeltas } from './load-deltas.ts';
import type { Lease } from './package.ts';
import { Pacer } from './pacer.ts';
import { itemsOfOperation, type Plan } from './plan.ts';
import { Recorder } from './recorder.ts';
import { RequestLog } from './request-log.ts';
import { timeNames, type ErrorCount, type TimeName } from './results.ts';
import type { SettingName, Settings } from './settings.ts';
import type { PooledSlot } from './slot-pool.ts';
import type { ErrorClass, Sender } from './target/target.ts';
import type { Work } from './work.ts';

/** A lease and how far it is. */
export interface ActiveLease {
  readonly lease: Lease;
  sent: number;
  ended: number;
  acknowledged: number;
}

/**
 * A statement on a client: where in its leases it is, when its next operation is due, and what became of the
 * others since the last deltas. Times are nanoseconds of the run's clock.
 */
export class RunningLoad {
  readonly id: number;
  readonly start: StartLoad;
  readonly work: Work;
  readonly admission: Admission;
  /** Undefined in a closed model. */
  readonly pacer: Pacer | undefined;
  /** Of an INSERT: what templated queries may be about. */
  readonly acknowledged: AcknowledgedOperations | undefined;
  /** Of a QUERY: what the INSERT has had acknowledged. */
  readonly companion: AcknowledgedIndexes | undefined;
  sender!: Sender;

  /** Whether its target is ready for it. */
  prepared = false;
  /** Whether it has begun. */
  begun = false;
  startNs = 0;
  /** FOR is over: nothing is meant to start from here on. */
  endNs = Infinity;
  /** Intended start of the next operation of an open model. */
  nextNs = Infinity;
  /** No further operation will be sent. */
  exhausted = false;
  /** Operations between their first attempt and their outcome. */
  inFlight = 0;

  lease: ActiveLease;
  upcoming: ActiveLease | undefined = undefined;
  /** Whether the hub has further leases, as far as is known. */
  more: boolean;
  /** A lease has been asked for. */
  asked = false;

  /* Live settings. */
  timeoutNs = 0;
  retries = 0;
  backoffNs = 0;
  intervalNs = 0;

  readonly #batchSize: number;
  readonly #durationNs: number;
  /** Operations that are labelled warm-up; in a closed model whose warm-up is a time, known when that is over. */
  readonly #warmupOperations: number;
  readonly #warmupNs: number;
  /** Ends of the stages after the start; what is sent behind the last one is a drain's. */
  readonly #stageEnds: readonly number[];
  #stage = 0;
  /** The operation that was last written ahead. */
  #staged = -1;

  #operations = emptyCounts();
  #items = emptyCounts();
  #warmup = { operations: emptyCounts(), items: emptyCounts() };
  #retries = 0;
  #requestBytes = 0;
  #responseBytes = 0;
  #rows = 0;
  #censored = { service: 0, response: 0 };
  #stageItems: number[];
  #errors = new Map<ErrorClass, { -readonly [Key in keyof ErrorCount]: ErrorCount[Key] }>();
  readonly #recorders: Partial<Record<TimeName, Recorder>> = {};
  #firstNs: number | undefined;
  #lastNs = 0;
  /** What other clients have not been told of; there where there are others. */
  #untold: number[] | undefined;
  /** There while a row an operation is wanted. */
  #requests: RequestLog | undefined;

  constructor(
    id: number,
    start: StartLoad,
    plan: Plan,
    admission: Admission,
    companion: AcknowledgedIndexes | undefined,
    wantsRequests = false,
  ) {
    const { items, durationNs, stages, warmup } = start;
    this.id = id;
    this.start = start;
    this.work = { statementId: start.statementId, plan, items, settings: start.settings };
    this.admission = admission;
    this.companion = companion;
    this.#batchSize = plan.batchSize;
    this.pacer = stages.length > 0 ? new Pacer(stages, items, plan.batchSize) : undefined;
    this.acknowledged = plan.kind === 'write' ? new AcknowledgedOperations(items, plan.batchSize) : undefined;
    this.lease = activeLease(start.lease);
    this.more = start.more;
    this.#durationNs = durationNs ?? Infinity;
    this.#warmupNs = warmup !== undefined && 'durationNs' in warmup ? warmup.durationNs : 0;
    this.#warmupOperations =
      warmup !== undefined && 'items' in warmup
        ? Math.ceil(warmup.items / plan.batchSize)
        : (this.pacer?.operationsBefore(this.#warmupNs) ?? 0);
    this.#stageEnds = this.#endsOfStages();
    this.#stageItems = [...stages.map(() => 0), 0];
    this.#untold = this.acknowledged !== undefined && start.place.of > 1 ? [] : undefined;
    this.#requests = wantsRequests ? new RequestLog(start.place) : undefined;
  }

  /** Keeps no row an operation from here on. */
  forgetRequests(): void {
    this.#requests = undefined;
  }

  /** A further operation is there to be sent, in a closed model now, in an open one at `nextNs`. */
  get ready(): boolean {
    return !this.exhausted && this.lease.sent < this.lease.lease.count;
  }

  /** Takes over the live settings, but for those that WITH fixes. */
  adopt(settings: Settings): void {
    const { fixed, settings: own } = this.start;
    const value = <Name extends SettingName>(name: Name): Settings[Name] =>
      fixed.includes(name) ? own[name] : settings[name];
    this.timeoutNs = value('Timeout');
    this.retries = value('Retries');
    this.backoffNs = value('RetryBackoff');
    const interval = this.work.plan.kind === 'write' ? 'WriteInterval' : 'QueryInterval';
    this.intervalNs = this.pacer === undefined ? value(interval) : 0;
  }

  begin(nowNs: number): void {
    this.begun = true;
    this.startNs = nowNs;
    this.endNs = nowNs + this.#durationNs;
    this.#lastNs = nowNs;
    if (this.lease.lease.count === 0) this.exhausted = !this.more;
    else this.#findNext();
  }

  get #nextOperation(): number {
    const { lease, sent } = this.lease;
    return lease.first + sent * lease.stride;
  }

  /** Puts the next operation into a slot, as its first attempt at `nowNs`. */
  take(slot: PooledSlot, nowNs: number): void {
    const lease = this.lease;
    const operation = this.#nextOperation;
    const intendedNs = this.pacer === undefined ? nowNs : this.nextNs;
    slot.load = this;
    slot.lease = lease;
    slot.work = this.work;
    slot.sender = this.sender;
    slot.operation = operation;
    slot.pick = this.companion === undefined ? -1 : this.work.plan.pick!(operation, this.companion);
    slot.attempt = 1;
    slot.intendedNs = intendedNs;
    slot.maybeDone = false;
    slot.warmup =
      operation < this.#warmupOperations ||
      (this.pacer === undefined && nowNs - this.startNs < this.#warmupNs);
    while (nowNs - this.startNs >= this.#stageEnds[this.#stage]!) this.#stage++;
    slot.stage = this.#stage;

    const items = itemsOfOperation(operation, this.work.items, this.#batchSize);
    const counted = slot.warmup ? this.#warmup.operations : this.#operations;
    const countedItems = slot.warmup ? this.#warmup.items : this.#items;
    counted.asked++;
    counted.sent++;
    countedItems.asked += items;
    countedItems.sent += items;
    if (!slot.warmup) this.#firstNs ??= this.#beginNsOf(operation, intendedNs);
    this.inFlight++;
    lease.sent++;
    this.#findNext();
  }

  /** The bytes of its next operation are known already, and are not written yet. */
  get canStage(): boolean {
    const known = this.sender.stage !== undefined && this.companion === undefined;
    return known && this.ready && this.#nextOperation !== this.#staged;
  }

  /** Has the next operation of an open model written ahead of its time; only while `canStage`. */
  stage(): void {
    const operation = this.#nextOperation;
    this.#staged = operation;
    this.sender.stage!({ operation, intendedNs: this.nextNs, pick: -1 });
  }

  /** Takes over a lease that the hub has granted. */
  grant(lease: Lease): void {
    const granted = activeLease(lease);
    if (this.lease.sent === this.lease.lease.count) this.lease = granted;
    else this.upcoming = granted;
  }

  /** The hub has no further lease. */
  none(): void {
    this.more = false;
    if (this.lease.sent === this.lease.lease.count && this.upcoming === undefined) this.exhausted = true;
  }

  /** Counts what an attempt has moved, whatever became of it, and how long the first one was waited for. */
  countAttempt(slot: PooledSlot): void {
    if (slot.warmup) return;
    if (slot.attempt > 1) this.#retries++;
    else {
      slot.slotWaitNs = Math.max(0, slot.freeSinceNs - slot.intendedNs);
      slot.latenessNs = Math.max(0, slot.sentNs - slot.intendedNs - slot.slotWaitNs);
    }
    this.#requestBytes += slot.requestBytes;
    this.#responseBytes += slot.responseBytes;
  }

  /**
   * Counts the outcome of the operation in the slot, and records its times. An unknown one enters them as if
   * it had ended at `deadlineNs`.
   */
  record(slot: PooledSlot, deadlineNs: number): void {
    const { outcome, lease } = slot;
    const items = itemsOfOperation(slot.operation, this.work.items, this.#batchSize);
    this.inFlight--;
    lease.ended++;
    if (slot.answeredNs > this.#lastNs) this.#lastNs = slot.answeredNs;
    if (outcome === 'acknowledged') {
      lease.acknowledged++;
      this.acknowledged?.add(slot.operation);
      this.#untold?.push(slot.operation);
    }
    if (slot.warmup) {
      this.#warmup.operations[outcome]++;
      this.#warmup.items[outcome] += items;
      return;
    }
    this.#operations[outcome]++;
    this.#items[outcome] += items;
    if (this.pacer !== undefined) {
      this.#recorder('lateness').record(slot.latenessNs);
      this.#recorder('slotWait').record(slot.slotWaitNs);
    }
    if (this.#requests !== undefined) this.#keepRequest(this.#requests, slot, deadlineNs);
    if (outcome === 'failed') {
      this.#recorder('failed').record(slot.answeredNs - slot.sentNs);
      this.#countError(slot);
      return;
    }
    let endNs = slot.answeredNs;
    if (outcome === 'acknowledged') {
      this.#rows += slot.rows;
      this.#stageItems[slot.stage]! += items;
    } else {
      endNs = Math.max(endNs, deadlineNs);
      this.#censored.service++;
      if (this.pacer !== undefined) this.#censored.response++;
      this.#countError(slot);
    }
    this.#recorder('service').record(endNs - slot.sentNs);
    if (this.pacer !== undefined) this.#recorder('response').record(endNs - slot.intendedNs);
  }

  /**
   * Ends the sending at `nowNs`. Operations that were meant to start before `untilNs` and were not sent are
   * unsent, and enter response time at their age.
   */
  cut(nowNs: number, untilNs: number): void {
    if (this.exhausted) return;
    this.exhausted = true;
    this.nextNs = Infinity;
    if (this.pacer === undefined) return;
    const { lease, sent } = this.lease;
    const rankOf = (operation: number): number =>
      Math.min(Math.max(Math.ceil((operation - lease.first) / lease.stride), sent), lease.count);
    const due = rankOf(this.pacer.operationsBefore(untilNs - this.startNs));
    const warm = Math.min(rankOf(this.#warmupOperations), due);
    this.#countUnsent(this.#warmup, sent, warm);
    this.#countUnsent({ operations: this.#operations, items: this.#items }, warm, due);
    if (due === sent) return;
    this.#lastNs = nowNs;
    if (due === warm) return;
    this.#firstNs ??= this.#beginNsOf(lease.first + warm * lease.stride, nowNs);
    this.#censored.response += due - warm;
    this.#recordAges(warm, due, nowNs);
  }

  /** Operations that were acknowledged since the last call, for other clients; undefined where there are none. */
  takeAcknowledged(): Float64Array | undefined {
    if (this.#untold === undefined || this.#untold.length === 0) return undefined;
    const operations = Float64Array.from(this.#untold);
    this.#untold = [];
    return operations;
  }

  /** What became of the statement since the last call. */
  takeDeltas(): LoadDeltas {
    const times: Partial<Record<TimeName, Buckets>> = {};
    let clamped = 0;
    for (const name of timeNames) {
      const recorder = this.#recorders[name];
      clamped += recorder?.clamped ?? 0;
      const delta = recorder?.take();
      if (delta !== undefined) times[name] = delta;
    }
    const requests = this.#requests?.take();
    const deltas: LoadDeltas = {
      statementId: this.start.statementId,
      operations: this.#operations,
      items: this.#items,
      warmup: this.#warmup,
      retries: this.#retries,
      requestBytes: this.#requestBytes,
      responseBytes: this.#responseBytes,
      rows: this.#rows,
      clamped,
      censored: this.#censored,
      errors: [...this.#errors.values()],
      times,
      stageItems: this.#stageItems,
      ...(requests !== undefined && { requests }),
      inFlight: this.inFlight,
      firstNs: this.#firstNs,
      lastNs: this.#lastNs,
    };
    this.#operations = emptyCounts();
    this.#items = emptyCounts();
    this.#warmup = { operations: emptyCounts(), items: emptyCounts() };
    this.#retries = 0;
    this.#requestBytes = 0;
    this.#responseBytes = 0;
    this.#rows = 0;
    this.#censored = { service: 0, response: 0 };
    this.#stageItems = this.#stageItems.map(() => 0);
    this.#errors = new Map();
    return deltas;
  }

  /** Looks where the next operation is, after one was sent. */
  #findNext(): void {
    if (this.lease.sent === this.lease.lease.count) {
      if (this.upcoming === undefined) {
        this.exhausted = !this.more;
        this.nextNs = Infinity;
        return;
      }
      this.lease = this.upcoming;
      this.upcoming = undefined;
    }
    if (this.pacer === undefined) return;
    const { lease, sent } = this.lease;
    const afterNs = this.pacer.intendedNs(lease.first + sent * lease.stride);
    if (afterNs < this.#durationNs) this.nextNs = this.startNs + Math.round(afterNs);
    else {
      this.exhausted = true;
      this.nextNs = Infinity;
    }
  }

  /** From when on an operation counts: in an open model its first item is due, in a closed one it is sent. */
  #beginNsOf(operation: number, sentNs: number): number {
    return this.pacer === undefined ? sentNs : this.startNs + Math.round(this.pacer.beginNs(operation));
  }

  #intendedNsOf(rank: number): number {
    const { first, stride } = this.lease.lease;
    return this.startNs + Math.round(this.pacer!.intendedNs(first + rank * stride));
  }

  #countUnsent(
    counts: { operations: LoadDeltas['operations']; items: LoadDeltas['items'] },
    from: number,
    to: number,
  ): void {
    if (from >= to) return;
    const { first, stride } = this.lease.lease;
    const last = itemsOfOperation(first + (to - 1) * stride, this.work.items, this.#batchSize);
    const items = (to - 1 - from) * this.#batchSize + last;
    counts.operations.asked += to - from;
    counts.operations.unsent += to - from;
    counts.items.asked += items;
    counts.items.unsent += items;
  }

  /** Ages fall with the rank: ranges whose ends share a bucket are recorded at once, however many were unsent. */
  #recordAges(from: number, to: number, nowNs: number): void {
    const oldest = nowNs - this.#intendedNsOf(from);
    const youngest = nowNs - this.#intendedNsOf(to - 1);
    if (bucketOf(Math.max(0, oldest)) === bucketOf(Math.max(0, youngest))) {
      this.#recorder('response').record(youngest);
      if (to - from > 1) this.#recorder('response').recordMany(oldest, to - from - 1);
      return;
    }
    const middle = Math.floor((from + to) / 2);
    this.#recordAges(from, middle, nowNs);
    this.#recordAges(middle, to, nowNs);
  }

  #countError(slot: PooledSlot): void {
    const errorClass = slot.errorClass!;
    const known = this.#errors.get(errorClass);
    if (known !== undefined) known.count++;
    else this.#errors.set(errorClass, { errorClass, count: 1, example: slot.message, status: slot.status });
  }

  #keepRequest(requests: RequestLog, slot: PooledSlot, deadlineNs: number): void {
    const { outcome, answeredNs } = slot;
    const endNs = outcome === 'unknown' ? Math.max(answeredNs, deadlineNs) : answeredNs;
    const beginNs = this.pacer === undefined ? slot.sentNs : slot.intendedNs;
    const bytes = this.work.plan.kind === 'write' ? slot.requestBytes : slot.responseBytes;
    requests.add(answeredNs, endNs - beginNs, bytes, slot.status, outcome);
  }

  #recorder(name: TimeName): Recorder {
    return (this.#recorders[name] ??= new Recorder());
  }

  #endsOfStages(): number[] {
    const wholeNs = Math.min(this.#durationNs, this.pacer?.endNs ?? Infinity);
    let endNs = 0;
    const { stages } = this.start;
    const ends = stages.map((stage, index) => {
      endNs += index === stages.length - 1 ? Infinity : stage.durationNs!;
      return Math.min(endNs, wholeNs);
    });
    return [...ends, Infinity];
  }
}

function activeLease(lease: Lease): ActiveLease {
  return { lease, sent: 0, ended: 0, acknowledged: 0 };
}
