import type { Clock, Timer } from '../../../clock.ts';
import type { Slot } from '../../../slot.ts';
import type { Failure } from '../../socket-error.ts';
import type { AttemptListener, TargetError } from '../../target.ts';
import { cqlError, cqlErrorCodes, outcomeOf } from '../cql-error.ts';
import { notValidated } from '../not-validated.ts';
import { BodyReader } from '../protocol/body-reader.ts';
import { malformed } from '../protocol/frame-socket.ts';
import type { FrameSocket } from '../protocol/frame-socket.ts';
import {
  headerBytes,
  metadataFlags,
  opcodes,
  resultKinds,
  streamCount,
} from '../protocol/protocol-constants.ts';
import { readRowsHead } from '../protocol/result.ts';
import type { DirectSender } from './direct-sender.ts';
import type { WriteBuffers } from './write-buffers.ts';

/** Kind (4), flags (4), how many columns (4), how many rows (4): what is in front of rows without metadata. */
const rowsHeadBytes = 16;

/**
 * So many frames, where they are a quarter of what is in flight, leave before the turn's others are written: else the node
 * waits while we write, and we wait while it answers. Fewer cost more in calls than they gain.
 */
const aheadFrames = 32;
const aheadShare = 4;

const firstStreams = 256;
const orphansAtMost = 1024;
/** An answer that is later than this many times Timeout is not waited for. */
const orphanTimeouts = 10;

/* What a stream is at. */
const free = 0;
const inFlight = 1;
/** Its operation was given up; the answer, if one comes, is not wanted. */
const orphaned = 2;
/** The node has forgotten the statement; nothing of the stream is at the node. */
const forgotten = 3;
/** In flight once more after it was forgotten. */
const executedAgain = 4;

/** What connections share, and whom they tell. */
export interface LoadContext {
  readonly clock: Clock;
  readonly listener: AttemptListener;
  readonly buffers: WriteBuffers;
}

/** Who has to do something about a connection. */
export interface ConnectionOwner {
  /** The node has forgotten the sender's texts: prepare them, then call `resume`. */
  forgot(connection: LoadConnection, stream: number, slot: Slot, sender: DirectSender): void;
  /** Too many answers are missing: replace it, and call `retire`. Told once. */
  worn(connection: LoadConnection): void;
  /** It is not usable any more. */
  lost(connection: LoadConnection, error: TargetError): void;
}

/**
 * One connection under load: gathers frames, gives each a stream id, and answers slots. An operation allocates
 * nothing here; what ends with an error may.
 */
export class LoadConnection {
  /** Takes operations. */
  usable = true;
  /** Nothing more comes of it. */
  ended = false;
  /** The shard it leads to, where the node has shards. */
  readonly shard: number;
  readonly #socket: FrameSocket;
  readonly #context: LoadContext;
  readonly #clock: Clock;
  readonly #listener: AttemptListener;
  readonly #owner: ConnectionOwner;

  /* Frames that wait for the end of the turn, or for the socket to have taken those before them. */
  #pending: Buffer;
  #pendingEnd = 0;
  #pendingFrames = 0;
  #writing = 0;

  /* By stream id. */
  #states = new Uint8Array(firstStreams);
  #deadlinesNs = new Float64Array(firstStreams).fill(Infinity);
  readonly #slots: (Slot | undefined)[] = [];
  readonly #senders: (DirectSender | undefined)[] = [];
  /** Ids that are free: those that were given back, above those that never were used. */
  #freeIds = new Int32Array(firstStreams);
  #freeCount = 0;
  #streams = 0;

  /** Streams whose operation was taken and has not been told yet when it leaves. */
  #unstamped = new Int32Array(firstStreams);
  #unstampedCount = 0;

  #live = 0;
  #orphans = 0;
  #worn = false;
  #timer: Timer | undefined = undefined;
  #timerNs = Infinity;
  #flushDue = false;
  /** When what is being read was read, or what ends otherwise ended. */
  #readNs = 0;

