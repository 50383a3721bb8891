import type { Clock } from '../../clock.ts';
import type { Settings } from '../../settings.ts';
import type { Slot } from '../../slot.ts';
import type { Work } from '../../work.ts';
import type { Answer, AttemptListener, Sender, ServerInfo, Target, TargetError } from '../target.ts';
import { SinkAnswers } from './sink-answers.ts';

/** Generates every operation, counts its bytes and discards them; acknowledges in the next turn. */
export class SinkTarget implements Target, Sender {
  readonly #clock: Clock;
  #answers!: SinkAnswers;
  #staging = new Uint8Array(0);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(listener: AttemptListener): Promise<readonly ServerInfo[]> {
    this.#answers = new SinkAnswers(this.#clock, listener);
    return Promise.resolve([{ address: 'sink', product: 'sink (discards everything)', version: '' }]);
  }

  prepare({ plan }: Work): Promise<Sender | TargetError> {
    if (plan.operationBytesAtMost > this.#staging.length) {
      this.#staging = new Uint8Array(plan.operationBytesAtMost);
    }
    return Promise.resolve(this);
  }

  send(slot: Slot): void {
    const { plan, items } = slot.work;
    this.#answers.sent(slot, plan.write(slot, items, this.#staging, 0));
  }

  flush(): void {}

  passThrough(_text: string, _settings: Settings): Promise<Answer> {
    return Promise.resolve({ ok: true, status: 0, responseBytes: 0, rows: 0, text: '' });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
