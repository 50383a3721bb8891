import { changeSchema } from './change-schema.ts';
import { native, typeText } from './cql-type.ts';
import type { CqlType } from './cql-type.ts';
import { encodeText } from './encode-literal.ts';
import { collectionOf } from './nested-values.ts';
import { parseStatement } from './parse-statement.ts';
import { Schema } from './schema.ts';
import type { Options as TableOptions } from './statement.ts';
import type { Keyspace, Table } from './schema.ts';
import { RowBound, TableRows } from './table-rows.ts';

/** A node as the others know it. */
export interface Peer {
  readonly host: string;
  readonly hostId: string;
  readonly datacenter: string;
  readonly rack: string;
  readonly tokens: readonly string[];
}

/** What the system tables of a node tell. */
export interface SystemFacts {
  readonly schema: Schema;
  readonly node: Peer;
  /** The others that it knows of. */
  readonly peers: readonly Peer[];
  readonly port: number;
  readonly version: string;
}

type PlainValue = string | number | boolean | null | readonly string[] | ReadonlyMap<string, string>;
type PlainRow = Readonly<Record<string, PlainValue>>;

const tableOptions = `additional_write_policy text, allow_auto_snapshot boolean, bloom_filter_fp_chance double,
  caching map<text, text>, cdc boolean, comment text, compaction map<text, text>, compression map<text, text>,
  crc_check_chance double, dclocal_read_repair_chance double, default_time_to_live int,
  extensions map<text, blob>, gc_grace_seconds int, id uuid, incremental_backups boolean, max_index_interval int,
  memtable text, memtable_flush_period_in_ms int, min_index_interval int, read_repair text,
  read_repair_chance double, speculative_retry text`;
const clusteredBy = (...columns: readonly string[]): string =>
  `PRIMARY KEY (${columns[0]}${columns
    .slice(1)
    .map((column) => `, ${column}`)
    .join('')})`;

/** As Cassandra 5 has them, so far as clients ask. */
const definitions: readonly string[] = [
  `CREATE TABLE system.local (key text PRIMARY KEY, bootstrapped text, broadcast_address inet, broadcast_port int,
    cluster_name text, cql_version text, data_center text, gossip_generation int, host_id uuid, listen_address inet,
    listen_port int, native_protocol_version text, partitioner text, rack text, release_version text,
    rpc_address inet, rpc_port int, schema_version uuid, tokens set<text>, truncated_at map<uuid, blob>)`,
  `CREATE TABLE system.peers (peer inet PRIMARY KEY, data_center text, host_id uuid, preferred_ip inet, rack text,
    release_version text, rpc_address inet, schema_version uuid, tokens set<text>)`,
  `CREATE TABLE system.peers_v2 (peer inet, peer_port int, data_center text, host_id uuid, native_address inet,
    native_port int, preferred_ip inet, preferred_port int, rack text, release_version text, schema_version uuid,
    tokens set<text>, ${clusteredBy('peer', 'peer_port')})`,
  `CREATE TABLE system_schema.keyspaces (keyspace_name text PRIMARY KEY, durable_writes boolean,
    replication map<text, text>)`,
  `CREATE TABLE system_schema.tables (keyspace_name text, table_name text, flags set<text>, ${tableOptions},
    ${clusteredBy('keyspace_name', 'table_name')})`,
  `CREATE TABLE system_schema.columns (keyspace_name text, table_name text, column_name text,
    clustering_order text, column_name_bytes blob, kind text, position int, type text,
    ${clusteredBy('keyspace_name', 'table_name', 'column_name')})`,
  `CREATE TABLE system_schema.types (keyspace_name text, type_name text, field_names list<text>,
    field_types list<text>, ${clusteredBy('keyspace_name', 'type_name')})`,
  `CREATE TABLE system_schema.indexes (keyspace_name text, table_name text, index_name text, kind text,
    options map<text, text>, ${clusteredBy('keyspace_name', 'table_name', 'index_name')})`,
  `CREATE TABLE system_schema.views (keyspace_name text, view_name text, base_table_id uuid, base_table_name text,
    include_all_columns boolean, where_clause text, ${tableOptions}, ${clusteredBy('keyspace_name', 'view_name')})`,
  `CREATE TABLE system_schema.functions (keyspace_name text, function_name text, argument_types frozen<list<text>>,
    argument_names list<text>, body text, called_on_null_input boolean, language text, return_type text,
    ${clusteredBy('keyspace_name', 'function_name', 'argument_types')})`,
  `CREATE TABLE system_schema.aggregates (keyspace_name text, aggregate_name text,
    argument_types frozen<list<text>>, final_func text, initcond text, return_type text, state_func text,
    state_type text, ${clusteredBy('keyspace_name', 'aggregate_name', 'argument_types')})`,
  `CREATE TABLE system_schema.triggers (keyspace_name text, table_name text, trigger_name text,
    options map<text, text>, ${clusteredBy('keyspace_name', 'table_name', 'trigger_name')})`,
  `CREATE TABLE system_virtual_schema.keyspaces (keyspace_name text PRIMARY KEY)`,
  `CREATE TABLE system_virtual_schema.tables (keyspace_name text, table_name text, comment text,
    ${clusteredBy('keyspace_name', 'table_name')})`,
  `CREATE TABLE system_virtual_schema.columns (keyspace_name text, table_name text, column_name text,
    clustering_order text, column_name_bytes blob, kind text, position int, type text,
    ${clusteredBy('keyspace_name', 'table_name', 'column_name')})`,
];

