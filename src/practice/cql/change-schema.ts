import { randomUUID } from 'node:crypto';
import { voidAnswer } from './answer.ts';
import type { Answer, SchemaChange } from './answer.ts';
import { CqlRefusal, beyondPractice, invalid } from './cql-refusal.ts';
import { isMultiCell, typeText } from './cql-type.ts';
import type { CqlType } from './cql-type.ts';
import { columnOf, columnType, inOrder, keyspaceOf } from './schema.ts';
import type { Column, ColumnKind, Keyspace, Schema, Table } from './schema.ts';
import type { DefinitionStatement, Options, TableName } from './statement.ts';
import { TableRows } from './table-rows.ts';
import type { RowBound } from './table-rows.ts';

type Statement<Kind extends DefinitionStatement['kind']> = Extract<
  DefinitionStatement,
  { readonly kind: Kind }
>;

/** Does what CREATE, ALTER and DROP say, in the keyspace `current` unless they name one. */
export function changeSchema(
  statement: DefinitionStatement,
  schema: Schema,
  current: string | undefined,
  bound: RowBound,
): Answer {
  const change = changeOf(statement, schema, current, bound);
  if (change === undefined) return voidAnswer;
  schema.version = randomUUID();
  return change;
}

function changeOf(
  statement: DefinitionStatement,
  schema: Schema,
  current: string | undefined,
  bound: RowBound,
): SchemaChange | undefined {
  switch (statement.kind) {
    case 'create keyspace':
      return createKeyspace(statement, schema);
    case 'alter keyspace': {
      const keyspace = changeable(schema, statement.name, statement.ifExists);
      if (keyspace === undefined) return undefined;
      setOptions(keyspace, statement.options);
      return changed('UPDATED', 'KEYSPACE', keyspace.name);
    }
    case 'drop keyspace': {
      const keyspace = changeable(schema, statement.name, statement.ifExists);
      if (keyspace === undefined) return undefined;
      for (const table of keyspace.tables.values()) table.rows.clear();
      schema.keyspaces.delete(keyspace.name);
      return changed('DROPPED', 'KEYSPACE', keyspace.name);
    }
    case 'create table':
      return createTable(statement, schema, current, bound);
    case 'alter table':
      return alterTable(statement, schema, current);
    case 'drop table': {
      const found = named(schema, statement.table, current, statement.ifExists);
      if (found === undefined) return undefined;
      const { keyspace, name } = found;
      const table = keyspace.tables.get(name);
      if (table === undefined)
        return missing(statement.ifExists, `Table '${keyspace.name}.${name}' doesn't exist`);
      table.rows.clear();
      keyspace.tables.delete(name);
      return changed('DROPPED', 'TABLE', keyspace.name, name);
    }
    case 'create type':
      return createType(statement, schema, current);
    case 'alter type':
      return alterType(statement, schema, current);
    case 'drop type': {
      const found = named(schema, statement.type, current, statement.ifExists);
      if (found === undefined) return undefined;
      const { keyspace, name } = found;
      if (!keyspace.types.has(name)) {
        return missing(statement.ifExists, `Type '${keyspace.name}.${name}' doesn't exist`);
      }
      refuseWhileUsed(keyspace, name);
      keyspace.types.delete(name);
      return changed('DROPPED', 'TYPE', keyspace.name, name);
    }
    case 'create index':
      return createIndex(statement, schema, current);
    case 'drop index': {
      const found = named(schema, statement.index, current, statement.ifExists);
      if (found === undefined) return undefined;
      const { keyspace, name } = found;
      const table = [...keyspace.tables.values()].find((each) => each.indexes.has(name));
      if (table === undefined)
        return missing(statement.ifExists, `Index '${keyspace.name}.${name}' doesn't exist'`);
      table.indexes.delete(name);
      return changed('UPDATED', 'TABLE', keyspace.name, table.name);
    }
  }
}

