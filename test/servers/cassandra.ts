import type { Client } from 'cassandra-driver';
import { randomBytes } from 'node:crypto';
import { afterAll } from 'vitest';
import { cqlClient } from './cql-client.ts';
import { describeWithServer } from './describe-with-server.ts';
import type { RealServer, ServerKind } from './real-server.ts';

/** A real Cassandra. */
export class Cassandra {
  readonly server: RealServer;
  #keyspaces: string[] = [];
  #clients: Client[] = [];
  readonly #clientOf = new Map<string, Promise<Client>>();

  constructor(server: RealServer) {
    this.server = server;
  }

  get address(): string {
    return this.server.address;
  }

  /** A keyspace that nothing else uses; dropped when the suite ends. */
  async createKeyspace(): Promise<string> {
    const name = `stressql_test_${randomBytes(5).toString('hex')}`;
    const replication = "{'class': 'SimpleStrategy', 'replication_factor': 1}";
    await this.query(`CREATE KEYSPACE ${name} WITH replication = ${replication} AND durable_writes = false`);
    this.#keyspaces.push(name);
    return name;
  }

  /** Every row of a CQL statement, values as cassandra-driver gives them; throws on an error. */
  async query(text: string, keyspace?: string): Promise<readonly Record<string, unknown>[]> {
    let client = this.#clientOf.get(keyspace ?? '');
    if (client === undefined) this.#clientOf.set(keyspace ?? '', (client = this.client(keyspace)));
    const rows: Record<string, unknown>[] = [];
    for await (const row of await (await client).execute(text)) {
      rows.push(Object.fromEntries(row.keys().map((name) => [name, row.get(name)])));
    }
    return rows;
  }

  /** A connected client; closed when the suite ends. */
  async client(keyspace?: string): Promise<Client> {
    const client = cqlClient(this.server, keyspace);
    this.#clients.push(client);
    await client.connect();
    return client;
  }

  async close(): Promise<void> {
    for (const name of this.#keyspaces) await this.query(`DROP KEYSPACE IF EXISTS ${name}`);
    await Promise.all(this.#clients.map((client) => client.shutdown()));
    this.#keyspaces = [];
    this.#clients = [];
    this.#clientOf.clear();
  }
}

// Schema changes take a second each on a busy machine.
const closeWithinMs = 120_000;

/** A suite that needs a real Cassandra 5, as `describeWithServer` says. */
export function describeWithCassandra(title: string, suite: (cassandra: Cassandra) => void): void {
  describeWith('cassandra', title, suite);
}

/** As `describeWithCassandra`, with one that asks for a login. */
export function describeWithCassandraLogin(title: string, suite: (cassandra: Cassandra) => void): void {
  describeWith('cassandra-auth', title, suite);
}

/** As `describeWithCassandra`, with one that takes TLS too, with a certificate of its own (`server.caFile`). */
export function describeWithCassandraTls(title: string, suite: (cassandra: Cassandra) => void): void {
  describeWith('cassandra-tls', title, suite);
}

function describeWith(kind: ServerKind, title: string, suite: (cassandra: Cassandra) => void): void {
  describeWithServer(kind, title, (server) => {
    const cassandra = new Cassandra(server);
    afterAll(() => cassandra.close(), closeWithinMs);
    suite(cassandra);
  });
}