const localStrategy = new Map([['class', 'org.apache.cassandra.locator.LocalStrategy']]);

/** A schema of nothing but the system's own keyspaces. */
export function systemSchema(): Schema {
  const schema = new Schema();
  const bound = new RowBound(1, 0);
  const keyspaces: Keyspace[] = ['system', 'system_schema', 'system_virtual_schema'].map((name) => ({
    name,
    replication: localStrategy,
    durableWrites: true,
    tables: new Map(),
    types: new Map(),
    isSystem: false,
  }));
  for (const keyspace of keyspaces) schema.keyspaces.set(keyspace.name, keyspace);
  for (const text of definitions) {
    const { statement } = parseStatement(text);
    if (statement.kind === 'create table') changeSchema(statement, schema, undefined, bound);
  }
  for (const keyspace of keyspaces) schema.keyspaces.set(keyspace.name, { ...keyspace, isSystem: true });
  return schema;
}

/** The rows of a system table as a node has them now. */
export function systemRows(table: Table, facts: SystemFacts): TableRows {
  const plain = plainRows(`${table.keyspace}.${table.name}`, facts);
  const rows = new TableRows(table.clusteringKey, new RowBound(plain.length + 1, Infinity));
  for (const values of plain) {
    const value = (name: string, type: CqlType): Buffer =>
      encodePlain(values[name] ?? null, type) ?? Buffer.alloc(0);
    const partition = rows.partitionOrNew(table.partitionKey.map(({ name, type }) => value(name, type)));
    const row = partition.rowOrNew(table.clusteringKey.map(({ name, type }) => value(name, type)));
    row.inserted = true;
    for (const { name, type, kind, cell } of table.columns) {
      if (kind === 'regular') row.cells[cell] = encodePlain(values[name] ?? null, type);
    }
  }
  return rows;
}

function plainRows(table: string, facts: SystemFacts): readonly PlainRow[] {
  const { schema, node, peers, port, version } = facts;
  const userAndSystem = [...schema.keyspaces.values()];
  switch (table) {
    case 'system.local':
      return [
        {
          key: 'local',
          bootstrapped: 'COMPLETED',
          broadcast_address: node.host,
          broadcast_port: internodePort,
          cluster_name: 'stressql practice server',
          cql_version: '3.4.7',
          data_center: node.datacenter,
          gossip_generation: 1,
          host_id: node.hostId,
          listen_address: node.host,
          listen_port: internodePort,
          native_protocol_version: '4',
          partitioner: 'org.apache.cassandra.dht.Murmur3Partitioner',
          rack: node.rack,
          release_version: version,
          rpc_address: node.host,
          rpc_port: port,
          schema_version: schema.version,
          tokens: node.tokens,
        },
      ];
    case 'system.peers':
    case 'system.peers_v2':
      return peers.map((peer) => ({
        peer: peer.host,
        peer_port: internodePort,
        data_center: peer.datacenter,
        host_id: peer.hostId,
        native_address: peer.host,
        native_port: port,
        rack: peer.rack,
        release_version: version,
        rpc_address: peer.host,
        schema_version: schema.version,
        tokens: peer.tokens,
      }));
    case 'system_schema.keyspaces':
      return userAndSystem.map(({ name, durableWrites, replication }) => ({
        keyspace_name: name,
        durable_writes: durableWrites,
        replication,
      }));
    case 'system_schema.tables':
      return tablesOf(userAndSystem).map(tableRow);
    case 'system_schema.columns':
      return tablesOf(userAndSystem).flatMap(columnRows);
    case 'system_schema.types':
      return userAndSystem.flatMap((keyspace) =>
        [...keyspace.types.values()].map(({ name, fields }) => ({
          keyspace_name: keyspace.name,
          type_name: name,
          field_names: fields.map((field) => field.name),
          field_types: fields.map((field) => typeText(field.type)),
        })),
      );
    case 'system_schema.indexes':
      return tablesOf(userAndSystem).flatMap(indexRows);
    default:
      return [];
  }
}

