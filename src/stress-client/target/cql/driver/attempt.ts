import { errors } from 'cassandra-driver';
import type { Clock, Timer } from '../../../clock.ts';
import type { Slot } from '../../../slot.ts';
import type { Work } from '../../../work.ts';
import { printableMessage } from '../../printable-message.ts';
import type { Failure } from '../../socket-error.ts';
import type { AttemptListener } from '../../target.ts';
import { cqlErrorCodes, outcomeOf } from '../cql-error.ts';
import { driverError } from './driver-error.ts';
import type { Exchange } from './exchange-tracker.ts';

/** One attempt of a slot's operation, until its one answer: the driver's, or that of its deadline. */
export class Attempt implements Exchange {
  /** The slot has its answer, and may be in use again. */
  ended = false;
  readonly #slot: Slot;
  readonly #work: Work;
  readonly #clock: Clock;
  readonly #listener: AttemptListener;
  readonly #inFlight: Set<Attempt>;
  readonly #deadlineNs: number;
  #deadline!: Timer;

  /** Starts the clock: `slot.sentNs` is now. */
  constructor(slot: Slot, clock: Clock, listener: AttemptListener, inFlight: Set<Attempt>) {
    this.#slot = slot;
    this.#work = slot.work;
    this.#clock = clock;
    this.#listener = listener;
    this.#inFlight = inFlight;
    inFlight.add(this);
    slot.requestBytes = 0;
    slot.responseBytes = 0;
    slot.rows = 0;
    slot.sentNs = clock.nowNs();
    this.#deadlineNs = slot.sentNs + slot.timeoutNs;
    this.#armDeadline();
  }

  answered(requestBytes: number, responseBytes: number, error: Error | undefined): void {
    if (error instanceof errors.ResponseError && error.code === cqlErrorCodes.unprepared) {
      this.#listener.reprepared(this.#work);
    }
    if (this.ended) return;
    this.#slot.requestBytes += requestBytes;
    this.#slot.responseBytes += responseBytes;
  }

  /** Rows that a query's page had. */
  returned(rows: number): void {
    if (!this.ended) this.#slot.rows += rows;
  }

  /** Whether the IF of a write held. */
  applied(isApplied: boolean): void {
    if (!this.ended) this.#slot.notApplied = !isApplied;
  }

  acknowledge(): void {
    if (!this.#end()) return this.#listener.lateAnswer(this.#work);
    this.#slot.outcome = 'acknowledged';
    this.#slot.errorClass = undefined;
    this.#slot.status = 0;
    this.#slot.message = '';
    this.#listener.answered(this.#slot);
  }

  /** Ends it with what the driver rejected with. */
  refuse(error: unknown): void {
    if (!this.ended) this.fail(driverError(error));
    else if (error instanceof errors.ResponseError) this.#listener.lateAnswer(this.#work);
  }

  /** Ends it with an error, unless it has ended. */
  fail(error: Failure): void {
    if (!this.#end()) return;
    const message = printableMessage(error.message, this.#work.settings);
    this.#slot.outcome = outcomeOf(error);
    this.#slot.errorClass = error.errorClass;
    this.#slot.status = error.status;
    this.#slot.message = error.hint === undefined ? message : `${message} (${error.hint})`;
    // In a later turn: the driver may know at once that no node can be reached.
    this.#clock.soon(() => this.#listener.answered(this.#slot));
  }

  /** Timers may come a moment early. */
  #armDeadline(): void {
    this.#deadline = this.#clock.at(this.#deadlineNs, () => {
      if (this.#clock.nowNs() < this.#deadlineNs) return this.#armDeadline();
      const seconds = this.#slot.timeoutNs / 1e9;
      this.fail({ errorClass: 'timeout', message: `no answer within ${seconds} s`, status: 0 });
    });
  }

  #end(): boolean {
    if (this.ended) return false;
    this.ended = true;
    this.#deadline.cancel();
    this.#inFlight.delete(this);
    this.#slot.answeredNs = this.#clock.nowNs();
    return true;
  }
}
