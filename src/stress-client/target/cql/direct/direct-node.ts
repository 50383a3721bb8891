import type { Clock, Timer } from '../../../clock.ts';
import type { Slot } from '../../../slot.ts';
import type { Failure } from '../../socket-error.ts';
import type { TargetError } from '../../target.ts';
import { cqlErrorCodes } from '../cql-error.ts';
import { CqlConnection } from '../protocol/cql-connection.ts';
import { FrameSocket } from '../protocol/frame-socket.ts';
import type { CqlConnectionOptions } from '../protocol/frame-socket.ts';
import type { PreparedStatement } from '../protocol/result.ts';
import type { DirectSender } from './direct-sender.ts';
import { LoadConnection } from './load-connection.ts';
import type { ConnectionOwner, LoadContext } from './load-connection.ts';
import type { PreparedTexts } from './prepared-texts.ts';
import { Sharding, shardOfConnection } from './sharding.ts';

const firstPauseNs = 100e6;
const pauseAtMostNs = 5e9;
/** Local ports that nobody is given by the system for long. */
const firstLocalPort = 49_152;
const localPorts = 65_536 - firstLocalPort;
const portsTriedAtMost = 16;

/** What a node needs of the transport. */
export interface NodeContext extends LoadContext {
  readonly connectionsPerHost: number;
  readonly texts: PreparedTexts;
  /** The node's connections are others than before; `error`: why there are fewer. */
  changed(error: TargetError | undefined): void;
}

interface Waiting {
  readonly connection: LoadConnection;
  readonly stream: number;
  readonly slot: Slot;
}

/** A node that gets load: keeps its connections up, and prepares statements there. */
export class DirectNode implements ConnectionOwner {
  /** Those that take operations. */
  connections: readonly LoadConnection[] = [];
  readonly #options: CqlConnectionOptions;
  readonly #context: NodeContext;
  readonly #clock: Clock;
  /** For what is not load. */
  #calm: CqlConnection | undefined = undefined;
  #keyspace = '';
  #preparing: Promise<unknown> = Promise.resolve();
  readonly #forgotten = new Map<DirectSender, Waiting[]>();
  /** When the node had a sender's texts again: what was sent before that needs no more than to be executed again. */
  readonly #remindedNs = new WeakMap<DirectSender, number>();
  /** All connections, also those that only end what lives. */
  readonly #all = new Set<LoadConnection>();
  /** Those that are to be replaced. */
  readonly #worn = new Set<LoadConnection>();
  #sharding: Sharding | undefined = undefined;
  #byShard: readonly (readonly LoadConnection[])[] = [];
  #turn = 0;
  #localPort = firstLocalPort + Math.floor(Math.random() * localPorts);
  #repairing = false;
  #pause: Timer | undefined = undefined;
  #closed = false;

  constructor(options: CqlConnectionOptions, context: NodeContext) {
    this.#options = options;
    this.#context = context;
    this.#clock = context.clock;
  }

  /** Connects. Where that fails, it is tried again until it is closed. */
  async open(): Promise<TargetError | undefined> {
    this.#repairing = true;
    const error = await this.#connect();
    this.#repairing = false;
    void this.#repair(firstPauseNs);
    return error;
  }

  get sharded(): boolean {
    return this.#sharding !== undefined;
  }

  /** The connection for a partition: to the shard that has its token, if there is one. */
  connectionFor(tokenHigh: number, tokenLow: number): LoadConnection | undefined {
    const sharding = this.#sharding;
    if (sharding !== undefined) {
      const ofShard = this.#byShard[sharding.shardOf(tokenHigh, tokenLow)]!;
      const connection = this.#next(ofShard);
      if (connection !== undefined) return connection;
    }
    return this.#next(this.connections);
  }

  /** Prepares a text in a keyspace; one after the other, since the keyspace is the connection's. */
  prepare(text: string, keyspace: string): Promise<PreparedStatement | TargetError> {
    const prepared = this.#preparing.then(() => this.#prepare(text, keyspace));
    this.#preparing = prepared;
    return prepared;
  }

