import { types } from 'cassandra-driver';
import type { Client, QueryOptions } from 'cassandra-driver';
import type { Clock } from '../../../clock.ts';
import { itemsOfOperation } from '../../../plan.ts';
import type { Slot } from '../../../slot.ts';
import type { Failure } from '../../socket-error.ts';
import type { AttemptListener, Sender } from '../../target.ts';
import type { PreparedWork } from '../cql-transport.ts';
import { consistencyCodes } from '../protocol/protocol-constants.ts';
import { notValidated } from '../not-validated.ts';
import { Attempt } from './attempt.ts';
import type { DriverClient } from './driver-client.ts';
import { ExpectedResult } from './expected-result.ts';
import type { ExchangeOptions } from './exchange-tracker.ts';

/** The driver gives up later than Timeout does, so that answers that come late are still heard of. */
const timeoutsUntilOrphan = 10;
/** Node's timers know no more. */
const timerMsAtMost = 2 ** 31 - 1;

interface BoundText {
  readonly query: string;
  readonly params: (Buffer | null)[];
}

/**
 * Sends a statement's operations with `client.execute` and `client.batch`. A query's operation is all pages of its
 * answer. `requestBytes` and `responseBytes` are those of whole frames.
 */
export class DriverSender implements Sender {
  readonly warnings: readonly string[];
  readonly #prepared: PreparedWork;
  readonly #client: Client;
  readonly #needsRow: boolean;
  readonly #expected: ExpectedResult | undefined;
  readonly #inFlight: Set<Attempt>;
  readonly #listener: AttemptListener;
  readonly #clock: Clock;
  readonly #options: QueryOptions;
  readonly #staging: Buffer;

  constructor(
    prepared: PreparedWork,
    connected: DriverClient,
    inFlight: Set<Attempt>,
    listener: AttemptListener,
    clock: Clock,
  ) {
    const { settings } = prepared.work;
    this.warnings = prepared.values.warnings;
    this.#prepared = prepared;
    this.#client = connected.client;
    const { expected } = prepared;
    this.#needsRow = expected !== undefined;
    this.#expected =
      expected === undefined || expected === 'any' ? undefined : new ExpectedResult(expected, connected);
    this.#inFlight = inFlight;
    this.#listener = listener;
    this.#clock = clock;
    this.#options = {
      prepare: true,
      consistency: consistencyCodes[settings.Consistency] as types.consistencies,
      serialConsistency: consistencyCodes[settings.SerialConsistency] as types.consistencies,
      fetchSize: settings.PageSize,
      logged: prepared.batch === 'logged',
      counter: prepared.batch === 'counter',
      isIdempotent: false,
    };
    this.#staging = Buffer.allocUnsafeSlow(prepared.values.itemBytesAtMost);
  }

  send(slot: Slot): void {
    const { batch, work } = this.#prepared;
    const { plan, items } = work;
    const { rows } = this.#prepared.values;
    const first = slot.operation * plan.batchSize;
    const count =
      rows?.countOf(slot.operation) ??
      (batch === 'none' ? 1 : itemsOfOperation(slot.operation, items, plan.batchSize));
    const texts = Array.from({ length: count }, (_, item) => this.#bind(slot, first, item));
    const attempt = new Attempt(slot, this.#clock, this.#listener, this.#inFlight);
    const options: ExchangeOptions = {
      ...this.#options,
      readTimeout: Math.min(timerMsAtMost, Math.ceil((timeoutsUntilOrphan * slot.timeoutNs) / 1e6)),
      exchange: attempt,
    };
    if (rows !== undefined) attempt.returned(count);
    const single = batch === 'none' || (rows !== undefined && count === 1);
    const sent = single
      ? this.#execute(slot, texts[0]!, options, attempt)
      : this.#batch(texts, options, attempt);
    sent.then(
      (failure) => (failure === undefined ? attempt.acknowledge() : attempt.fail(failure)),
      (error: unknown) => attempt.refuse(error),
    );
  }

  /** Executes a text and reads all pages, until rows are not those that are expected. */
  async #execute(
    slot: Slot,
    { query, params }: BoundText,
    options: ExchangeOptions,
    attempt: Attempt,
  ): Promise<Failure | undefined> {
    let result = await this.#client.execute(query, params, options);
    // A write with an IF is answered with a row that is not of the table.
    if (this.#prepared.work.plan.kind === 'write') {
      attempt.applied(result.wasApplied());
      return undefined;
    }
    for (;;) {
      // The slot is another operation's by now.
      if (attempt.ended) return undefined;
      attempt.returned(result.rowLength ?? 0);
      const isLast = !result.pageState;
      if (this.#expected?.match(slot, result) === false) return notValidated;
      if (this.#needsRow && isLast && slot.rows === 0) return notValidated;
      if (isLast) return undefined;
      result = await this.#client.execute(query, params, { ...options, pageState: result.pageState });
    }
  }

  async #batch(texts: BoundText[], options: ExchangeOptions, attempt: Attempt): Promise<undefined> {
    const result = await this.#client.batch(texts, options);
    attempt.applied(result.wasApplied());
  }

  /** The text and the values of an item; the driver keeps the values until they are written. */
  #bind(slot: Slot, first: number, item: number): BoundText {
    const { texts, values } = this.#prepared;
    const text = values.textOf(first + item, slot.pick);
    const end =
      values.rows === undefined
        ? values.write(first + item, slot.pick, slot.intendedNs, this.#staging, 0)
        : values.rows.write(slot.operation, item, slot.intendedNs, this.#staging, 0);
    const bytes = Buffer.from(this.#staging.subarray(0, end));
    const params: (Buffer | null)[] = [];
    for (let at = 0; at < end;) {
      const length = bytes.readInt32BE(at);
      at += 4;
      params.push(length < 0 ? null : bytes.subarray(at, at + length));
      at += Math.max(0, length);
    }
    return { query: texts[text]!, params };
  }
}
