import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { SchemaChange } from './answer.ts';
import { CqlConnection } from './cql-connection.ts';
import type { ConnectionGround } from './cql-connection.ts';
import { emptyCqlCounters } from './cql-counters.ts';
import type { CqlCounters } from './cql-counters.ts';
import { CqlFaults } from './cql-faults.ts';
import type { CqlFault } from './cql-faults.ts';
import { tokenOf, tokenValue } from './murmur3.ts';
import { PreparedStatements } from './prepared-statements.ts';
import { systemRows, systemSchema } from './system-tables.ts';
import type { Peer } from './system-tables.ts';
import { RowBound, partitionKeyBytes } from './table-rows.ts';

export interface CqlPracticeOptions {
  readonly protocol: 'cql';
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** What system.local says; `5.0.8` unless set, so that clients take it for Cassandra. */
  readonly version?: string;
  /** Asks every connection for this name and password. */
  readonly login?: { readonly username: string; readonly password: string };
  /** So many nodes, at 127.0.0.1, 127.0.0.2 and on, with one schema and one store; 1 unless set. */
  readonly nodes?: number;
  /** Nodes belong to these in turn; `datacenter1` unless set. */
  readonly datacenters?: readonly string[];
  /**
   * Behaves like a ScyllaDB of so many shards: SUPPORTED tells them and a second port, where a client chooses the
   * shard by its own port.
   */
  readonly shards?: number;
  /** False: writes are answered as fast as can be, and nothing is kept; reads find nothing. */
  readonly store?: boolean;
  /** All tables together keep so many rows, the latest; 100,000 unless set. */
  readonly rowsAtMost?: number;
  /** And so many bytes of values; 256 MiB unless set. */
  readonly bytesAtMost?: number;
  readonly faults?: readonly CqlFault[];
}

/**
 * A server to practise on: it speaks the native protocol v4 of Cassandra over real sockets, with a schema, prepared
 * statements, and rows in bounded memory, but it is not a database: nothing is durable or replicated, there is no
 * expiry, and the last write to come wins.
 */
export interface CqlPracticeServer {
  /** Of the first node, such as `127.0.0.1:40123`. */
  readonly address: string;
  /** Of each node. */
  readonly addresses: readonly string[];
  counters(): Promise<CqlCounters>;
  /** Replaces the faults; `[]` ends them. */
  setFaults(faults: readonly CqlFault[]): Promise<void>;
  /** Ends a node's connections and frees its port, as if its machine were lost; what it had prepared is forgotten. */
  stopNode(node: number): Promise<void>;
  startNode(node: number): Promise<void>;
  /** Ends every connection and frees the ports. */
  close(): Promise<void>;
}

const shardBits = 64n;
const ignoredBits = 12n;
const attemptsAtMost = 20;

/** Starts practice nodes in this thread. Rejects when the port can't be had. */
export async function startCqlPracticeServer(options: CqlPracticeOptions): Promise<CqlPracticeServer> {
  const { nodes: nodeCount = 1, shards = 0, port = 0 } = options;
  const cluster = new PracticeCluster(options);
  for (let attempt = 1; ; attempt++) {
    try {
      await cluster.listen(port);
      break;
    } catch (error) {
      await cluster.close();
      // The first node's free port may be taken at another one's address.
      if (port !== 0 || (nodeCount === 1 && shards === 0) || attempt === attemptsAtMost) throw error;
    }
  }
  return cluster;
}

class PracticeCluster implements CqlPracticeServer {
  readonly #options: CqlPracticeOptions;
  readonly #counters: CqlCounters;
  readonly #schema = systemSchema();
  readonly #nodes: readonly PracticeNode[];
  readonly #bound: RowBound;
  #faults: CqlFaults;
  #port = 0;
  #shardPort = 0;

