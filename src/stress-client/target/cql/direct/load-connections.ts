import type { Clock } from '../../../clock.ts';
import type { Slot } from '../../../slot.ts';
import { errorClasses } from '../../target.ts';
import type { AttemptListener } from '../../target.ts';
import type { Failure } from '../../socket-error.ts';
import type { DirectSender } from './direct-sender.ts';
import type { LoadConnection } from './load-connection.ts';

const everyStreamTaken: Failure = {
  errorClass: 'client',
  message: 'every connection has as many operations in flight as the protocol allows',
  status: 0,
  hint: 'raise ConnectionsPerHost',
};

interface Refused {
  readonly slot: Slot;
  readonly sender: DirectSender;
  readonly failure: Failure;
}

/** The connections that take operations, of all nodes. */
export class LoadConnections {
  readonly #clock: Clock;
  readonly #listener: AttemptListener;
  #usable: readonly LoadConnection[] = [];
  #turn = 0;
  #refused: Refused[] = [];
  /** Why there is none, where there is none. */
  #lastFailure: Failure = { errorClass: 'connection-refused', message: 'no node is connected', status: 0 };

  constructor(clock: Clock, listener: AttemptListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  set usable(connections: readonly LoadConnection[]) {
    this.#usable = connections;
  }

  set lastFailure(failure: Failure) {
    this.#lastFailure = failure;
  }

  /** The connections in turn; undefined where none takes an operation. */
  next(): LoadConnection | undefined {
    const usable = this.#usable;
    for (let tried = 0; tried < usable.length; tried++) {
      this.#turn = this.#turn + 1 < usable.length ? this.#turn + 1 : 0;
      const connection = usable[this.#turn]!;
      if (connection.hasFreeStream) return connection;
    }
    return undefined;
  }

  flush(): void {
    const usable = this.#usable;
    for (let at = 0; at < usable.length; at++) usable[at]!.flush();
  }

  /** Answers a slot that no connection takes, in a later turn. */
  refuse(slot: Slot, sender: DirectSender): void {
    slot.sentNs = this.#clock.nowNs();
    slot.requestBytes = 0;
    const failure = this.#usable.length > 0 ? everyStreamTaken : this.#lastFailure;
    this.#refused.push({ slot, sender, failure });
    if (this.#refused.length === 1) this.#clock.soon(() => this.answerRefused());
  }

  answerRefused(): void {
    const refused = this.#refused;
    this.#refused = [];
    const nowNs = this.#clock.nowNs();
    for (const { slot, sender, failure } of refused) {
      // Whatever ended the connections: this operation never left.
      const left = errorClasses[failure.errorClass].outcome === 'unknown';
      slot.answeredNs = nowNs;
      slot.outcome = 'failed';
      slot.errorClass = left ? 'connection-refused' : failure.errorClass;
      slot.status = failure.status;
      slot.message = sender.messageOf(
        left ? { ...failure, message: `no connection since: ${failure.message}` } : failure,
      );
      this.#listener.answered(slot);
    }
  }
}
