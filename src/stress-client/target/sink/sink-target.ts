import type { Clock } from '../../clock.ts';
import type { Settings } from '../../settings.ts';
import type { Slot } from '../../slot.ts';
import type { Work } from '../../work.ts';
import type { Answer, AttemptListener, Sender, ServerInfo, Target, TargetError } from '../target.ts';

/** Generates every operation, counts its bytes and discards them; acknowledges in the next turn. */
export class SinkTarget implements Target, Sender {
  /** Bytes of all operations so far. */
  requestBytes = 0;
  readonly #clock: Clock;
  #listener!: AttemptListener;
  #staging = new Uint8Array(0);
  readonly #pending: Slot[] = [];
  readonly #answer = (): void => this.#answerPending();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(listener: AttemptListener): Promise<readonly ServerInfo[]> {
    this.#listener = listener;
    return Promise.resolve([{ address: 'sink', product: 'sink (discards everything)', version: '' }]);
  }

  prepare({ plan }: Work): Promise<Sender | TargetError> {
    if (plan.operationBytesAtMost > this.#staging.length) {
      this.#staging = new Uint8Array(plan.operationBytesAtMost);
    }
    return Promise.resolve(this);
  }

  send(slot: Slot): void {
    slot.requestBytes = slot.work.plan.write(slot, slot.work.items, this.#staging, 0);
    slot.sentNs = this.#clock.nowNs();
    this.requestBytes += slot.requestBytes;
    if (this.#pending.push(slot) === 1) this.#clock.soon(this.#answer);
  }

  flush(): void {}

  passThrough(_text: string, _settings: Settings): Promise<Answer> {
    return Promise.resolve({ ok: true, status: 0, responseBytes: 0, rows: 0, text: '' });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #answerPending(): void {
    const nowNs = this.#clock.nowNs();
    for (const slot of this.#pending) {
      slot.answeredNs = nowNs;
      slot.outcome = 'acknowledged';
      slot.errorClass = undefined;
      slot.status = 0;
      slot.message = '';
      slot.responseBytes = 0;
      slot.rows = 0;
    }
    // What the listener sends while it is told waits for the next turn.
    const answered = this.#pending.splice(0);
    for (const slot of answered) this.#listener.answered(slot);
  }
}