  constructor(options: CqlPracticeOptions) {
    this.#options = options;
    const { nodes = 1, datacenters = ['datacenter1'], shards = 0 } = options;
    this.#counters = emptyCqlCounters(nodes, shards);
    this.#faults = new CqlFaults(options.faults ?? []);
    this.#bound = new RowBound(options.rowsAtMost ?? 100_000, options.bytesAtMost ?? 256 * 2 ** 20);
    const step = 2n ** 64n / BigInt(nodes);
    const peers = Array.from({ length: nodes }, (_, index) => ({
      host: `127.0.0.${index + 1}`,
      hostId: randomUUID(),
      datacenter: datacenters[index % datacenters.length]!,
      rack: 'rack1',
      tokens: [String(-(2n ** 63n) + 1n + step * BigInt(index))],
    }));
    this.#nodes = peers.map((peer, index) => {
      const others = peers.filter((other) => other !== peer);
      return new PracticeNode(peer, shards, this.#counters, (prepared) =>
        this.#groundOf(peer, others, index, prepared),
      );
    });
  }

  get address(): string {
    return this.addresses[0]!;
  }

  get addresses(): readonly string[] {
    return this.#nodes.map(({ peer }) => `${peer.host}:${this.#port}`);
  }

  async listen(port: number): Promise<void> {
    this.#port = port;
    this.#shardPort = 0;
    for (const node of this.#nodes) {
      this.#port = await node.listen(this.#port);
      if (this.#options.shards !== undefined) this.#shardPort = await node.listenForShards(this.#shardPort);
    }
  }

  async counters(): Promise<CqlCounters> {
    return structuredClone({
      ...this.#counters,
      prepared: this.#nodes.reduce((sum, node) => sum + node.prepared.size, 0),
    });
  }

  async setFaults(faults: readonly CqlFault[]): Promise<void> {
    this.#faults = new CqlFaults(faults);
  }

  async stopNode(index: number): Promise<void> {
    await this.#nodes[index]!.close();
    this.#tellStatus(index, 'DOWN');
  }

  async startNode(index: number): Promise<void> {
    const node = this.#nodes[index]!;
    await node.listen(this.#port);
    if (this.#options.shards !== undefined) await node.listenForShards(this.#shardPort);
    this.#tellStatus(index, 'UP');
  }

  async close(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.close()));
  }

  #tellStatus(index: number, status: 'UP' | 'DOWN'): void {
    const { host } = this.#nodes[index]!.peer;
    for (const node of this.#nodes) {
      for (const connection of node.connections) connection.tellStatus(status, host, this.#port);
    }
  }

  #groundOf(
    peer: Peer,
    others: readonly Peer[],
    node: number,
    prepared: PreparedStatements,
  ): ConnectionGround {
    const { login, store = true, version = '5.0.8', shards = 0 } = this.#options;
    const schema = this.#schema;
    return {
      node,
      schema,
      login,
      store,
      shards,
      bound: this.#bound,
      counters: this.#counters,
      prepared,
      faults: () => this.#faults,
      supported: (shard) => this.#supported(shard),
      systemRows: (table) =>
        systemRows(table, { schema, node: peer, peers: others, port: this.#port, version }),
      countShard: (shard, { metadata: { partitionKeyIndexes } }, bound) => {
        this.#counters.executesByShard[shard]!++;
        if (partitionKeyIndexes.length === 0) return;
        const key = partitionKeyIndexes.map((marker) => bound[marker] ?? Buffer.alloc(0));
        if (shardOf(key, shards) !== shard) this.#counters.executesOnWrongShard++;
      },
      schemaChanged: (change) => this.#schemaChanged(change),
    };
  }

  #schemaChanged(change: SchemaChange): void {
    const { target, keyspace, name } = change;
    for (const node of this.#nodes) {
      node.prepared.forgetAbout(keyspace, target === 'TABLE' ? name : undefined);
      for (const connection of node.connections) connection.tellSchemaChange(change);
    }
  }

  #supported(shard: number): ReadonlyMap<string, readonly string[]> {
    const supported = new Map([
      ['COMPRESSION', [] as readonly string[]],
      ['CQL_VERSION', ['3.4.7']],
      ['PROTOCOL_VERSIONS', ['4/v4']],
    ]);
    const { shards } = this.#options;
    if (shards === undefined) return supported;
    return new Map([
      ...supported,
      ['SCYLLA_SHARD', [String(shard)]],
      ['SCYLLA_NR_SHARDS', [String(shards)]],
      ['SCYLLA_PARTITIONER', ['org.apache.cassandra.dht.Murmur3Partitioner']],
      ['SCYLLA_SHARDING_ALGORITHM', ['biased-token-round-robin']],
      ['SCYLLA_SHARDING_IGNORE_MSB', [String(ignoredBits)]],
      ['SCYLLA_SHARD_AWARE_PORT', [String(this.#shardPort)]],
    ]);
  }
}

/** Which shard a partition key belongs to, as ScyllaDB's biased-token-round-robin has it. */
function shardOf(key: readonly Buffer[], shards: number): number {
  const token = tokenValue(tokenOf(partitionKeyBytes(key)));
  const biased = BigInt.asUintN(64, (token + 2n ** 63n) << ignoredBits);
  return Number((biased * BigInt(shards)) >> shardBits);
}

/** The sockets of a node. */
class PracticeNode {
  readonly peer: Peer;
  readonly connections = new Set<CqlConnection>();
  /** Every node has its own, and forgets them when it stops. */
  readonly prepared = new PreparedStatements();
  readonly #shards: number;
  readonly #counters: CqlCounters;
  readonly #ground: (prepared: PreparedStatements) => ConnectionGround;
  #servers: Server[] = [];
  #nextShard = 0;

  constructor(
    peer: Peer,
    shards: number,
    counters: CqlCounters,
    ground: (prepared: PreparedStatements) => ConnectionGround,
  ) {
    this.peer = peer;
    this.#shards = shards;
    this.#counters = counters;
    this.#ground = ground;
  }

  /** Listens, on a free port where it is 0, and returns the port. */
  listen(port: number): Promise<number> {
    return this.#listen(port, () => (this.#shards === 0 ? 0 : this.#nextShard++ % this.#shards));
  }

  /** The second port: here the client's own port says which shard it wants. */
  listenForShards(port: number): Promise<number> {
    return this.#listen(port, (socket) => (socket.remotePort ?? 0) % this.#shards);
  }

  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    this.#servers = [];
    for (const connection of this.connections) connection.close();
    this.prepared.clear();
    await Promise.all(closed);
  }

  async #listen(port: number, shardOfSocket: (socket: Socket) => number): Promise<number> {
    const server = createServer((socket) => this.#accept(socket, shardOfSocket(socket)));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, this.peer.host, resolve);
    });
    this.#servers.push(server);
    return (server.address() as AddressInfo).port;
  }

  #accept(socket: Socket, shard: number): void {
    const counters = this.#counters;
    const connection = new CqlConnection(socket, this.#ground(this.prepared), shard);
    this.connections.add(connection);
    counters.connections++;
    counters.openConnections++;
    counters.openConnectionsAtMost = Math.max(counters.openConnectionsAtMost, counters.openConnections);
    counters.framesByRemotePort[connection.remotePort] = 0;
    socket.on('close', () => {
      this.connections.delete(connection);
      counters.openConnections--;
      delete counters.framesByRemotePort[connection.remotePort];
    });
  }
}
