import type { Admission } from './admission.ts';
import { bucketOf } from './bucket-layout.ts';
import type { StartLoad } from './client-port.ts';
import type { LoadDeltas } from './load-deltas.ts';
import { MixOrder } from './mix-order.ts';
import type { Lease } from './package.ts';
import { Pacer } from './pacer.ts';
import type { RunningMember } from './running-member.ts';
import type { SettingName, Settings } from './settings.ts';
import type { PooledSlot } from './slot-pool.ts';
import { StageEnds } from './stage-ends.ts';

/** A lease and how far it is. */
export interface ActiveLease {
  readonly lease: Lease;
  sent: number;
  ended: number;
  acknowledged: number;
}

/** A stretch of the run's clock in which nothing new was sent. */
interface Pause {
  readonly fromNs: number;
  readonly untilNs: number;
}

/**
 * A statement on a client: where in its leases it is, when its next operation is due, and whose that is where it is
 * a MIX. Times are nanoseconds of the run's clock.
 */
export class RunningLoad {
  readonly id: number;
  readonly start: StartLoad;
  readonly members: readonly RunningMember[];
  readonly admission: Admission;
  readonly isOpen: boolean;

  /** Whether its target is ready for it. */
  prepared = false;
  /** Whether it has begun. */
  begun = false;
  /** It is to end before it begins. */
  cancelled = false;
  startNs = 0;
  /** FOR is over: nothing is meant to start from here on. */
  endNs = Infinity;
  /** Nothing is sent from here on: due operations of an open model still are for a while after FOR. Infinity while it is held. */
  cutNs = Infinity;
  /** Intended start of the next operation of an open model; Infinity while it is held. */
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
  retriesAny = false;
  backoffNs = 0;

  readonly #order: MixOrder | undefined;
  /** As if nothing held it. Undefined in a closed model. */
  #schedule: Pacer | undefined;
  /** What holds now; ends where it is held. */
  #pacer: Pacer | undefined;
  #heldFromNs: number | undefined;
  /** As it is when nothing holds it. */
  #cutNs = Infinity;
  readonly #pauses: Pause[] = [];
  #durationNs: number;
  /** Operations that are labelled warm-up; none in a closed model whose warm-up is a time. */
  #warmupOperations: number;
  #warmupNs: number;
  readonly #stageEnds: StageEnds;
  #stage = 0;
  /** When nothing more becomes due after the start: what is sent from here on is a drain's, and of no stage. */
  #dueUntilNs: number;
  /** The operation that was last written ahead. */
  #staged = -1;
  #firstNs: number | undefined;
  #lastNs = 0;

  constructor(id: number, start: StartLoad, members: readonly RunningMember[], admission: Admission) {
    const { items, durationNs, stages, warmup, mix } = start;
    // A MIX is paced, and counts its warm-up, by operations.
    const batchSize = mix === undefined ? members[0]!.work.plan.batchSize : 1;
    this.id = id;
    this.start = start;
    this.members = members;
    this.admission = admission;
    this.#order = mix && new MixOrder(mix);
    this.isOpen = stages.length > 0;
    this.#schedule = this.isOpen ? new Pacer(stages, items, batchSize) : undefined;
    this.#pacer = this.#schedule;
    this.lease = activeLease(start.lease);
    this.more = start.more;
    this.#durationNs = durationNs ?? Infinity;
    this.#warmupNs = warmup !== undefined && 'durationNs' in warmup ? warmup.durationNs : 0;
    this.#warmupOperations =
      warmup !== undefined && 'items' in warmup
        ? Math.ceil(warmup.items / batchSize)
        : (this.#schedule?.operationsBefore(this.#warmupNs) ?? 0);
    this.#stageEnds = new StageEnds(stages);
    this.#dueUntilNs = this.#endOfWhatIsDue();
  }

  /** Keeps no row an operation from here on. */
  forgetRequests(): void {
    for (const member of this.members) member.forgetRequests();
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
    this.retriesAny = value('RetryOn') === 'any';
    this.backoffNs = value('RetryBackoff');
    for (const member of this.members) {
      const interval = member.work.plan.kind === 'write' ? 'WriteInterval' : 'QueryInterval';
      member.intervalNs = this.isOpen ? 0 : value(interval);
    }
  }

  begin(nowNs: number): void {
    this.begun = true;
    this.startNs = nowNs;
    this.endNs = nowNs + this.#durationNs;
    this.#cutNs = this.endNs + (this.isOpen ? this.timeoutNs : 0);
    this.cutNs = this.#cutNs;
    this.#lastNs = nowNs;
    if (this.lease.lease.count === 0) this.exhausted = !this.more;
    else this.#findNext();
  }

  get #nextOperation(): number {
    const { lease, sent } = this.lease;
    return lease.first + sent * lease.stride;
  }

  #memberOf(operation: number): RunningMember {
    return this.members[this.#order === undefined ? 0 : this.#order.memberOf(operation)]!;
  }