  forgot(connection: LoadConnection, stream: number, slot: Slot, sender: DirectSender): void {
    const waiting = this.#forgotten.get(sender);
    if (waiting !== undefined) waiting.push({ connection, stream, slot });
    else if (slot.sentNs < (this.#remindedNs.get(sender) ?? 0)) connection.resume(stream, slot, undefined);
    else {
      this.#forgotten.set(sender, [{ connection, stream, slot }]);
      void this.#remind(sender);
    }
  }

  worn(connection: LoadConnection): void {
    this.#worn.add(connection);
    void this.#repair(0);
  }

  lost(connection: LoadConnection, error: TargetError): void {
    this.#remove(connection);
    this.#changed(error);
    void this.#repair(firstPauseNs);
  }

  /** Answers what is in flight with the error, and ends every connection. */
  close(failure: Failure): void {
    this.#closed = true;
    this.#pause?.cancel();
    this.#calm?.close();
    this.connections = [];
    for (const connection of this.#all) connection.close(failure);
  }

  #next(connections: readonly LoadConnection[]): LoadConnection | undefined {
    for (let tried = 0; tried < connections.length; tried++) {
      this.#turn = this.#turn + 1 < connections.length ? this.#turn + 1 : 0;
      const connection = connections[this.#turn]!;
      if (connection.hasFreeStream) return connection;
    }
    return undefined;
  }

  async #prepare(text: string, keyspace: string): Promise<PreparedStatement | TargetError> {
    const calm = this.#calm;
    if (calm === undefined) return notConnected;
    if (keyspace !== this.#keyspace) {
      const error = await calm.use(keyspace);
      if (error !== undefined) return error;
      this.#keyspace = keyspace;
    }
    return calm.prepare(text);
  }

  /** Prepares a sender's texts again, and has what waits for them executed. */
  async #remind(sender: DirectSender): Promise<void> {
    const keyspace = sender.work.settings.Keyspace;
    let failure: Failure | undefined;
    for (const text of sender.texts) {
      const prepared = await this.prepare(text, keyspace);
      const known = this.#context.texts.get(text, keyspace)!;
      if ('errorClass' in prepared) failure ??= forgottenFailure(prepared.message);
      else if (!prepared.id.equals(known.id)) failure ??= forgottenFailure('it has another id now');
    }
    const waiting = this.#forgotten.get(sender)!;
    this.#forgotten.delete(sender);
    if (failure === undefined) this.#remindedNs.set(sender, this.#clock.nowNs());
    for (const { connection, stream, slot } of waiting) connection.resume(stream, slot, failure);
  }

  /** Connects again, ever more rarely, until everything is there. */
  async #repair(firstPause: number): Promise<void> {
    if (this.#repairing) return;
    this.#repairing = true;
    let pauseNs = firstPause;
    while (!this.#closed && (this.#calm === undefined || this.#missing().length > 0)) {
      await new Promise<void>((resolve) => {
        this.#pause = this.#clock.at(this.#clock.nowNs() + pauseNs, resolve);
      });
      pauseNs = Math.min(pauseAtMostNs, Math.max(firstPauseNs, 2 * pauseNs));
      await this.#connect();
    }
    this.#repairing = false;
  }

  async #connect(): Promise<TargetError | undefined> {
    const error = await this.#makeMissing();
    if (error === undefined) return undefined;
    // What is worn and can't be replaced leads nowhere: its share goes to others.
    for (const connection of this.#worn) this.#retire(connection);
    this.#changed(error);
    return error;
  }

  /** Makes the connections that are missing. A node that comes back is told all texts before it gets load. */
  async #makeMissing(): Promise<TargetError | undefined> {
    for (const connection of this.#all) if (connection.ended) this.#all.delete(connection);
    if (this.#calm === undefined) {
      const error = await this.#openCalm();
      if (error !== undefined) return error;
    }
    const errors = await Promise.all(this.#missing().map((shard) => this.#add(shard)));
    return errors.find((error) => error !== undefined);
  }

  async #add(shard: number): Promise<TargetError | undefined> {
    const socket = await this.#openSocket(shard);
    if ('errorClass' in socket) return socket;
    if (this.#closed) {
      socket.destroy();
      return undefined;
    }
    const at = shardOfConnection(socket.supported) ?? 0;
    const connection = new LoadConnection(socket, at, this.#context, this);
    this.#all.add(connection);
    this.connections = [...this.connections, connection];
    this.#retireWorn(shard);
    this.#changed(undefined);
    return undefined;
  }

  async #openCalm(): Promise<TargetError | undefined> {
    const calm = await CqlConnection.open(this.#options);
    if ('errorClass' in calm) return calm;
    if (this.#closed) {
      calm.close();
      return notConnected;
    }
    this.#calm = calm;
    this.#keyspace = '';
    calm.onClosed = () => {
      this.#calm = undefined;
      void this.#repair(firstPauseNs);
    };
    this.#sharding = Sharding.of(calm.supported, this.#options.tls !== undefined);
    this.#changed(undefined);
    // What can't be prepared any more is told to who executes it.
    for (const { text, keyspace } of this.#context.texts.all()) await this.prepare(text, keyspace);
    return undefined;
  }

  /** The shards that connections are to be made to. */
  #missing(): readonly number[] {
    const { connectionsPerHost } = this.#context;
    const shards = this.#sharding?.shards ?? 1;
    const ofEach = Math.ceil(connectionsPerHost / shards);
    const sound = this.connections.filter((connection) => !this.#worn.has(connection));
    const missing = Array.from({ length: shards }, (_, shard) => shard).flatMap((shard) => {
      const there = sound.filter((connection) => connection.shard === shard).length;
      return Array.from({ length: Math.max(0, ofEach - there) }, () => shard);
    });
    // Where a shard can't be chosen, some get several and some none.
    return missing.slice(0, ofEach * shards - sound.length);
  }

  /** Retires a worn connection for which there is another now. */
  #retireWorn(shard: number): void {
    const worn = [...this.#worn];
    const connection = worn.find((each) => each.shard === shard) ?? worn[0];
    if (connection !== undefined) this.#retire(connection);
  }

  #retire(connection: LoadConnection): void {
    this.#remove(connection);
    connection.retire();
  }

  #remove(connection: LoadConnection): void {
    this.#worn.delete(connection);
    this.connections = this.connections.filter((each) => each !== connection);
  }

  /** A socket that leads to the shard; to any where the node gives no choice, or its port for that is not reached. */
  async #openSocket(shard: number): Promise<FrameSocket | TargetError> {
    const sharding = this.#sharding;
    if (sharding?.shardAwarePort === undefined) return FrameSocket.open(this.#options);
    const { shards, shardAwarePort: port } = sharding;
    for (let tried = 0; tried < portsTriedAtMost; tried++) {
      const localPort = this.#portFor(shard, shards);
      const socket = await FrameSocket.open({ ...this.#options, port, localPort });
      if (socket instanceof FrameSocket) return socket;
      if (!/EADDRINUSE|EADDRNOTAVAIL/.test(socket.message)) break;
    }
    return FrameSocket.open(this.#options);
  }

  /** The next local port that leads to the shard. */
  #portFor(shard: number, shards: number): number {
    const from = this.#localPort + 1;
    let port = from - (from % shards) + shard;
    if (port < from) port += shards;
    if (port > 65_535) port = firstLocalPort - (firstLocalPort % shards) + shards + shard;
    this.#localPort = port;
    return port;
  }

  #changed(error: TargetError | undefined): void {
    const shards = this.#sharding?.shards ?? 0;
    this.#byShard = Array.from({ length: shards }, (_, shard) =>
      this.connections.filter((connection) => connection.shard === shard),
    );
    this.#context.changed(error);
  }
}

const notConnected: TargetError = {
  errorClass: 'connection-refused',
  message: 'the node is not connected',
  status: 0,
};

function forgottenFailure(message: string): Failure {
  return {
    errorClass: 'server-error',
    message: `the node had forgotten the statement, and could not prepare it again: ${message}`,
    status: cqlErrorCodes.unprepared,
  };
}
