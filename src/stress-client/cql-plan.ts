import type { CqlType } from './cql-type.ts';
import type { Operation } from './plan.ts';

/*
 * What a plan tells a CQL target. A target makes ready for a statement in three steps: it reads the keys of
 * `tables`, prepares each of `texts(keys)`, and has the values fitted to the types that PREPARE told with `bind`.
 */

/** A bind marker of a prepared text. */
export interface CqlMarker {
  /** The column, or what PREPARE calls it otherwise: `[ttl]`, `[limit]`, `key(m)`. */
  readonly name: string;
  readonly type: CqlType;
}

/** What PREPARE told about a text. */
export interface PreparedText {
  readonly markers: readonly CqlMarker[];
}

/** The primary key of a table. */
export interface CqlTableKeys {
  readonly keyspace: string;
  readonly table: string;
  /** Columns, in order, without quotes. */
  readonly partitionKey: readonly string[];
  readonly clusteringKey: readonly string[];
}

/** Why a plan can't be sent to this target, in a sentence that names column, type and slot. */
export interface CqlProblem {
  readonly problem: string;
  readonly hint?: string;
  /** Nothing is wrong with the plan but that a table is not there. */
  readonly isMissingTable?: boolean;
}

/** The part of a plan that speaks CQL. Items are the plan's: rows of an INSERT, queries of a QUERY. */
export interface CqlPlan {
  /** Tables as the text writes them (`t`, `shop.t`, `"T"`), whose keys the texts or the warnings need. */
  readonly tables: readonly string[];
  /** How rows of one operation share a request; 'none': an operation is one item, and one EXECUTE. */
  readonly batch: 'none' | 'logged' | 'unlogged' | 'counter';
  /** Its writes have an IF: an answer says whether it held. */
  readonly conditional?: boolean;
  /** CQL that makes keyspace and tables where they are missing, as CreateTables asks; to be run first, in order. */
  readonly schema: readonly string[];
  /**
   * Texts with `?` for markers, to be prepared in the statement's keyspace. Keys of tables that are not there
   * are left out of `keys`.
   */
  texts(keys: readonly CqlTableKeys[]): readonly string[] | CqlProblem;
  /** Fits the values to the markers of `texts(keys)`, in that order. */
  bind(prepared: readonly PreparedText[], keys: readonly CqlTableKeys[]): CqlValues | CqlProblem;
  /** What RETURNS says that each row of the answer is, and that there is one at least; 'any': nothing but that. */
  readonly expected?: ExpectedRow | 'any';
}

/** A row that is expected of every answer. */
export interface ExpectedRow {
  /** An answer has so many. */
  readonly columns: number;
  /** Fits the values to the columns of the answer, as PREPARE or the answer told them. */
  bind(columnTypes: readonly CqlType[]): ExpectedValues | CqlProblem;
}

/** The values of an expected row, fitted to its columns. */
export interface ExpectedValues {
  /** No row is longer, with the lengths of its values. */
  readonly bytesAtMost: number;
  /**
   * Writes the row of an operation at `offset` as a RESULT has it, each value a [bytes] of the protocol, and returns
   * the end. Pure in its arguments.
   */
  write(of: Operation, staging: Uint8Array, offset: number): number;
}

/** The values of a plan's markers, fitted to their types. */
export interface CqlValues {
  /** No item's values are longer, with their lengths. */
  readonly itemBytesAtMost: number;
  /** Sentences for the author, such as a partition key that is not what SERIES says. */
  readonly warnings: readonly string[];
  /** There where an operation writes as many rows as its data have, in place of its items. */
  readonly rows?: OperationRows;
  /** Which of the texts item `index` executes; `pick` is the companion's item, -1 without one. */
  textOf(index: number, pick: number): number;
  /**
   * Writes the values of item `index` at `offset`, each a [bytes] of the protocol (a length of 4 bytes, -1 for
   * null, and so many bytes), in the order of the text's markers, and returns the end. Pure in its arguments.
   */
  write(index: number, pick: number, intendedNs: number, staging: Uint8Array, offset: number): number;
}

/** Rows of operations, all of the first text. One by itself is an EXECUTE, several are a batch. */
export interface OperationRows {
  /** No operation has more; at most 65,535. */
  readonly atMost: number;
  /** How many an operation has, from 1. */
  countOf(operation: number): number;
  /** Writes the values of a row, from 0, as `CqlValues.write` does those of an item. Pure in its arguments. */
  write(operation: number, row: number, intendedNs: number, staging: Uint8Array, offset: number): number;
}
