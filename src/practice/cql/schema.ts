import { randomUUID } from 'node:crypto';
import { invalid } from './cql-refusal.ts';
import { frozen, isMultiCell, native, nativeType, typeText } from './cql-type.ts';
import type { CqlType, UserType } from './cql-type.ts';
import type { Options, TableName, WrittenType } from './statement.ts';
import type { TableRows } from './table-rows.ts';

export type ColumnKind = 'partition_key' | 'clustering' | 'static' | 'regular';

export interface Column {
  readonly name: string;
  readonly type: CqlType;
  readonly kind: ColumnKind;
  /** In its key; -1 of the others. */
  readonly position: number;
  /** Of a clustering column. */
  readonly descending: boolean;
  /** Where a row keeps its value. */
  readonly cell: number;
}

export interface Table {
  readonly keyspace: string;
  readonly name: string;
  readonly id: string;
  readonly partitionKey: readonly Column[];
  readonly clusteringKey: readonly Column[];
  /** Keys, static columns, regular ones: as `SELECT *` tells them. */
  columns: readonly Column[];
  byName: ReadonlyMap<string, Column>;
  readonly isCounter: boolean;
  options: Options;
  readonly indexes: Map<
    string,
    { readonly column: string; readonly target: string; readonly custom: string | undefined }
  >;
  /** Grows when a column is added, so that cells stay where they are. */
  cells: number;
  readonly rows: TableRows;
}

export interface Keyspace {
  readonly name: string;
  replication: ReadonlyMap<string, string>;
  durableWrites: boolean;
  readonly tables: Map<string, Table>;
  readonly types: Map<string, UserType>;
  /** The server's own, which no statement changes. */
  readonly isSystem: boolean;
}

/** What the nodes know of keyspaces, tables and types. */
export class Schema {
  readonly keyspaces = new Map<string, Keyspace>();
  /** Another one after every change. */
  version: string = randomUUID();

  keyspace(name: string): Keyspace | undefined {
    return this.keyspaces.get(name);
  }

  /** The table that a statement names, in the keyspace of its connection unless it names one. */
  table(named: TableName, current: string | undefined): Table {
    const keyspaceName = keyspaceOf(named, current);
    const keyspace = this.keyspaces.get(keyspaceName);
    if (keyspace === undefined) throw invalid(`keyspace ${keyspaceName} does not exist`);
    const table = keyspace.tables.get(named.name);
    if (table === undefined) throw invalid(`table ${named.name} does not exist`);
    return table;
  }

  /** A type as it is written in a keyspace. What `frozen<>` is around freezes everything in it. */
  type(written: WrittenType, keyspaceName: string, inFrozen = false): CqlType {
    const part = (index: number): CqlType => {
      const type = this.type(written.parts[index]!, keyspaceName, inFrozen);
      return inFrozen ? frozen(type) : type;
    };
    switch (`${written.name} ${written.parts.length}`) {
      case 'frozen 1':
        return frozen(this.type(written.parts[0]!, keyspaceName, true));
      case 'list 1':
      case 'set 1':
        return withFrozenParts({ kind: written.name as 'list' | 'set', of: part(0), frozen: false });
      case 'map 2':
        return withFrozenParts({ kind: 'map', key: part(0), value: part(1), frozen: false });
      case 'vector 1':
        if (written.size < 1) throw invalid('vectors may only have positive dimensions; given 0');
        return { kind: 'vector', of: frozen(part(0)), size: written.size };
      default:
    }
    if (written.name === 'tuple') {
      return { kind: 'tuple', of: written.parts.map((each) => frozen(this.type(each, keyspaceName, true))) };
    }
    const simple = written.keyspace === undefined ? nativeType(written.name) : undefined;
    if (simple !== undefined && written.parts.length === 0) return simple;
    const home = written.keyspace ?? keyspaceName;
    const udt = this.keyspaces.get(home)?.types.get(written.name);
    if (udt === undefined) throw invalid(`Unknown type ${home}.${written.name}`);
    return { kind: 'udt', udt, frozen: false };
  }
}

export function keyspaceOf(named: TableName, current: string | undefined): string {
  const name = named.keyspace ?? current;
  if (name === undefined) {
    throw invalid('No keyspace has been specified. USE a keyspace, or explicitly specify keyspace.tablename');
  }
  return name;
}

/** The column of a table; one that is not there is refused. */
export function columnOf(table: Table, name: string): Column {
  const column = table.byName.get(name);
  if (column === undefined) {
    const said = /^[a-z][a-z0-9_]*$/.test(name) ? name : `"${name}"`;
    throw invalid(`Undefined column name ${said} in table ${table.keyspace}.${table.name}`);
  }
  return column;
}

/** Orders columns as `SELECT *` tells them: keys by position, then static and regular ones by name. */
export function inOrder(columns: readonly Column[]): readonly Column[] {
  const kinds: readonly ColumnKind[] = ['partition_key', 'clustering', 'static', 'regular'];
  return columns.toSorted(
    (one, other) =>
      kinds.indexOf(one.kind) - kinds.indexOf(other.kind) ||
      one.position - other.position ||
      (one.name < other.name ? -1 : 1),
  );
}

export const tokenType = native('bigint');

/** Refuses a collection of something that is not frozen. */
function withFrozenParts(type: CqlType & { kind: 'list' | 'set' | 'map' }): CqlType {
  for (const part of type.kind === 'map' ? [type.key, type.value] : [type.of]) {
    if (!isMultiCell(part)) continue;
    const what = part.kind === 'udt' ? 'UDTs' : 'collections';
    throw invalid(`Non-frozen ${what} are not allowed inside collections: ${typeText(type)}`);
  }
  return type;
}

/** The type of a column: a UDT of cells can't hold collections of cells. */
export function columnType(type: CqlType): CqlType {
  if (isMultiCell(type) && type.kind === 'udt' && type.udt.fields.some((field) => isMultiCell(field.type))) {
    throw invalid('Non-frozen UDTs with nested non-frozen collections are not supported');
  }
  return type;
}
