import { parseCount, parseDuration, printDuration } from '../lexer/scalar.ts';

/**
 * When a change takes effect. `live`: at once, also for statements that run. `statement`: captured when a
 * statement starts. `run`: only before the first operation. WITH takes live and statement settings and fixes
 * them for its statement.
 */
export type SettingScope = 'live' | 'statement' | 'run';

interface SettingKinds {
  /** Any text, case kept. */
  text: string;
  /** Text that is never shown. */
  secret: string;
  flag: boolean;
  /** A whole number. */
  count: number;
  /** A whole number, or no bound. */
  limit: number;
  /** Nanoseconds. */
  duration: number;
  /** Hosts or URLs between `|` or commas; at least one. */
  addresses: readonly string[];
  /** One of the definition's choices. */
  choice: string;
  /** `YYYY-MM-DD`, with an optional time of day in UTC, or `now`. */
  date: string;
}

export interface SettingDefinition<Kind extends keyof SettingKinds = keyof SettingKinds> {
  readonly kind: Kind;
  readonly default: string;
  readonly scope: SettingScope;
  readonly group: 'v2' | 'target' | 'influx' | 'cql' | 'load' | 'reporting';
  readonly doc: string;
  readonly choices?: readonly string[];
  /** Smallest value of a count, limit or duration. */
  readonly minimum?: number;
}

