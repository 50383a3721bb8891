import type { Distribution } from '../../statement/template/stress/distribution.ts';
import type { Ratio } from '../../statement/template/stress/ratio.ts';
import type { TableDefinition } from './table-definition.ts';

/** A profile of the user command, with what is absent as cassandra-stress has it. */
export interface Profile {
  /** As it was given on the command line. */
  readonly file: string;
  /** How operations of several profiles tell theirs; `keyspace.table` where the profile does not say. */
  readonly specname: string;
  readonly keyspace: string;
  readonly keyspaceDefinition: string | undefined;
  /** As the profile writes it. */
  readonly table: string;
  /** The text of CREATE TABLE; undefined where the table is there already. */
  readonly tableText: string | undefined;
  readonly definition: TableDefinition;
  readonly extraDefinitions: readonly string[];
  /** By column, in the order of the profile. */
  readonly columns: ReadonlyMap<string, ColumnSpec>;
  readonly insert: InsertSpec;
  /** Options of the section as they are written, in their order. */
  readonly insertTexts: readonly (readonly [string, string])[];
  readonly queries: readonly ProfileQuery[];
  readonly tokenRangeQueries: readonly TokenRangeQuery[];
}

/** A profile as its file has it: what columns its table has may be for the server to say. */
export interface ReadProfile extends Omit<Profile, 'definition'> {
  readonly definition: TableDefinition | undefined;
  /** Where its table is named: `profile.yaml:2`. */
  readonly tablePlace: string;
}

export interface ColumnSpec {
  readonly size: Distribution | undefined;
  readonly population: Distribution | undefined;
  readonly cluster: Distribution | undefined;
}

export interface InsertSpec {
  readonly partitions: Distribution | undefined;
  readonly select: Ratio | undefined;
  readonly rowPopulation: Ratio | undefined;
  readonly batchType: BatchType | undefined;
  /** Such as `IF title = NULL`: behind the statement. */
  readonly condition: string | undefined;
}

export type BatchType = 'LOGGED' | 'UNLOGGED' | 'COUNTER';

export interface ProfileQuery {
  readonly name: string;
  readonly cql: string;
  /** Whether the values of a query are all of one row; of any row each where it is not said. */
  readonly fields: 'samerow' | 'multirow';
  /** As written. */
  readonly fieldsText: string | undefined;
  /** Where it stands: `profile.yaml:12`. */
  readonly place: string;
}

export interface TokenRangeQuery {
  readonly name: string;
  readonly columns: string;
  readonly pageSize: number | undefined;
}
