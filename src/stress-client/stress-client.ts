import type { AcknowledgedOperations } from './acknowledged-operations.ts';
import { Admission } from './admission.ts';
import { backoffNs } from './backoff.ts';
import type { ClientListener, ClientPort, StartLoad } from './client-port.ts';
import type { Clock, Timer } from './clock.ts';
import { DueQueue } from './due-queue.ts';
import type { LoadDeltas } from './load-deltas.ts';
import type { Lease } from './package.ts';
import type { Plan } from './plan.ts';
import { RunningLoad, type ActiveLease } from './running-load.ts';
import { RunningMember } from './running-member.ts';
import type { Response } from './response.ts';
import type { Settings } from './settings.ts';
import type { Slot } from './slot.ts';
import { PooledSlot, SlotPool } from './slot-pool.ts';
import {
  errorClasses,
  type Answer,
  type AttemptListener,
  type ErrorClass,
  type ServerInfo,
  type Target,
  type TargetError,
} from './target/target.ts';
import type { Work } from './work.ts';

/** What is in flight when a run is stopped has this long to be answered, or Timeout where that is shorter. */
export const graceAtMostNs = 2e9;

/** So long the client writes operations before it lets the event loop turn. */
const turnAtMostNs = 1e6;

/** After so many bytes the client looks how long they have taken, each operation taken for so many more: some 0.1 ms. */
const lookAtBytes = 64 << 10;
const operationBytes = 1 << 10;

/**
 * So long the loop may sleep while load runs, and so much a pause of it may be measured short: pauses count from 10 ms on.
 * Waking the thread costs more than an operation does.
 */
const sleepAtMostNs = 5e6;

/** What waits for it comes in a microtask, which costs less than one of Node's queueMicrotask. */
const resolved = Promise.resolve();

/** After these a slot of a closed model keeps away for a while. */
const setbacks: ReadonlySet<ErrorClass> = new Set([
  'connection-lost',
  'connection-refused',
  'unresolved',
  'tls',
  'overload',
]);

/**
 * Sends load: gives slots to what is due, retries, and records what became of it. The path of an operation
 * (`#admit`, `answered`, `#end`) allocates nothing. Times are nanoseconds of the run's clock.
 */
export class StressClient implements ClientPort, AttemptListener {
  readonly #clock: Clock;
  readonly #target: Target;
  readonly #planOf: (statementId: string) => Plan;
  readonly #listener: ClientListener;
  #settings: Settings;

  /** By `Slot.index`. */
  readonly #slots: PooledSlot[] = [];
  readonly #writes: Admission;
  readonly #queries: Admission;
  readonly #admissions: Admission[];
  /** By `RunningLoad.id`; holes where one has ended. */
  readonly #loads: (RunningLoad | undefined)[] = [];
  readonly #loadIds = new Map<string, number>();
  readonly #acknowledged = new Map<string, AcknowledgedOperations>();

  /** Slots that wait: for their next attempt, for an interval, after a setback. */
  readonly #holds = new DueQueue();
  /** Nothing new is sent from here on. */
  #heldFromNs = Infinity;
  /** Statements by the time at which they send no more. */
  readonly #ends = new DueQueue();
  /** Slots whose operation ended with an error, until the event loop has turned. */
  readonly #yielding: PooledSlot[] = [];

  /** Whose turn it is among the admissions. */
  #turn = 0;
  #passDue = false;
  #stageDue = false;
  #timer: Timer | undefined;
  #timerNs = Infinity;
  /** By then the loop is to have turned. */
  #turnsByNs = Infinity;
  #errors = 0;
  #untoldErrors = 0;
  /** When answers last woke the loop, and how long it was at most from one such time to the next, of late. */
  #answersNs = 0;
  #answersApartNs = 0;
  #hasAnswers = false;
  #collecting = false;
  #longestStallNs = 0;
  #stopped = false;
  #wantsRequests = false;
  #wantsFailures = false;
  #abandonNs = Infinity;
  readonly #pass = (): void => this.#run();
  readonly #afterErrors = (): void => this.#release();

