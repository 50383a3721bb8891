/** Where a suboption comes from; absent: Apache Cassandra 3.11. */
export type Origin = 'fork' | 'newer' | 'ours';

interface Named {
  /** What its word begins with, in any case. */
  readonly name: string;
  readonly about: string;
  /** `fork`: ScyllaDB's; `newer`: Apache Cassandra 4 and later; `ours`: no cassandra-stress has it. */
  readonly origin?: Origin;
}

/** One suboption of a command or group. */
export type Option =
  /** What follows the name matches the pattern, in any case. A flag is a value that is empty. */
  | (Named & {
      readonly kind: 'value';
      readonly pattern: string;
      readonly default?: string;
      readonly required?: true;
    })
  | (Named & { readonly kind: 'distribution'; readonly default?: string })
  /** A distribution and what its values are divided by. */
  | (Named & { readonly kind: 'ratio'; readonly default?: string })
  /** `name(…)` with suboptions of its own; `extra`: and with any other `name=value`. */
  | (Named & { readonly kind: 'nested'; readonly options: readonly Option[]; readonly extra?: true })
  /** `name(any=weight,…)` with at least one. */
  | (Named & { readonly kind: 'weights' });

/** A set of suboptions that go together. */
export type Alternative = readonly Option[];

/** A command, or a group such as `-rate`. The first alternative that takes every word wins. */
export interface Group {
  readonly name: string;
  readonly about: string;
  readonly alternatives: readonly Alternative[];
}

type Rest = Pick<Named, 'origin'>;

function value(
  name: string,
  pattern: string,
  about: string,
  rest: Rest & { readonly default?: string; readonly required?: true } = {},
): Option {
  return { kind: 'value', name, pattern, about, ...rest };
}

function flag(name: string, about: string, rest: Rest & { readonly required?: true } = {}): Option {
  return value(name, '', about, rest);
}

function distribution(name: string, standard: string | undefined, about: string): Option {
  return { kind: 'distribution', name, about, ...(standard !== undefined && { default: standard }) };
}

const digits = '[0-9]+';
const any = '.*';

const everyCommand: Alternative = [
  flag('no-warmup', 'Do not warmup the process'),
  value(
    'truncate=',
    'never|once|always',
    'Truncate the table: never, before performing any work, or before each iteration',
    {
      default: 'never',
    },
  ),
  value(
    'cl=',
    'ONE|QUORUM|LOCAL_QUORUM|EACH_QUORUM|ALL|ANY|TWO|THREE|LOCAL_ONE|SERIAL|LOCAL_SERIAL',
    'Consistency level to use',
    { default: 'LOCAL_ONE' },
  ),
  value('serial-cl=', 'SERIAL|LOCAL_SERIAL', 'Serial consistency level to use', {
    default: 'SERIAL',
    origin: 'fork',
  }),
];

/** How long a command runs: three ways. */
const lengths: readonly Alternative[] = [
  [
    value('err<', '0\\.[0-9]+', 'Run until the standard error of the mean is below this fraction', {
      default: '0.02',
    }),
    value('n>', digits, 'Run at least this many iterations before accepting uncertainty convergence', {
      default: '30',
    }),
    value('n<', digits, 'Run at most this many iterations before accepting uncertainty convergence', {
      default: '200',
    }),
  ],
  [value('n=', '[0-9]+[bmk]?', 'Number of operations to perform', { required: true })],
  [value('duration=', '[0-9]+[smh]', 'Time to run in (in seconds, minutes or hours)', { required: true })],
];

const ofData: Alternative = [
  distribution('add=', 'fixed(1)', 'Distribution of value of counter increments'),
  value('keysize=', digits, 'Key size in bytes', { default: '10' }),
];

const aboutClustering = 'Distribution clustering runs of operations of the same kind';

/** A command with each of the three ways to say how long it runs. */
function command(name: string, about: string, before: Alternative, after: Alternative): Group {
  return {
    name,
    about,
    alternatives: lengths.map((length) => [...before, ...length, ...everyCommand, ...after]),
  };
}

function weight(name: string, standard?: string): Option {
  const about = `Performs this many ${name.toUpperCase()} operations out of total`;
  return value(`${name}=`, '[0-9]+(\\.[0-9]+)?', about, standard === undefined ? {} : { default: standard });
}

