/** What a command does to a database, in the language's words: what a script is made of. */
export interface Workload {
  readonly keyspace: string;
  /** Statements that make keyspace and tables, in order; none where the command makes none. */
  readonly schema: readonly string[];
  /** What is said of the schema once it is there. */
  readonly created: 'keyspaces' | 'schema';
  /** Statements that follow once those are everywhere. */
  readonly extraSchema?: readonly string[];
  /** Statements that empty the tables. */
  readonly truncations: readonly string[];
  /** Writes of all rows that are read, in a rehearsal, which begins without any. */
  readonly missing?: readonly StressOperation[];
  /** In the order of the settings block. */
  readonly operations: readonly StressOperation[];
  /** As POPULATION takes it; undefined where operations go by their number. */
  readonly population: string | undefined;
  /** So many operations are all that there are. */
  readonly operationsAtMost?: number;
  /** How far reads among writes look back, as LOOKBACK takes it; undefined where they take the sequence itself. */
  readonly lookback?: string | undefined;
  /** Seeds that an operation takes, on average; 1 where it is left out. */
  readonly partitionsOfOperation?: number;
  /** Visits that each partition has, on average; 1 where it is left out. */
  readonly visitsOfPartition?: number;
  /** What is printed behind the settings. */
  readonly settingsText?: string;
  /** What is said before the load, once the schema is there, unless settings are not to be told. */
  readonly announcements?: readonly string[];
  /** It changes rows. */
  readonly writes: boolean;
  /** The keys of an operation on this seed, as hexadecimal digits. */
  keysOf(operation: string, seed: number): readonly string[];
}

/** One type of operation. */
export interface StressOperation {
  /** Such as WRITE, or the name of a query: what it is called in every line. */
  readonly name: string;
  readonly keyword: 'INSERT' | 'QUERY';
  /** A template of CQL. */
  readonly body: string;
  /** Of its own, such as RETURNS; a line each. */
  readonly clauses: readonly string[];
  /** Rows a page of its answer. */
  readonly pageSize?: number;
  /** Of all the operations of a mix. */
  readonly weight: number;
}
