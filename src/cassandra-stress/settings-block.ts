import { rangeOf } from '../statement/template/stress/distribution.ts';
import { describeDistribution, describeRatio } from './describe-distribution.ts';
import { doubleText, fixed, grouped } from './java-format.ts';
import type { Options, StressSettings } from './settings.ts';

/**
 * What cassandra-stress prints of its settings before it connects, ScyllaDB's way, to the line after its end.
 * `keyspace`: that of a profile.
 */
export function settingsBlock(settings: StressSettings, keyspace = settings.schema.keyspace): string {
  const lines = ['******************** Stress Settings ********************'];
  for (const [section, values] of sections(settings, keyspace)) {
    lines.push(`${section}:`, ...values.map((value) => `  ${value}`));
  }
  return `${lines.join('\n')}\n\n`;
}

type Section = readonly [string, readonly string[]];

function sections(settings: StressSettings, keyspace: string): readonly Section[] {
  return [
    ['Command', command(settings)],
    ['Rate', rate(settings)],
    ['Population', population(settings)],
    ['Insert', insert(settings)],
    ...(settings.command.name === 'user' ? [] : [['Columns', columns(settings)] as const]),
    ['Errors', errors(settings)],
    ['Log', log(settings)],
    ['Mode', mode(settings)],
    ['Node', node(settings)],
    ['Schema', schema(settings, keyspace)],
    ['Transport', transport(settings)],
    ['Port', port(settings)],
    ['Send To Daemon', [settings.sendTo ?? '*not set*']],
    ['Graph', graph(settings)],
    ['TokenRange', [`Wrap: ${settings.tokenRange.wrap}`, `Split Factor: ${settings.tokenRange.splitFactor}`]],
    ['CloudConf', ['File: null']],
  ];
}

function command({ command }: StressSettings): readonly string[] {
  const { name, length, ratios } = command;
  const lines = [
    `Type: ${name}`,
    `Count: ${length.kind === 'operations' ? grouped(length.operations) : '-1'}`,
    ...(length.kind === 'duration' ? [`Duration: ${grouped(length.amount)} ${length.unit}`] : []),
    `No Warmup: ${command.noWarmup}`,
    `Consistency Level: ${command.consistency}`,
    `Serial Consistency Level: ${command.serialConsistency}`,
  ];
  if (length.kind === 'uncertainty') {
    lines.push(
      `Target Uncertainty: ${fixed(length.target, 3)}`,
      `Minimum Uncertainty Measurements: ${grouped(length.minimum)}`,
      `Maximum Uncertainty Measurements: ${grouped(length.maximum)}`,
    );
  } else {
    lines.push('Target Uncertainty: not applicable');
  }
  if (name !== 'user') {
    lines.push(
      `Key Size (bytes): ${command.keySize}`,
      `Counter Increment Distibution: add=${command.add.text}`,
    );
  }
  if (ratios.length > 0) {
    const weights = ratios.map(([each, weight]) => `${each}=${doubleText(weight)}`);
    lines.push(
      `Command Ratios: {${weights.join(', ')}}`,
      `Command Clustering Distribution: clustering=${command.clustering.text}`,
    );
  }
  if (name === 'user') lines.push(`Profile File: ${command.profiles.join(',')}`);
  return lines;
}

function rate({ rate }: StressSettings): readonly string[] {
  if (rate.kind === 'threads') {
    return ['Auto: false', `Thread Count: ${rate.threads}`, `OpsPer Sec: ${rate.operationsPerSecond}`];
  }
  return rate.auto
    ? ['Auto: true', `Min Threads: ${rate.minimum}`, `Max Threads: ${rate.maximum}`]
    : ['Auto: false', 'Thread Count: -1', 'OpsPer Sec: 0'];
}

function population({ population }: StressSettings): readonly string[] {
  if (population.kind === 'distribution') {
    const distribution = `Distribution: ${describeDistribution(population.distribution)}`;
    return [distribution, `Order: ${population.order}`, 'Wrap: false'];
  }
  const { first, last, readLookback } = population;
  return [
    `Sequence: ${first}..${last}`,
    ...(readLookback === undefined ? [] : [`Read Look Back: ${describeDistribution(readLookback)}`]),
    `Order: ${population.order}`,
    `Wrap: ${population.wrap}`,
  ];
}

function insert({ insert }: StressSettings): readonly string[] {
  return [
    `Revisits: ${describeDistribution(insert.revisit)}`,
    `Visits: ${describeDistribution(insert.visits)}`,
    ...(insert.partitions === undefined ? [] : [`Batchsize: ${describeDistribution(insert.partitions)}`]),
    ...(insert.partitions === undefined || insert.selectRatio === undefined
      ? []
      : [`Select Ratio: ${describeRatio(insert.selectRatio)}`]),
    `Row Population Ratio: ${describeRatio(insert.rowPopulationRatio)}`,
    `Batch Type: ${insert.batchType ?? 'not batching'}`,
  ];
}

