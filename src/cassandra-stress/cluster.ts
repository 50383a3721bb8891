import type { SchemaColumn } from '../stress-client/target/cql/cql-session.ts';

/** What a command line asks of the cluster before it can become a script. It throws Refusal where no answer comes. */
export interface Cluster {
  /** Parts of keys in their order; none where the table is not there. */
  tableColumns(keyspace: string, table: string): Promise<readonly SchemaColumn[]>;
  /** The tokens of all nodes, where they are Murmur3's. */
  tokens(): Promise<readonly bigint[]>;
}
