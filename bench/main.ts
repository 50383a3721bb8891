import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { machineFacts } from '../src/reporting/machine.ts';
import { cqlClient } from '../test/servers/cql-client.ts';
import { killServers } from '../test/servers/server-process.ts';
import { findCassandra, startCassandra } from '../test/servers/cassandra-daemon.ts';
import { findInfluxd, startInfluxd } from '../test/servers/influxd.ts';
import type { Unavailable } from './comparison.ts';
import { projectFolder } from './measured-process.ts';
import { resultsText } from './results-text.ts';
import { comparisons, runBench } from './run-bench.ts';
import type { ComparisonResult } from './run-bench.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '30' },
    quick: { type: 'boolean', default: false },
    cql: { type: 'string' },
    influx: { type: 'string' },
    out: { type: 'string' },
  },
});
const names = comparisons.map(({ name }) => name);
const wanted = values.only ?? names;
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) throw new Error(`${unknown.join()}: one of ${names.join(', ')}`);

const rounds = values.quick ? 1 : Number(values.rounds);
const size = values.quick
  ? { operations: 20_000, seconds: 5 }
  : { operations: 1e9, seconds: Number(values.seconds) };
const tell = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
const startedMs = Date.now();
const [loadAverage] = loadavg() as [number, number, number];
const versions: Record<string, string> = {
  stressql: versionOf('../package.json'),
  'cassandra-driver': versionOf('cassandra-driver/package.json'),
};

const command = ['npm run bench --', ...process.argv.slice(2)].join(' ').replace(/ --$/, '');
const out = values.out ?? (values.quick ? undefined : 'bench/RESULTS.md');

/** After each comparison, so that a run that is ended early has left what it found. */
async function write(results: readonly ComparisonResult[]): Promise<void> {
  const facts = { machine: machineFacts(), versions, command, startedMs, loadAverage, rounds, ...size };
  const text = resultsText(facts, results);
  const path = resolve(projectFolder, out ?? 'bench/RESULTS.md');
  const formatted = await format(text, { ...(await resolveConfig(path)), parser: 'markdown' });
  if (out !== undefined) await writeFile(path, formatted);
  else if (results.length === wanted.length) process.stdout.write(formatted);
}

try {
  const results = await runBench({
    rounds,
    size,
    only: wanted,
    ...(values.quick && { withoutPeers: 'the quick form installs nothing' }),
    cassandra: once(() => server(values.cql, 'Cassandra', cassandraVersion, startOwnCassandra)),
    influx: once(() => server(values.influx, 'InfluxDB', influxVersion, startOwnInflux)),
    tell,
    compared: write,
  });
  const failures = results.flatMap(({ contestants }) => contestants.filter((each) => 'failed' in each));
  if (failures.length > 0) process.exitCode = 1;
} finally {
  await killServers();
}

function versionOf(description: string): string {
  const { version } = createRequire(import.meta.url)(description) as { version: string };
  return version;
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}

type Server = { readonly address: string; readonly version: string };

/** A server that is there, or one of the bench's own. */
async function server(
  given: string | undefined,
  product: string,
  versionAt: (address: string) => Promise<string>,
  start: () => Promise<Server | Unavailable>,
): Promise<string | Unavailable> {
  const found = given === undefined ? await start() : { address: given, version: await versionAt(given) };
  if ('unavailable' in found) return found;
  versions[product] = found.version;
  return found.address;
}

async function cassandraVersion(address: string): Promise<string> {
  const client = cqlClient({ product: 'Cassandra', version: '', address, source: '' });
  try {
    const { rows } = await client.execute('SELECT release_version FROM system.local');
    return String(rows[0]?.['release_version']);
  } finally {
    await client.shutdown();
  }
}

async function influxVersion(address: string): Promise<string> {
  const pinged = await fetch(`http://${address}/ping`);
  return pinged.headers.get('x-influxdb-version') ?? 'of no version';
}

async function startOwnCassandra(): Promise<Server | Unavailable> {
  const found = await findCassandra();
  return 'unavailable' in found ? found : startCassandra(found.libraries, 'cassandra');
}

async function startOwnInflux(): Promise<Server | Unavailable> {
  const found = await findInfluxd();
  return 'unavailable' in found ? found : startInfluxd(found.path, 'influx');
}
