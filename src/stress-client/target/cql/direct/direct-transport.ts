import type { Clock } from '../../../clock.ts';
import type { Settings } from '../../../settings.ts';
import type { Failure } from '../../socket-error.ts';
import type { AttemptListener, Sender, TargetError } from '../../target.ts';
import type { CqlNode, CqlSession } from '../cql-session.ts';
import type { CqlTransport, PreparedWork } from '../cql-transport.ts';
import { bodyBytesAtMost } from '../protocol/protocol-constants.ts';
import type { PreparedStatement } from '../protocol/result.ts';
import { DirectNode } from './direct-node.ts';
import { DirectSender } from './direct-sender.ts';
import { LoadConnections } from './load-connections.ts';
import { OperationFrames } from './operation-frames.ts';
import { PreparedTexts } from './prepared-texts.ts';
import { ReplicaRing } from './replica-ring.ts';
import { TokenRouter } from './token-router.ts';
import { WriteBuffers } from './write-buffers.ts';

const itemsABatchAtMost = 65_535;

/** What is to be known of the nodes. */
export type LoadCluster = Pick<CqlSession, 'nodes' | 'connectionOptions' | 'ring' | 'targetError'>;

const closed: Failure = {
  errorClass: 'connection-lost',
  message: 'the run closed the connection',
  status: 0,
};

/** Carries operations in frames of our own, version 4 of the protocol, straight to the nodes that own the data. */
export class DirectTransport implements CqlTransport {
  readonly #session: LoadCluster;
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #connections: LoadConnections;
  readonly #listener: AttemptListener;
  readonly #texts = new PreparedTexts();
  /** By host id. */
  readonly #nodes = new Map<string, DirectNode>();
  /** Whether a node that was reached has a connection, by host id. */
  readonly #up = new Map<string, boolean>();

  constructor(session: LoadCluster, settings: Settings, clock: Clock, listener: AttemptListener) {
    this.#session = session;
    this.#settings = settings;
    this.#clock = clock;
    this.#listener = listener;
    this.#connections = new LoadConnections(clock, listener);
  }

  async open(): Promise<TargetError | undefined> {
    const context = {
      clock: this.#clock,
      listener: this.#listener,
      buffers: new WriteBuffers(),
      connectionsPerHost: this.#settings.ConnectionsPerHost,
      texts: this.#texts,
    };
    const opening: Promise<TargetError | undefined>[] = [];
    for (const known of this.#session.nodes) {
      const changed = (error: TargetError | undefined): void => {
        this.#changed(error);
        this.#tellOf(known, node);
      };
      const node = new DirectNode(this.#session.connectionOptions(known), { ...context, changed });
      this.#nodes.set(known.hostId, node);
      const opened = node.open();
      if (known.up) opening.push(opened);
    }
    const errors = await Promise.all(opening);
    // A node that is down gets its share when it is up; one that does not let us in never will.
    const error = errors.every((each) => each !== undefined) ? errors[0] : errors.find(isFinal);
    return error === undefined ? undefined : this.#session.targetError(error);
  }

  /** Tells when the node of which a connection was there has none left, and when it has one again. */
  #tellOf({ name, hostId }: CqlNode, node: DirectNode): void {
    const up = node.connections.length > 0;
    if (this.#up.get(hostId) === up || (!up && !this.#up.has(hostId))) return;
    if (this.#up.has(hostId)) this.#listener.nodeChanged?.(name, up);
    this.#up.set(hostId, up);
  }

  async prepare(text: string, keyspace: string): Promise<PreparedStatement | TargetError> {
    const answers = await Promise.all([...this.#nodes.values()].map((node) => node.prepare(text, keyspace)));
    const refusal = answers.find((answer) => 'errorClass' in answer && answer.status !== 0);
    const prepared = refusal ?? answers.find((answer) => !('errorClass' in answer)) ?? answers[0]!;
    if ('errorClass' in prepared) return this.#session.targetError(prepared);
    this.#texts.set(text, keyspace, prepared);
    return prepared;
  }

  async sender(work: PreparedWork): Promise<Sender | TargetError> {
    const { settings, plan } = work.work;
    const prepared: PreparedStatement[] = [];
    for (const text of work.texts) {
      const { Keyspace } = settings;
      const statement = this.#texts.get(text, Keyspace) ?? (await this.prepare(text, Keyspace));
      if ('errorClass' in statement) return statement;
      prepared.push(statement);
    }
    const frames = new OperationFrames(work, prepared);
    const { bytesAtMost } = frames;
    if (bytesAtMost > bodyBytesAtMost || plan.batchSize > itemsABatchAtMost) {
      return {
        errorClass: 'client',
        message: `an operation of ${plan.batchSize} rows may need ${bytesAtMost} bytes; the protocol has room for ${itemsABatchAtMost} rows and ${bodyBytesAtMost} bytes`,
        status: 0,
        hint: 'lower RowsPerBatch, or write shorter values',
      };
    }
    return new DirectSender(work, frames, this.#connections, await this.#router(prepared));
  }

  flush(): void {
    this.#connections.flush();
  }

  async close(): Promise<void> {
    // Attempts of this very turn are answered in a later one, too.
    await new Promise<void>((resolve) => this.#clock.soon(resolve));
    this.#connections.answerRefused();
    for (const node of this.#nodes.values()) node.close(closed);
    this.#changed(undefined);
  }

  #changed(error: TargetError | undefined): void {
    if (error !== undefined) this.#connections.lastFailure = error;
    this.#connections.usable = [...this.#nodes.values()].flatMap(({ connections }) => connections);
  }

  /** Undefined where operations may as well go round. */
  async #router(prepared: readonly PreparedStatement[]): Promise<TokenRouter | undefined> {
    if (this.#settings.Routing !== 'token') return undefined;
    const nodes = [...this.#nodes.values()];
    if (nodes.length === 1 && !nodes[0]!.sharded) return undefined;
    const keyspace = prepared.find(({ partitionKey }) => partitionKey.length > 0)?.keyspace;
    if (keyspace === undefined) return undefined;
    const ring = await this.#session.ring(keyspace);
    if (ring === undefined) return undefined;
    return new TokenRouter(
      prepared,
      new ReplicaRing(
        ring,
        ring.nodes.map(({ hostId }) => this.#nodes.get(hostId)),
      ),
    );
  }
}

/** Trying again would not help. */
function isFinal(error: TargetError | undefined): boolean {
  return error !== undefined && ['authentication', 'tls', 'protocol'].includes(error.errorClass);
}