  /** Puts the next operation into a slot, as its first attempt at `nowNs`. */
  take(slot: PooledSlot, nowNs: number): void {
    const lease = this.lease;
    const operation = this.#nextOperation;
    const member = this.#memberOf(operation);
    const intendedNs = this.isOpen ? this.nextNs : nowNs;
    slot.load = this;
    slot.member = member;
    slot.lease = lease;
    slot.work = member.work;
    slot.sender = member.sender;
    slot.operation = operation;
    slot.pick = member.companion === undefined ? -1 : member.work.plan.pick!(operation, member.companion);
    slot.attempt = 1;
    slot.intendedNs = intendedNs;
    slot.maybeDone = false;
    if (this.#pauses.length > 0) slot.freeSinceNs = Math.max(slot.freeSinceNs, this.#pauses.at(-1)!.untilNs);
    slot.warmup =
      operation < this.#warmupOperations || (!this.isOpen && nowNs - this.startNs < this.#warmupNs);
    slot.stage = this.isOpen ? this.#stageAt(nowNs - this.startNs) : 0;
    member.countSent(operation, slot.warmup);
    if (!slot.warmup) this.#firstNs ??= this.#beginNsOf(operation, intendedNs);
    this.inFlight++;
    lease.sent++;
    this.#findNext();
  }

  /** The bytes of its next operation are known already, and are not written yet. */
  get canStage(): boolean {
    if (!this.ready) return false;
    const operation = this.#nextOperation;
    return operation !== this.#staged && this.#memberOf(operation).canStage;
  }

  /** Has the next operation of an open model written ahead of its time; only while `canStage`. */
  stage(): void {
    const operation = this.#nextOperation;
    this.#staged = operation;
    this.#memberOf(operation).sender.stage!({ operation, intendedNs: this.nextNs, pick: -1 });
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

  /** The operation in the slot has its outcome; an unknown one enters the times as if it had ended at `deadlineNs`. */
  record(slot: PooledSlot, deadlineNs: number): void {
    const { outcome, lease } = slot;
    this.inFlight--;
    lease.ended++;
    if (outcome === 'acknowledged') lease.acknowledged++;
    if (slot.answeredNs > this.#lastNs) this.#lastNs = slot.answeredNs;
    slot.member.record(slot, deadlineNs);
  }

  /** Sends nothing more; what was due and not sent is not asked. */
  finish(): void {
    this.exhausted = true;
    this.nextNs = Infinity;
  }

  /** Another rate, of what is paced, for an open model that has begun, from `atNs` to its end. */
  changeRate(atNs: number, rate: number): void {
    const fromNs = Math.max(0, (this.#heldFromNs ?? atNs) - this.startNs);
    this.#schedule = this.#schedule!.withRate(fromNs, rate);
    this.#pacer =
      this.#heldFromNs === undefined ? this.#schedule : this.#schedule.withPause(fromNs, Infinity);
    const { warmup } = this.start;
    if (warmup !== undefined && 'durationNs' in warmup)
      this.#warmupOperations = this.#schedule.operationsBefore(this.#warmupNs);
    this.#stage = Math.min(this.#stage, this.#stageEnds.changeRate(fromNs));
    this.#dueUntilNs = this.#endOfWhatIsDue();
    for (const member of this.members) member.countStages(this.#stageEnds.count);
    this.#placeAgain();
  }

  /** No time passes for what is due from `atNs` on, until `release`. It has begun. */
  hold(atNs: number): void {
    this.#heldFromNs = Math.max(atNs, this.startNs);
    this.cutNs = Infinity;
    this.#pacer = this.#schedule?.withPause(this.#heldFromNs - this.startNs, Infinity);
    this.#placeAgain();
  }

  release(atNs: number): void {
    if (this.#heldFromNs === undefined) return;
    const fromNs = this.#heldFromNs;
    const untilNs = Math.max(fromNs, atNs);
    const lengthNs = untilNs - fromNs;
    const later = (ns: number): number => (ns > fromNs - this.startNs ? ns + lengthNs : ns);
    this.#heldFromNs = undefined;
    this.#pauses.push({ fromNs, untilNs });
    this.#schedule = this.#schedule?.withPause(fromNs - this.startNs, untilNs - this.startNs);
    this.#pacer = this.#schedule;
    this.#durationNs = later(this.#durationNs);
    this.#warmupNs = later(this.#warmupNs);
    this.#stageEnds.release(fromNs - this.startNs, untilNs - this.startNs);
    this.#dueUntilNs = this.#endOfWhatIsDue();
    this.endNs = this.startNs + this.#durationNs;
    if (this.#cutNs > fromNs) this.#cutNs += lengthNs;
    this.cutNs = this.#cutNs;
    this.#placeAgain();
  }

  /**
   * Ends the sending at `nowNs`. Operations that were meant to start before `untilNs` and were not sent are
   * unsent, and enter response time at their age.
   */
  cut(nowNs: number, untilNs: number): void {
    if (this.exhausted) return;
    this.finish();
    const pacer = this.#pacer;
    if (pacer === undefined) return;
    const { lease, sent } = this.lease;
    const rankOf = (operation: number): number =>
      Math.min(Math.max(Math.ceil((operation - lease.first) / lease.stride), sent), lease.count);
    const due = rankOf(pacer.operationsBefore(untilNs - this.startNs));
    const warm = Math.min(rankOf(this.#warmupOperations), due);
    this.#countUnsent(sent, warm, true);
    this.#countUnsent(warm, due, false);
    if (due === sent) return;
    this.#lastNs = nowNs;
    if (due === warm) return;
    this.#firstNs ??= this.#beginNsOf(lease.first + warm * lease.stride, nowNs);
    this.#recordAges(warm, due, nowNs);
  }

  /** What became of the statement, or of each member of a MIX, since the last call. */
  takeDeltas(): LoadDeltas[] {
    return this.members.map((member) => member.takeDeltas(this.#firstNs, this.#lastNs));
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
    if (this.#pacer !== undefined) this.#placeNext(this.#pacer);
  }

  /** Says when the next operation is due. */
  #placeNext(pacer: Pacer): void {
    const operation = this.#nextOperation;
    const afterNs = pacer.intendedNs(operation);
    if (afterNs < this.#durationNs) this.nextNs = this.#intendedNsOf(operation);
    else {
      this.exhausted = this.#heldFromNs === undefined || afterNs < Infinity;
      this.nextNs = Infinity;
    }
  }

  /** After its schedule has changed. */
  #placeAgain(): void {
    if (this.#pacer !== undefined && this.ready) this.#placeNext(this.#pacer);
  }

  /** From when on an operation counts: in an open model its first item is due, in a closed one it is sent. */
  #beginNsOf(operation: number, sentNs: number): number {
    return this.#pacer === undefined ? sentNs : this.startNs + Math.round(this.#pacer.beginNs(operation));
  }

  /** Of an operation of an open model that is not sent: pauses that it was due before do not age it. */
  #intendedNsOf(operation: number): number {
    let ns = this.startNs + Math.round(this.#pacer!.intendedNs(operation));
    if (this.#pauses.length > 0)
      for (const { fromNs, untilNs } of this.#pauses) if (ns < fromNs) ns += untilNs - fromNs;
    return ns;
  }

  #operationOf(rank: number): number {
    const { first, stride } = this.lease.lease;
    return first + rank * stride;
  }

  /** Counts the operations of these ranks of the lease for the members whose they are. */
  #countUnsent(from: number, to: number, isWarmup: boolean): void {
    if (from >= to) return;
    if (this.#order === undefined) {
      this.members[0]!.countUnsent(to - from, this.#operationOf(to - 1), isWarmup);
      return;
    }
    // All operations of a MIX are whole.
    for (const [member, count] of this.#countMembers(from, to).entries()) {
      if (count > 0) this.members[member]!.countUnsent(count, 0, isWarmup);
    }
  }

  #countMembers(from: number, to: number): number[] {
    const counts = this.members.map(() => 0);
    if (this.#order === undefined) counts[0] = to - from;
    else for (let rank = from; rank < to; rank++) counts[this.#order.memberOf(this.#operationOf(rank))]!++;
    return counts;
  }

  /** Ages fall with the rank: ranges whose ends share a bucket are recorded at once, however many were unsent. */
  #recordAges(from: number, to: number, nowNs: number): void {
    const oldest = nowNs - this.#intendedNsOf(this.#operationOf(from));
    const youngest = nowNs - this.#intendedNsOf(this.#operationOf(to - 1));
    if (bucketOf(Math.max(0, oldest)) === bucketOf(Math.max(0, youngest))) {
      this.#recordAge(to - 1, to, youngest);
      this.#recordAge(from, to - 1, oldest);
      return;
    }
    const middle = Math.floor((from + to) / 2);
    this.#recordAges(from, middle, nowNs);
    this.#recordAges(middle, to, nowNs);
  }

  #recordAge(from: number, to: number, ageNs: number): void {
    for (const [member, count] of this.#countMembers(from, to).entries()) {
      if (count > 0) this.members[member]!.recordAges(ageNs, count);
    }
  }

  #endOfWhatIsDue(): number {
    return Math.min(this.#durationNs, this.#schedule?.endNs ?? Infinity);
  }

  /** The stage of what is sent so long after the start, from 1; 0 is none. */
  #stageAt(ns: number): number {
    if (ns >= this.#dueUntilNs) return 0;
    while (ns >= this.#stageEnds.of(this.#stage)) this.#stage++;
    return this.#stage + 1;
  }
}

function activeLease(lease: Lease): ActiveLease {
  return { lease, sent: 0, ended: 0, acknowledged: 0 };
}
