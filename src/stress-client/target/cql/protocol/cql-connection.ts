import type { Clock, Timer } from '../../../clock.ts';
import type { TargetError } from '../../target.ts';
import { cqlError } from '../cql-error.ts';
import { BodyReader } from './body-reader.ts';
import { FrameSocket, malformed } from './frame-socket.ts';
import type { CqlConnectionOptions } from './frame-socket.ts';
import { prepareFrame, queryFrame } from './frames.ts';
import { opcodes, streamCount } from './protocol-constants.ts';
import { readPrepared, readResult } from './result.ts';
import type { PreparedStatement, ResultRows } from './result.ts';

interface Request {
  readonly resolve: (answer: BodyReader | TargetError) => void;
  readonly timer: Timer;
}

/** A connection for everything that is not load: what it is asked may take its time, and promises are given. */
export class CqlConnection {
  /** Called once where the connection ends otherwise than by `close`. */
  onClosed: (error: TargetError) => void = () => {};
  readonly #socket: FrameSocket;
  readonly #clock: Clock;
  readonly #timeoutNs: number;
  /** By stream; undefined where the answer was given up, so that its stream is not used yet. */
  readonly #requests = new Map<number, Request | undefined>();
  #nextStream = 0;
  #error: TargetError | undefined = undefined;

  private constructor(socket: FrameSocket, { clock, timeoutNs }: CqlConnectionOptions) {
    this.#socket = socket;
    this.#clock = clock;
    this.#timeoutNs = timeoutNs;
    socket.onFrame = (bytes, start, bodyLength) => this.#answered(bytes, start, bodyLength);
    socket.onClosed = (error) => {
      this.#end(error);
      this.onClosed(error);
    };
  }

  /** Connects, starts the protocol and logs in. */
  static async open(options: CqlConnectionOptions): Promise<CqlConnection | TargetError> {
    const socket = await FrameSocket.open(options);
    return socket instanceof FrameSocket ? new CqlConnection(socket, options) : socket;
  }

  /** What the server said that it supports, such as SCYLLA_NR_SHARDS. */
  get supported(): ReadonlyMap<string, readonly string[]> {
    return this.#socket.supported;
  }

  /** The keyspace of unqualified names in what is asked from now on, as it is spelt: `Shop` is not `shop`. */
  async use(keyspace: string): Promise<TargetError | undefined> {
    const answer = await this.query(`USE "${keyspace.replaceAll('"', '""')}"`);
    return 'errorClass' in answer ? answer : undefined;
  }

  prepare(text: string): Promise<PreparedStatement | TargetError> {
    return this.#ask(prepareFrame(text), (body) => {
      const prepared = readPrepared(body);
      if (prepared === undefined) throw new RangeError('PREPARE was answered with another result');
      return prepared;
    });
  }

  /** Runs a text without markers; all rows come at once. */
  query(text: string): Promise<ResultRows | TargetError> {
    return this.#ask(queryFrame(text), readResult);
  }

  /** Ends the connection; what is asked and not answered is answered as connection-lost. */
  close(): void {
    this.#socket.destroy();
    this.#end({ errorClass: 'connection-lost', message: 'the run closed the connection', status: 0 });
  }

  async #ask<Result>(request: Buffer, read: (body: BodyReader) => Result): Promise<Result | TargetError> {
    if (this.#error !== undefined) return this.#error;
    const answer = await new Promise<BodyReader | TargetError>((resolve) => {
      const stream = this.#freeStream();
      const timer = this.#clock.at(this.#clock.nowNs() + this.#timeoutNs, () => {
        this.#requests.set(stream, undefined);
        resolve(this.#targetError('timeout', `no answer within ${this.#timeoutNs / 1e9} s`));
      });
      this.#requests.set(stream, { resolve, timer });
      request.writeInt16BE(stream, 2);
      this.#socket.write(request);
    });
    if ('errorClass' in answer) return answer;
    try {
      return read(answer);
    } catch (error) {
      if (error instanceof RangeError) return { ...malformed(error), address: this.#socket.address };
      throw error;
    }
  }

  #freeStream(): number {
    do this.#nextStream = (this.#nextStream + 1) % streamCount;
    while (this.#requests.has(this.#nextStream));
    return this.#nextStream;
  }

  #answered(bytes: Buffer, start: number, bodyLength: number): void {
    const stream = bytes.readInt16BE(start + 2);
    const request = this.#requests.get(stream);
    this.#requests.delete(stream);
    // Events have stream -1, which nothing is asked on.
    if (request === undefined) return;
    request.timer.cancel();
    request.resolve(this.#readAnswer(bytes, start, bodyLength));
  }

  #readAnswer(bytes: Buffer, start: number, bodyLength: number): BodyReader | TargetError {
    const opcode = bytes[start + 4]!;
    const frame = Buffer.from(bytes.subarray(start, start + 9 + bodyLength));
    try {
      const body = BodyReader.ofFrame(frame, 0, bodyLength);
      if (opcode === opcodes.result) return body;
      if (opcode !== opcodes.error) return this.#targetError('protocol', `opcode ${opcode} is no answer`);
      return { ...cqlError(body.int(), body.string()), address: this.#socket.address };
    } catch (error) {
      if (error instanceof RangeError) return { ...malformed(error), address: this.#socket.address };
      throw error;
    }
  }

  #targetError(errorClass: TargetError['errorClass'], message: string): TargetError {
    return { errorClass, message, status: 0, address: this.#socket.address };
  }

  #end(error: TargetError): void {
    this.#error ??= error;
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    for (const request of requests) {
      request?.timer.cancel();
      request?.resolve(error);
    }
  }
}
