import type { Distribution } from '../statement/template/stress/distribution.ts';
import type { Ratio } from '../statement/template/stress/ratio.ts';

/*
 * What a command line of cassandra-stress says, with every default filled in. Plain data. Where versions of
 * cassandra-stress differ, defaults are those of ScyllaDB's.
 */

export type CommandName = 'write' | 'read' | 'mixed' | 'counter_write' | 'counter_read' | 'user';

export interface StressSettings {
  readonly command: CommandSettings;
  readonly rate: RateSettings;
  readonly population: PopulationSettings;
  readonly insert: InsertSettings;
  readonly columns: ColumnSettings;
  readonly errors: ErrorSettings;
  readonly log: LogSettings;
  readonly mode: ModeSettings;
  readonly node: NodeSettings;
  readonly schema: SchemaSettings;
  readonly transport: TransportSettings;
  readonly port: PortSettings;
  readonly graph: GraphSettings;
  readonly tokenRange: TokenRangeSettings;
  /** The daemon that should run it; we have none. */
  readonly sendTo: string | undefined;
  /** What was said and means nothing here: a sentence each. */
  readonly notices: readonly string[];
}

/** When a command ends. */
export type RunLength =
  | { readonly kind: 'operations'; readonly operations: number }
  | { readonly kind: 'duration'; readonly amount: number; readonly unit: 'SECONDS' | 'MINUTES' | 'HOURS' }
  /** When the rate of rows varies by less than `target` (a share) over so many intervals; 0.02, 30 to 200. */
  | {
      readonly kind: 'uncertainty';
      readonly target: number;
      readonly minimum: number;
      readonly maximum: number;
    };

const secondsOfUnit = { SECONDS: 1, MINUTES: 60, HOURS: 3600 } as const;

export function durationSeconds({ amount, unit }: RunLength & { readonly kind: 'duration' }): number {
  return amount * secondsOfUnit[unit];
}

/** As it was written, and what it means. */
export interface WrittenDistribution {
  readonly text: string;
  readonly distribution: Distribution;
}

export interface CommandSettings {
  readonly name: CommandName;
  readonly length: RunLength;
  readonly noWarmup: boolean;
  /** `once`: before any work; `always`: before each step of threads, too. */
  readonly truncate: 'never' | 'once' | 'always';
  /** Such as LOCAL_ONE, the default. */
  readonly consistency: string;
  readonly serialConsistency: 'SERIAL' | 'LOCAL_SERIAL';
  /** Bytes; 10. */
  readonly keySize: number;
  /** What a counter grows by; FIXED(1). */
  readonly add: WrittenDistribution;
  /** Of `mixed` the operations, of `user` the queries, with their weights, in the order of the settings block. */
  readonly ratios: readonly (readonly [string, number])[];
  /** How many operations of a kind follow each other; GAUSSIAN(1..10). */
  readonly clustering: WrittenDistribution;
  /** Files of `user`. */
  readonly profiles: readonly string[];
}

export type RateSettings =
  /** `operationsPerSecond` 0: unlimited. `fixed`: what is printed is response time; else service time. */
  | {
      readonly kind: 'threads';
      readonly threads: number;
      readonly operationsPerSecond: number;
      readonly fixed: boolean;
    }
  /** Steps of threads; `auto`: until throughput no longer grows, else up to `maximum`. */
  | {
      readonly kind: 'steps';
      readonly auto: boolean;
      readonly minimum: number;
      readonly maximum: number;
    };

export type ContentOrder = 'ARBITRARY' | 'SORTED' | 'SHUFFLED';

/** Which seeds; a seed is a row of the predefined tables, and a partition of `user`. */
export type PopulationSettings = { readonly order: ContentOrder } & (
  | {
      readonly kind: 'sequence';
      readonly first: number;
      readonly last: number;
      readonly wrap: boolean;
      /** Reads take seeds that were written so many before. */
      readonly readLookback: Distribution | undefined;
    }
  | { readonly kind: 'distribution'; readonly distribution: Distribution }
);

