import type { CqlTableKeys } from '../../stress-client/cql-plan.ts';
import { readCqlName, readTableName } from '../../stress-client/target/cql/cql-name.ts';

/** Words that are no names without quotes: https://cassandra.apache.org/doc/latest/cassandra/developing/cql/appendices.html */
const reserved = new Set(
  `add allow alter and apply asc authorize batch begin by columnfamily create default delete desc describe drop entries execute
  false from full grant if in index infinity insert into is keyspace limit materialized mbean mbeans modify nan norecursive
  not null of on or order primary rename replace revoke schema select set table to token true truncate unlogged unset update use
  using view where with`.split(/\s+/),
);

/** A name as CQL writes it: within quotes where it needs them. */
export function cqlName(text: string): string {
  return /^[a-z][a-z0-9_]*$/.test(text) && !reserved.has(text) ? text : `"${text.replaceAll('"', '""')}"`;
}

/** The primary key of a table that a text in `keyspace` calls `table`; undefined where it is not among `keys`. */
export function keysOfTable(
  table: string,
  keyspace: string,
  keys: readonly CqlTableKeys[],
): CqlTableKeys | undefined {
  const wanted = readTableName(table, readCqlName(keyspace));
  return keys.find((each) => each.keyspace === wanted.keyspace && each.table === wanted.table);
}