const internodePort = 7000;

function tablesOf(keyspaces: readonly Keyspace[]): readonly Table[] {
  return keyspaces.flatMap((keyspace) => [...keyspace.tables.values()]);
}

function tableRow({ keyspace, name, id, isCounter, options }: Table): PlainRow {
  return {
    ...tableDefaults,
    ...given(options),
    keyspace_name: keyspace,
    table_name: name,
    flags: isCounter ? ['compound', 'counter'] : ['compound'],
    id,
  };
}

const tableDefaults: PlainRow = {
  additional_write_policy: '99p',
  bloom_filter_fp_chance: 0.01,
  caching: new Map([
    ['keys', 'ALL'],
    ['rows_per_partition', 'NONE'],
  ]),
  comment: '',
  compaction: new Map([
    ['class', 'org.apache.cassandra.db.compaction.SizeTieredCompactionStrategy'],
    ['max_threshold', '32'],
    ['min_threshold', '4'],
  ]),
  compression: new Map([
    ['chunk_length_in_kb', '16'],
    ['class', 'org.apache.cassandra.io.compress.LZ4Compressor'],
  ]),
  crc_check_chance: 1,
  dclocal_read_repair_chance: 0,
  default_time_to_live: 0,
  extensions: new Map(),
  gc_grace_seconds: 864_000,
  max_index_interval: 2048,
  memtable_flush_period_in_ms: 0,
  min_index_interval: 128,
  read_repair: 'BLOCKING',
  read_repair_chance: 0,
  speculative_retry: '99p',
};

/** What WITH said of a table, as far as its row has a column for it. */
function given(options: TableOptions): PlainRow {
  const row: Record<string, PlainValue> = {};
  for (const [name, value] of options) {
    const usual = tableDefaults[name];
    if (usual === undefined) continue;
    row[name] = typeof usual === 'number' && typeof value === 'string' ? Number(value) : value;
  }
  return row;
}

function columnRows(table: Table): readonly PlainRow[] {
  return table.columns.map(({ name, type, kind, position, descending }) => ({
    keyspace_name: table.keyspace,
    table_name: table.name,
    column_name: name,
    clustering_order: kind !== 'clustering' ? 'none' : descending ? 'desc' : 'asc',
    column_name_bytes: `0x${Buffer.from(name).toString('hex')}`,
    kind,
    position,
    type: typeText(type),
  }));
}

function indexRows(table: Table): readonly PlainRow[] {
  return [...table.indexes].map(([name, { target, custom }]) => ({
    keyspace_name: table.keyspace,
    table_name: table.name,
    index_name: name,
    kind: custom === undefined ? 'COMPOSITES' : 'CUSTOM',
    options: new Map(
      custom === undefined
        ? [['target', target]]
        : [
            ['class_name', custom],
            ['target', target],
          ],
    ),
  }));
}

function encodePlain(value: PlainValue, type: CqlType): Buffer | null {
  if (value === null) return null;
  if (value instanceof Map) {
    const text = native('text');
    return collectionOf(
      [...value].flat().map((item) => encodePlain(String(item), text)!),
      2,
    );
  }
  if (typeof value === 'object') {
    return collectionOf((value as readonly string[]).map((item) => Buffer.from(item)));
  }
  return type.kind === 'native' ? encodeText(type.name, String(value)) : null;
}
