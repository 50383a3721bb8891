import type { Socket } from 'node:net';
import { voidAnswer, writeAnswer, writePrepared, writeSchemaChange } from './answer.ts';
import type { Answer, SchemaChange } from './answer.ts';
import { ByteReader } from './byte-reader.ts';
import type { BoundValue } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { checkBatch, compileStatement, modify } from './compile-statement.ts';
import type { CompiledStatement, RunOptions, StatementGround } from './compile-statement.ts';
import { appliedAnswer } from './compile-modification.ts';
import type { CompiledModification } from './compile-modification.ts';
import { cqlOpcodes } from './cql-counters.ts';
import type { CqlRequestName } from './cql-counters.ts';
import type { CqlFaults } from './cql-faults.ts';
import { CqlRefusal, cqlErrorCodes, invalid, protocolError, writeError } from './cql-refusal.ts';
import type { PreparedStatement, PreparedStatements } from './prepared-statements.ts';
import type { Table } from './schema.ts';
import type { TableRows } from './table-rows.ts';

/** What a connection needs of the node that it leads to. */
export interface ConnectionGround extends StatementGround {
  readonly node: number;
  readonly prepared: PreparedStatements;
  readonly login: { readonly username: string; readonly password: string } | undefined;
  /** False: what is executed is answered, and nothing of it is kept. */
  readonly store: boolean;
  faults(): CqlFaults;
  /** For SUPPORTED, to a connection of this shard. */
  supported(shard: number): ReadonlyMap<string, readonly string[]>;
  systemRows(table: Table): TableRows;
  /** With shards: counts an EXECUTE, by its values. */
  countShard(shard: number, prepared: PreparedStatement, bound: readonly BoundValue[]): void;
  readonly shards: number;
  schemaChanged(change: SchemaChange): void;
}

const version = 4;
const headerBytes = 9;
const frameBytesAtMost = 16 * 2 ** 20;
const answers = {
  ERROR: 0x00,
  READY: 0x02,
  AUTHENTICATE: 0x03,
  SUPPORTED: 0x06,
  RESULT: 0x08,
  EVENT: 0x0c,
  AUTH_SUCCESS: 0x10,
} as const;
const flags = { compressed: 0x01, customPayload: 0x04 } as const;
const queryFlags = {
  values: 0x01,
  skipMetadata: 0x02,
  pageSize: 0x04,
  pagingState: 0x08,
  names: 0x40,
} as const;
const resultVoid = 1;
/** An id with its length. */
const idBytes = 18;

const nameOf = new Map<number, CqlRequestName>(
  Object.entries(cqlOpcodes).map(([name, opcode]) => [opcode, name as CqlRequestName]),
);

/** One connection: reads frames in whatever pieces they come, and answers those of a piece in one write. */
export class CqlConnection {
  readonly #socket: Socket;
  readonly #ground: ConnectionGround;
  /** The shard that it leads to; 0 without shards. */
  readonly shard: number;
  readonly remotePort: number;
  readonly #writer = new ByteWriter(4096);
  #state: 'new' | 'asked to log in' | 'ready' = 'new';
  #keyspace: string | undefined;
  readonly #events = new Set<string>();
  /** Pieces of a frame that is not whole yet, and how many bytes it needs. */
  #pieces: Buffer[] = [];
  #pieceBytes = 0;
  #neededBytes = headerBytes;
  #flushDue = false;
  /** Ends once what was written is sent. */
  #ending = false;