function createKeyspace(
  { name, ifNotExists, options }: Statement<'create keyspace'>,
  schema: Schema,
): SchemaChange | undefined {
  if (schema.keyspaces.has(name)) {
    if (ifNotExists) return undefined;
    throw new CqlRefusal({
      error: 'alreadyExists',
      keyspace: name,
      table: '',
      message: `Cannot add existing keyspace "${name}"`,
    });
  }
  if (!options.has('replication')) {
    throw new CqlRefusal({
      error: 'configError',
      message: "Missing mandatory option 'replication'",
    });
  }
  const keyspace: Keyspace = {
    name,
    replication: new Map(),
    durableWrites: true,
    tables: new Map(),
    types: new Map(),
    isSystem: false,
  };
  setOptions(keyspace, options);
  schema.keyspaces.set(name, keyspace);
  return changed('CREATED', 'KEYSPACE', name);
}

function setOptions(keyspace: Keyspace, options: Options): void {
  for (const [name, value] of options) {
    if (name === 'replication' && typeof value !== 'string') keyspace.replication = replication(value);
    else if (name === 'durable_writes') keyspace.durableWrites = value !== 'false';
    else throw new CqlRefusal({ error: 'syntaxError', message: `Unknown property '${name}'` });
  }
}

/** As the system tables tell it, with the whole name of the class. */
function replication(options: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const name = options.get('class');
  if (name === undefined) {
    throw new CqlRefusal({ error: 'configError', message: 'Missing replication strategy class' });
  }
  const className = name.includes('.') ? name : `org.apache.cassandra.locator.${name}`;
  return new Map([...options, ['class', className]]);
}

function createTable(
  statement: Statement<'create table'>,
  schema: Schema,
  current: string | undefined,
  bound: RowBound,
): SchemaChange | undefined {
  const { keyspace, name } = named(schema, statement.table, current, false)!;
  if (keyspace.tables.has(name)) {
    if (statement.ifNotExists) return undefined;
    throw new CqlRefusal({
      error: 'alreadyExists',
      keyspace: keyspace.name,
      table: name,
      message: `Cannot add already existing table "${name}" to keyspace "${keyspace.name}"`,
    });
  }
  const { partitionKey, clusteringKey } = statement;
  if (partitionKey.length === 0) {
    throw invalid(`No PRIMARY KEY specifed for table '${name}' (exactly one required)`);
  }
  for (const key of [...partitionKey, ...clusteringKey]) {
    if (!statement.columns.some((column) => column.name === key)) {
      throw invalid(`Unknown column '${key}' referenced in PRIMARY KEY for table '${name}'`);
    }
  }
  const columns = statement.columns.map((written, cell): Column => {
    if (statement.columns.findIndex((each) => each.name === written.name) !== cell) {
      throw invalid(`Duplicate column '${written.name}' declaration for table '${name}'`);
    }
    const type = columnType(schema.type(written.type, keyspace.name));
    const inPartition = partitionKey.indexOf(written.name);
    const inClustering = clusteringKey.indexOf(written.name);
    const kind: ColumnKind =
      inPartition >= 0
        ? 'partition_key'
        : inClustering >= 0
          ? 'clustering'
          : written.isStatic
            ? 'static'
            : 'regular';
    if (kind === 'partition_key' || kind === 'clustering') checkKeyType(type, written.name);
    if (kind === 'static' && clusteringKey.length === 0) {
      throw invalid(
        'Static columns are only useful (and thus allowed) if the table has at least one clustering column',
      );
    }
    return {
      name: written.name,
      type,
      kind,
      position: Math.max(inPartition, inClustering),
      descending: statement.descending.has(written.name),
      cell,
    };
  });
  keyspace.tables.set(name, tableOf(keyspace.name, name, columns, statement.options, bound));
  return changed('CREATED', 'TABLE', keyspace.name, name);
}

