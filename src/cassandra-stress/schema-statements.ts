import type { Options, SchemaSettings, StressSettings } from './settings.ts';

/*
 * The statements of the predefined commands. Their texts are what cassandra-stress sends, so that a server that
 * looks at texts, such as an audit log, sees no difference. Only the compression of a table is the newer one's
 * (`class`): Cassandra 5 refuses the older word.
 */

/** What stands for a statement's values: markers, or the slots of a template. */
export interface StatementValues {
  column(name: string): string;
  readonly key: string;
}

const markers: StatementValues = { column: () => '?', key: '?' };

/** Where a command's rows are. */
export type StressTable = 'standard1' | 'counter1';

export function keyspaceStatement({ keyspace, strategy, strategyOptions }: SchemaSettings): string {
  const options: Options = strategyOptions.length > 0 ? strategyOptions : [['replication_factor', '1']];
  const rest = options.map(([name, value]) => `, ${quoted(name)} : ${quoted(value)}`).join('');
  const replication = `{'class': ${quoted(strategy)}${rest}}`;
  return `CREATE KEYSPACE IF NOT EXISTS "${identifier(keyspace)}" WITH replication = ${replication} AND durable_writes = true;`;
}

export function tableStatement({ columns, schema }: StressSettings, table: StressTable): string {
  const type = table === 'standard1' ? 'blob' : 'counter';
  const listed = columns.names.map((name) => `, "${identifier(name)}" ${type}`).join('\n');
  const compression = schema.compression === undefined ? '' : `'class' : ${quoted(schema.compression)}`;
  const compaction =
    schema.compactionStrategy === undefined
      ? ''
      : ` AND compaction = { 'class' : ${quoted(schema.compactionStrategy)}${schema.compactionOptions
          .map(([name, value]) => `, ${quoted(name)} : ${quoted(value)}`)
          .join('')}}`;
  return `CREATE TABLE IF NOT EXISTS ${table} (key blob PRIMARY KEY \n${listed}) WITH compression = {${compression}}${compaction};`;
}

/** `UPDATE "standard1" SET "C0" = ?,"C1" = ? WHERE KEY=?`: the columns' values, then the key. */
export function writeStatement({ columns }: StressSettings, values = markers): string {
  const timestamp = columns.timestamp === undefined ? '' : ` USING TIMESTAMP ${columns.timestamp}`;
  const listed = columns.names.map((name) => `"${identifier(name)}" = ${values.column(name)}`).join(',');
  return `UPDATE "standard1"${timestamp} SET ${listed} WHERE KEY=${values.key}`;
}

/** Of the key; a slice asks for the whole row, of which the key is the first column. */
export function readStatement({ columns }: StressSettings, { key } = markers): string {
  const listed = columns.slice ? '*' : columns.names.map((name) => `"${identifier(name)}"`).join(',');
  return `SELECT ${listed} FROM "standard1" WHERE KEY=${key}`;
}

/** What each column's counter grows by, then the key. */
export function counterWriteStatement({ columns }: StressSettings, values = markers): string {
  const listed = columns.names
    .map((name) => `"${identifier(name)}"="${identifier(name)}"+${values.column(name)}`)
    .join(',');
  return `UPDATE counter1 SET ${listed} WHERE KEY=${values.key}`;
}

/** Of the key. */
export function counterReadStatement({ key } = markers): string {
  return `SELECT * FROM "counter1" WHERE KEY=${key}`;
}

export function truncateStatement(keyspace: string, table: StressTable): string {
  return `TRUNCATE "${identifier(keyspace)}".${table}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function identifier(name: string): string {
  return name.replaceAll('"', '""');
}
