import type { Slot } from '../../../slot.ts';
import type { Work } from '../../../work.ts';
import { printableMessage } from '../../printable-message.ts';
import type { Failure } from '../../socket-error.ts';
import type { Sender } from '../../target.ts';
import type { PreparedWork } from '../cql-transport.ts';
import { ExpectedRows } from './expected-rows.ts';
import type { LoadConnections } from './load-connections.ts';
import type { OperationFrames } from './operation-frames.ts';
import type { TokenRouter } from './token-router.ts';

/** Sends a statement's operations: writes the frames straight behind those that its connections gather. */
export class DirectSender implements Sender {
  readonly work: Work;
  readonly frames: OperationFrames;
  /** Answers have rows to count, or to say whether an IF held. */
  readonly readsRows: boolean;
  /** Its writes have an IF. */
  readonly isConditional: boolean;
  /** An answer without rows is a failure. */
  readonly needsRow: boolean;
  /** What the rows have to be; undefined where they may be anything. */
  readonly expected: ExpectedRows | undefined;
  /** What nodes that forgot the statement have to be told. */
  readonly texts: readonly string[];
  readonly #connections: LoadConnections;
  /** Undefined: operations go round the connections. */
  readonly #router: TokenRouter | undefined;
  /** Where a frame is written before its connection is known. */
  #staging: Buffer;

  constructor(
    work: PreparedWork,
    frames: OperationFrames,
    connections: LoadConnections,
    router: TokenRouter | undefined,
  ) {
    this.work = work.work;
    this.texts = work.texts;
    this.frames = frames;
    this.isConditional = work.work.plan.cql?.conditional === true;
    this.readsRows = this.isConditional || work.work.plan.kind === 'query';
    this.needsRow = work.expected !== undefined;
    this.expected =
      work.expected === undefined || work.expected === 'any' ? undefined : new ExpectedRows(work.expected);
    this.#connections = connections;
    this.#router = router;
    this.#staging = Buffer.allocUnsafeSlow(
      router === undefined || work.values.rows !== undefined ? 0 : frames.bytesAtMost,
    );
  }

  send(slot: Slot): void {
    slot.responseBytes = 0;
    slot.rows = 0;
    if (this.#router === undefined) this.#sendToNext(slot);
    else this.#sendToOwner(slot, this.#router);
  }

  /** A failure in a line, without secrets. */
  messageOf({ message, hint }: Failure): string {
    const line = printableMessage(message, this.work.settings);
    return hint === undefined ? line : `${line} (${hint})`;
  }

  #sendToNext(slot: Slot): void {
    const connection = this.#connections.next();
    if (connection === undefined) {
      this.#connections.refuse(slot, this);
      return;
    }
    const buffer = connection.reserve(this.frames.bytesFor(slot));
    const end = this.frames.write(slot, buffer, connection.frameStart);
    slot.rows = this.frames.rows;
    connection.begin(slot, this, end);
  }

  #sendToOwner(slot: Slot, router: TokenRouter): void {
    const room = this.frames.bytesFor(slot);
    if (room > this.#staging.length) this.#staging = Buffer.allocUnsafeSlow(room);
    const staging = this.#staging;
    const length = this.frames.write(slot, staging, 0);
    slot.rows = this.frames.rows;
    const connection = router.ownerOf(staging, this.frames) ?? this.#connections.next();
    if (connection === undefined) {
      this.#connections.refuse(slot, this);
      return;
    }
    const buffer = connection.reserve(length);
    const start = connection.frameStart;
    staging.copy(buffer, start, 0, length);
    connection.begin(slot, this, start + length);
  }
}