/** A table of these columns, without rows. */
function tableOf(
  keyspace: string,
  name: string,
  columns: readonly Column[],
  options: Options,
  bound: RowBound,
): Table {
  const ordered = inOrder(columns);
  const clusteringKey = ordered.filter(({ kind }) => kind === 'clustering');
  const isCounter = columns.some(({ type }) => type.kind === 'native' && type.name === 'counter');
  if (
    isCounter &&
    columns.some(
      ({ kind, type }) =>
        (kind === 'regular' || kind === 'static') && !(type.kind === 'native' && type.name === 'counter'),
    )
  ) {
    throw invalid('Cannot mix counter and non counter columns in the same table');
  }
  return {
    keyspace,
    name,
    id: randomUUID(),
    partitionKey: ordered.filter(({ kind }) => kind === 'partition_key'),
    clusteringKey,
    columns: ordered,
    byName: byNameOf(ordered),
    isCounter,
    options,
    indexes: new Map(),
    cells: columns.length,
    rows: new TableRows(clusteringKey, bound),
  };
}

function byNameOf(columns: readonly Column[]): ReadonlyMap<string, Column> {
  return new Map(columns.map((column) => [column.name, column]));
}

function checkKeyType(type: CqlType, name: string): void {
  if (isMultiCell(type)) {
    const what = type.kind === 'udt' ? 'user type' : 'collection';
    throw invalid(`Invalid non-frozen ${what} type ${typeText(type)} for PRIMARY KEY column '${name}'`);
  }
  if (type.kind === 'native' && (type.name === 'counter' || type.name === 'duration')) {
    throw invalid(`${type.name} type is not supported for PRIMARY KEY column '${name}'`);
  }
}

function alterTable(
  { table: tableName, ifExists, change }: Statement<'alter table'>,
  schema: Schema,
  current: string | undefined,
): SchemaChange | undefined {
  const found = named(schema, tableName, current, ifExists);
  if (found === undefined) return undefined;
  const { keyspace, name } = found;
  const table = keyspace.tables.get(name);
  if (table === undefined) return missing(ifExists, `Table '${keyspace.name}.${name}' doesn't exist`);
  switch (change.alter) {
    case 'add':
      for (const { name: columnName, type, isStatic } of change.columns) {
        if (table.byName.has(columnName)) {
          if (change.ifNotExists) continue;
          throw invalid(`Column with name '${columnName}' already exists`);
        }
        const column: Column = {
          name: columnName,
          type: columnType(schema.type(type, keyspace.name)),
          kind: isStatic ? 'static' : 'regular',
          position: -1,
          descending: false,
          cell: table.cells++,
        };
        setColumns(table, [...table.columns, column]);
      }
      break;
    case 'drop':
      for (const columnName of change.columns) {
        const column = table.byName.get(columnName);
        if (column === undefined) {
          if (change.ifExists) continue;
          throw invalid(`Column ${columnName} was not found in table '${keyspace.name}.${name}'`);
        }
        if (column.kind === 'partition_key' || column.kind === 'clustering') {
          throw invalid(`Cannot drop PRIMARY KEY column ${columnName}`);
        }
        setColumns(
          table,
          table.columns.filter((each) => each !== column),
        );
      }
      break;
    case 'rename':
      throw beyondPractice('renames no columns');
    case 'with':
      table.options = new Map([...table.options, ...change.options]);
  }
  return changed('UPDATED', 'TABLE', keyspace.name, name);
}

function setColumns(table: Table, columns: readonly Column[]): void {
  table.columns = inOrder(columns);
  table.byName = byNameOf(table.columns);
}

function createType(
  { type, ifNotExists, fields }: Statement<'create type'>,
  schema: Schema,
  current: string | undefined,
): SchemaChange | undefined {
  const { keyspace, name } = named(schema, type, current, false)!;
  if (keyspace.types.has(name)) {
    if (ifNotExists) return undefined;
    throw invalid(`A user type with name '${name}' already exists`);
  }
  keyspace.types.set(name, {
    keyspace: keyspace.name,
    name,
    fields: fields.map(([field, written]) => ({ name: field, type: schema.type(written, keyspace.name) })),
  });
  return changed('CREATED', 'TYPE', keyspace.name, name);
}

