import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export const opcodes = {
  ERROR: 0x00,
  STARTUP: 0x01,
  READY: 0x02,
  AUTHENTICATE: 0x03,
  OPTIONS: 0x05,
  SUPPORTED: 0x06,
  QUERY: 0x07,
  RESULT: 0x08,
  PREPARE: 0x09,
  EXECUTE: 0x0a,
  REGISTER: 0x0b,
  EVENT: 0x0c,
  BATCH: 0x0d,
  AUTH_RESPONSE: 0x0f,
  AUTH_SUCCESS: 0x10,
} as const;

export interface RawFrame {
  readonly version: number;
  readonly stream: number;
  readonly opcode: number;
  /** Without warnings. */
  readonly body: Buffer;
}

export type RawValue = Buffer | null | undefined;

/** A connection of protocol v4 that hides nothing: frames as they are. */
export class RawCql {
  readonly socket: Socket;
  readonly #waiting: ((frame: RawFrame) => void)[] = [];
  readonly #frames: RawFrame[] = [];
  #read: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (piece: Buffer) => {
      this.#read = Buffer.concat([this.#read, piece]);
      while (this.#read.length >= 9 && this.#read.length >= 9 + this.#read.readInt32BE(5)) {
        const end = 9 + this.#read.readInt32BE(5);
        this.#take(this.#read.subarray(0, end));
        this.#read = this.#read.subarray(end);
      }
    });
  }

  static async connect(address: string, localPort?: number): Promise<RawCql> {
    const [host, port] = address.split(':');
    const socket = connect({
      host: host!,
      port: Number(port),
      ...(localPort === undefined ? {} : { localPort }),
    });
    await once(socket, 'connect');
    return new RawCql(socket);
  }

  /** Connected, and past STARTUP. */
  static async start(address: string, localPort?: number): Promise<RawCql> {
    const raw = await RawCql.connect(address, localPort);
    await raw.request(opcodes.STARTUP, startupBody);
    return raw;
  }

  request(opcode: number, body: Buffer = Buffer.alloc(0)): Promise<RawFrame> {
    this.socket.write(frame(opcode, body));
    return this.next();
  }

  /** The next frame that comes, whatever it answers. */
  next(): Promise<RawFrame> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  query(text: string, values: readonly RawValue[] = []): Promise<RawFrame> {
    return this.request(opcodes.QUERY, Buffer.concat([longString(text), parameters(values)]));
  }

  prepare(text: string): Promise<RawFrame> {
    return this.request(opcodes.PREPARE, longString(text));
  }

  execute(id: Buffer, values: readonly RawValue[], page?: RawPage): Promise<RawFrame> {
    return this.request(opcodes.EXECUTE, executeBody(id, values, page));
  }

  close(): void {
    this.socket.destroy();
  }

  #take(bytes: Buffer): void {
    let body = bytes.subarray(9);
    if ((bytes[1]! & 0x08) !== 0) {
      const reader = new RawReader(body);
      reader.strings();
      body = reader.rest();
    }
    const taken = {
      version: bytes[0]!,
      stream: bytes.readInt16BE(2),
      opcode: bytes[4]!,
      body: Buffer.from(body),
    };
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#frames.push(taken);
    else waiting(taken);
  }
}

export interface RawPage {
  readonly size: number;
  readonly state?: Buffer;
}

export function frame(opcode: number, body: Buffer, stream = 0, version = 4): Buffer {
  const header = Buffer.alloc(9);
  header[0] = version;
  header.writeInt16BE(stream, 2);
  header[4] = opcode;
  header.writeInt32BE(body.length, 5);
  return Buffer.concat([header, body]);
}

export function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([short(bytes.length), bytes]);
}

export function longString(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([int(bytes.length), bytes]);
}

export function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export const startupBody = Buffer.concat([short(1), string('CQL_VERSION'), string('3.0.0')]);

export function value(bytes: RawValue): Buffer {
  if (bytes === null) return int(-1);
  if (bytes === undefined) return int(-2);
  return Buffer.concat([int(bytes.length), bytes]);
}

/** Consistency ONE, the values, and the page. */
export function parameters(values: readonly RawValue[], page?: RawPage): Buffer {
  const flags =
    (values.length > 0 ? 0x01 : 0) | (page === undefined ? 0 : 0x04) | (page?.state === undefined ? 0 : 0x08);
  return Buffer.concat([
    short(1),
    Buffer.from([flags]),
    ...(values.length > 0 ? [short(values.length), ...values.map(value)] : []),
    ...(page === undefined ? [] : [int(page.size)]),
    ...(page?.state === undefined ? [] : [value(page.state)]),
  ]);
}

