/** What is compared: contestants that do the same work, measured in turn. */
export interface Comparison {
  /** As `--only` takes it, such as `cql-write`. */
  readonly name: string;
  readonly title: string;
  /** What is done, and how the figures come about. */
  readonly about: string;
  /** The first one is the measure of ratios. */
  readonly columns: readonly Column[];
  /** Makes everybody ready; what can't be had on this machine is named with the reason. */
  contestants(bench: BenchMeans): Promise<readonly (Contestant | MissingContestant)[]>;
}

/** A figure of every contestant. */
export interface Column {
  readonly key: string;
  /** With its unit, such as `CPU µs/op`. */
  readonly title: string;
  readonly digits: number;
}

export interface Contestant {
  readonly name: string;
  /** One round. */
  measure(): Promise<Outcome>;
  /** Once after the last round. */
  close?(): Promise<void>;
}

export interface MissingContestant {
  readonly name: string;
  readonly missing: string;
}

/** What one round of a contestant came to. */
export interface Outcome {
  /** By the keys of columns; a figure that the contestant does not tell is absent. */
  readonly figures: Readonly<Record<string, number>>;
  /** What arrived, held against what the other side has; absent where nothing is sent. */
  readonly counts?: Counts;
  /** As it can be typed in the project's folder. */
  readonly command: string;
  /** Such as a run state that is not VALID. */
  readonly note?: string;
}

export interface Counts {
  readonly acknowledged: number;
  /** Counted on the other side. */
  readonly stored: number;
}

/** What a round is made with. */
export interface BenchMeans {
  readonly size: RunSize;
  /** Goes with the bench. */
  readonly folder: string;
  /** `host:port` of a real Cassandra, or why there is none. */
  cassandra(): Promise<string | Unavailable>;
  /** `host:port` of a real InfluxDB 1.8, or why there is none. */
  influx(): Promise<string | Unavailable>;
  /** A program of somebody else's, installed where that is allowed; or why it can't be had. */
  peer<Found extends object>(find: () => Promise<Found>): Promise<Found | Unavailable>;
  /** The words that start the stressql under test. */
  readonly stressql: readonly string[];
}

/** How much a run does: it ends with what comes first. */
export interface RunSize {
  readonly operations: number;
  readonly seconds: number;
}

export interface Unavailable {
  readonly unavailable: string;
}

/** What a start costs is measured with this, and taken off. */
export const tinyOperations = 100;