/** The one table of settings: SET, WITH, suggestions, report tags and the reference are made from it. */
export const settingDefinitions = {
  Addresses: {
    kind: 'addresses',
    default: 'localhost',
    scope: 'run',
    group: 'v2',
    doc: 'Hosts of the target, with or without a port (8086 for influx, 9042 for cql); requests go round them evenly.',
  },
  SSL: { kind: 'flag', default: 'false', scope: 'run', group: 'v2', doc: 'Speak TLS to the target.' },
  Username: { kind: 'text', default: '', scope: 'run', group: 'v2', doc: 'User name at the target.' },
  Password: { kind: 'secret', default: '', scope: 'run', group: 'v2', doc: 'Password at the target.' },
  Database: {
    kind: 'text',
    default: 'stress',
    scope: 'statement',
    group: 'v2',
    doc: 'InfluxDB database that is written and queried; `USE x` sets it.',
  },
  Precision: {
    kind: 'choice',
    choices: ['n', 'ns', 'u', 'us', 'ms', 's'],
    default: 's',
    scope: 'statement',
    group: 'v2',
    doc: 'Precision of the timestamps that are written.',
  },
  StartDate: {
    kind: 'date',
    default: '2016-01-01',
    scope: 'statement',
    group: 'v2',
    doc: 'Timestamp of the first point: a date, a date and time in UTC, or `now` (the start of the run, recorded and repeatable with --start-at).',
  },
  BatchSize: {
    kind: 'count',
    minimum: 1,
    default: '5000',
    scope: 'statement',
    group: 'v2',
    doc: 'Points a write request.',
  },
  WriteInterval: {
    kind: 'duration',
    default: '0s',
    scope: 'live',
    group: 'v2',
    doc: 'Pause of a write slot after each answer; not together with AT.',
  },
  QueryInterval: {
    kind: 'duration',
    default: '0s',
    scope: 'live',
    group: 'v2',
    doc: 'Pause of a query slot after each answer; not together with AT.',
  },
  WriteConcurrency: {
    kind: 'count',
    minimum: 1,
    default: '15',
    scope: 'live',
    group: 'v2',
    doc: 'Write requests in flight, over all running INSERTs.',
  },
  QueryConcurrency: {
    kind: 'count',
    minimum: 1,
    default: '5',
    scope: 'live',
    group: 'v2',
    doc: 'Queries in flight, over all running QUERYs.',
  },

  Target: {
    kind: 'choice',
    choices: ['influx', 'cql', 'sink'],
    default: 'influx',
    scope: 'run',
    group: 'target',
    doc: 'What is under load. `sink` generates, counts and discards.',
  },
  Timeout: {
    kind: 'duration',
    minimum: 1e6,
    default: '10s',
    scope: 'live',
    group: 'target',
    doc: 'After this long an attempt is given up; its outcome is unknown.',
  },
  Retries: {
    kind: 'count',
    minimum: 0,
    default: '0',
    scope: 'live',
    group: 'target',
    doc: 'Further attempts of an operation whose error may pass.',
  },
  RetryBackoff: {
    kind: 'duration',
    default: '100ms',
    scope: 'live',
    group: 'target',
    doc: 'Pause before another attempt, doubling to 1 s.',
  },
  RetryOn: {
    kind: 'choice',
    choices: ['transient', 'any'],
    default: 'transient',
    scope: 'live',
    group: 'target',
    doc: 'Which errors Retries applies to: those that may pass, or every one but `validation`.',
  },
  ServiceTime: {
    kind: 'choice',
    choices: ['attempt', 'operation'],
    default: 'attempt',
    scope: 'statement',
    group: 'target',
    doc: 'Where service time begins: with the last attempt, or with the first, its retries in it.',
  },
  OnError: {
    kind: 'choice',
    choices: ['stop', 'continue'],
    default: 'stop',
    scope: 'live',
    group: 'target',
    doc: 'What a failed pass-through statement or EXEC does to the script.',
  },
  CaFile: {
    kind: 'text',
    default: '',
    scope: 'run',
    group: 'target',
    doc: 'PEM file of the authorities that the target is verified against.',
  },
  CertFile: {
    kind: 'text',
    default: '',
    scope: 'run',
    group: 'target',
    doc: 'PEM file of the client certificate.',
  },
  KeyFile: {
    kind: 'text',
    default: '',
    scope: 'run',
    group: 'target',
    doc: 'PEM file of the client certificate’s key.',
  },
  Insecure: {
    kind: 'flag',
    default: 'false',
    scope: 'run',
    group: 'target',
    doc: 'Do not verify the target’s certificate.',
  },
  VerifyHost: {
    kind: 'flag',
    default: 'true',
    scope: 'run',
    group: 'target',
    doc: 'The target’s certificate has to be for its host, too.',
  },
  Compression: {
    kind: 'choice',
    choices: ['none', 'gzip'],
    default: 'none',
    scope: 'statement',
    group: 'target',
    doc: 'Compression of write bodies.',
  },

  Version: {
    kind: 'choice',
    choices: ['auto', '1', '2'],
    default: 'auto',
    scope: 'run',
    group: 'influx',
    doc: 'API of the InfluxDB: found out, 1.x or 2.x.',
  },
  Token: { kind: 'secret', default: '', scope: 'run', group: 'influx', doc: 'API token of a 2.x server.' },
  Org: { kind: 'text', default: '', scope: 'run', group: 'influx', doc: 'Organisation at a 2.x server.' },
  Bucket: {
    kind: 'text',
    default: '',
    scope: 'statement',
    group: 'influx',
    doc: 'Bucket at a 2.x server; empty: Database, with RetentionPolicy behind a slash where set.',
  },
  RetentionPolicy: {
    kind: 'text',
    default: '',
    scope: 'statement',
    group: 'influx',
    doc: 'Retention policy that is written; empty: the database’s default.',
  },

  Keyspace: {
    kind: 'text',
    default: 'stress',
    scope: 'statement',
    group: 'cql',
    doc: 'Keyspace of unqualified table names; `USE x` sets it.',
  },
  Replication: {
    kind: 'text',
    default: '',
    scope: 'statement',
    group: 'cql',
    doc: 'Replication of the keyspace that CreateTables makes; empty: SimpleStrategy with one replica.',
  },
  Consistency: {
    kind: 'choice',
    choices: [
      'ANY',
      'ONE',
      'TWO',
      'THREE',
      'QUORUM',
      'ALL',
      'LOCAL_QUORUM',
      'EACH_QUORUM',
      'LOCAL_ONE',
      'SERIAL',
      'LOCAL_SERIAL',
    ],
    default: 'LOCAL_ONE',
    scope: 'statement',
    group: 'cql',
    doc: 'Consistency level.',
  },
  SerialConsistency: {
    kind: 'choice',
    choices: ['SERIAL', 'LOCAL_SERIAL'],
    default: 'SERIAL',
    scope: 'statement',
    group: 'cql',
    doc: 'Consistency level of the Paxos round of lightweight transactions.',
  },
  LocalDatacenter: {
    kind: 'text',
    default: 'auto',
    scope: 'run',
    group: 'cql',
    doc: 'Datacenter that gets the load; auto: that of the first address.',
  },
  ConnectionsPerHost: {
    kind: 'count',
    minimum: 1,
    default: '1',
    scope: 'run',
    group: 'cql',
    doc: 'Connections that carry the load to each node; docs/cql.md says what else is opened.',
  },
  PageSize: {
    kind: 'count',
    minimum: 1,
    default: '5000',
    scope: 'statement',
    group: 'cql',
    doc: 'Rows a page of a query’s answer.',
  },
  RowsPerBatch: {
    kind: 'count',
    minimum: 1,
    default: '1',
    scope: 'statement',
    group: 'cql',
    doc: 'Rows an unlogged batch; above 1, rows of one partition are neighbours.',
  },
  Driver: {
    kind: 'choice',
    choices: ['direct', 'driver'],
    default: 'direct',
    scope: 'run',
    group: 'cql',
    doc: 'What sends the load: frames of our own, or cassandra-driver.',
  },
  Routing: {
    kind: 'choice',
    choices: ['token', 'roundrobin'],
    default: 'token',
    scope: 'run',
    group: 'cql',
    doc: 'Which node an operation goes to.',
  },
  CreateTables: {
    kind: 'flag',
    default: 'false',
    scope: 'statement',
    group: 'cql',
    doc: 'Create keyspace and tables for line-protocol INSERTs on a CQL target.',
  },

  Seed: {
    kind: 'count',
    minimum: 0,
    default: '42',
    scope: 'run',
    group: 'load',
    doc: 'Every generated value follows from it; --seed overrides it.',
  },
  Workers: {
    kind: 'limit',
    minimum: 1,
    default: 'auto',
    scope: 'run',
    group: 'load',
    doc: 'Threads that send load; auto is one. No more than there are slots, or connections to a node.',
  },
  Pace: {
    kind: 'choice',
    choices: ['normal', 'precise'],
    default: 'normal',
    scope: 'run',
    group: 'load',
    doc: 'How an open model keeps time: by timers, about 0.6 ms late, or woken by a thread that waits for each moment, about 0.1 ms late for more processor time.',
  },
  MaxErrors: {
    kind: 'limit',
    minimum: 0,
    default: 'unlimited',
    scope: 'run',
    group: 'load',
    doc: 'The run stops once more operations than this have failed or stayed unknown.',
  },

  TestName: {
    kind: 'text',
    default: '',
    scope: 'run',
    group: 'reporting',
    doc: 'Name of the run in reports.',
  },
  ReportAddress: {
    kind: 'text',
    default: 'localhost:8086',
    scope: 'run',
    group: 'reporting',
    doc: 'Reporting InfluxDB.',
  },
  ReportDatabase: {
    kind: 'text',
    default: '_stressTest',
    scope: 'run',
    group: 'reporting',
    doc: 'Database of the reporting InfluxDB.',
  },
  ReportUsername: {
    kind: 'text',
    default: '',
    scope: 'run',
    group: 'reporting',
    doc: 'User name at the reporting InfluxDB.',
  },
  ReportPassword: {
    kind: 'secret',
    default: '',
    scope: 'run',
    group: 'reporting',
    doc: 'Password at the reporting InfluxDB.',
  },
  ReportToken: {
    kind: 'secret',
    default: '',
    scope: 'run',
    group: 'reporting',
    doc: 'API token of a reporting InfluxDB 2.x.',
  },
  ReportOrg: {
    kind: 'text',
    default: '',
    scope: 'run',
    group: 'reporting',
    doc: 'Organisation at a reporting InfluxDB 2.x.',
  },
  ReportBucket: {
    kind: 'text',
    default: '',
    scope: 'run',
    group: 'reporting',
    doc: 'Bucket at a reporting InfluxDB 2.x.',
  },
  ReportInterval: {
    kind: 'duration',
    minimum: 10e6,
    default: '1s',
    scope: 'run',
    group: 'reporting',
    doc: 'Length of an interval in live results.',
  },
  ReportDetail: {
    kind: 'choice',
    choices: ['request', 'interval', 'auto'],
    default: 'auto',
    scope: 'run',
    group: 'reporting',
    doc: 'A row a request, or a row an interval; auto: requests until they pass 2,000 a second.',
  },
} as const satisfies Record<string, SettingDefinition>;

