import { lookup } from 'node:dns/promises';
import { checkServerIdentity } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { policies, types } from 'cassandra-driver';
import type { Client, ClientOptions, DseClientOptions, Host } from 'cassandra-driver';
import type { Clock } from '../../clock.ts';
import type { CqlTableKeys } from '../../cql-plan.ts';
import type { Settings } from '../../settings.ts';
import { printableMessage } from '../printable-message.ts';
import { readTls } from '../read-tls.ts';
import type { Failure } from '../socket-error.ts';
import { socketError } from '../socket-error.ts';
import type { ServerInfo, TargetError } from '../target.ts';
import { readCqlAddress } from './cql-address.ts';
import type { CqlAddress } from './cql-address.ts';
import { cqlString, readTableName } from './cql-name.ts';
import { DriverClient } from './driver/driver-client.ts';
import { driverError } from './driver/driver-error.ts';
import { ExchangeTracker } from './driver/exchange-tracker.ts';
import { CqlConnection } from './protocol/cql-connection.ts';
import type { CqlConnectionOptions } from './protocol/frame-socket.ts';
import type { PreparedStatement, ResultRows } from './protocol/result.ts';

/** A node that gets load. */
export interface CqlNode {
  /** As written in Addresses, else `ip:port`. */
  readonly name: string;
  /** An IP address. */
  readonly host: string;
  readonly port: number;
  readonly hostId: string;
  readonly rack: string;
  /** Of the server. */
  readonly version: string;
  /** cassandra-driver has a connection to it. */
  readonly up: boolean;
}

/** Who has which partitions of a keyspace: the ranges of tokens, in order, each to its end inclusive. */
export interface TokenRing {
  readonly ends: BigInt64Array;
  /** For each range the replicas in the local datacenter, as indexes into `nodes`. */
  readonly replicas: readonly (readonly number[])[];
  readonly nodes: readonly CqlNode[];
}

/** A column as system_schema has it. */
export interface SchemaColumn {
  readonly name: string;
  readonly kind: 'partition_key' | 'clustering' | 'regular' | 'static';
  /** As CQL writes it: `map<text, int>`. */
  readonly type: string;
}

/** What an address said about itself. */
interface MetNode {
  readonly address: CqlAddress;
  /** The name of its cluster. */
  readonly cluster: string;
  readonly hostId: string;
  readonly datacenter: string;
  readonly version: string;
  /** Where it is ScyllaDB. */
  readonly scyllaVersion: string | undefined;
  /** Datacenters of all nodes that it knows. */
  readonly datacenters: readonly string[];
  /** Host ids of all nodes that it knows. */
  readonly hostIds: readonly string[];
}

/** What is known of the cluster before the driver connects to it. */
interface Cluster {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly datacenter: string;
  readonly met: readonly MetNode[];
  readonly tls: ConnectionOptions | undefined;
  readonly contactPoints: readonly string[];
}

/** Reconnecting goes on at this pace, so that a node that is back gets load again at once. */
const reconnectEveryMs = 1000;
const connectTimeoutMsAtMost = 5000;
/** Stream ids of a connection; more can't be in flight on it. */
const requestsPerConnection = 32_768;
/** Waiting is bounded by who waits: Timeout. */
const schemaAgreementWithinSeconds = 86_400;

/**
 * The cluster as cassandra-driver sees it: nodes, ring and schema, with one connection to each node of the local
 * datacenter, which carries no load.
 */
export class CqlSession {
  /** The one whose nodes get load. */
  readonly datacenter: string;
  /** Without a keyspace. */
  readonly client: Client;
  readonly #cluster: Cluster;
  readonly #opened: DriverClient;

  private constructor(cluster: Cluster, opened: DriverClient) {
    this.datacenter = cluster.datacenter;
    this.client = opened.client;
    this.#cluster = cluster;
    this.#opened = opened;
  }

  /** Logs in at every address, and learns the ring. */
  static async open(settings: Settings, clock: Clock): Promise<CqlSession | TargetError> {
    const addresses = readAddresses(settings);
    if ('errorClass' in addresses) return addresses;
    const tls = tlsOptions(settings, addresses);
    if (tls !== undefined && 'errorClass' in tls) return tls;
    const met: MetNode[] = [];
    for (const node of await Promise.all(
      addresses.map((address) => meet(address, { settings, tls, clock })),
    )) {
      if ('errorClass' in node) return asTargetError(node, settings);
      met.push(node);
    }
    const stranger = strangerAmong(met);
    if (stranger !== undefined) return stranger;
    const datacenter = localDatacenter(settings, met);
    if (typeof datacenter !== 'string') return datacenter;
    const contacts = met.filter((node) => node.datacenter === datacenter);
    const contactPoints = await resolve(contacts.length > 0 ? contacts : met);
    if ('errorClass' in contactPoints) return contactPoints;
    const cluster: Cluster = { settings, clock, datacenter, met, tls, contactPoints };
    const client = await DriverClient.open(driverOptions(cluster));
    return 'errorClass' in client ? asTargetError(client, settings) : new CqlSession(cluster, client);
  }