  constructor(
    clock: Clock,
    target: Target,
    settings: Settings,
    planOf: (statementId: string) => Plan,
    listener: ClientListener,
  ) {
    this.#clock = clock;
    this.#target = target;
    this.#planOf = planOf;
    this.#listener = listener;
    this.#settings = settings;
    this.#writes = this.#admission(settings.WriteConcurrency);
    this.#queries = this.#admission(settings.QueryConcurrency);
    this.#admissions = [this.#writes, this.#queries];
  }

  open(): Promise<readonly ServerInfo[] | TargetError> {
    return this.#target.open(this);
  }

  passThrough(text: string, settings: Settings): Promise<Answer> {
    return this.#target.passThrough(text, settings);
  }

  close(): Promise<void> {
    this.#timer?.cancel();
    return this.#target.close();
  }

  configure(epoch: number, settings: Settings): void {
    this.#settings = settings;
    const nowNs = this.#clock.nowNs();
    this.#writes.slots.resize(settings.WriteConcurrency, nowNs);
    this.#queries.slots.resize(settings.QueryConcurrency, nowNs);
    for (const load of this.#loads) load?.adopt(settings);
    this.#listener.confirmed(epoch);
    this.#plan();
  }

  start(start: StartLoad): void {
    const telling = { requests: this.#wantsRequests, failures: this.#wantsFailures };
    const members = start.members.map((member) => {
      const { statementId, companionId } = member;
      const companion = companionId === undefined ? undefined : this.#acknowledged.get(companionId);
      return new RunningMember(member, start, this.#planOf(statementId), companion, telling);
    });
    const load = new RunningLoad(this.#loads.length, start, members, this.#admissionOf(start, members));
    this.#loads.push(load);
    this.#loadIds.set(start.statementId, load.id);
    for (const { statementId, acknowledged } of members)
      if (acknowledged !== undefined) this.#acknowledged.set(statementId, acknowledged);
    load.adopt(this.#settings);
    if (start.written) {
      for (const { statementId, acknowledged } of members) {
        acknowledged?.addAll();
        this.#listener.acknowledged(statementId);
      }
      load.exhausted = true;
      this.#endLoad(load);
      return;
    }
    this.#plan();
    void this.#prepare(load);
  }

  begin(statementId: string, startNs: number | undefined): void {
    const load = this.#loads[this.#loadIds.get(statementId) ?? -1];
    if (load === undefined) return;
    if (startNs === undefined || load.cancelled) load.exhausted = true;
    else load.begin(startNs);
    if (load.exhausted) {
      this.#endLoad(load);
      return;
    }
    if (this.#heldFromNs < Infinity) load.hold(this.#heldFromNs);
    load.admission.join(load);
    if (load.cutNs < Infinity) this.#ends.put(load.id, load.cutNs);
    this.#plan();
  }

  lease(statementId: string, lease: Lease | undefined): void {
    const load = this.#loads[this.#loadIds.get(statementId) ?? -1];
    if (load === undefined) return;
    load.asked = false;
    if (lease === undefined) load.none();
    else {
      const before = load.lease;
      load.grant(lease);
      if (load.lease !== before && before.ended === before.lease.count)
        this.#respond(load, before, undefined);
    }
    this.#endLoadIfDone(load);
    this.#plan();
  }

  shareAcknowledged(): void {
    for (const load of this.#loads) if (load !== undefined) this.#shareAcknowledgedOf(load);
  }

  acknowledgedElsewhere(statementId: string, operations: Float64Array): void {
    const acknowledged = this.#acknowledged.get(statementId);
    for (const operation of operations) acknowledged?.add(operation);
  }

  tellRequests(wanted: boolean): void {
    this.#wantsRequests = wanted;
    if (!wanted) for (const load of this.#loads) load?.forgetRequests();
  }

  tellFailures(wanted: boolean): void {
    this.#wantsFailures = wanted;
  }

  end(statementId: string): void {
    const load = this.#loads[this.#loadIds.get(statementId) ?? -1];
    if (load === undefined) return;
    load.cancelled = true;
    if (!load.begun) return;
    load.finish();
    load.admission.leave(load);
    this.#endLoadIfDone(load);
  }

  changeRate(statementId: string, atNs: number, rate: number): void {
    const load = this.#loads[this.#loadIds.get(statementId) ?? -1];
    if (load?.begun !== true || load.exhausted) return;
    load.changeRate(atNs, rate);
    this.#moved(load);
    this.#plan();
  }

  hold(atNs: number): void {
    this.#heldFromNs = atNs;
    for (const load of this.#loads) {
      if (load?.begun !== true || load.exhausted) continue;
      load.hold(atNs);
      this.#ends.remove(load.id);
      this.#moved(load);
    }
    this.#plan();
  }

  release(atNs: number): void {
    const heldFromNs = this.#heldFromNs;
    for (const load of this.#loads) {
      if (load?.begun !== true || load.exhausted) continue;
      load.release(atNs);
      if (load.cutNs < Infinity) this.#ends.put(load.id, load.cutNs);
      this.#moved(load);
    }
    this.#clock.at(atNs, () => {
      if (this.#heldFromNs !== heldFromNs) return;
      this.#heldFromNs = Infinity;
      this.#plan();
    });
  }

  collect(): void {
    if (this.#collecting) return;
    this.#collecting = true;
    this.#collectFrom(0);
  }

  stop(graceNs: number): void {
    const nowNs = this.#clock.nowNs();
    this.#abandonNs = Math.min(this.#abandonNs, nowNs + graceNs);
    if (!this.#stopped) {
      this.#stopped = true;
      for (const load of this.#loads) {
        if (load === undefined) continue;
        if (load.prepared && !load.begun) this.#endLoad(load);
        if (!load.begun) continue;
        this.#cut(load, nowNs, Math.min(nowNs, load.endNs));
      }
      for (const slot of this.#slots) if (slot.retrying) this.#giveUp(slot);
      for (const load of this.#loads) if (load !== undefined) this.#endLoadIfDone(load);
    }
    this.#plan();
  }

  answered(answered: Slot): void {
    const slot = this.#slots[answered.index]!;
    const { load } = slot;
    this.#hasAnswers = true;
    this.#plan();
    if (load === undefined) {
      slot.pool.give(slot, slot.answeredNs);
      return;
    }
    slot.member.countAttempt(slot);
    if (slot.outcome === 'acknowledged') {
      slot.setbacks = 0;
      this.#end(slot, load, slot.answeredNs);
      const { intervalNs } = slot.member;
      if (intervalNs > 0) this.#holds.put(slot.index, slot.answeredNs + intervalNs);
      else slot.pool.give(slot, slot.answeredNs);
    } else this.#failed(slot, load);
  }

  lateAnswer(work: Work): void {
    this.#listener.lateAnswer(work.statementId);
  }

  reprepared(work: Work): void {
    this.#listener.reprepared(work.statementId);
  }

  async #prepare(load: RunningLoad): Promise<void> {
    for (const member of load.members) {
      const sender = await this.#target.prepare(member.work);
      if (this.#loads[load.id] !== load) return;
      if (this.#stopped || 'errorClass' in sender) {
        load.exhausted = true;
        this.#endLoad(load, 'errorClass' in sender ? sender : undefined);
        return;
      }
      member.sender = sender;
    }
    load.prepared = true;
    const warnings = load.members.map(({ sender }) => sender.warnings ?? []);
    this.#listener.prepared(load.start.statementId, warnings);
  }

  /** Tells deltas until a turn is over: those of hundreds of statements take longer. */
  #collectFrom(first: number): void {
    const untilNs = this.#clock.nowNs() + turnAtMostNs;
    const deltas: LoadDeltas[] = [];
    let next = first;
    for (; next < this.#loads.length && this.#clock.nowNs() <= untilNs; next++) {
      const load = this.#loads[next];
      if (load?.begun === true) deltas.push(...load.takeDeltas());
    }
    this.#listener.deltas(deltas);
    if (next < this.#loads.length) {
      this.#clock.soon(() => this.#collectFrom(next));
      return;
    }
    this.#collecting = false;
    this.#listener.collected(this.#longestStallNs);
    this.#longestStallNs = 0;
  }

  #shareAcknowledgedOf(load: RunningLoad): void {
    for (const member of load.members) {
      const operations = member.takeAcknowledged();
      if (operations !== undefined) this.#listener.acknowledgedOperations(member.statementId, operations);
    }
  }

  /** Has `#run` called once this turn's answers are in. */
  #plan(): void {
    if (this.#passDue) return;
    this.#passDue = true;
    void resolved.then(this.#pass);
  }

  /** Wakes what waits, ends what is over, fills free slots, and arms the timer for the next time. */
  #run(): void {
    this.#passDue = false;
    this.#tellErrors();
    const nowNs = this.#clock.nowNs();
    this.#longestStallNs = Math.max(this.#longestStallNs, nowNs - this.#turnsByNs);
    this.#turnsByNs = this.#loadIds.size > 0 ? nowNs + sleepAtMostNs : Infinity;
    if (this.#hasAnswers) this.#countAnswers(nowNs);
    while (this.#holds.firstNs <= nowNs) {
      const dueNs = this.#holds.firstNs;
      const slot = this.#slots[this.#holds.take()]!;
      if (slot.retrying) this.#retry(slot);
      else slot.pool.give(slot, dueNs);
    }
    while (this.#ends.firstNs <= nowNs) {
      const load = this.#loads[this.#ends.take()]!;
      this.#cut(load, nowNs, load.endNs);
      this.#endLoadIfDone(load);
    }
    if (this.#abandonNs <= nowNs) this.#abandon(nowNs);
    const finished = this.#fillSlots(nowNs);
    this.#target.flush();
    if (finished) {
      this.#arm();
      this.#stageSoon();
    } else {
      this.#passDue = true;
      this.#clock.soon(this.#pass);
    }
  }

  /**
   * Has what is due next written while there is nothing else to do, so that it is not late; not in this turn,
   * whose requests have not left yet.
   */
  #stageSoon(): void {
    if (this.#stageDue || !this.#admissions.some(({ upcoming }) => upcoming?.canStage)) return;
    this.#stageDue = true;
    this.#clock.soon(() => {
      this.#stageDue = false;
      for (const { upcoming } of this.#admissions) if (upcoming?.canStage) upcoming.stage();
    });
  }

  /**
   * Gives free slots to what may be sent; answers false when it took too long to do so for all. Writing a batch
   * may take a millisecond: answers that come meanwhile must be read, or our time would be in the target's.
   */
  #fillSlots(nowNs: number): boolean {
    if (nowNs >= this.#heldFromNs) return true;
    const { length } = this.#admissions;
    let unlooked = 0;
    for (let tried = 0; tried < length; tried++) {
      const admission = this.#admissions[this.#turn % length]!;
      while (admission.slots.hasFree) {
        const load = admission.next(nowNs);
        if (load === undefined) break;
        const slot = this.#admit(admission, load, nowNs);
        unlooked += operationBytes + slot.requestBytes;
        // Of requests that are gathered it is not said yet when they leave.
        if (slot.sentNs - nowNs <= turnAtMostNs && unlooked < lookAtBytes) continue;
        unlooked = 0;
        if (this.#clock.nowNs() - nowNs <= turnAtMostNs) continue;
        this.#turn++;
        return false;
      }
      this.#turn++;
    }
    return true;
  }

  #admit(admission: Admission, load: RunningLoad, nowNs: number): PooledSlot {
    const slot = admission.slots.take();
    load.take(slot, nowNs);
    slot.timeoutNs = load.timeoutNs;
    if (load.exhausted) admission.leave(load);
    else admission.sent(load);
    slot.sender.send(slot);
    const { lease, sent } = load.lease;
    if (load.more && !load.asked && load.upcoming === undefined && 2 * sent >= lease.count) {
      load.asked = true;
      this.#listener.leaseWanted(load.start.statementId);
    }
    return slot;
  }

  /** The operation's last attempt has ended. The slot is the caller's to give back. */
  #end(slot: PooledSlot, load: RunningLoad, deadlineNs: number): void {
    const { lease } = slot;
    slot.load = undefined;
    const { member } = slot;
    const first = member.acknowledged?.end === 0;
    load.record(slot, deadlineNs);
    if (first && slot.outcome === 'acknowledged') {
      this.#shareAcknowledgedOf(load);
      this.#listener.acknowledged(member.statementId);
    }
    if (lease !== load.lease && lease.ended === lease.lease.count) this.#respond(load, lease, undefined);
    this.#endLoadIfDone(load);
  }

  #endWithError(slot: PooledSlot, load: RunningLoad, deadlineNs: number): void {
    if (slot.maybeDone) slot.outcome = 'unknown';
    this.#end(slot, load, deadlineNs);
    this.#untoldErrors++;
    if (++this.#errors > this.#settings.MaxErrors && !this.#stopped) {
      this.#tellErrors();
      this.stop(Math.min(this.#settings.Timeout, graceAtMostNs));
    }
  }

  #tellErrors(): void {
    const count = this.#untoldErrors;
    this.#untoldErrors = 0;
    if (count > 0 && this.#settings.MaxErrors < Infinity) this.#listener.errors(count);
  }

  #failed(slot: PooledSlot, load: RunningLoad): void {
    const errorClass = slot.errorClass!;
    if (slot.outcome === 'unknown') slot.maybeDone = true;
    const mayRepeat = slot.outcome === 'failed' || slot.work.plan.idempotent;
    // What was read wrong was read: asking again would hide it, also where every error is tried again.
    const mayPass = errorClass !== 'validation' && (load.retriesAny || errorClasses[errorClass].passes);
    if (mayPass && mayRepeat && slot.attempt <= load.retries && !this.#stopped) {
      slot.retrying = true;
      this.#holds.put(slot.index, slot.answeredNs + this.#backoffNs(slot, load, slot.attempt));
      return;
    }
    this.#endWithError(slot, load, slot.sentNs + slot.timeoutNs);
    const { intervalNs } = slot.member;
    const setback = !load.isOpen && setbacks.has(errorClass);
    const waitNs = setback ? this.#backoffNs(slot, load, ++slot.setbacks) : 0;
    if (Math.max(waitNs, intervalNs) > 0) {
      this.#holds.put(slot.index, slot.answeredNs + Math.max(waitNs, intervalNs));
      return;
    }
    // An error that comes at once must not keep timers and sockets from their turn.
    this.#yielding.push(slot);
    if (this.#yielding.length === 1) this.#clock.soon(this.#afterErrors);
  }

  #backoffNs(slot: PooledSlot, load: RunningLoad, failures: number): number {
    return backoffNs(load.backoffNs, failures, this.#settings.Seed, slot.operation);
  }

  #retry(slot: PooledSlot): void {
    const load = slot.load!;
    slot.retrying = false;
    slot.attempt++;
    slot.timeoutNs = load.timeoutNs;
    slot.sender.send(slot);
  }

  /** Ends an operation that waits for another attempt, with the outcome that it has; its hold frees the slot. */
  #giveUp(slot: PooledSlot): void {
    slot.retrying = false;
    this.#endWithError(slot, slot.load!, slot.sentNs + slot.timeoutNs);
  }

  nodeChanged(address: string, up: boolean): void {
    this.#listener.nodeChanged(address, up);
  }

  #release(): void {
    for (const slot of this.#yielding) slot.pool.give(slot, slot.answeredNs);
    this.#yielding.length = 0;
    this.#plan();
  }

  /** What is still in flight, or being prepared, will not be waited for. */
  #abandon(nowNs: number): void {
    this.#abandonNs = Infinity;
    for (const slot of this.#slots) {
      const { load } = slot;
      if (load === undefined) continue;
      slot.answeredNs = nowNs;
      slot.outcome = 'unknown';
      slot.errorClass = 'timeout';
      slot.status = 0;
      slot.message = 'the run ended before the answer';
      slot.responseBytes = 0;
      slot.member.countAttempt(slot);
      this.#endWithError(slot, load, nowNs);
    }
    for (const load of this.#loads) if (load?.begun === false) this.#endLoad(load);
  }

  /** Its schedule has changed. */
  #moved(load: RunningLoad): void {
    if (!load.exhausted) {
      load.admission.moved(load);
      return;
    }
    load.admission.leave(load);
    this.#endLoadIfDone(load);
  }

  #cut(load: RunningLoad, nowNs: number, untilNs: number): void {
    load.cut(nowNs, untilNs);
    load.admission.leave(load);
  }

  #endLoadIfDone(load: RunningLoad): void {
    if (load.exhausted && load.inFlight === 0 && this.#loads[load.id] === load) this.#endLoad(load);
  }

  #endLoad(load: RunningLoad, error?: TargetError): void {
    this.#loads[load.id] = undefined;
    this.#loadIds.delete(load.start.statementId);
    this.#ends.remove(load.id);
    load.admission.leave(load);
    if (load.admission !== this.#writes && load.admission !== this.#queries) {
      this.#admissions.splice(this.#admissions.indexOf(load.admission), 1);
    }
    if (load.upcoming !== undefined) this.#respond(load, load.upcoming, undefined);
    this.#shareAcknowledgedOf(load);
    const deltas = load.begun ? load.takeDeltas() : [];
    this.#respond(load, load.lease, error === undefined ? { deltas } : { deltas, error });
  }

  #respond(load: RunningLoad, { lease, sent, acknowledged }: ActiveLease, ended: Response['ended']): void {
    this.#listener.response({ statementId: load.start.statementId, lease, sent, acknowledged, ended });
  }

  /** Answers have woken the loop. */
  #countAnswers(nowNs: number): void {
    const apartNs = nowNs - this.#answersNs;
    this.#answersApartNs = Math.max(apartNs, (7 * this.#answersApartNs + apartNs) / 8);
    this.#answersNs = nowNs;
    this.#hasAnswers = false;
  }

  #arm(): void {
    const nowNs = this.#clock.nowNs();
    let wakeNs = Math.min(this.#turnsByNs, this.#holds.firstNs, this.#ends.firstNs, this.#abandonNs);
    if (nowNs < this.#heldFromNs)
      for (const { wakeNs: dueNs } of this.#admissions)
        wakeNs = Math.min(wakeNs, this.#wakeFor(dueNs, nowNs));
    // One that calls too early costs a wake, and to set it later costs little.
    if (wakeNs >= this.#timerNs && wakeNs <= this.#timerNs + this.#clock.timersLateNs / 2) return;
    this.#timer?.cancel();
    this.#timerNs = wakeNs;
    if (wakeNs === Infinity) return;
    this.#timer = this.#clock.at(wakeNs, () => {
      this.#timer = undefined;
      this.#timerNs = Infinity;
      if (!this.#passDue) this.#run();
    });
  }

  /**
   * When a timer has to call for what is due at `dueNs`: the first wake after that sends it, whatever it is for. Where answers
   * are about to wake the loop no later than a timer might, one wake does for both, and the timer is only there in case.
   */
  #wakeFor(dueNs: number, nowNs: number): number {
    const { timersLateNs } = this.#clock;
    const expectedNs = this.#answersNs + this.#answersApartNs;
    const isAtHand = expectedNs >= dueNs && expectedNs <= dueNs + timersLateNs;
    return isAtHand && this.#admissions.some(({ slots }) => slots.taken > 0)
      ? Math.max(dueNs, nowNs + timersLateNs)
      : dueNs;
  }

  #admissionOf({ settings, fixed, mix }: StartLoad, members: readonly RunningMember[]): Admission {
    const isWrite = mix !== undefined || members[0]!.work.plan.kind === 'write';
    const concurrency = isWrite ? 'WriteConcurrency' : 'QueryConcurrency';
    if (!fixed.includes(concurrency)) return isWrite ? this.#writes : this.#queries;
    const own = this.#admission(settings[concurrency]);
    this.#admissions.push(own);
    return own;
  }

  #admission(limit: number): Admission {
    const slots = new SlotPool((pool) => {
      const slot = new PooledSlot(this.#slots.length, pool);
      this.#slots.push(slot);
      return slot;
    });
    slots.resize(limit, this.#clock.nowNs());
    return new Admission(slots);
  }
}