export type SettingName = keyof typeof settingDefinitions;
export const settingNames = Object.keys(settingDefinitions) as readonly SettingName[];

type ChoiceOf<Definition> = Definition extends {
  readonly kind: 'choice';
  readonly choices: readonly (infer Choice)[];
}
  ? Choice
  : Definition extends { readonly kind: infer Kind extends keyof SettingKinds }
    ? SettingKinds[Kind]
    : never;
export type SettingValue<Name extends SettingName> = ChoiceOf<(typeof settingDefinitions)[Name]>;

/** Every setting's value at one moment. Immutable: `withSetting` makes the next one. */
export type Settings = { readonly [Name in SettingName]: SettingValue<Name> };

/** The setting's name whatever the case it was written in (v2's own example has `SET DATABASE`). */
export function settingNamed(name: string): SettingName | undefined {
  return namesByLowerCase.get(name.toLowerCase());
}
const namesByLowerCase = new Map(settingNames.map((name) => [name.toLowerCase(), name]));

/** Reads a setting's text; `expected` says in the language's words what would have been right. */
export function readSetting<Name extends SettingName>(
  name: Name,
  text: string,
): { readonly value: SettingValue<Name> } | { readonly expected: string } {
  const definition: SettingDefinition = settingDefinitions[name];
  const read = readKind(definition, text.trim());
  return typeof read === 'object' && 'expected' in read ? read : { value: read as SettingValue<Name> };
}