function alterType(
  { type, ifExists, add, rename }: Statement<'alter type'>,
  schema: Schema,
  current: string | undefined,
): SchemaChange | undefined {
  const found = named(schema, type, current, ifExists);
  if (found === undefined) return undefined;
  const { keyspace, name } = found;
  const udt = keyspace.types.get(name);
  if (udt === undefined) return missing(ifExists, `Type ${keyspace.name}.${name} doesn't exist`);
  if (rename !== undefined) throw beyondPractice('renames no fields');
  for (const [field, written] of add ?? []) {
    if (udt.fields.some((each) => each.name === field)) {
      throw invalid(
        `Cannot add field ${field} to type ${keyspace.name}.${name}: a field with name ${field} already exists`,
      );
    }
    udt.fields.push({ name: field, type: schema.type(written, keyspace.name) });
  }
  return changed('UPDATED', 'TYPE', keyspace.name, name);
}

function createIndex(
  statement: Statement<'create index'>,
  schema: Schema,
  current: string | undefined,
): SchemaChange | undefined {
  const { column: columnName, part, custom } = statement;
  const table = schema.table(statement.table, current);
  const column = columnOf(table, columnName);
  const target = part === undefined ? indexTarget(column) : `${part}(${columnName})`;
  const name = statement.name ?? `${table.name}_${columnName}_idx`;
  const same = [...table.indexes].find(([, index]) => index.target === target && index.custom === custom);
  if (same !== undefined || table.indexes.has(name)) {
    if (statement.ifNotExists) return undefined;
    throw invalid(
      statement.name === undefined && same !== undefined
        ? `Index ${name}_1 is a duplicate of existing index ${same[0]}`
        : `Index '${name}' already exists`,
    );
  }
  table.indexes.set(name, { column: columnName, target, custom });
  return changed('UPDATED', 'TABLE', table.keyspace, table.name);
}

function indexTarget({ name, type }: Column): string {
  return isMultiCell(type) && type.kind !== 'udt' ? `values(${name})` : name;
}

/** The keyspace in which a definition is. */
function named(
  schema: Schema,
  { keyspace, name }: TableName,
  current: string | undefined,
  ifExists: boolean,
): { readonly keyspace: Keyspace; readonly name: string } | undefined {
  const found = changeable(schema, keyspaceOf({ keyspace, name }, current), ifExists);
  return found === undefined ? undefined : { keyspace: found, name };
}

function changeable(schema: Schema, name: string, ifExists: boolean): Keyspace | undefined {
  const keyspace = schema.keyspaces.get(name);
  if (keyspace === undefined) return missing(ifExists, `Keyspace '${name}' doesn't exist`);
  if (keyspace.isSystem) {
    throw new CqlRefusal({ error: 'unauthorized', message: `${name} keyspace is not user-modifiable.` });
  }
  return keyspace;
}

function missing(ifExists: boolean, message: string): undefined {
  if (!ifExists) throw invalid(message);
}

function refuseWhileUsed(keyspace: Keyspace, name: string): void {
  const uses = (type: CqlType): boolean => {
    switch (type.kind) {
      case 'native':
        return false;
      case 'map':
        return uses(type.key) || uses(type.value);
      case 'tuple':
        return type.of.some(uses);
      case 'udt':
        return type.udt.name === name || type.udt.fields.some((field) => uses(field.type));
      default:
        return uses(type.of);
    }
  };
  const types = [...keyspace.types.values()].filter((type) => type.fields.some((field) => uses(field.type)));
  if (types.length > 0) {
    const names = types.map((type) => type.name).join(', ');
    throw invalid(
      `Cannot drop user type '${keyspace.name}.${name}' as it is still used by user types ${names}`,
    );
  }
  const tables = [...keyspace.tables.values()].filter((table) =>
    table.columns.some(({ type }) => uses(type)),
  );
  if (tables.length > 0) {
    const names = tables.map((table) => table.name).join(', ');
    throw invalid(
      `Cannot drop user type '${keyspace.name}.${name}' as it is still used by tables [${names}]`,
    );
  }
}

function changed(
  change: SchemaChange['change'],
  target: SchemaChange['target'],
  keyspace: string,
  name = '',
): SchemaChange {
  return { kind: 'schema change', change, target, keyspace, name };
}
