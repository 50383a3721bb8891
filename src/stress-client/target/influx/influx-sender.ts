import { constants, gzip } from 'node:zlib';
import type { Operation } from '../../plan.ts';
import type { Settings } from '../../settings.ts';
import type { Slot } from '../../slot.ts';
import type { Work } from '../../work.ts';
import { printableMessage } from '../printable-message.ts';
import type { Failure } from '../socket-error.ts';
import { errorClasses } from '../target.ts';
import type { AttemptListener, Sender } from '../target.ts';
import type { Connection, Exchange } from './connection.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { formBytesAtMost, writeForm } from './influx-api.ts';
import type { StagingBuffers } from './staging.ts';

const gzipOptions = { level: constants.Z_BEST_SPEED };

interface WrittenBody {
  readonly buffer: Buffer;
  readonly bodyEnd: number;
}

/** Sends a statement's operations: its requests go round the addresses. */
export class InfluxSender implements Sender {
  readonly #work: Work;
  /** For each address. */
  readonly #exchanges: readonly Exchange[];
  readonly #pool: ConnectionPool;
  readonly #staging: StagingBuffers;
  readonly #listener: AttemptListener;
  #nextAddress: number;
  /** Written ahead of its time. */
  #staged: (Operation & WrittenBody) | undefined = undefined;

  constructor(
    work: Work,
    exchanges: readonly Exchange[],
    pool: ConnectionPool,
    staging: StagingBuffers,
    listener: AttemptListener,
    firstAddress: number,
  ) {
    this.#work = work;
    this.#exchanges = exchanges;
    this.#pool = pool;
    this.#staging = staging;
    this.#listener = listener;
    this.#nextAddress = firstAddress % exchanges.length;
  }

  stage({ operation, intendedNs, pick }: Operation): void {
    if (this.#staged !== undefined) this.#staging.giveBack(this.#staged.buffer);
    this.#staged = { operation, intendedNs, pick, ...this.#write({ operation, intendedNs, pick }) };
  }

  send(slot: Slot): void {
    const address = this.#nextAddress;
    this.#nextAddress = (address + 1) % this.#exchanges.length;
    const { plan, settings } = this.#work;
    const isQuery = plan.kind === 'query';
    const { buffer: staging, bodyEnd } = this.#takeStaged(slot) ?? this.#write(slot);
    const body = staging.subarray(0, bodyEnd);

    const connection = this.#pool.take(address);
    connection.begin(this.#exchanges[address]!, slot.timeoutNs, () => {
      this.#staging.giveBack(staging);
      this.#pool.giveBack(connection);
      this.#answered(slot, connection);
    });
    slot.sentNs = connection.sentNs;
    slot.requestBytes = bodyEnd;
    if (!isQuery && settings.Compression === 'gzip') {
      gzip(body, gzipOptions, (error, compressed) => {
        if (connection.destroyed) return;
        if (error !== null) throw error;
        slot.requestBytes = compressed.length;
        connection.send(compressed);
      });
    } else {
      connection.send(body);
    }
  }

  #write(operation: Operation): WrittenBody {
    const { plan, items } = this.#work;
    const atMost = plan.operationBytesAtMost;
    if (plan.kind === 'write') {
      const buffer = this.#staging.take(atMost);
      return { buffer, bodyEnd: plan.write(operation, items, buffer, 0) };
    }
    // A query's text is written behind the room that its form needs.
    const start = formBytesAtMost(atMost);
    const buffer = this.#staging.take(atMost + start);
    const end = plan.write(operation, items, buffer, start);
    return { buffer, bodyEnd: writeForm(buffer.subarray(start, end), buffer) };
  }

  /** What was written ahead, if it is this very operation: a retry may come between. */
  #takeStaged(slot: Slot): WrittenBody | undefined {
    const staged = this.#staged;
    if (staged?.operation !== slot.operation || staged.intendedNs !== slot.intendedNs) return undefined;
    if (staged.pick !== slot.pick) return undefined;
    this.#staged = undefined;
    return staged;
  }

  #answered(slot: Slot, connection: Connection): void {
    const { error } = connection;
    slot.sentNs = connection.sentNs;
    slot.answeredNs = connection.answeredNs;
    slot.status = connection.status;
    slot.responseBytes = connection.responseBytes;
    slot.rows = connection.queryAnswer.rows;
    slot.errorClass = error?.errorClass;
    slot.outcome = error === undefined ? 'acknowledged' : errorClasses[error.errorClass].outcome;
    slot.message = error === undefined ? '' : messageOf(error, this.#work.settings);
    this.#listener.answered(slot);
  }
}

function messageOf(error: Failure, settings: Settings): string {
  const message = printableMessage(error.message, settings);
  return error.hint === undefined ? message : `${message} (${error.hint})`;
}