  constructor(socket: Socket, ground: ConnectionGround, shard: number) {
    this.#socket = socket;
    this.#ground = ground;
    this.shard = shard;
    this.remotePort = socket.remotePort ?? 0;
    socket.setNoDelay(true);
    socket.on('data', (piece: Buffer) => this.#read(piece));
    socket.on('drain', () => socket.resume());
    // The client sees to its own end of it.
    socket.on('error', () => socket.destroy());
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Tells of a change of the schema, if it registered for that. */
  tellSchemaChange(change: SchemaChange): void {
    this.#tell('SCHEMA_CHANGE', (writer) => writeSchemaChange(writer, change));
  }

  /** Tells that another node went or came, if it registered for that. */
  tellStatus(status: 'UP' | 'DOWN', host: string, port: number): void {
    this.#tell('STATUS_CHANGE', (writer) => {
      writer.string(status);
      writer.byte(4);
      writer.raw(Buffer.from(host.split('.').map(Number)));
      writer.int(port);
    });
  }

  #tell(event: string, write: (writer: ByteWriter) => void): void {
    if (!this.#events.has(event)) return;
    const start = this.#begin(-1, answers.EVENT);
    this.#writer.string(event);
    write(this.#writer);
    this.#end(start);
    this.#flushSoon();
  }

  #read(piece: Buffer): void {
    if (this.#ending) return;
    this.#pieceBytes += piece.length;
    if (this.#pieces.length > 0 || this.#pieceBytes < this.#neededBytes) {
      this.#pieces.push(piece);
      if (this.#pieceBytes < this.#neededBytes) return;
      piece = Buffer.concat(this.#pieces);
      this.#pieces = [];
    }
    const { length } = piece;
    let offset = 0;
    let needed = headerBytes;
    while (length - offset >= needed && !this.#ending) {
      const bytes = piece.readInt32BE(offset + 5);
      if (bytes < 0 || bytes > frameBytesAtMost) {
        this.#refuse(
          piece,
          offset,
          protocolError(
            `Request is too big: length ${bytes} exceeds maximum allowed length ${frameBytesAtMost}.`,
          ),
        );
        break;
      }
      needed = headerBytes + bytes;
      if (length - offset < needed) break;
      this.#frame(piece, offset, offset + needed);
      offset += needed;
      needed = headerBytes;
    }
    this.#neededBytes = needed;
    this.#pieceBytes = length - offset;
    // A copy, so that the rest of a frame does not hold what was read before it.
    if (offset < length) this.#pieces.push(Buffer.from(piece.subarray(offset)));
    this.#flush();
  }

  #frame(buffer: Buffer, offset: number, end: number): void {
    const { counters } = this.#ground;
    counters.requestBytes += end - offset;
    // Two connections to two nodes may have the same port.
    counters.framesByRemotePort[this.remotePort] = (counters.framesByRemotePort[this.remotePort] ?? 0) + 1;
    if (this.#quickWrite(buffer, offset, end)) return;
    const opcode = buffer[offset + 4]!;
    const stream = buffer.readInt16BE(offset + 2);
    const name = nameOf.get(opcode);
    if (buffer[offset] !== version) {
      const given = buffer[offset]! & 0x7f;
      this.#refuse(
        buffer,
        offset,
        protocolError(`Invalid or unsupported protocol version (${given}); supported versions are (4/v4)`),
      );
      return;
    }
    if (name === undefined) {
      this.#refuse(buffer, offset, protocolError(`Unknown opcode ${opcode}`));
      return;
    }
    counters.frames[name]++;
    const reader = new ByteReader(buffer, offset + headerBytes, end);
    const start = this.#writer.length;
    try {
      const frameFlags = buffer[offset + 1]!;
      if ((frameFlags & flags.compressed) !== 0) throw protocolError('Unknown compression algorithm');
      if ((frameFlags & flags.customPayload) !== 0) skipPayload(reader);
      this.#request(name, stream, reader);
    } catch (error) {
      const refusal = refusalOf(error);
      this.#writer.cutTo(start);
      this.#writeRefusal(stream, refusal);
      if (refusal.body.error === 'protocolError') this.#ending = true;
    }
  }

  /**
   * Writes whose answer needs nothing of their values, which is so while nothing is kept. True when it was
   * answered; whatever is not as simple as that goes the other way.
   */
  #quickWrite(buffer: Buffer, offset: number, end: number): boolean {
    const { store, shards, counters, node } = this.#ground;
    if (store || shards > 0 || this.#state !== 'ready' || !this.#ground.faults().isEmpty) return false;
    if (buffer.readUInt16BE(offset) !== version << 8) return false;
    const opcode = buffer[offset + 4];
    const body = offset + headerBytes;
    let rows = 0;
    if (opcode === cqlOpcodes.EXECUTE) {
      rows = this.#rowsOfPrepared(buffer, body, end);
      if (rows === 0) return false;
      counters.frames.EXECUTE++;
    } else if (opcode === cqlOpcodes.BATCH) {
      rows = this.#rowsOfBatch(buffer, body, end);
      if (rows === 0) return false;
      counters.frames.BATCH++;
    } else return false;
    counters.requestsByNode[node]!++;
    counters.rowsWritten += rows;
    const at = this.#writer.length;
    const out = this.#writer.room(headerBytes + 4);
    out[at] = 0x80 | version;
    out[at + 1] = 0;
    out[at + 2] = buffer[offset + 2]!;
    out[at + 3] = buffer[offset + 3]!;
    out[at + 4] = answers.RESULT;
    out.writeInt32BE(4, at + 5);
    out.writeInt32BE(resultVoid, at + headerBytes);
    this.#writer.skip(headerBytes + 4);
    return true;
  }

  /** How many rows the statement writes whose id is at `offset`; 0 for none that is a plain write. */
  #rowsOfPrepared(buffer: Buffer, offset: number, end: number): number {
    if (offset + idBytes > end || buffer.readUInt16BE(offset) !== idBytes - 2) return 0;
    const found = this.#ground.prepared.at(buffer, offset + 2);
    return found?.isPlainWrite === true ? found.modifications.length : 0;
  }