function columns({ columns }: StressSettings): readonly string[] {
  const { minimum } = rangeOf(columns.count);
  return [
    `Max Columns Per Key: ${columns.names.length}`,
    `Column Names: [${columns.names.join(', ')}]`,
    `Comparator: ${columns.comparator}`,
    `Timestamp: ${columns.timestamp ?? null}`,
    `Variable Column Count: ${minimum < columns.names.length}`,
    `Slice: ${columns.slice}`,
    `Size Distribution: ${describeDistribution(columns.size)}`,
    `Count Distribution: ${columns.named ? `Count:  fixed=${columns.names.length}` : describeDistribution(columns.count)}`,
  ];
}

function errors({ errors }: StressSettings): readonly string[] {
  return [`Ignore: ${errors.ignore}`, `Fail fast setting: ${errors.failFast}`, `Tries: ${errors.tries}`];
}

function log({ log }: StressSettings): readonly string[] {
  return [
    `No Summary: ${log.noSummary}`,
    `No Settings: ${log.noSettings}`,
    `File: ${log.file ?? null}`,
    `Interval Millis: ${log.intervalMs}`,
    `Level: ${log.level}`,
  ];
}

function mode({ mode }: StressSettings): readonly string[] {
  const thrift = mode.api.startsWith('THRIFT');
  return [
    `API: ${mode.api}`,
    `Connection Style: ${thrift ? 'THRIFT' : mode.prepared ? 'CQL_PREPARED' : 'CQL'}`,
    `CQL Version: ${thrift ? 'NOCQL' : 'CQL3'}`,
    `Protocol Version: V${mode.protocolVersion}`,
    `Username: ${mode.username ?? null}`,
    `Password: ${mode.password === undefined ? null : '*suppressed*'}`,
    `Auth Provide Class: ${mode.authProvider ?? null}`,
    `Max Pending Per Connection: ${mode.maxPending ?? null}`,
    `Connections Per Host: ${mode.connectionsPerHost ?? null}`,
    `Compression: ${mode.compression}`,
  ];
}

function node({ node }: StressSettings): readonly string[] {
  return [
    `Nodes: [${node.nodes.join(', ')}]`,
    `Is White List: ${node.whitelist}`,
    `Datacenter: ${node.datacenter ?? null}`,
    `Rack: ${node.rack ?? null}`,
  ];
}

function schema({ schema }: StressSettings, keyspace: string): readonly string[] {
  return [
    `Keyspace: ${keyspace}`,
    `Replication Strategy: ${schema.strategy}`,
    `Replication Strategy Options: ${mapText(schema.strategyOptions)}`,
    `Storage Options: ${mapText(schema.storageOptions)}`,
    `Table Compression: ${schema.compression ?? null}`,
    `Table Compaction Strategy: ${schema.compactionStrategy ?? null}`,
    `Table Compaction Strategy Options: ${mapText(schema.compactionOptions)}`,
  ];
}

function mapText(options: Options): string {
  return `{${options.map(([name, value]) => `${name}=${value}`).join(', ')}}`;
}

/** Unlike the real one's, it shows no password of a store. */
function transport({ transport }: StressSettings): readonly string[] {
  const hidden = (password: string | undefined): string => (password === undefined ? 'null' : '*suppressed*');
  const parts = [
    `factory=${transport.factory}`,
    `truststore=${transport.truststore ?? null}`,
    `truststore-password=${hidden(transport.truststorePassword)}`,
    `keystore=${transport.keystore ?? null}`,
    `keystore-password=${hidden(transport.keystorePassword)}`,
    `ssl-protocol=${transport.protocol}`,
    `ssl-alg=${transport.algorithm}`,
    `store-type=${transport.storeType}`,
    `ssl-ciphers=${transport.ciphers}`,
    `hostname-verification=${transport.hostnameVerification}`,
  ];
  return [parts.map((part) => `${part}; `).join('')];
}

function port({ port }: StressSettings): readonly string[] {
  return [`Native Port: ${port.native}`, `Thrift Port: ${port.thrift}`, `JMX Port: ${port.jmx}`];
}

function graph({ graph }: StressSettings): readonly string[] {
  return [
    `File: ${graph.file ?? null}`,
    `Revision: ${graph.revision}`,
    `Title: ${graph.title ?? null}`,
    `Operation: ${graph.operation}`,
  ];
}
