import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import type { Clock } from '../../../clock.ts';
import { socketError } from '../../socket-error.ts';
import type { Failure } from '../../socket-error.ts';
import type { TargetError } from '../../target.ts';
import { cqlError } from '../cql-error.ts';
import { BodyReader } from './body-reader.ts';
import { FrameReader } from './frame-reader.ts';
import type { FrameListener } from './frame-reader.ts';
import { optionsFrame, plainLoginFrame, startupFrame } from './frames.ts';
import { opcodes } from './protocol-constants.ts';

const readBufferBytes = 64 << 10;
const keepAliveAfterMs = 30_000;

export interface CqlConnectionOptions {
  readonly host: string;
  readonly port: number;
  /** Speak TLS, with these options. */
  readonly tls?: ConnectionOptions;
  /** Empty: no login. */
  readonly username: string;
  readonly password: string;
  readonly clock: Clock;
  /** Connecting and logging in take no longer; nor does any request of a CqlConnection. */
  readonly timeoutNs: number;
  /** The port to connect from; any that is free where left out. */
  readonly localPort?: number;
}

/** A socket on which the protocol was started and the login done: requests in, frames out. */
export class FrameSocket {
  /** What OPTIONS was answered with, such as SCYLLA_NR_SHARDS. */
  supported: ReadonlyMap<string, readonly string[]> = new Map();
  /** Told once where the socket ends otherwise than by `destroy`. */
  onClosed: (error: TargetError) => void = () => {};
  /** Told before the frames of one read come. */
  onRead: () => void = () => {};
  /** Such as `localhost:9042`. */
  readonly address: string;

  readonly #socket: Socket;
  readonly #reader: FrameReader;
  #opened = false;
  #ended = false;
  #error: unknown = undefined;
  #broken: string | undefined = undefined;

  private constructor(options: CqlConnectionOptions) {
    const { host, port } = options;
    this.address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    this.#reader = new FrameReader(
      () => {},
      (message) => {
        this.#broken = message;
        this.#socket.destroy();
      },
    );
    this.#socket = this.#connect(options);
    this.#socket.on('error', (error) => void (this.#error ??= error));
    this.#socket.on('close', () => this.#closed());
  }

  /** Connects, starts the protocol and logs in. */
  static async open(options: CqlConnectionOptions): Promise<FrameSocket | TargetError> {
    const socket = new FrameSocket(options);
    const { clock, timeoutNs } = options;
    const ended = new Promise<TargetError>((resolve) => (socket.onClosed = resolve));
    let timer: { cancel(): void } | undefined;
    const timedOut = new Promise<TargetError>((resolve) => {
      timer = clock.at(clock.nowNs() + timeoutNs, () =>
        resolve(
          socket.#targetError({
            errorClass: socket.#opened ? 'timeout' : 'connection-refused',
            message: `no ${socket.#opened ? 'answer' : 'connection'} within ${timeoutNs / 1e9} s`,
            status: 0,
          }),
        ),
      );
    });
    const error = await Promise.race([socket.#start(options), ended, timedOut]);
    timer?.cancel();
    if (error === undefined) return socket;
    socket.destroy();
    return error;
  }

  /** Who gets the frames from now on. */
  set onFrame(listener: FrameListener) {
    this.#reader.onFrame = listener;
  }

  /** The bytes are the socket's until `written` is called, with an error where it has ended. */
  write(bytes: Buffer, written?: (error?: Error | null) => void): void {
    this.#socket.write(bytes, written);
  }

  destroy(): void {
    this.#ended = true;
    this.#socket.destroy();
  }

  #connect(options: CqlConnectionOptions): Socket {
    const { host, port, tls, localPort } = options;
    const common = {
      host,
      port,
      noDelay: true,
      // A machine that went away without a word is noticed, also where nothing is asked of it.
      keepAlive: true,
      keepAliveInitialDelay: keepAliveAfterMs,
      ...(localPort === undefined ? {} : { localPort }),
    };
    if (tls !== undefined) {
      const socket = connectTls({ ...tls, ...common });
      socket.on('secureConnect', () => void (this.#opened = true));
      return socket.on('data', (bytes: Buffer) => this.#read(bytes, bytes.length));
    }
    // A buffer that is read into again and again saves an allocation for each read.
    const buffer = Buffer.allocUnsafeSlow(readBufferBytes);
    const callback = (length: number): boolean => {
      this.#read(buffer, length);
      return true;
    };
    return connectTcp({ ...common, onread: { buffer, callback } }, () => (this.#opened = true));
  }

  #read(bytes: Buffer, length: number): void {
    if (this.#ended) return;
    this.onRead();
    this.#reader.read(bytes, length);
  }

  async #start(options: CqlConnectionOptions): Promise<TargetError | undefined> {
    const { username, password } = options;
    try {
      const supported = await this.#ask(optionsFrame());
      if (supported.opcode !== opcodes.supported) return this.#refused(supported);
      this.supported = supported.body.stringMultimap();
      const startup = { CQL_VERSION: '3.0.0', DRIVER_NAME: 'stressql' };
      const started = await this.#ask(startupFrame(startup));
      if (started.opcode === opcodes.ready) return undefined;
      if (started.opcode !== opcodes.authenticate) return this.#refused(started);
      if (username === '') {
        return this.#targetError({
          errorClass: 'authentication',
          message: 'the server asks for a login',
          status: 0,
          hint: 'SET Username and Password',
        });
      }
      const login = await this.#ask(plainLoginFrame(username, password));
      return login.opcode === opcodes.authSuccess ? undefined : this.#refused(login);
    } catch (error) {
      if (error instanceof RangeError) return this.#targetError(malformed(error));
      throw error;
    }
  }

  #ask(request: Buffer): Promise<{ readonly opcode: number; readonly body: BodyReader }> {
    return new Promise((resolve) => {
      this.onFrame = (bytes, start, bodyLength) => {
        const opcode = bytes[start + 4]!;
        if (opcode === opcodes.event) return;
        const frame = Buffer.from(bytes.subarray(start, start + 9 + bodyLength));
        resolve({ opcode, body: BodyReader.ofFrame(frame, 0, bodyLength) });
      };
      this.write(request);
    });
  }

  #refused({ opcode, body }: { readonly opcode: number; readonly body: BodyReader }): TargetError {
    if (opcode === opcodes.error) return this.#targetError(cqlError(body.int(), body.string()));
    const message = `opcode ${opcode} is no answer to a start or a login by name and password`;
    return this.#targetError({ errorClass: 'protocol', message, status: 0 });
  }

  #targetError(failure: Failure): TargetError {
    return { ...failure, address: this.address };
  }

  #closed(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.onClosed(this.#targetError(this.#closure()));
  }

  #closure(): Failure {
    if (this.#broken !== undefined) return { errorClass: 'protocol', message: this.#broken, status: 0 };
    if (this.#error !== undefined || !this.#opened) return socketError(this.#error, this.#opened);
    return { errorClass: 'connection-lost', message: 'the server closed the connection', status: 0 };
  }
}

/** An answer that ends too early, or says what the protocol has no meaning for. */
export function malformed(error: RangeError): Failure {
  return { errorClass: 'protocol', message: `the answer can’t be read: ${error.message}`, status: 0 };
}