export interface InsertSettings {
  readonly revisit: Distribution;
  readonly visits: Distribution;
  readonly partitions: Distribution | undefined;
  readonly selectRatio: Ratio | undefined;
  readonly rowPopulationRatio: Ratio;
  readonly batchType: 'LOGGED' | 'UNLOGGED' | 'COUNTER' | undefined;
}

export interface ColumnSettings {
  /** Sorted by their bytes: C0, C1, C10, C2. */
  readonly names: readonly string[];
  /** Said by `names=`. */
  readonly named: boolean;
  readonly count: Distribution;
  /** Bytes of a value; FIXED(34). */
  readonly size: Distribution;
  /** Reads ask for the whole row. */
  readonly slice: boolean;
  /** Of every write, microseconds since 1970, in its digits. */
  readonly timestamp: string | undefined;
  readonly comparator: string;
}

export interface ErrorSettings {
  readonly ignore: boolean;
  /** Attempts of an operation; 10. */
  readonly tries: number;
  readonly skipReadValidation: boolean;
  readonly failFast: boolean;
  readonly skipUnsupportedColumns: boolean;
  /** Before a retry after an answer that said the server is overloaded. */
  readonly delay: {
    readonly policy: 'constant' | 'linear' | 'exponential';
    readonly minimumMs: number | undefined;
    readonly maximumMs: number | undefined;
  };
}

export interface LogSettings {
  readonly noSummary: boolean;
  readonly noSettings: boolean;
  readonly file: string | undefined;
  readonly histogramFile: string | undefined;
  /** 1,000; 10,000 with `format=pystress`. */
  readonly intervalMs: number;
  readonly level: 'MINIMAL' | 'NORMAL' | 'VERBOSE';
  readonly printStatementsOnError: boolean;
  readonly format: 'cassandra-stress' | 'pystress';
}

export interface ModeSettings {
  /** All but the first are served by the native protocol, too. */
  readonly api: 'JAVA_DRIVER_NATIVE' | 'SIMPLE_NATIVE' | 'THRIFT' | 'THRIFT_SMART';
  readonly prepared: boolean;
  /** 4 where it was not said. */
  readonly protocolVersion: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly authProvider: string | undefined;
  readonly maxPending: number | undefined;
  /** Sockets to each host; 8. */
  readonly connectionsPerHost: number | undefined;
  readonly compression: 'NONE' | 'LZ4' | 'SNAPPY';
  readonly requestTimeoutMs: number;
}

export interface NodeSettings {
  readonly nodes: readonly string[];
  readonly whitelist: boolean;
  readonly datacenter: string | undefined;
  readonly rack: string | undefined;
}

export interface SchemaSettings {
  readonly keyspace: string;
  /** The full name of a class. */
  readonly strategy: string;
  readonly strategyOptions: Options;
  readonly storageOptions: Options;
  readonly compression: string | undefined;
  readonly compactionStrategy: string | undefined;
  readonly compactionOptions: Options;
}

export type Options = readonly (readonly [string, string])[];

export interface TransportSettings {
  readonly factory: string;
  readonly truststore: string | undefined;
  readonly truststorePassword: string | undefined;
  readonly keystore: string | undefined;
  readonly keystorePassword: string | undefined;
  readonly protocol: string;
  readonly algorithm: string;
  readonly storeType: string;
  readonly ciphers: string;
  readonly hostnameVerification: boolean;
}

export interface PortSettings {
  readonly native: number;
  readonly thrift: number;
  readonly jmx: number;
}

export interface GraphSettings {
  readonly file: string | undefined;
  readonly revision: string;
  readonly title: string | undefined;
  readonly operation: string;
}

export interface TokenRangeSettings {
  readonly wrap: boolean;
  readonly splitFactor: number;
}