  constructor(socket: FrameSocket, shard: number, context: LoadContext, owner: ConnectionOwner) {
    this.#socket = socket;
    this.shard = shard;
    this.#context = context;
    this.#clock = context.clock;
    this.#listener = context.listener;
    this.#owner = owner;
    this.#pending = context.buffers.take(0);
    socket.onRead = () => void (this.#readNs = this.#clock.nowNs());
    socket.onFrame = (bytes, start, bodyLength) => this.#read(bytes, start, bodyLength);
    socket.onClosed = (error) => this.#lost(error);
  }

  get hasFreeStream(): boolean {
    return this.#freeCount > 0 || this.#streams < streamCount;
  }

  /** A buffer with room for `bytes` from `frameStart` on; what is written there goes with the next `begin`. */
  reserve(bytes: number): Buffer {
    if (this.#pending.length - this.#pendingEnd < bytes) {
      this.#stamp();
      this.#writePending();
      if (this.#pending.length < bytes) this.#pending = this.#context.buffers.take(bytes);
    }
    return this.#pending;
  }

  get frameStart(): number {
    return this.#pendingEnd;
  }

  /** Takes the slot's operation, whose frame was written from `frameStart` to `end`. Needs a free stream. */
  begin(slot: Slot, sender: DirectSender, end: number): void {
    const stream = this.#freeCount > 0 ? this.#freeIds[--this.#freeCount]! : this.#newStream();
    slot.requestBytes = end - this.#pendingEnd;
    this.#putFrame(stream, end);
    this.#states[stream] = inFlight;
    this.#slots[stream] = slot;
    this.#senders[stream] = sender;
    this.#live++;
    this.#unstamped[this.#unstampedCount++] = stream;
    if (this.#pendingFrames >= aheadFrames && aheadShare * this.#pendingFrames >= this.#live) this.flush();
  }

  /** Hands what was gathered to the socket, unless it still has what it got before. */
  flush(): void {
    this.#stamp();
    if (this.#pendingEnd > 0 && this.#writing === 0) this.#writePending();
  }

  /** The node has the texts again, or `failure` says why not: executes what waits for them within its attempt. */
  resume(stream: number, slot: Slot, failure: Failure | undefined): void {
    if (this.#slots[stream] !== slot || this.#states[stream] !== forgotten) return;
    this.#readNs = this.#clock.nowNs();
    if (failure !== undefined) {
      this.#fail(stream, failure);
      return;
    }
    const sender = this.#senders[stream]!;
    this.#states[stream] = executedAgain;
    this.#listener.reprepared(sender.work);
    const { frames } = sender;
    const buffer = this.reserve(frames.bytesAtMost);
    this.#putAnother(stream, slot, frames.write(slot, buffer, this.#pendingEnd));
  }

  /** Takes nothing new, and ends with the last operation that is in flight. */
  retire(): void {
    this.usable = false;
    this.flush();
    this.#endIfRetired();
  }

  /** Answers what is in flight with the error, and ends. */
  close(failure: Failure): void {
    this.usable = false;
    this.#socket.destroy();
    this.#end(failure);
  }

  #writePending(): void {
    const buffer = this.#pending;
    const end = this.#pendingEnd;
    if (end === 0) return;
    const { buffers } = this.#context;
    this.#pending = buffers.take(0);
    this.#pendingEnd = 0;
    this.#pendingFrames = 0;
    this.#writing++;
    this.#socket.write(buffer.subarray(0, end), (error) => {
      this.#writing--;
      buffers.giveBack(buffer);
      if (!error) this.flush();
    });
  }

  /**
   * What was gathered leaves now, or waits for the node from now on: one reading of the clock for all of it, which costs as
   * much as a tenth of an operation.
   */
  #stamp(): void {
    const count = this.#unstampedCount;
    if (count === 0) return;
    this.#unstampedCount = 0;
    const sentNs = this.#clock.nowNs();
    let nextNs = this.#timerNs;
    for (let at = 0; at < count; at++) {
      const stream = this.#unstamped[at]!;
      const slot = this.#slots[stream]!;
      slot.sentNs = sentNs;
      const deadlineNs = sentNs + slot.timeoutNs;
      this.#deadlinesNs[stream] = deadlineNs;
      if (deadlineNs < nextNs) nextNs = deadlineNs;
    }
    if (nextNs < this.#timerNs) this.#arm(nextNs);
  }

  #putFrame(stream: number, end: number): void {
    const start = this.#pendingEnd;
    this.#pending[start + 2] = stream >> 8;
    this.#pending[start + 3] = stream;
    this.#pendingEnd = end;
    this.#pendingFrames++;
  }

  /** A further frame of an attempt; it leaves at the end of this turn, whoever else sends. */
  #putAnother(stream: number, slot: Slot, end: number): void {
    slot.requestBytes += end - this.#pendingEnd;
    this.#putFrame(stream, end);
    if (this.#flushDue) return;
    this.#flushDue = true;
    queueMicrotask(() => {
      this.#flushDue = false;
      this.flush();
    });
  }

  #newStream(): number {
    const stream = this.#streams++;
    if (stream === this.#states.length) this.#grow(Math.min(streamCount, 2 * stream));
    return stream;
  }

  #grow(length: number): void {
    const states = new Uint8Array(length);
    states.set(this.#states);
    this.#states = states;
    const deadlinesNs = new Float64Array(length).fill(Infinity);
    deadlinesNs.set(this.#deadlinesNs);
    this.#deadlinesNs = deadlinesNs;
    const freeIds = new Int32Array(length);
    freeIds.set(this.#freeIds);
    this.#freeIds = freeIds;
    const unstamped = new Int32Array(length);
    unstamped.set(this.#unstamped);
    this.#unstamped = unstamped;
  }

  #read(bytes: Buffer, start: number, bodyLength: number): void {
    const stream = (bytes[start + 2]! << 8) | bytes[start + 3]!;
    const state = stream < this.#streams ? this.#states[stream]! : free;
    if (state === orphaned) {
      const { work } = this.#senders[stream]!;
      this.#orphans--;
      this.#free(stream);
      this.#listener.lateAnswer(work);
      this.#endIfRetired();
      return;
    }
    // Events, and answers that nobody asked for.
    if (state !== inFlight && state !== executedAgain) return;
    const slot = this.#slots[stream]!;
    slot.responseBytes += headerBytes + bodyLength;
    const isResult = bytes[start + 4] === opcodes.result;
    if (!isResult) this.#readRefusal(stream, bytes, start, bodyLength);
    else if (!this.#senders[stream]!.readsRows) this.#acknowledge(stream);
    else if (this.#senders[stream]!.isConditional) this.#readApplied(stream, bytes, start, bodyLength);
    else this.#readRows(stream, bytes, start, bodyLength);
  }

  /** Whether the IF of a write held is the first value of the first row. */
  #readApplied(stream: number, bytes: Buffer, start: number, bodyLength: number): void {
    try {
      const reader = BodyReader.ofFrame(bytes, start, bodyLength);
      const { rowCount } = readRowsHead(reader);
      this.#slots[stream]!.notApplied = rowCount > 0 && reader.bytes()?.[0] === 0;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#fail(stream, malformed(error));
      return;
    }
    this.#acknowledge(stream);
  }

  #readRows(stream: number, bytes: Buffer, start: number, bodyLength: number): void {
    const body = start + headerBytes;
    const end = body + bodyLength;
    // As asked, no metadata, also where a node says that they would be of one table; and the last page.
    const plain = bytes[start + 1] === 0 && bodyLength >= rowsHeadBytes;
    const flags = bytes[body + 7]! & ~metadataFlags.globalTable;
    if (plain && bytes[body + 3] === resultKinds.rows && flags === metadataFlags.noMetadata) {
      const rowCount = bytes.readInt32BE(body + 12);
      this.#takeRows(stream, rowCount, undefined, bytes, body + rowsHeadBytes, end);
      return;
    }
    try {
      const reader = BodyReader.ofFrame(bytes, start, bodyLength);
      const { rowCount, pagingState } = readRowsHead(reader);
      this.#takeRows(stream, rowCount, pagingState, bytes, reader.at, end);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#fail(stream, malformed(error));
    }
  }

  /** Counts the rows of a page that lie from `start` to `end`, and compares them where a row is expected. */
  #takeRows(
    stream: number,
    rowCount: number,
    pagingState: Buffer | undefined,
    bytes: Buffer,
    start: number,
    end: number,
  ): void {
    const slot = this.#slots[stream]!;
    const { expected, needsRow } = this.#senders[stream]!;
    slot.rows += rowCount;
    const isLast = pagingState === undefined;
    if (
      (needsRow && isLast && slot.rows === 0) ||
      (expected !== undefined && !expected.match(slot, rowCount, bytes, start, end))
    ) {
      this.#fail(stream, notValidated);
    } else if (isLast) this.#acknowledge(stream);
    else this.#nextPage(stream, slot, pagingState);
  }

  #nextPage(stream: number, slot: Slot, pagingState: Buffer): void {
    const { frames } = this.#senders[stream]!;
    const buffer = this.reserve(frames.bytesAtMost + 4 + pagingState.length);
    this.#putAnother(stream, slot, frames.writePage(slot, pagingState, buffer, this.#pendingEnd));
  }

  #readRefusal(stream: number, bytes: Buffer, start: number, bodyLength: number): void {
    const opcode = bytes[start + 4]!;
    if (opcode !== opcodes.error) {
      this.#fail(stream, { errorClass: 'protocol', message: `opcode ${opcode} is no answer`, status: 0 });
      return;
    }
    try {
      const body = BodyReader.ofFrame(bytes, start, bodyLength);
      const code = body.int();
      const message = body.string();
      if (code === cqlErrorCodes.unprepared && this.#states[stream] === inFlight) {
        this.#states[stream] = forgotten;
        this.#owner.forgot(this, stream, this.#slots[stream]!, this.#senders[stream]!);
      } else this.#fail(stream, cqlError(code, message));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#fail(stream, malformed(error));
    }
  }