function readKind(
  definition: SettingDefinition,
  text: string,
): SettingKinds[keyof SettingKinds] | { expected: string } {
  switch (definition.kind) {
    case 'text':
    case 'secret':
      return text;
    case 'flag':
      if (/^(true|yes|on|1)$/i.test(text)) return true;
      if (/^(false|no|off|0)$/i.test(text)) return false;
      return { expected: 'true or false' };
    case 'count':
    case 'limit': {
      const minimum = definition.minimum ?? 0;
      if (definition.kind === 'limit' && text.toLowerCase() === definition.default) return Infinity;
      const value = parseCount(text);
      if (value !== undefined && value > Number.MAX_SAFE_INTEGER) {
        return { expected: 'a whole number of at most 2^53 − 1' };
      }
      if (value !== undefined && value >= minimum) return value;
      const words = `a whole number of at least ${minimum}`;
      return { expected: definition.kind === 'limit' ? `${words}, or ${definition.default}` : words };
    }
    case 'duration': {
      const minimum = definition.minimum ?? 0;
      const value = parseDuration(text);
      if (value !== undefined && value >= minimum) return value;
      if (value !== undefined) return { expected: `a duration of at least ${printDuration(minimum)}` };
      return { expected: 'a duration such as 10s, 500ms or 1m30s' };
    }
    case 'addresses': {
      const addresses = text
        .split(/[|,]/)
        .map((item) => item.trim())
        .filter((item) => item !== '');
      if (addresses.length > 0 && addresses.every(looksLikeAddress)) return addresses;
      return { expected: 'addresses such as localhost:8086, [::1]:8086 or https://host/path' };
    }
    case 'choice': {
      const choice = definition.choices!.find((each) => each.toLowerCase() === text.toLowerCase());
      return choice ?? { expected: `one of ${definition.choices!.join(', ')}` };
    }
    case 'date':
      if (text.toLowerCase() === 'now') return 'now';
      if (parseDate(text) !== undefined) return text;
      return { expected: 'a date such as 2016-01-01 or 2016-01-01T12:30:00Z, or now' };
  }
}

/** A host with or without a port, or a URL. What has a login in it is left to the target, which shows none of it. */
function looksLikeAddress(text: string): boolean {
  if (text.includes('@')) return true;
  const port = /^(?:https?:\/\/)?(?:\[[\da-f:.]+\]|[^\s:/[\]]+)(?::(\d+))?(?:\/\S*)?$/i.exec(text);
  return port !== null && Number(port[1] ?? 1) >= 1 && Number(port[1] ?? 1) <= 65_535;
}

/** Milliseconds since 1970 of a date, or of a date and time; without a zone it is UTC. */
export function parseDate(text: string): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(
    text,
  );
  if (match === null) return undefined;
  const [, year, month, day, time = '00:00', zone = 'Z'] = match;
  const date = new Date(`${year}-${month}-${day}T${time}${zone}`);
  const value = date.getTime();
  // JavaScript takes 2026-02-30 for 2 March; a person who wrote it wants to hear of it.
  const midnight = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return Number.isNaN(value) || midnight.getUTCDate() !== Number(day) ? undefined : value;
}

/** v2's code and its documents disagree; `--compat influx-v2` takes the code's defaults. */
const influxV2Defaults: Partial<Record<SettingName, string>> = {
  WriteConcurrency: '10',
  StartDate: '2016-01-02',
};

export function defaultSettings(compatibility?: 'influx-v2'): Settings {
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of settingNames) {
    const text =
      (compatibility === 'influx-v2' ? influxV2Defaults[name] : undefined) ??
      settingDefinitions[name].default;
    const read = readSetting(name, text);
    if ('expected' in read) throw new Error(`default of ${name}: expected ${read.expected}`);
    values[name] = read.value;
  }
  return values as Settings;
}

export function withSetting<Name extends SettingName>(
  settings: Settings,
  name: Name,
  value: SettingValue<Name>,
): Settings {
  return { ...settings, [name]: value };
}

export const redacted = '[REDACTED]';

/** A setting's value as SET would take it; secrets are redacted unless empty. */
export function printSetting(name: SettingName, value: Settings[SettingName]): string {
  const definition: SettingDefinition = settingDefinitions[name];
  if (definition.kind === 'secret') return value === '' ? '' : redacted;
  if (definition.kind === 'duration') return printDuration(value as number);
  if (definition.kind === 'addresses') return (value as readonly string[]).join('|');
  if (value === Infinity) return definition.default;
  return String(value);
}