export const commands: readonly Group[] = [
  command(
    'read',
    'Multiple concurrent reads - the cluster must first be populated by a write test',
    [],
    ofData,
  ),
  command('write', 'Multiple concurrent writes against the cluster', [], ofData),
  command(
    'mixed',
    'Interleaving of any basic commands, with configurable ratio and distribution - the cluster must first be populated by a write test',
    [
      distribution('clustering=', 'GAUSSIAN(1..10)', aboutClustering),
      {
        kind: 'nested',
        name: 'ratio',
        about:
          'Specify the ratios for operations to perform; e.g. (read=2,write=1) will perform 2 reads for each write',
        options: [
          weight('read', '1'),
          weight('write', '1'),
          weight('counter_write'),
          weight('counter_read'),
          weight('user'),
        ],
      },
    ],
    ofData,
  ),
  command('counter_write', 'Multiple concurrent updates of counters.', [], ofData),
  command(
    'counter_read',
    'Multiple concurrent reads of counters. The cluster must first be populated by a counterwrite test.',
    [],
    ofData,
  ),
  command(
    'user',
    'Interleaving of user provided queries, with configurable ratio and distribution',
    [
      {
        kind: 'weights',
        name: 'ops',
        about:
          'Specify the ratios for inserts/queries to perform; e.g. ops(insert=2,<query1>=1) will perform 2 inserts for each query1',
      },
      distribution('clustering=', 'gaussian(1..10)', aboutClustering),
      value('profile=', any, 'Specify the path to a yaml cql3 profile', { required: true }),
    ],
    [],
  ),
];

/** Other names of commands. */
export const commandAliases: ReadonlyMap<string, string> = new Map([
  ['insert', 'write'],
  ['counterwrite', 'counter_write'],
  ['counter_add', 'counter_write'],
  ['counteradd', 'counter_write'],
  ['counterread', 'counter_read'],
  ['counter_get', 'counter_read'],
  ['counterget', 'counter_read'],
]);

/** `-pop` counts to as many as the command asks for. */
function population(limit: string): Group {
  const contents = value(
    'contents=',
    '(sorted|shuffled)',
    'SORTED or SHUFFLED (intra-)partition order; if not specified, will be consistent but arbitrary order',
  );
  return {
    name: '-pop',
    about: 'Population distribution and intra-partition visit order',
    alternatives: [
      [
        value('seq=', '[0-9]+[MBK]?\\.\\.+[0-9]+[MBK]?', 'Generate all seeds in sequence', {
          default: `1..${limit}`,
          required: true,
        }),
        flag('no-wrap', 'Terminate the stress test once all seeds in the range have been visited'),
        distribution('read-lookback=', undefined, 'Select read seeds from the recently visited write seeds'),
        contents,
      ],
      [distribution('dist=', `gaussian(1..${limit})`, 'Seeds are selected from this distribution'), contents],
    ],
  };
}

const column: Alternative = [
  flag('slice', 'If set, range slices will be used for reads, otherwise a names query will be'),
  value('super=', digits, 'Number of super columns to use (no super columns used if not specified)', {
    default: '0',
  }),
  value('comparator=', 'TimeUUIDType|AsciiType|UTF8Type', 'Column Comparator to use', {
    default: 'AsciiType',
  }),
  value('timestamp=', digits, 'If set, all columns will be written with the given timestamp'),
  distribution('size=', 'FIXED(34)', 'Cell size distribution'),
];

const port = value('port=', digits, '', { default: '9046' });

const login: Alternative = [value('user=', '.+', 'username'), value('password=', '.+', 'password')];

