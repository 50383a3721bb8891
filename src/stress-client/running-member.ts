import { AcknowledgedOperations } from './acknowledged-operations.ts';
import type { AcknowledgedIndexes } from './acknowledged.ts';
import type { Buckets } from './buckets.ts';
import type { StartLoad, StartMember } from './client-port.ts';
import { FailureLog } from './failure-log.ts';
import { emptyCounts, type LoadDeltas } from './load-deltas.ts';
import { itemsOfOperation, type Plan } from './plan.ts';
import { Recorder } from './recorder.ts';
import { RequestLog } from './request-log.ts';
import { timeNames, type ErrorCount, type TimeName } from './results.ts';
import type { PooledSlot } from './slot-pool.ts';
import type { ErrorClass, Sender } from './target/target.ts';
import type { Work } from './work.ts';

/** What a client tells the hub of each operation besides counts and times. */
export interface Telling {
  readonly requests: boolean;
  readonly failures: boolean;
}

/**
 * An INSERT or QUERY on a client, by itself or in a MIX: what is sent, and what became of it since the last deltas.
 * Times are nanoseconds of the run's clock.
 */
export class RunningMember {
  readonly statementId: string;
  readonly work: Work;
  /** Of an INSERT by itself: what templated queries may be about. */
  readonly acknowledged: AcknowledgedOperations | undefined;
  /** Of a QUERY: what the INSERT has had acknowledged. */
  readonly companion: AcknowledgedIndexes | undefined;
  sender!: Sender;
  /** Operations between their first attempt and their outcome. */
  inFlight = 0;
  /** Pause of a slot after each answer: a live setting. */
  intervalNs = 0;

  readonly #isOpen: boolean;
  readonly #isConditional: boolean;
  /** Service time begins with the first attempt. */
  readonly #wholeService: boolean;
  readonly #batchSize: number;
  #operations = emptyCounts();
  #items = emptyCounts();
  #warmup = { operations: emptyCounts(), items: emptyCounts() };
  #retries = 0;
  #requestBytes = 0;
  #responseBytes = 0;
  #rows = 0;
  #notApplied = 0;
  #answersWithRows = 0;
  #censored = { service: 0, response: 0 };
  /** What was sent in no stage comes first. */
  #stageItems = [0];
  #errors = new Map<ErrorClass, { -readonly [Key in keyof ErrorCount]: ErrorCount[Key] }>();
  readonly #recorders: Partial<Record<TimeName, Recorder>> = {};
  /** What other clients have not been told of; there where there are others. */
  #untold: number[] | undefined;
  /** There while a row an operation is wanted. */
  #requests: RequestLog | undefined;
  /** There where failed operations are wanted. */
  readonly #failures: FailureLog | undefined;

  constructor(
    { statementId, items }: StartMember,
    start: StartLoad,
    plan: Plan,
    companion: AcknowledgedIndexes | undefined,
    telling: Telling,
  ) {
    const { settings, stages, place, mix } = start;
    this.statementId = statementId;
    this.work = { statementId, plan, items, settings };
    this.companion = companion;
    this.#isOpen = stages.length > 0;
    this.#isConditional = plan.cql?.conditional === true;
    this.#wholeService = settings.ServiceTime === 'operation';
    this.#batchSize = plan.batchSize;
    // A MIX has holes wherever another member's operations are: no query is about its INSERTs.
    const isAskedFor = plan.kind === 'write' && mix === undefined;
    this.acknowledged = isAskedFor ? new AcknowledgedOperations(items, plan.batchSize) : undefined;
    this.countStages(stages.length);
    this.#untold = isAskedFor && place.of > 1 ? [] : undefined;
    this.#requests = telling.requests ? new RequestLog(place) : undefined;
    this.#failures = telling.failures ? new FailureLog(plan) : undefined;
  }

