/*
 * Statements of CQL as they are written, before anything is known about tables and types.
 * Names are as they are kept: folded to lower case unless they were quoted.
 */

export interface TableName {
  readonly keyspace: string | undefined;
  readonly name: string;
}

/** A type as it is written: `map<text, frozen<list<int>>>`, `vector<float, 3>`, `shop.address`. */
export interface WrittenType {
  readonly keyspace: string | undefined;
  readonly name: string;
  readonly parts: readonly WrittenType[];
  /** Of a vector. */
  readonly size: number;
}

export type LiteralKind = 'string' | 'integer' | 'float' | 'boolean' | 'uuid' | 'hex' | 'duration';

export type Term =
  | { readonly kind: 'marker'; readonly index: number; readonly name: string | undefined }
  | { readonly kind: 'literal'; readonly of: LiteralKind; readonly text: string }
  | { readonly kind: 'null' }
  /** What is written in brackets and braces; `{}` is an empty set until its type is known. */
  | { readonly kind: 'list' | 'set' | 'tuple'; readonly items: readonly Term[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Term, Term])[] }
  | { readonly kind: 'udt'; readonly fields: readonly (readonly [string, Term])[] }
  | { readonly kind: 'call'; readonly name: string; readonly values: readonly Term[] }
  | { readonly kind: 'cast'; readonly type: WrittenType; readonly term: Term };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'IN' | 'CONTAINS' | 'CONTAINS KEY';

/** What a comparison is about: a column, an element or field of it, several columns, or token(columns). */
export interface Relation {
  readonly columns: readonly string[];
  readonly of: 'column' | 'element' | 'field' | 'tuple' | 'token';
  /** Of an element. */
  readonly key?: Term;
  /** Of a field. */
  readonly field?: string;
  readonly comparison: Comparison;
  /** The right side; of IN (…) each. */
  readonly values: readonly Term[];
  /** IN ?: one value holds them all. */
  readonly inOneValue: boolean;
}

export interface Using {
  readonly ttl?: Term;
  readonly timestamp?: Term;
}

export type Condition = 'exists' | 'not exists' | readonly Relation[] | undefined;

export type Assignment = { readonly column: string } & (
  | { readonly set: 'value'; readonly value: Term }
  /** c = c + …, c = … + c, c = c - … */
  | { readonly set: 'add' | 'prepend' | 'subtract'; readonly value: Term; readonly text: string }
  | { readonly set: 'element'; readonly key: Term; readonly value: Term }
  | { readonly set: 'field'; readonly field: string; readonly value: Term; readonly text: string }
);

export type Selector =
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'element'; readonly column: string; readonly key: Term; readonly text: string }
  | { readonly kind: 'field'; readonly column: string; readonly field: string }
  | { readonly kind: 'count' }
  | { readonly kind: 'call'; readonly name: string; readonly of: readonly Selector[] }
  | { readonly kind: 'term'; readonly term: Term };

export interface Selected {
  readonly selector: Selector;
  readonly alias: string | undefined;
}

export interface InsertStatement {
  readonly kind: 'insert';
  readonly table: TableName;
  readonly columns: readonly string[];
  readonly values: readonly Term[];
  /** INSERT … JSON, instead of columns and values. */
  readonly json: Term | undefined;
  readonly jsonLeavesUnset: boolean;
  readonly condition: Condition;
  readonly using: Using;
}

export interface UpdateStatement {
  readonly kind: 'update';
  readonly table: TableName;
  readonly using: Using;
  readonly assignments: readonly Assignment[];
  readonly where: readonly Relation[];
  readonly condition: Condition;
}

export interface DeleteStatement {
  readonly kind: 'delete';
  readonly table: TableName;
  readonly using: Using;
  readonly targets: readonly { readonly column: string; readonly key?: Term; readonly field?: string }[];
  readonly where: readonly Relation[];
  readonly condition: Condition;
}

export type Modification = InsertStatement | UpdateStatement | DeleteStatement;

export interface BatchStatement {
  readonly kind: 'batch';
  readonly type: 'logged' | 'unlogged' | 'counter';
  readonly using: Using;
  readonly statements: readonly Modification[];
}

export interface SelectStatement {
  readonly kind: 'select';
  readonly table: TableName;
  readonly distinct: boolean;
  readonly json: boolean;
  /** Empty for `*`. */
  readonly selected: readonly Selected[];
  readonly where: readonly Relation[];
  readonly groupBy: readonly string[];
  readonly orderBy: readonly { readonly column: string; readonly descending: boolean }[];
  readonly perPartitionLimit: Term | undefined;
  readonly limit: Term | undefined;
  readonly allowFiltering: boolean;
}

/** The WITH of a definition: options by name, maps as such. */
export type Options = ReadonlyMap<string, string | ReadonlyMap<string, string>>;

export interface WrittenColumn {
  readonly name: string;
  readonly type: WrittenType;
  readonly isStatic: boolean;
}

export type AlterTable =
  | { readonly alter: 'add'; readonly ifNotExists: boolean; readonly columns: readonly WrittenColumn[] }
  | { readonly alter: 'drop'; readonly ifExists: boolean; readonly columns: readonly string[] }
  | { readonly alter: 'rename'; readonly names: readonly (readonly [string, string])[] }
  | { readonly alter: 'with'; readonly options: Options };

/** A statement that changes the schema. */
export type DefinitionStatement =
  | {
      readonly kind: 'create keyspace';
      readonly name: string;
      readonly ifNotExists: boolean;
      readonly options: Options;
    }
  | {
      readonly kind: 'alter keyspace';
      readonly name: string;
      readonly ifExists: boolean;
      readonly options: Options;
    }
  | { readonly kind: 'drop keyspace'; readonly name: string; readonly ifExists: boolean }
  | {
      readonly kind: 'create table';
      readonly table: TableName;
      readonly ifNotExists: boolean;
      readonly columns: readonly WrittenColumn[];
      readonly partitionKey: readonly string[];
      readonly clusteringKey: readonly string[];
      readonly descending: ReadonlySet<string>;
      readonly options: Options;
    }
  | {
      readonly kind: 'alter table';
      readonly table: TableName;
      readonly ifExists: boolean;
      readonly change: AlterTable;
    }
  | { readonly kind: 'drop table'; readonly table: TableName; readonly ifExists: boolean }
  | {
      readonly kind: 'create type';
      readonly type: TableName;
      readonly ifNotExists: boolean;
      readonly fields: readonly (readonly [string, WrittenType])[];
    }
  | {
      readonly kind: 'alter type';
      readonly type: TableName;
      readonly ifExists: boolean;
      readonly add?: readonly (readonly [string, WrittenType])[];
      readonly rename?: readonly (readonly [string, string])[];
    }
  | { readonly kind: 'drop type'; readonly type: TableName; readonly ifExists: boolean }
  | {
      readonly kind: 'create index';
      readonly name: string | undefined;
      readonly table: TableName;
      readonly ifNotExists: boolean;
      readonly column: string;
      /** `keys`, `values`, `entries`, `full`: what of a collection is indexed. */
      readonly part: string | undefined;
      readonly custom: string | undefined;
    }
  | { readonly kind: 'drop index'; readonly index: TableName; readonly ifExists: boolean };

export type CqlStatement =
  | { readonly kind: 'use'; readonly keyspace: string }
  | { readonly kind: 'truncate'; readonly table: TableName }
  | Modification
  | BatchStatement
  | SelectStatement
  | DefinitionStatement;
