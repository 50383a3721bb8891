import type { Clock } from '../../src/stress-client/clock.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import type { Slot } from '../../src/stress-client/slot.ts';
import type {
  Answer,
  AttemptListener,
  ErrorClass,
  Sender,
  ServerInfo,
  Target,
  TargetError,
} from '../../src/stress-client/target/target.ts';
import { errorClasses } from '../../src/stress-client/target/target.ts';
import type { Work } from '../../src/stress-client/work.ts';

/** What the simulated target does with an attempt: answers after so long, with or without an error, or never. */
export interface Behaviour {
  readonly afterNs: number;
  readonly error?: ErrorClass;
  readonly rows?: number;
}

/** One attempt as the target saw it. */
export interface SeenAttempt {
  readonly statementId: string;
  readonly operation: number;
  readonly attempt: number;
  readonly sentNs: number;
  readonly pick: number;
  readonly text: string;
}

/** A target on the same clock that behaves as it is told, attempt by attempt, and remembers what it saw. */
export class SimulatedTarget implements Target, Sender {
  readonly seen: SeenAttempt[] = [];
  readonly passedThrough: string[] = [];
  /** The most attempts in flight at a time, of any statement. */
  mostInFlight = 0;
  inFlight = 0;
  #clock!: Clock;
  readonly #behave: (slot: Slot, nowNs: number) => Behaviour;
  readonly #pending = new Map<Slot, () => void>();
  readonly #staging = new Uint8Array(1 << 16);
  #listener!: AttemptListener;
  passThroughAnswer: (text: string) => Promise<Answer> = () =>
    Promise.resolve({ ok: true, status: 200, responseBytes: 2, rows: 0, text: '{}' });
  openNs = 0;
  openError: TargetError | undefined;
  closed = false;
  /** How long preparing a statement takes. */
  prepareNs = 0;
  prepareError: TargetError | undefined;

  constructor(behave: (slot: Slot, nowNs: number) => Behaviour) {
    this.#behave = behave;
  }

  /** Takes the run's clock. */
  on(clock: Clock): this {
    this.#clock = clock;
    return this;
  }

  async open(listener: AttemptListener): Promise<readonly ServerInfo[] | TargetError> {
    this.#listener = listener;
    if (this.openNs > 0) {
      await new Promise<void>((resolve) => {
        this.#clock.at(this.#clock.nowNs() + this.openNs, resolve);
      });
    }
    return this.openError ?? [{ address: 'simulated:1', product: 'Simulated 1', version: '1' }];
  }

  async prepare(_work: Work): Promise<Sender | TargetError> {
    if (this.prepareNs > 0) {
      await new Promise<void>((resolve) => {
        this.#clock.at(this.#clock.nowNs() + this.prepareNs, resolve);
      });
    }
    return this.prepareError ?? this;
  }

  send(slot: Slot): void {
    slot.requestBytes = slot.work.plan.write(slot, slot.work.items, this.#staging, 0);
    const text = new TextDecoder().decode(this.#staging.subarray(0, slot.requestBytes));
    const nowNs = this.#clock.nowNs();
    slot.sentNs = nowNs;
    this.seen.push({
      statementId: slot.work.statementId,
      operation: slot.operation,
      attempt: slot.attempt,
      sentNs: nowNs,
      pick: slot.pick,
      text,
    });
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    const { work } = slot;
    const { afterNs, error, rows } = this.#behave(slot, nowNs);
    const deadlineNs = nowNs + slot.timeoutNs;
    if (nowNs + afterNs > deadlineNs) {
      this.#answerAt(slot, deadlineNs, 'timeout', 0);
      if (afterNs < Infinity) this.#clock.at(nowNs + afterNs, () => this.#listener.lateAnswer(work));
    } else this.#answerAt(slot, nowNs + afterNs, error, rows ?? 0);
  }

  flush(): void {}

  async passThrough(text: string, _settings: Settings): Promise<Answer> {
    this.passedThrough.push(text);
    return this.passThroughAnswer(text);
  }

  close(): Promise<void> {
    this.closed = true;
    for (const answer of this.#pending.values()) answer();
    return Promise.resolve();
  }

  #answerAt(slot: Slot, atNs: number, error: ErrorClass | undefined, rows: number): void {
    const answer = (lost: boolean): void => {
      timer.cancel();
      this.#pending.delete(slot);
      this.inFlight--;
      const errorClass = lost ? 'connection-lost' : error;
      slot.answeredNs = this.#clock.nowNs();
      slot.outcome = errorClass === undefined ? 'acknowledged' : errorClasses[errorClass].outcome;
      slot.errorClass = errorClass;
      slot.status = errorClass === undefined ? 204 : 0;
      slot.message = errorClass === undefined ? '' : `simulated ${errorClass}`;
      slot.responseBytes = 10;
      slot.rows = rows;
      this.#listener.answered(slot);
    };
    const timer = this.#clock.at(atNs, () => answer(false));
    this.#pending.set(slot, () => answer(true));
  }
}
