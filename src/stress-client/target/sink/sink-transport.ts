import type { Clock } from '../../clock.ts';
import type { Slot } from '../../slot.ts';
import type { CqlSession } from '../cql/cql-session.ts';
import type { CqlTransport, PreparedWork } from '../cql/cql-transport.ts';
import { OperationFrames } from '../cql/direct/operation-frames.ts';
import { PreparedTexts } from '../cql/direct/prepared-texts.ts';
import type { PreparedStatement } from '../cql/protocol/result.ts';
import type { AttemptListener, Sender, TargetError } from '../target.ts';
import { SinkAnswers } from './sink-answers.ts';

/** Writes the frames of every operation as they would go to a node, and discards them; acknowledges in the next turn. */
export class SinkTransport implements CqlTransport {
  readonly #session: Pick<CqlSession, 'prepare'>;
  readonly #texts = new PreparedTexts();
  readonly #answers: SinkAnswers;
  #staging = new Uint8Array(0);

  constructor(session: Pick<CqlSession, 'prepare'>, clock: Clock, listener: AttemptListener) {
    this.#session = session;
    this.#answers = new SinkAnswers(clock, listener);
  }

  open(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async prepare(text: string, keyspace: string): Promise<PreparedStatement | TargetError> {
    const known = this.#texts.get(text, keyspace);
    if (known !== undefined) return known;
    const prepared = await this.#session.prepare(text, keyspace);
    if (!('errorClass' in prepared)) this.#texts.set(text, keyspace, prepared);
    return prepared;
  }

  sender(work: PreparedWork): Promise<Sender> {
    const { Keyspace } = work.work.settings;
    const frames = new OperationFrames(
      work,
      work.texts.map((text) => this.#texts.get(text, Keyspace)!),
    );
    const send = (slot: Slot): void => {
      const room = frames.bytesFor(slot);
      if (room > this.#staging.length) this.#staging = new Uint8Array(room);
      this.#answers.sent(slot, frames.write(slot, this.#staging, 0), frames.rows);
    };
    return Promise.resolve({ send });
  }

  flush(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }
}
