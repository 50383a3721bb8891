import type { Client } from 'cassandra-driver';
import { cqlClient } from '../test/servers/cql-client.ts';

/** What every contestant of CQL writes: a key and five values, in a keyspace of its own. */
export class CassandraTable {
  readonly keyspace: string;
  readonly #client: Client;

  private constructor(keyspace: string, client: Client) {
    this.keyspace = keyspace;
    this.#client = client;
  }

  /** Makes the table anew. */
  static async create(address: string, keyspace: string): Promise<CassandraTable> {
    const client = cqlClient({ product: 'Cassandra', version: '', address, source: '' });
    await client.connect();
    const replication = "{'class': 'SimpleStrategy', 'replication_factor': 1}";
    await client.execute(`DROP KEYSPACE IF EXISTS ${keyspace}`);
    await client.execute(`CREATE KEYSPACE ${keyspace} WITH replication = ${replication}`);
    const values = ['C0', 'C1', 'C2', 'C3', 'C4'].map((name) => `"${name}" blob`).join(', ');
    await client.execute(`CREATE TABLE ${keyspace}.standard1 (key blob PRIMARY KEY, ${values})`);
    return new CassandraTable(keyspace, client);
  }

  async clear(): Promise<void> {
    await this.#client.execute(`TRUNCATE ${this.keyspace}.standard1`);
  }

  /** The rows, one by one: count(*) gives up on a table of millions. */
  async rows(): Promise<number> {
    let rows = 0;
    let pageState: string | undefined;
    do {
      const text = `SELECT key FROM ${this.keyspace}.standard1`;
      const page = await this.#client.execute(text, [], {
        fetchSize: 20_000,
        ...(pageState === undefined ? {} : { pageState }),
      });
      rows += page.rowLength;
      pageState = page.pageState ?? undefined;
    } while (pageState !== undefined);
    return rows;
  }

  async drop(): Promise<void> {
    await this.#client.execute(`DROP KEYSPACE ${this.keyspace}`);
    await this.#client.shutdown();
  }
}