  /** How many rows a BATCH of plain prepared writes writes; 0 for another one. */
  #rowsOfBatch(buffer: Buffer, offset: number, end: number): number {
    let at = offset + 3;
    if (at > end) return 0;
    let rows = 0;
    for (let left = buffer.readUInt16BE(offset + 1); left > 0; left--) {
      const written = at < end && buffer[at] === 1 ? this.#rowsOfPrepared(buffer, at + 1, end) : 0;
      at += 1 + idBytes + 2;
      if (written === 0 || at > end) return 0;
      rows += written;
      for (let values = buffer.readUInt16BE(at - 2); values > 0; values--) {
        if (at + 4 > end) return 0;
        at += 4 + Math.max(0, buffer.readInt32BE(at));
      }
    }
    // Consistency and flags are to come.
    return at + 3 <= end ? rows : 0;
  }

  #request(name: CqlRequestName, stream: number, reader: ByteReader): void {
    if (this.#state !== 'ready' && !['OPTIONS', 'STARTUP', 'AUTH_RESPONSE'].includes(name)) {
      const expected = this.#state === 'new' ? 'STARTUP or OPTIONS' : 'AUTH_RESPONSE';
      throw protocolError(`Unexpected message ${name}, expecting ${expected}`);
    }
    const request = this.#parse(name, reader);
    const faults = this.#ground.faults();
    if (faults.isEmpty) this.#write(stream, request.run());
    else this.#runWithFaults(name, stream, request, faults);
  }

  #runWithFaults(name: CqlRequestName, stream: number, request: Request, faults: CqlFaults): void {
    let delayMs = 0;
    let silent = false;
    let closes = false;
    for (const effect of faults.effectsOn(name, this.#ground.node, request.texts)) {
      switch (effect.kind) {
        case 'delay':
          delayMs += effect.ms;
          break;
        case 'error':
          throw new CqlRefusal(
            effect.body.error === 'unprepared' && request.id !== undefined
              ? { id: request.id, ...effect.body }
              : effect.body,
          );
        case 'no answer':
          silent = true;
          break;
        case 'close':
          closes = true;
          silent ||= effect.when === 'before answering';
          break;
        case 'forget prepared':
          this.#ground.prepared.clear();
      }
    }
    const start = this.#writer.length;
    try {
      this.#write(stream, request.run());
    } catch (error) {
      this.#writer.cutTo(start);
      this.#writeRefusal(stream, refusalOf(error));
    }
    if (silent) this.#writer.cutTo(start);
    if (closes) this.#ending = true;
    else if (delayMs > 0) {
      const late = this.#writer.copyFrom(start);
      this.#writer.cutTo(start);
      setTimeout(() => {
        this.#writer.raw(late);
        this.#flushSoon();
      }, delayMs).unref();
    }
  }

  #parse(name: CqlRequestName, reader: ByteReader): Request {
    switch (name) {
      case 'OPTIONS':
        return plainRequest(() => ({
          opcode: answers.SUPPORTED,
          write: (writer) => {
            const supported = this.#ground.supported(this.shard);
            writer.short(supported.size);
            for (const [option, values] of supported) {
              writer.string(option);
              writer.stringList(values);
            }
          },
        }));
      case 'STARTUP':
        return this.#startup(reader);
      case 'AUTH_RESPONSE':
        return this.#logIn(reader);
      case 'REGISTER': {
        const events = reader.stringList();
        return plainRequest(() => {
          for (const event of events) this.#events.add(event);
          return ready;
        });
      }
      case 'PREPARE': {
        const text = reader.longString();
        return { texts: [text], run: () => this.#prepare(text) };
      }
      case 'QUERY':
        return this.#query(reader);
      case 'EXECUTE':
        return this.#execute(reader);
      case 'BATCH':
        return this.#batch(reader);
    }
  }

  #startup(reader: ByteReader): Request {
    const options = reader.stringMap();
    return plainRequest(() => {
      if (options.has('COMPRESSION')) throw protocolError('The practice server compresses no frames');
      if (this.#ground.login === undefined) {
        this.#state = 'ready';
        return ready;
      }
      this.#state = 'asked to log in';
      return {
        opcode: answers.AUTHENTICATE,
        write: (writer) => writer.string('org.apache.cassandra.auth.PasswordAuthenticator'),
      };
    });
  }

  /** PLAIN: a zero, the name, a zero, the password. */
  #logIn(reader: ByteReader): Request {
    const [, username = '', password = ''] = (reader.value() ?? Buffer.alloc(0)).toString().split('\0');
    return plainRequest(() => {
      const { login } = this.#ground;
      if (this.#state === 'new')
        throw protocolError('Unexpected message AUTH_RESPONSE, expecting STARTUP or OPTIONS');
      if (login !== undefined && (username !== login.username || password !== login.password)) {
        throw new CqlRefusal({
          error: 'badCredentials',
          message: `Provided username ${username} and/or password are incorrect`,
        });
      }
      this.#state = 'ready';
      return { opcode: answers.AUTH_SUCCESS, write: (writer) => writer.bytes(null) };
    });
  }

  #prepare(text: string): Reply {
    const { prepared } = this.#ground;
    const statement = prepared.prepare(text, this.#keyspace, () =>
      compileStatement(text, this.#keyspace, this.#ground),
    );
    return {
      opcode: answers.RESULT,
      write: (writer) => writePrepared(writer, statement.id, statement.metadata),
    };
  }

  #query(reader: ByteReader): Request {
    const text = reader.longString();
    const parameters = readParameters(this.#ground.store ? reader.detach() : reader);
    return {
      texts: [text],
      run: () => {
        this.#count();
        const statement = compileStatement(text, this.#keyspace, this.#ground);
        return this.#run(statement, valuesFor(statement, parameters), parameters);
      },
    };
  }

  #execute(reader: ByteReader): Request {
    const id = reader.shortBytes();
    const { prepared, shards } = this.#ground;
    const known = id.length === 16 ? prepared.at(id, 0) : undefined;
    return {
      texts: known === undefined ? [] : [known.text],
      id,
      run: () => {
        this.#count();
        const statement = this.#known(id);
        const parameters = readParameters(
          statement.keepsValues && this.#ground.store ? reader.detach() : reader,
        );
        const bound = valuesFor(statement, parameters);
        if (shards > 0) this.#ground.countShard(this.shard, statement, bound);
        return this.#run(statement, bound, parameters);
      },
    };
  }

  #known(id: Buffer): PreparedStatement {
    const statement = id.length === 16 ? this.#ground.prepared.at(id, 0) : undefined;
    if (statement !== undefined) return statement;
    throw new CqlRefusal({
      error: 'unprepared',
      id,
      message: `Prepared query with ID ${id.toString('hex')} not found (either the query was not prepared on this host (maybe the host has been restarted?) or you have prepared too many queries and it has been evicted from the internal cache)`,
    });
  }

  #run(
    statement: CompiledStatement,
    bound: readonly BoundValue[],
    { paging, skipMetadata }: Parameters,
  ): Reply {
    const { store, counters } = this.#ground;
    if (!store && statement.modifications.length > 0) {
      counters.rowsWritten += statement.modifications.length;
      return result(withoutStore(statement), skipMetadata);
    }
    const options: RunOptions = { paging, systemRows: this.#ground.systemRows };
    const answer = statement.run(bound, options);
    if (answer.kind === 'keyspace') this.#keyspace = answer.name;
    if (answer.kind === 'schema change') this.#ground.schemaChanged(answer);
    return result(answer, skipMetadata);
  }

  #batch(request: ByteReader): Request {
    const reader = this.#ground.store ? request.detach() : request;
    const type = batchTypes[reader.byte()] ?? 'logged';
    const parts: { text?: string; id?: Buffer; values: readonly BoundValue[] }[] = [];
    for (let left = reader.short(); left > 0; left--) {
      const part = reader.byte() === 0 ? { text: reader.longString() } : { id: reader.shortBytes() };
      const values = Array.from({ length: reader.short() }, () => reader.value());
      parts.push({ ...part, values });
    }
    const textOf = ({ text, id }: (typeof parts)[number]): string =>
      text ?? this.#ground.prepared.at(id!, 0)?.text ?? '';
    return {
      texts: this.#ground.faults().isEmpty ? [] : parts.map(textOf),
      run: () => {
        this.#count();
        const areCounters: boolean[] = [];
        const work = parts.flatMap(({ text, id, values }) => {
          const statement =
            text === undefined ? this.#known(id!) : compileStatement(text, this.#keyspace, this.#ground);
          if (values.length !== statement.names.length) throw wrongNumberOfValues;
          areCounters.push(statement.isCounter);
          return batchPart(statement).map((modification) => ({ modification, bound: values }));
        });
        checkBatch(type, areCounters);
        if (this.#ground.store) return result(modify(work, this.#ground.counters, true), false);
        this.#ground.counters.rowsWritten += work.length;
        return result(voidAnswer, false);
      },
    };
  }

  #count(): void {
    this.#ground.counters.requestsByNode[this.#ground.node]!++;
  }

  #write(stream: number, { opcode, write }: Reply): void {
    const start = this.#begin(stream, opcode);
    write(this.#writer);
    this.#end(start);
  }

  #refuse(buffer: Buffer, offset: number, error: CqlRefusal): void {
    this.#writeRefusal(buffer.readInt16BE(offset + 2), error);
    this.#ending = true;
  }

  #writeRefusal(stream: number, error: CqlRefusal): void {
    const { errors } = this.#ground.counters;
    const code = cqlErrorCodes[error.body.error];
    errors[code] = (errors[code] ?? 0) + 1;
    const start = this.#begin(stream, answers.ERROR);
    writeError(this.#writer, error);
    this.#end(start);
  }

  #begin(stream: number, opcode: number): number {
    const start = this.#writer.length;
    this.#writer.byte(0x80 | version);
    this.#writer.byte(0);
    this.#writer.short(stream & 0xffff);
    this.#writer.byte(opcode);
    this.#writer.int(0);
    return start;
  }

  #end(start: number): void {
    this.#writer.setInt(start + 5, this.#writer.length - start - headerBytes);
  }

  /** Writes at the end of this turn what comes in it, as a server under load does: answers that are late together too. */
  #flushSoon(): void {
    if (this.#flushDue) return;
    this.#flushDue = true;
    setImmediate(() => {
      this.#flushDue = false;
      this.#flush();
    });
  }

  /** A client that doesn't read is not read, either. */
  #flush(): void {
    if (this.#writer.length > 0) {
      const bytes = this.#writer.copyFrom(0);
      this.#writer.cutTo(0);
      if (!this.#socket.destroyed && !this.#socket.write(bytes)) this.#socket.pause();
    }
    if (this.#ending) this.#socket.destroySoon();
  }
}