  /** Nodes of the local datacenter; those that are not up may come back. */
  get nodes(): readonly CqlNode[] {
    return this.#hosts().map((host) => this.#node(host));
  }

  /** What answers, a line for each node that gets load. */
  get servers(): readonly ServerInfo[] {
    const scylla = this.#cluster.met[0]!.scyllaVersion;
    const cluster = this.#cluster.met[0]!.cluster;
    return this.nodes.map(({ name, host, hostId, rack, version: release, up }) => {
      const met = this.#cluster.met.find((node) => node.hostId === hostId);
      const version = met?.scyllaVersion ?? scylla ?? release;
      const product = scylla === undefined ? 'Cassandra' : 'ScyllaDB';
      const node = { cluster, datacenter: this.datacenter, rack, host };
      return { address: name, product: `${product} ${version}${up ? '' : ' (not reached)'}`, version, node };
    });
  }

  /** How to open a connection of our own to a node. */
  connectionOptions({ host, port }: CqlNode): CqlConnectionOptions {
    return connectionOptions({ name: '', host, port }, this.#cluster);
  }

  /** How cassandra-driver connects, with nothing switched on that would change what is measured. */
  clientOptions(): DseClientOptions {
    return driverOptions(this.#cluster);
  }

  async hasKeyspace(keyspace: string): Promise<boolean | TargetError> {
    const found = await this.select(
      `SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ${cqlString(keyspace)}`,
    );
    return 'errorClass' in found ? found : found.length > 0;
  }

  /** The primary key of a table or a view, as the schema has it now; undefined where there is none. */
  async tableKeys(text: string, inKeyspace: string): Promise<CqlTableKeys | undefined | TargetError> {
    const { keyspace, table } = readTableName(text, inKeyspace);
    const columns = await this.tableColumns(keyspace, table);
    if ('errorClass' in columns) return columns;
    if (columns.length === 0) return undefined;
    const ofKind = (wanted: SchemaColumn['kind']): string[] =>
      columns.filter(({ kind }) => kind === wanted).map(({ name }) => name);
    return { keyspace, table, partitionKey: ofKind('partition_key'), clusteringKey: ofKind('clustering') };
  }

  /** What the schema has of a table or a view now: parts of keys in their order; none where it is not there. */
  async tableColumns(keyspace: string, table: string): Promise<readonly SchemaColumn[] | TargetError> {
    const rows = await this.select(
      'SELECT column_name, kind, position, type FROM system_schema.columns ' +
        `WHERE keyspace_name = ${cqlString(keyspace)} AND table_name = ${cqlString(table)}`,
    );
    if ('errorClass' in rows) return rows;
    return rows
      .toSorted((one, other) => Number(one['position']) - Number(other['position']))
      .map((row) => ({
        name: String(row['column_name']),
        kind: String(row['kind']) as SchemaColumn['kind'],
        type: String(row['type']),
      }));
  }

  /** Asks PREPARE about a text, on a connection of its own since the keyspace is the connection's. */
  async prepare(text: string, keyspace: string): Promise<PreparedStatement | TargetError> {
    const node = this.nodes.find(({ up }) => up) ?? this.nodes[0]!;
    const connection = await CqlConnection.open(this.connectionOptions(node));
    if ('errorClass' in connection) return this.targetError(connection);
    try {
      const prepared = (await connection.use(keyspace)) ?? (await connection.prepare(text));
      return 'errorClass' in prepared ? this.targetError(prepared) : prepared;
    } finally {
      connection.close();
    }
  }

  /** Who has which partitions of a keyspace now; undefined where it is not there, or its tokens are not Murmur3's. */
  async ring(keyspace: string): Promise<TokenRing | undefined> {
    const { metadata } = this.client;
    // Where it can't be asked, the ring is as it was last known.
    await metadata.refreshKeyspace(keyspace).catch(() => {});
    if (metadata.keyspaces[keyspace] === undefined) return undefined;
    const hosts = this.#hosts();
    const tokens = this.tokens();
    if (tokens === undefined) return undefined;
    const sorted = tokens
      .map((end) => ({
        end,
        replicas: metadata
          .getReplicas(keyspace, metadata.newToken(String(end)))
          .map((host) => hosts.indexOf(host))
          .filter((index) => index >= 0),
      }))
      .sort((one, other) => (one.end < other.end ? -1 : 1));
    return {
      ends: BigInt64Array.from(sorted, ({ end }) => end),
      replicas: sorted.map(({ replicas }) => replicas),
      nodes: hosts.map((host) => this.#node(host)),
    };
  }

  /** The tokens of all nodes, in no order; undefined where they are not Murmur3's. */
  tokens(): readonly bigint[] | undefined {
    const { metadata, hosts } = this.client;
    const texts = hosts.values().flatMap(({ tokens }) => tokens);
    const areMurmur3 = texts.every(
      (text) => metadata.newToken(text).getType().code === types.dataTypes.bigint,
    );
    return areMurmur3 ? texts.map(BigInt) : undefined;
  }

  /** The rows of a text about the schema. */
  async select(text: string): Promise<readonly types.Row[] | TargetError> {
    try {
      return (await this.client.execute(text)).rows;
    } catch (error) {
      return this.targetError(driverError(error));
    }
  }

  /** A failure as it is reported, without secrets. `sent`: pass-through text, in which there may be one. */
  targetError(failure: Failure & { readonly address?: string }, sent = ''): TargetError {
    return asTargetError(failure, this.#cluster.settings, sent);
  }

  close(): Promise<void> {
    return this.#opened.close();
  }

  #hosts(): Host[] {
    return this.client.hosts.values().filter((host) => host.datacenter === this.datacenter);
  }

  #node(host: Host): CqlNode {
    const at = host.address.lastIndexOf(':');
    const ip = host.address.slice(0, at);
    const port = Number(host.address.slice(at + 1));
    const hostId = String(host.hostId);
    const written = this.#cluster.met.find((node) => node.hostId === hostId)?.address.name;
    return {
      name: written ?? (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`),
      host: ip,
      port,
      hostId,
      rack: host.rack,
      version: host.cassandraVersion,
      up: host.isUp(),
    };
  }
}

/** Pools of `count` connections to every node that gets load. */
export function connectionsPerHost(count: number): NonNullable<ClientOptions['pooling']> {
  const { local, remote } = types.distance;
  return { coreConnectionsPerHost: { [local]: count, [remote]: count } };
}

function driverOptions({ settings, datacenter, met, tls, contactPoints }: Cluster): DseClientOptions {
  const { Username: username, Password: password } = settings;
  return {
    contactPoints: [...contactPoints],
    localDataCenter: datacenter,
    ...(username === '' ? {} : { credentials: { username, password } }),
    ...(tls === undefined ? {} : { sslOptions: tls }),
    protocolOptions: {
      maxVersion: types.protocolVersion.v4,
      // Nodes that only the ring names have the port of the first address.
      port: met[0]!.address.port,
      maxSchemaAgreementWaitSeconds: schemaAgreementWithinSeconds,
    },
    policies: {
      loadBalancing: new policies.loadBalancing.DCAwareRoundRobinPolicy(datacenter),
      reconnection: new policies.reconnection.ConstantReconnectionPolicy(reconnectEveryMs),
      retry: new policies.retry.FallthroughRetryPolicy(),
    },
    pooling: { ...connectionsPerHost(1), maxRequestsPerConnection: requestsPerConnection },
    socketOptions: { connectTimeout: Math.min(connectTimeoutMsAtMost, settings.Timeout / 1e6) },
    monitorReporting: { enabled: false },
    requestTracker: new ExchangeTracker(),
  };
}

function readAddresses(settings: Settings): readonly CqlAddress[] | TargetError {
  const addresses: CqlAddress[] = [];
  for (const name of settings.Addresses) {
    const address = readCqlAddress(name);
    if ('expected' in address) {
      // It may hold a password, so it is told by its place.
      const message = `address ${addresses.length + 1} of Addresses is none of a node`;
      return { errorClass: 'client', message, status: 0, hint: `expected ${address.expected}` };
    }
    addresses.push(address);
  }
  return addresses;
}

/**
 * The ring names its nodes by IP address, which few certificates hold: a certificate is as good where it is for a
 * host that Addresses names.
 */
function tlsOptions(
  settings: Settings,
  addresses: readonly CqlAddress[],
): ConnectionOptions | TargetError | undefined {
  if (!settings.SSL) return undefined;
  const tls = readTls(settings);
  if ('errorClass' in tls || !settings.VerifyHost) return tls;
  return {
    ...tls,
    checkServerIdentity(host, certificate) {
      const error = checkServerIdentity(host, certificate);
      const named = addresses.some((each) => checkServerIdentity(each.host, certificate) === undefined);
      return named ? undefined : error;
    },
  };
}

function connectionOptions(
  { host, port }: CqlAddress,
  { settings, tls, clock }: Pick<Cluster, 'settings' | 'tls' | 'clock'>,
): CqlConnectionOptions {
  const { Username: username, Password: password, Timeout: timeoutNs } = settings;
  return { host, port, ...(tls === undefined ? {} : { tls }), username, password, clock, timeoutNs };
}

/** Logs in at an address and asks who it is. */
async function meet(
  address: CqlAddress,
  how: Pick<Cluster, 'settings' | 'tls' | 'clock'>,
): Promise<MetNode | TargetError> {
  const connection = await CqlConnection.open(connectionOptions(address, how));
  if ('errorClass' in connection) return { ...connection, address: address.name };
  try {
    const local = await connection.query("SELECT * FROM system.local WHERE key='local'");
    if ('errorClass' in local) return { ...local, address: address.name };
    const peers = await connection.query('SELECT * FROM system.peers');
    if ('errorClass' in peers) return { ...peers, address: address.name };
    const isScylla = [...connection.supported.keys()].some((name) => name.startsWith('SCYLLA_'));
    const versions = isScylla
      ? await connection.query("SELECT version FROM system.versions WHERE key='local'")
      : undefined;
    const told = versions === undefined || 'errorClass' in versions ? [] : textsOf(versions, 'version');
    const [datacenter = ''] = textsOf(local, 'data_center');
    const [hostId = ''] = hostIdsOf(local);
    return {
      address,
      cluster: textsOf(local, 'cluster_name')[0] ?? '',
      hostId,
      datacenter,
      version: textsOf(local, 'release_version')[0] ?? '',
      scyllaVersion: isScylla ? (told[0] ?? 'of unknown version') : undefined,
      datacenters: [datacenter, ...textsOf(peers, 'data_center')],
      hostIds: [hostId, ...hostIdsOf(peers)],
    };
  } finally {
    connection.close();
  }
}

function valuesOf({ columns, rows }: ResultRows, name: string): readonly Buffer[] {
  const index = columns.findIndex((column) => column.name === name);
  return rows.flatMap((row) => row[index] ?? []);
}

function textsOf(result: ResultRows, name: string): readonly string[] {
  return valuesOf(result, name).map((value) => value.toString());
}

function hostIdsOf(result: ResultRows): readonly string[] {
  return valuesOf(result, 'host_id').map((value) => String(new types.Uuid(value)));
}

/** Nodes of two clusters would be loaded, or one of them not at all. */
function strangerAmong([first, ...others]: readonly MetNode[]): TargetError | undefined {
  const stranger = others.find(({ hostId }) => !first!.hostIds.includes(hostId));
  if (stranger === undefined) return undefined;
  return {
    errorClass: 'client',
    message: `${first!.address.name} and ${stranger.address.name} are not of one cluster`,
    status: 0,
    address: stranger.address.name,
    hint: 'Addresses names nodes of one cluster',
  };
}

function localDatacenter(settings: Settings, met: readonly MetNode[]): string | TargetError {
  const asked = settings.LocalDatacenter;
  if (asked === 'auto') return met[0]!.datacenter;
  const there = [...new Set(met.flatMap(({ datacenters }) => datacenters))];
  if (there.includes(asked)) return asked;
  return {
    errorClass: 'not-found',
    message: `there is no datacenter ${asked}`,
    status: 0,
    hint: `SET LocalDatacenter to ${there.join(' or ')}, or to auto`,
  };
}

/** IP addresses with ports, as the driver takes them: it would ask name servers only, and not the machine. */
async function resolve(nodes: readonly MetNode[]): Promise<readonly string[] | TargetError> {
  const contactPoints: string[] = [];
  for (const { address } of nodes) {
    const { name, host, port } = address;
    try {
      for (const { address: ip, family } of await lookup(host, { all: true })) {
        contactPoints.push(family === 6 ? `[${ip}]:${port}` : `${ip}:${port}`);
      }
    } catch (error) {
      return { ...socketError(error, false), address: name };
    }
  }
  return contactPoints;
}

function asTargetError(
  { errorClass, message, status, hint, address }: Failure & { readonly address?: string },
  settings: Settings,
  sent = '',
): TargetError {
  return {
    errorClass,
    message: printableMessage(message, settings, sent),
    status,
    ...(address === undefined ? {} : { address }),
    ...(hint === undefined ? {} : { hint }),
  };
}
