import type { Clock } from '../../clock.ts';
import type { Slot } from '../../slot.ts';
import type { AttemptListener } from '../target.ts';

/** Acknowledges in the next turn what was sent in this one. */
export class SinkAnswers {
  readonly #clock: Clock;
  readonly #listener: AttemptListener;
  #pending: Slot[] = [];
  #answered: Slot[] = [];
  readonly #answer = (): void => this.#answerPending();

  constructor(clock: Clock, listener: AttemptListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  /** The slot's operation was written, `requestBytes` of it. */
  sent(slot: Slot, requestBytes: number, rows = 0): void {
    slot.rows = rows;
    slot.requestBytes = requestBytes;
    slot.sentNs = this.#clock.nowNs();
    if (this.#pending.push(slot) === 1) this.#clock.soon(this.#answer);
  }

  #answerPending(): void {
    // What the listener sends while it is told waits for the next turn.
    const answered = this.#pending;
    this.#pending = this.#answered;
    this.#answered = answered;
    const nowNs = this.#clock.nowNs();
    for (const slot of answered) {
      slot.answeredNs = nowNs;
      slot.outcome = 'acknowledged';
      slot.errorClass = undefined;
      slot.status = 0;
      slot.message = '';
      slot.responseBytes = 0;
    }
    for (const slot of answered) this.#listener.answered(slot);
    answered.length = 0;
  }
}