interface Request {
  readonly texts: readonly string[];
  /** Of an EXECUTE. */
  readonly id?: Buffer;
  /** Does what was asked. */
  run(): Reply;
}

interface Reply {
  readonly opcode: number;
  write(writer: ByteWriter): void;
}

interface Parameters {
  readonly values: readonly BoundValue[];
  readonly names: readonly string[] | undefined;
  readonly skipMetadata: boolean;
  readonly paging: RunOptions['paging'];
}

const batchTypes = ['logged', 'unlogged', 'counter'] as const;
const ready: Reply = { opcode: answers.READY, write: () => {} };
const wrongNumberOfValues = invalid('Invalid amount of bind variables');

/** What is no refusal is told like a server's own error: values of a wrong length come out so. */
function refusalOf(error: unknown): CqlRefusal {
  if (error instanceof CqlRefusal) return error;
  return new CqlRefusal({ error: 'serverError', message: String(error) });
}

function plainRequest(run: () => Reply): Request {
  return { texts: [], run };
}

function result(answer: Answer, skipMetadata: boolean): Reply {
  return { opcode: answers.RESULT, write: (writer) => writeAnswer(writer, answer, skipMetadata) };
}

/** What a write is answered with while nothing is kept: every IF holds. */
function withoutStore(statement: CompiledStatement): Answer {
  if (statement.isPlainWrite) return voidAnswer;
  return appliedAnswer(statement.metadata.table!, true);
}