  /** There are so many stages. */
  countStages(count: number): void {
    while (this.#stageItems.length <= count) this.#stageItems.push(0);
  }

  /** Keeps no row an operation from here on. */
  forgetRequests(): void {
    this.#requests = undefined;
  }

  /** The bytes of an operation follow from its number alone, and can be written ahead of its time. */
  get canStage(): boolean {
    return this.sender.stage !== undefined && this.companion === undefined;
  }

  /** Counts an operation whose first attempt is sent. */
  countSent(operation: number, isWarmup: boolean): void {
    const items = itemsOfOperation(operation, this.work.items, this.#batchSize);
    const counted = isWarmup ? this.#warmup.operations : this.#operations;
    const countedItems = isWarmup ? this.#warmup.items : this.#items;
    counted.asked++;
    counted.sent++;
    countedItems.asked += items;
    countedItems.sent += items;
    this.inFlight++;
  }

  /** Counts what an attempt has moved, whatever became of it, and how long the first one was waited for. */
  countAttempt(slot: PooledSlot): void {
    if (slot.attempt === 1) slot.firstSentNs = slot.sentNs;
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
    const { outcome } = slot;
    const items = itemsOfOperation(slot.operation, this.work.items, this.#batchSize);
    this.inFlight--;
    if (outcome === 'acknowledged') {
      this.acknowledged?.add(slot.operation);
      this.#untold?.push(slot.operation);
    } else this.#failures?.add(slot);
    if (slot.warmup) {
      this.#warmup.operations[outcome]++;
      this.#warmup.items[outcome] += items;
      return;
    }
    this.#operations[outcome]++;
    this.#items[outcome] += items;
    if (this.#isOpen) {
      this.#recorder('lateness').record(slot.latenessNs);
      this.#recorder('slotWait').record(slot.slotWaitNs);
    }
    if (this.#requests !== undefined) this.#keepRequest(this.#requests, slot, deadlineNs);
    const sentNs = this.#wholeService ? slot.firstSentNs : slot.sentNs;
    if (outcome === 'failed') {
      this.#recorder('failed').record(slot.answeredNs - sentNs);
      this.#countError(slot);
      return;
    }
    let endNs = slot.answeredNs;
    if (outcome === 'acknowledged') {
      this.#rows += slot.rows;
      if (this.#isConditional && slot.notApplied) this.#notApplied++;
      if (slot.rows > 0 && this.work.plan.kind === 'query') this.#answersWithRows++;
      this.#stageItems[slot.stage]! += items;
    } else {
      endNs = Math.max(endNs, deadlineNs);
      this.#censored.service++;
      if (this.#isOpen) this.#censored.response++;
      this.#countError(slot);
    }
    this.#recorder('service').record(endNs - sentNs);
    if (this.#isOpen) this.#recorder('response').record(endNs - slot.intendedNs);
  }

  /** Counts due operations that were not sent: so many, `lastOperation` the last of them. */
  countUnsent(operations: number, lastOperation: number, isWarmup: boolean): void {
    const last = itemsOfOperation(lastOperation, this.work.items, this.#batchSize);
    const items = (operations - 1) * this.#batchSize + last;
    const counted = isWarmup ? this.#warmup.operations : this.#operations;
    const countedItems = isWarmup ? this.#warmup.items : this.#items;
    counted.asked += operations;
    counted.unsent += operations;
    countedItems.asked += items;
    countedItems.unsent += items;
    if (!isWarmup) this.#censored.response += operations;
  }

  /** Records the ages of unsent operations, which all fall into one bucket. */
  recordAges(ageNs: number, operations: number): void {
    this.#recorder('response').recordMany(ageNs, operations);
  }

  /** Operations that were acknowledged since the last call, for other clients; undefined where there are none. */
  takeAcknowledged(): Float64Array | undefined {
    if (this.#untold === undefined || this.#untold.length === 0) return undefined;
    const operations = Float64Array.from(this.#untold);
    this.#untold = [];
    return operations;
  }

  /** What became of it since the last call. */
  takeDeltas(firstNs: number | undefined, lastNs: number): LoadDeltas {
    const times: Partial<Record<TimeName, Buckets>> = {};
    let clamped = 0;
    for (const name of timeNames) {
      const recorder = this.#recorders[name];
      clamped += recorder?.clamped ?? 0;
      const delta = recorder?.take();
      if (delta !== undefined) times[name] = delta;
    }
    const requests = this.#requests?.take();
    const failures = this.#failures?.take();
    const deltas: LoadDeltas = {
      statementId: this.statementId,
      operations: this.#operations,
      items: this.#items,
      warmup: this.#warmup,
      retries: this.#retries,
      requestBytes: this.#requestBytes,
      responseBytes: this.#responseBytes,
      rows: this.#rows,
      notApplied: this.#notApplied,
      answersWithRows: this.#answersWithRows,
      clamped,
      censored: this.#censored,
      errors: [...this.#errors.values()],
      times,
      stageItems: this.#stageItems,
      ...(requests !== undefined && { requests }),
      ...(failures !== undefined && { failures }),
      inFlight: this.inFlight,
      firstNs,
      lastNs,
    };
    this.#operations = emptyCounts();
    this.#items = emptyCounts();
    this.#warmup = { operations: emptyCounts(), items: emptyCounts() };
    this.#retries = 0;
    this.#requestBytes = 0;
    this.#responseBytes = 0;
    this.#rows = 0;
    this.#notApplied = 0;
    this.#answersWithRows = 0;
    this.#censored = { service: 0, response: 0 };
    this.#stageItems = this.#stageItems.map(() => 0);
    this.#errors = new Map();
    return deltas;
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
    const beginNs = this.#isOpen ? slot.intendedNs : slot.sentNs;
    const bytes = this.work.plan.kind === 'write' ? slot.requestBytes : slot.responseBytes;
    requests.add(answeredNs, endNs - beginNs, bytes, slot.status, outcome);
  }

  #recorder(name: TimeName): Recorder {
    return (this.#recorders[name] ??= new Recorder());
  }
}
