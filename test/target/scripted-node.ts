import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A frame that answers a request on its stream. */
export function answerFrame(stream: number, opcode: number, body: Uint8Array, flags = 0): Buffer {
  const frame = Buffer.concat([Buffer.alloc(9), body]);
  frame[0] = 0x84;
  frame[1] = flags;
  frame.writeInt16BE(stream, 2);
  frame[4] = opcode;
  frame.writeInt32BE(body.length, 5);
  return frame;
}

export const voidBody = Buffer.from('00000001', 'hex');

export function errorBody(code: number, message: string): Buffer {
  const body = Buffer.alloc(4);
  body.writeInt32BE(code);
  return Buffer.concat([body, string(message)]);
}

/** Rows of one int column without metadata; `pagingState`: more follow; `moreFlags`: what else the metadata says. */
export function rowsBody(count: number, pagingState?: string, moreFlags = 0): Buffer {
  const paging =
    pagingState === undefined
      ? Buffer.alloc(0)
      : Buffer.concat([int(pagingState.length), Buffer.from(pagingState)]);
  const flags = moreFlags | (pagingState === undefined ? 0x0004 : 0x0006);
  const rows = Array.from({ length: count }, (_, row) => Buffer.concat([int(4), int(row)]));
  return Buffer.concat([int(2), int(flags), int(1), paging, int(count), ...rows]);
}

export function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function string(text: string): Buffer {
  return Buffer.concat([Buffer.of(text.length >> 8, text.length), Buffer.from(text)]);
}

/** What PREPARE answers: int markers, the first of which is the partition key, of table shop.t. */
export function preparedBody(id: string, markers: number): Buffer {
  const names = Array.from({ length: markers }, (_, index) =>
    Buffer.concat([string(`c${index}`), Buffer.of(0, 9)]),
  );
  const keys = markers > 0 ? Buffer.concat([int(1), Buffer.of(0, 0)]) : int(0);
  const table = markers > 0 ? Buffer.concat([string('shop'), string('t')]) : Buffer.alloc(0);
  return Buffer.concat([int(4), string(id), int(1), int(markers), keys, table, ...names, int(4), int(0)]);
}

/** A request, with the way to answer it. */
export interface ScriptedRequest {
  readonly opcode: number;
  readonly stream: number;
  /** The whole frame. */
  readonly frame: Buffer;
  readonly body: Buffer;
  readonly socket: Socket;
  answer(opcode: number, body: Uint8Array, flags?: number): void;
}

export const opcodes = { startup: 1, options: 5, query: 7, prepare: 9, execute: 10, batch: 13 } as const;

/** A node that answers as a test says, byte for byte. What a test leaves out is answered well. */
export class ScriptedNode {
  readonly requests: ScriptedRequest[] = [];
  readonly sockets = new Set<Socket>();
  /** Answers EXECUTE and BATCH. */
  onOperation: (request: ScriptedRequest) => void = ({ answer }) => answer(8, voidBody);
  /** Answers PREPARE; markers are counted in its text. */
  onPrepare: (request: ScriptedRequest) => void = ({ body, answer }) => {
    const text = body.toString('utf8', 4);
    answer(8, preparedBody(`id of ${text}`, text.split('?').length - 1));
  };
  /** Answers the rest; true where it has. */
  onOther: (request: ScriptedRequest) => boolean = () => false;
  /** What OPTIONS is answered with. */
  supported: (socket: Socket) => Readonly<Record<string, string>> = () => ({});
  #server: Server | undefined;
  #port = 0;

  static async start(): Promise<ScriptedNode> {
    const node = new ScriptedNode();
    await node.start();
    return node;
  }

  /** Begins to listen, on the port that it had before. */
  start(): Promise<void> {
    const server = createServer((socket) => this.#serve(socket));
    this.#server = server;
    return new Promise((resolve) =>
      server.listen(this.#port, '127.0.0.1', () => {
        this.#port = (server.address() as AddressInfo).port;
        resolve();
      }),
    );
  }

  get port(): number {
    return this.#port;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  requestsOf(opcode: number): ScriptedRequest[] {
    return this.requests.filter((request) => request.opcode === opcode);
  }

  /** Ends every connection. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  stop(): Promise<void> {
    const stopped = this.refuse();
    this.cut();
    return stopped;
  }

  /** Takes no connection any more; those that are there stay. */
  refuse(): Promise<void> {
    return new Promise((resolve) => this.#server!.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => {});
    let rest = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      while (rest.length >= 9 && rest.length >= 9 + rest.readInt32BE(5)) {
        const frame = rest.subarray(0, 9 + rest.readInt32BE(5));
        rest = rest.subarray(frame.length);
        this.#take(frame, socket);
      }
    });
  }

  #take(frame: Buffer, socket: Socket): void {
    const stream = frame.readInt16BE(2);
    const answer = (opcode: number, body: Uint8Array, flags = 0): void => {
      if (!socket.destroyed) socket.write(answerFrame(stream, opcode, body, flags));
    };
    const request = { opcode: frame[4]!, stream, frame, body: frame.subarray(9), socket, answer };
    this.requests.push(request);
    if (this.onOther(request)) return;
    switch (request.opcode) {
      case opcodes.options: {
        const entries = Object.entries(this.supported(socket));
        const lists = entries.map(([name, value]) =>
          Buffer.concat([string(name), Buffer.of(0, 1), string(value)]),
        );
        return answer(6, Buffer.concat([Buffer.of(0, entries.length), ...lists]));
      }
      case opcodes.startup:
        return answer(2, Buffer.alloc(0));
      case opcodes.query:
        return answer(8, voidBody);
      case opcodes.prepare:
        return this.onPrepare(request);
      case opcodes.execute:
      case opcodes.batch:
        return this.onOperation(request);
    }
  }
}