/** A [map] of [bytes], which nobody here reads. */
function skipPayload(reader: ByteReader): void {
  for (let left = reader.short(); left > 0; left--) {
    reader.string();
    reader.value();
  }
}

/** Consistency, flags and what they announce: section 4.1.4. */
function readParameters(reader: ByteReader): Parameters {
  reader.skip(2);
  const given = reader.byte();
  const has = (flag: number): boolean => (given & flag) !== 0;
  const values: BoundValue[] = [];
  let names: string[] | undefined;
  if (has(queryFlags.values)) {
    if (has(queryFlags.names)) names = [];
    for (let left = reader.short(); left > 0; left--) {
      names?.push(reader.string());
      values.push(reader.value());
    }
  }
  const size = has(queryFlags.pageSize) ? reader.int() : 0;
  const state = has(queryFlags.pagingState) ? (reader.value() ?? undefined) : undefined;
  return { values, names, skipMetadata: has(queryFlags.skipMetadata), paging: { size, state } };
}

function valuesFor(statement: CompiledStatement, { values, names }: Parameters): readonly BoundValue[] {
  if (names !== undefined) {
    return statement.names.map((name) => {
      const at = names.indexOf(name);
      if (at < 0) throw wrongNumberOfValues;
      return values[at];
    });
  }
  if (values.length !== statement.names.length) throw wrongNumberOfValues;
  return values;
}

function batchPart(statement: CompiledStatement): readonly CompiledModification[] {
  if (statement.modifications.length > 0) return statement.modifications;
  throw invalid('Invalid statement in batch: only UPDATE, INSERT and DELETE statements are allowed.');
}