  #acknowledge(stream: number): void {
    const slot = this.#slots[stream]!;
    this.#release(stream);
    slot.answeredNs = this.#readNs;
    slot.outcome = 'acknowledged';
    slot.errorClass = undefined;
    slot.status = 0;
    slot.message = '';
    this.#listener.answered(slot);
    if (!this.usable) this.#endIfRetired();
  }

  #fail(stream: number, failure: Failure): void {
    const slot = this.#slots[stream]!;
    const sender = this.#senders[stream]!;
    this.#release(stream);
    this.#answerWith(slot, sender, failure);
    if (!this.usable) this.#endIfRetired();
  }

  #answerWith(slot: Slot, sender: DirectSender, failure: Failure): void {
    slot.answeredNs = this.#readNs;
    slot.outcome = outcomeOf(failure);
    slot.errorClass = failure.errorClass;
    slot.status = failure.status;
    slot.message = sender.messageOf(failure);
    this.#listener.answered(slot);
  }

  /** The stream's operation is over, and its id free. */
  #release(stream: number): void {
    this.#live--;
    this.#free(stream);
  }

  #free(stream: number): void {
    this.#states[stream] = free;
    this.#slots[stream] = undefined;
    this.#senders[stream] = undefined;
    this.#deadlinesNs[stream] = Infinity;
    this.#freeIds[this.#freeCount++] = stream;
  }

  /** One timer for all: it is only moved when a deadline is nearer, and looks for the next when it fires. */
  #arm(deadlineNs: number): void {
    this.#timer?.cancel();
    this.#timerNs = deadlineNs;
    this.#timer = this.#clock.at(deadlineNs, () => {
      // Answers that have arrived while this thread was busy are read first.
      this.#clock.soon(() => this.#sweep());
    });
  }

  #sweep(): void {
    if (this.ended) return;
    const nowNs = this.#clock.nowNs();
    this.#readNs = nowNs;
    // What is sent from within an answer arms the timer itself.
    this.#timerNs = Infinity;
    let nextNs = Infinity;
    for (let stream = 0; stream < this.#streams && !this.ended; stream++) {
      if (this.#deadlinesNs[stream]! <= nowNs) this.#expire(stream);
      nextNs = Math.min(nextNs, this.#deadlinesNs[stream]!);
    }
    if (nextNs < this.#timerNs && !this.ended) this.#arm(nextNs);
  }

  #expire(stream: number): void {
    if (this.#states[stream] === orphaned) {
      // Its answer may still come: until then the id is nobody's.
      this.#deadlinesNs[stream] = Infinity;
      this.#wear();
      return;
    }
    const slot = this.#slots[stream]!;
    const sender = this.#senders[stream]!;
    const wasForgotten = this.#states[stream] === forgotten;
    if (wasForgotten) this.#release(stream);
    else {
      this.#states[stream] = orphaned;
      this.#slots[stream] = undefined;
      this.#deadlinesNs[stream] = slot.sentNs + orphanTimeouts * slot.timeoutNs;
      this.#live--;
      this.#orphans++;
    }
    const message = `no answer within ${slot.timeoutNs / 1e9} s`;
    this.#answerWith(slot, sender, { errorClass: 'timeout', message, status: 0 });
    if (this.#orphans >= orphansAtMost) this.#wear();
    this.#endIfRetired();
  }

  #wear(): void {
    if (this.#worn || !this.usable) return;
    this.#worn = true;
    this.#owner.worn(this);
  }

  /** Nobody waits for orphans. */
  #endIfRetired(): void {
    if (this.usable || this.#live > 0 || this.ended) return;
    this.#socket.destroy();
    this.#end({ errorClass: 'connection-lost', message: 'the connection was replaced', status: 0 });
  }

  #lost(error: TargetError): void {
    this.usable = false;
    this.#owner.lost(this, error);
    // In a turn of its own: what was sent in this one is not answered in it.
    this.#clock.soon(() => {
      this.#failUnsent(error);
      this.#end(error);
    });
  }

  /** Ends operations whose frames the socket never got: they can't have taken effect. */
  #failUnsent({ message }: Failure): void {
    if (this.ended) return;
    this.#stamp();
    this.#readNs = this.#clock.nowNs();
    const pending = this.#pending;
    for (let start = 0; start < this.#pendingEnd; start += headerBytes + pending.readInt32BE(start + 5)) {
      const stream = pending.readInt16BE(start + 2);
      // Its deadline may have come first.
      if (this.#slots[stream] === undefined) continue;
      this.#fail(stream, {
        errorClass: 'connection-refused',
        message: `${message}, before the request left`,
        status: 0,
      });
    }
  }

  #end(failure: Failure): void {
    if (this.ended) return;
    this.#stamp();
    this.ended = true;
    this.#timer?.cancel();
    this.#readNs = this.#clock.nowNs();
    // Whatever ended it: these operations may have taken effect.
    const lost: Failure =
      outcomeOf(failure) === 'unknown' ? failure : { ...failure, errorClass: 'connection-lost' };
    for (let stream = 0; stream < this.#streams; stream++) {
      const slot = this.#slots[stream];
      if (slot === undefined) continue;
      const sender = this.#senders[stream]!;
      this.#slots[stream] = undefined;
      this.#live--;
      this.#answerWith(slot, sender, lost);
    }
  }
}
