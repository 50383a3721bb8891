import type { IncomingHttpHeaders } from 'node:http';
import type { buildConnector, Client, Dispatcher } from 'undici';
import makeConnector from 'undici/lib/core/connect.js';
import UndiciClient from 'undici/lib/dispatcher/client.js';
import type { Clock, Timer } from '../../clock.ts';
import { socketError } from '../socket-error.ts';
import type { Failure } from '../socket-error.ts';
import type { InfluxAddress } from './address.ts';
import type { InfluxVersion } from './influx-api.ts';
import { QueryAnswer } from './query-answer.ts';
import { queryError, statusError } from './influx-error.ts';

/** Bytes of an answer that are kept where only its error is of interest. */
const errorBytesAtMost = 4096;
const keepAliveMs = 60_000;

/** What an exchange needs to know besides its body. */
export interface Exchange {
  readonly kind: 'write' | 'query';
  readonly version: InfluxVersion;
  readonly request: Omit<Dispatcher.DispatchOptions, 'body'>;
  /** Bytes of the answer to keep as text. */
  readonly textBytesAtMost: number;
}

/**
 * One keep-alive connection, for one exchange after the other: what undici has no word for is the deadline that
 * is kept to the millisecond and destroys the socket. Result fields hold until the next exchange.
 */
export class Connection implements Dispatcher.DispatchHandler {
  readonly address: InfluxAddress;
  readonly addressIndex: number;
  /** Ended for good. */
  destroyed = false;

  sentNs = 0;
  answeredNs = 0;
  /** 0 without an answer. */
  status = 0;
  responseBytes = 0;
  /** What the server calls itself (X-Influxdb-Version), once it has answered. */
  version: string | undefined = undefined;
  readonly queryAnswer = new QueryAnswer();
  /** Undefined where the exchange went well. */
  error: Failure | undefined = undefined;

  readonly #client: Client;
  readonly #clock: Clock;
  #busy = false;
  #socket: { destroy(): unknown } | undefined = undefined;
  #exchange!: Exchange;
  #ended!: () => void;
  /** The socket was made for this exchange: connecting is part of its time. */
  #connects = false;
  /** The request has begun to leave. */
  #leaving = false;
  #dispatching = false;
  #text: Buffer[] = [];
  #textBytes = 0;
  #timeoutNs = 0;
  #timer: Timer | undefined = undefined;
  #timerNs = Infinity;

  constructor(address: InfluxAddress, addressIndex: number, tls: buildConnector.BuildOptions, clock: Clock) {
    this.address = address;
    this.addressIndex = addressIndex;
    this.#clock = clock;
    // No timeouts of undici's own: they are coarse, and the deadline covers connecting too.
    const connector = makeConnector({ ...tls, allowH2: false, timeout: 0 });
    this.#client = new UndiciClient(address.origin, {
      connect: (options, callback) => {
        this.#connects = true;
        // The connector returns the socket it makes; its type does not say so.
        this.#socket = connector(options, callback) as unknown as { destroy(): unknown };
      },
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: keepAliveMs,
    });
  }

  /** Takes the connection; `ended` is called once, in a later turn than this one's. */
  begin(exchange: Exchange, timeoutNs: number, ended: () => void): void {
    this.#busy = true;
    this.status = 0;
    this.responseBytes = 0;
    this.error = undefined;
    this.queryAnswer.reset();
    this.#exchange = exchange;
    this.#ended = ended;
    this.#connects = false;
    this.#leaving = false;
    this.#text = [];
    this.#textBytes = 0;
    this.#timeoutNs = timeoutNs;
    this.sentNs = this.#clock.nowNs();
  }

  /** Sends the body of the exchange that was begun, and starts its deadline. */
  send(body: Uint8Array): void {
    this.sentNs = this.#clock.nowNs();
    this.#armDeadline();
    this.#dispatching = true;
    this.#client.dispatch({ ...this.#exchange.request, body }, this);
    this.#dispatching = false;
  }

  /** The answer's text, as far as it was kept. */
  get text(): string {
    return Buffer.concat(this.#text).toString();
  }

  /** Ends an exchange in flight with `error`, and the connection for good; once. */
  destroy(error: Failure): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.#socket?.destroy();
    void this.#client.destroy();
    this.#timer?.cancel();
    this.#end(error);
  }

  onRequestStart(): void {
    this.#leaving = true;
    // undici holds a reused socket's request back until pending input was read: not the server's time.
    if (!this.#connects) this.sentNs = this.#clock.nowNs();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.status = status;
    const version = headers['x-influxdb-version'];
    if (typeof version === 'string') this.version = version;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.responseBytes += chunk.length;
    const well = this.status < 300;
    if (well && this.#exchange.kind === 'query') this.queryAnswer.read(chunk);
    const room = (well ? this.#exchange.textBytesAtMost : errorBytesAtMost) - this.#textBytes;
    if (room <= 0) return;
    const kept = chunk.subarray(0, room);
    this.#text.push(Buffer.from(kept));
    this.#textBytes += kept.length;
  }

  onResponseEnd(): void {
    this.#end(this.#answerError());
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const failure = socketError(error, this.#leaving);
    // A connection that failed is not used again, so that no state of it can reach the next exchange.
    if (this.#dispatching) this.#clock.soon(() => this.destroy(failure));
    else this.destroy(failure);
  }

  #answerError(): Failure | undefined {
    const { status } = this;
    if (status < 200 || status > 299) return statusError(status, this.text, this.#exchange.version);
    if (this.#exchange.kind === 'write') return undefined;
    if (this.queryAnswer.error !== undefined)
      return queryError(this.queryAnswer.error, status, this.#exchange.version);
    if (status === 200 && !this.queryAnswer.complete) {
      return { errorClass: 'protocol', message: 'the answer is not whole JSON', status };
    }
    return undefined;
  }

  #end(error: Failure | undefined): void {
    if (!this.#busy) return;
    this.answeredNs = this.#clock.nowNs();
    this.#busy = false;
    this.error = error;
    this.#ended();
  }

  /** One timer serves many exchanges: it is only moved when a deadline is nearer, and looks again when it fires. */
  #armDeadline(): void {
    const deadlineNs = this.sentNs + this.#timeoutNs;
    if (this.#timerNs <= deadlineNs) return;
    this.#timer?.cancel();
    this.#timerNs = deadlineNs;
    this.#timer = this.#clock.at(deadlineNs, () => {
      this.#timerNs = Infinity;
      if (!this.#busy) return;
      if (this.#clock.nowNs() < this.sentNs + this.#timeoutNs) this.#armDeadline();
      else this.destroy(timeoutError(this.#timeoutNs, this.#leaving));
    });
  }
}

function timeoutError(timeoutNs: number, sent: boolean): Failure {
  const seconds = timeoutNs / 1e9;
  return {
    errorClass: 'timeout',
    message: sent ? `no answer within ${seconds} s` : `no connection within ${seconds} s`,
    status: 0,
  };
}