export function executeBody(id: Buffer, values: readonly RawValue[], page?: RawPage): Buffer {
  return Buffer.concat([short(id.length), id, parameters(values, page)]);
}

export class RawReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int(): number {
    this.#offset += 4;
    return this.#bytes.readInt32BE(this.#offset - 4);
  }

  short(): number {
    this.#offset += 2;
    return this.#bytes.readUInt16BE(this.#offset - 2);
  }

  string(): string {
    return this.#take(this.short()).toString();
  }

  strings(): string[] {
    return Array.from({ length: this.short() }, () => this.string());
  }

  shortBytes(): Buffer {
    return this.#take(this.short());
  }

  bytes(): Buffer | null {
    const length = this.int();
    return length < 0 ? null : this.#take(length);
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.#offset);
  }

  #take(length: number): Buffer {
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }
}

/** The id of a RESULT of PREPARE. */
export function preparedId({ body }: RawFrame): Buffer {
  const reader = new RawReader(body);
  reader.int();
  return reader.shortBytes();
}

/** An answer to be read and compared: everything in it but ids, which every server makes as it likes. */
export function told({ opcode, body }: RawFrame): unknown {
  const reader = new RawReader(body);
  if (opcode === opcodes.ERROR) return { error: reader.int().toString(16), message: reader.string() };
  if (opcode !== opcodes.RESULT) return { opcode, body: body.toString('hex') };
  switch (reader.int()) {
    case 1:
      return 'void';
    case 2: {
      const { columns, pagingState } = toldColumns(reader);
      const rows = Array.from({ length: reader.int() }, () =>
        columns.map(() => reader.bytes()?.toString('hex') ?? null),
      );
      return { columns, rows, hasMorePages: pagingState !== null };
    }
    case 3:
      return { keyspace: reader.string() };
    case 4: {
      reader.shortBytes();
      const flags = reader.int();
      const count = reader.int();
      const partitionKeyIndexes = Array.from({ length: reader.int() }, () => reader.short());
      return {
        markers: toldSpecs(reader, flags, count),
        partitionKeyIndexes,
        result: toldColumns(reader).columns,
      };
    }
    default:
      return { change: reader.string(), target: reader.string(), of: reader.rest().toString('latin1') };
  }
}

/** Rows of a RESULT, with the state for the next page. */
export function rowsOf({ body }: RawFrame): { rows: (Buffer | null)[][]; pagingState: Buffer | null } {
  const reader = new RawReader(body);
  reader.int();
  const { columns, pagingState } = toldColumns(reader);
  const rows = Array.from({ length: reader.int() }, () => columns.map(() => reader.bytes()));
  return { rows, pagingState };
}

function toldColumns(reader: RawReader): { columns: readonly string[]; pagingState: Buffer | null } {
  const flags = reader.int();
  const count = reader.int();
  const pagingState = (flags & 0x02) === 0 ? null : reader.bytes();
  if ((flags & 0x04) !== 0) return { columns: Array<string>(count).fill(''), pagingState };
  return { columns: toldSpecs(reader, flags, count), pagingState };
}

function toldSpecs(reader: RawReader, flags: number, count: number): readonly string[] {
  const table = (): string => `${reader.string()}.${reader.string()}`;
  const all = (flags & 0x01) === 0 ? undefined : table();
  return Array.from({ length: count }, () => `${all ?? table()}: ${reader.string()} ${toldType(reader)}`);
}

function toldType(reader: RawReader): string {
  const code = reader.short();
  switch (code) {
    case 0x00:
      return `'${reader.string()}'`;
    case 0x20:
      return `list<${toldType(reader)}>`;
    case 0x22:
      return `set<${toldType(reader)}>`;
    case 0x21:
      return `map<${toldType(reader)}, ${toldType(reader)}>`;
    case 0x31:
      return `tuple<${Array.from({ length: reader.short() }, () => toldType(reader)).join(', ')}>`;
    case 0x30: {
      const name = `${reader.string()}.${reader.string()}`;
      const fields = Array.from({ length: reader.short() }, () => `${reader.string()} ${toldType(reader)}`);
      return `${name}(${fields.join(', ')})`;
    }
    default:
      return `0x${code.toString(16)}`;
  }
}