export const groups: readonly Group[] = [
  population('N'),
  {
    name: '-insert',
    about: 'Insert specific options relating to various methods for batching and splitting partition updates',
    alternatives: [
      [
        distribution(
          'revisit=',
          'uniform(1..1M)',
          'The distribution with which we revisit partial writes (see visits); implicitly defines size of revisit collection',
        ),
        distribution(
          'visits=',
          'fixed(1)',
          'The target number of inserts to split a partition into; if more than one, the partition will be placed in the revisit set',
        ),
        distribution('partitions=', undefined, 'The number of partitions to update in a single batch'),
        value(
          'batchtype=',
          'unlogged|logged|counter',
          'Specify the type of batch statement (LOGGED, UNLOGGED or COUNTER)',
        ),
        {
          kind: 'ratio',
          name: 'select-ratio=',
          about: 'The uniform probability of visiting any CQL row in the generated partition',
        },
        {
          kind: 'ratio',
          name: 'row-population-ratio=',
          about: 'The percent of a given rows columns to populate',
          default: 'fixed(1)/1',
        },
      ],
    ],
  },
  {
    name: '-col',
    about:
      'Column details such as size and count distribution, data generator, names, comparator and if super columns should be used',
    alternatives: [
      [value('names=', any, 'Column names', { required: true }), ...column],
      [distribution('n=', 'FIXED(5)', 'Cell count distribution, per operation'), ...column],
    ],
  },
  {
    name: '-rate',
    about: 'Thread count, rate limit or automatic mode (default is auto)',
    alternatives: [
      [
        value('threads=', digits, 'run this many clients concurrently', { required: true }),
        value(
          'throttle=',
          '[0-9]+/s',
          'throttle operations per second across all clients to a maximum rate (or less) with no implied schedule',
          { default: '0/s' },
        ),
        value(
          'fixed=',
          '[0-9]+/s',
          'expect fixed rate of operations per second across all clients with implied schedule',
          { default: '0/s' },
        ),
      ],
      [
        value('threads>=', digits, 'run at least this many clients concurrently', { default: '4' }),
        value('threads<=', digits, 'run at most this many clients concurrently', { default: '1000' }),
        flag('auto', 'stop increasing threads once throughput saturates'),
      ],
    ],
  },
  {
    name: '-mode',
    about: 'Thrift or CQL with options',
    alternatives: [
      [flag('thrift', '', { required: true }), flag('smart', ''), ...login],
      [
        flag('native', ''),
        flag('unprepared', 'force use of unprepared statements'),
        flag('cql3', ''),
        value('compression=', 'none|lz4|snappy', '', { default: 'none' }),
        port,
        ...login,
        value(
          'auth-provider=',
          any,
          'Fully qualified implementation of com.datastax.driver.core.AuthProvider',
        ),
        value('maxPending=', digits, 'Maximum pending requests per connection'),
        value('connectionsPerHost=', digits, 'Number of connections per host', { default: '8' }),
        value('protocolVersion=', '[2-5]+', 'CQL Protocol Version', {
          default: 'NEWEST_SUPPORTED',
        }),
        value('requestTimeout=', digits, 'Milliseconds to wait for an answer', {
          default: '12000',
          origin: 'fork',
        }),
        flag('prepared', 'use prepared statements', { origin: 'newer' }),
        flag('4x', 'use the driver of version 4', { origin: 'fork' }),
      ],
      [flag('simplenative', '', { required: true }), flag('prepared', ''), flag('cql3', ''), port],
    ],
  },
  {
    name: '-errors',
    about: 'How to handle errors when encountered during stress',
    alternatives: [
      [
        value('retries=', digits, 'Number of tries to perform for each operation before failing', {
          default: '9',
        }),
        flag('ignore', 'Do not fail on errors'),
        flag('skip-read-validation', 'Skip read validation and message output'),
        flag('fail-fast', 'Stop at the first error', { origin: 'fork' }),
        flag('skip-unsupported-columns', 'Leave out columns of types that are not supported', {
          origin: 'fork',
        }),
        value('delay-policy=', 'constant|linear|exponential', 'How the pause before a retry grows', {
          default: 'constant',
          origin: 'fork',
        }),
        value('min-delay-ms=', digits, 'Shortest pause before a retry', { origin: 'fork' }),
        value('max-delay-ms=', digits, 'Longest pause before a retry', { origin: 'fork' }),
      ],
    ],
  },
  {
    name: '-schema',
    about: 'Replication settings, compression, compaction, etc.',
    alternatives: [
      [
        {
          kind: 'nested',
          name: 'replication',
          about: 'Define the replication strategy and any parameters',
          extra: true,
          options: [
            value('strategy=', any, 'The replication strategy to use', {
              default: 'org.apache.cassandra.locator.SimpleStrategy',
            }),
            value('factor=', digits, 'The number of replicas', { default: '1' }),
          ],
        },
        value('keyspace=', any, 'The keyspace name to use', { default: 'keyspace1' }),
        {
          kind: 'nested',
          name: 'compaction',
          about: 'Define the compaction strategy and any parameters',
          extra: true,
          options: [value('strategy=', any, 'The compaction strategy to use')],
        },
        value('compression=', any, 'Specify the compression to use for sstable, default:no compression'),
        {
          kind: 'nested',
          name: 'storage',
          about: 'Define where the keyspace is stored',
          extra: true,
          origin: 'fork',
          options: [],
        },
        value('replication_factor=', digits, 'The number of replicas', { origin: 'ours' }),
      ],
    ],
  },
  {
    name: '-node',
    about: 'Nodes to connect to',
    alternatives: [
      [
        value('datacenter=', any, 'Datacenter used for DCAwareRoundRobinLoadPolicy'),
        flag('whitelist', 'Limit communications to the provided nodes'),
        value('file=', any, 'Node file (one per line)'),
        value('rack=', any, 'Rack whose nodes are asked first', { origin: 'fork' }),
        value('loadbalance=', any, 'Load balancing policy', { origin: 'fork' }),
        value('remote-dc=', any, 'Datacenter to fall back to', { origin: 'fork' }),
        // Its name is empty: every word that no other took.
        value('', '[^=,]+(,[^=,]+)*', 'comma delimited list of nodes', { default: 'localhost' }),
      ],
    ],
  },
  {
    name: '-log',
    about: 'Where to log progress to, and the interval at which to do it',
    alternatives: [
      [
        value('level=', '(minimal|normal|verbose)', 'Logging level (minimal, normal or verbose)', {
          default: 'normal',
        }),
        flag('no-summary', 'Disable printing of aggregate statistics at the end of a test'),
        value('file=', any, 'Log to a file'),
        value('hdrfile=', any, 'Log to a file'),
        value('interval=', '[0-9]+(ms|s|)', 'Log progress every <value> seconds or milliseconds', {
          default: '1s',
        }),
        flag('no-settings', 'Disable printing of settings values at start of test'),
        flag('print-statements-on-error', 'Print the statement that failed', { origin: 'fork' }),
        value('format=', 'cassandra-stress|pystress', 'The form of interval and summary lines', {
          default: 'cassandra-stress',
          origin: 'ours',
        }),
      ],
    ],
  },
  {
    name: '-transport',
    about: 'Custom transport factories',
    alternatives: [
      [
        value(
          'factory=',
          any,
          'Fully-qualified ITransportFactory class name for creating a connection. Note: For Thrift over SSL, use org.apache.cassandra.thrift.SSLTransportFactory.',
          { default: 'org.apache.cassandra.thrift.TFramedTransportFactory' },
        ),
        value('truststore=', any, 'SSL: full path to truststore'),
        value('truststore-password=', any, 'SSL: truststore password'),
        value('keystore=', any, 'SSL: full path to keystore'),
        value('keystore-password=', any, 'SSL: keystore password'),
        value('ssl-protocol=', any, 'SSL: connection protocol to use', { default: 'TLS' }),
        value('ssl-alg=', any, 'SSL: algorithm', { default: 'SunX509' }),
        value('store-type=', any, 'SSL: keystore format', { default: 'JKS' }),
        value('ssl-ciphers=', any, 'SSL: comma delimited list of encryption suites to use', {
          default: 'TLS_RSA_WITH_AES_128_CBC_SHA,TLS_RSA_WITH_AES_256_CBC_SHA',
        }),
        value('hostname-verification=', 'true|false', 'SSL: check the name in the certificate', {
          default: 'false',
          origin: 'fork',
        }),
      ],
    ],
  },
  {
    name: '-port',
    about: 'The port to connect to cassandra nodes on',
    alternatives: [
      [
        value('native=', digits, 'Use this port for the Cassandra native protocol', { default: '9042' }),
        value('thrift=', digits, 'Use this port for the thrift protocol', { default: '9160' }),
        value('jmx=', digits, 'Use this port for retrieving statistics over jmx', { default: '7199' }),
      ],
    ],
  },
  {
    name: '-graph',
    about: 'Graph recorded metrics',
    alternatives: [
      [
        value('file=', any, 'HTML file to create or append to', { required: true }),
        value('revision=', any, 'Unique name to assign to the current configuration being stressed', {
          default: 'unknown',
        }),
        value('title=', any, 'Title for chart (current date by default)'),
        value('op=', any, 'Alternative name for current operation (stress op name used by default)'),
      ],
    ],
  },
  {
    name: '-tokenrange',
    about: 'Token range settings',
    alternatives: [
      [
        flag('wrap', 'Re-use token ranges in order to terminate stress iterations'),
        value('split-factor=', '[0-9]+[bmk]?', 'Split every token range by this factor', { default: '1' }),
      ],
    ],
  },
  {
    name: '-reporting',
    about: 'Frequency of printing statistics and header for stress output',
    alternatives: [
      [
        value('output-frequency=', '[0-9]+(ms|s|m|)', 'Print statistics this often', { origin: 'newer' }),
        value('header-frequency=', '[0-9]+(ms|s|m|)', 'Print the header this often', { origin: 'newer' }),
      ],
    ],
  },
  {
    name: '-credentials-file',
    about: 'Credentials file for CQL, JMX and transport',
    alternatives: [[value('', '.+', 'properties such as cql.username', { origin: 'newer', required: true })]],
  },
  {
    name: '-jmx',
    about: 'JMX credentials',
    alternatives: [
      [
        value('user=', any, 'Username for JMX connection', { origin: 'newer' }),
        value('password=', any, 'Password for JMX connection', { origin: 'newer' }),
      ],
    ],
  },
];

/** A command or group by its name; aliases too, in lower case. `limit`: how far `-pop` counts by default. */
export function groupNamed(name: string, limit?: string): Group | undefined {
  const proper = commandAliases.get(name) ?? name;
  if (proper === '-pop' && limit !== undefined) return population(limit);
  return [...commands, ...groups].find((group) => group.name === proper);
}
