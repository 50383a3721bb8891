import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { makeCertificate } from './certificate.ts';
import { cqlClient } from './cql-client.ts';
import { freePorts } from './free-ports.ts';
import { cachedFolder } from './program-cache.ts';
import type { RealServer, ServerKind } from './real-server.ts';
import { startServer } from './server-process.ts';

const version = '5.0.8';
const product = `Cassandra ${version}`;
const javaVersions = new Set([11, 17]);
const run = promisify(execFile);

/** The server that Cassandra makes of a fresh data folder with logins: its superuser has a known password. */
const login = { username: 'cassandra', password: 'cassandra' };
const keystorePassword = 'keystore';

/** Cassandra's libraries, from the cache or fetched into it with Maven, which takes half a minute, once. */
export async function findCassandra(): Promise<
  { readonly libraries: string } | { readonly unavailable: string }
> {
  const java = await javaVersion();
  if (java === undefined) return { unavailable: 'there is no Java to run Cassandra with' };
  if (!javaVersions.has(java)) return { unavailable: `Java ${java} can't run ${product}` };
  try {
    return { libraries: await cachedFolder(`cassandra-${version}`, product, fetchLibraries) };
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { unavailable: missing ? 'there is no Maven to fetch Cassandra with' : String(error) };
  }
}

/** The JDK that Maven would take too. */
function java(): string {
  const home = process.env['JAVA_HOME'];
  return home ? join(home, 'bin', 'java') : 'java';
}

/** The feature release, such as 17; undefined without Java. */
async function javaVersion(): Promise<number | undefined> {
  try {
    const { stderr } = await run(java(), ['-version']);
    return Number(/version "(?:1\.)?(\d+)/.exec(stderr)?.[1]);
  } catch {
    return undefined;
  }
}

async function fetchLibraries(folder: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'stressql-pom-'));
  const pom = join(work, 'pom.xml');
  await writeFile(
    pom,
    `<project>
  <modelVersion>4.0.0</modelVersion><groupId>stressql</groupId><artifactId>cassandra</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.cassandra</groupId><artifactId>cassandra-all</artifactId><version>${version}</version></dependency>
  </dependencies>
</project>
`,
  );
  try {
    const options = ['-DincludeScope=runtime', `-DoutputDirectory=${folder}`];
    await run('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', ...options]);
  } finally {
    await rm(work, { recursive: true });
  }
}

/**
 * Starts a node on free ports in a temporary folder, and waits until it answers. It takes connections with and without
 * TLS on the same port, but for the one with logins.
 */
export async function startCassandra(libraries: string, kind: ServerKind): Promise<RealServer> {
  const folder = await mkdtemp(join(tmpdir(), 'stressql-cassandra-'));
  const [port, storagePort] = (await freePorts(2)) as [number, number];
  const withLogin = kind === 'cassandra-auth';
  const tls = withLogin ? undefined : await makeCertificate(folder, ['DNS:localhost', 'IP:127.0.0.1']);
  if (tls !== undefined) {
    const [input, output] = [
      ['-in', tls.certificate, '-inkey', tls.key],
      ['-out', join(folder, 'keystore.p12')],
    ];
    const pass = ['-passout', `pass:${keystorePassword}`];
    await run('openssl', ['pkcs12', '-export', ...input, ...output, ...pass]);
  }
  await writeFile(join(folder, 'cassandra.yaml'), configurationText(folder, port, storagePort, kind));
  await writeFile(join(folder, 'logback.xml'), logging);
  const server: RealServer = {
    product: 'Cassandra',
    version,
    address: `127.0.0.1:${port}`,
    source: libraries,
    ...(withLogin ? login : {}),
    ...(tls === undefined ? {} : { caFile: tls.certificate, keyFile: tls.key }),
  };
  await startServer({
    product,
    command: java(),
    words: [...virtualMachineOptions(folder, withLogin ? 256 : 512), '-cp', join(libraries, '*'), main],
    folder,
    readyWithinMs: 180_000,
    isReady: () => answers(server),
  });
  return server;
}

const main = 'org.apache.cassandra.service.CassandraDaemon';

const logging = `<configuration>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%-5level %msg%n</pattern></encoder></appender>
  <root level="WARN"><appender-ref ref="out"/></root>
</configuration>
`;

/** What Cassandra's own start scripts open for it, and what makes it start soon and stay in its folder. */
function virtualMachineOptions(folder: string, heapMegabytes: number): readonly string[] {
  const exported = ['java.base/jdk.internal.misc', 'java.base/jdk.internal.ref', 'java.base/sun.nio.ch'];
  const exportedByRmi = ['java.rmi/sun.rmi.registry', 'java.management.rmi/com.sun.jmx.remote.internal.rmi'];
  const opened = ['java.base/java.io', 'java.base/sun.nio.ch'];
  const properties: Record<string, string> = {
    'cassandra.config': pathToFileURL(join(folder, 'cassandra.yaml')).href,
    'cassandra.storagedir': folder,
    'cassandra-foreground': 'yes',
    'cassandra.ring_delay_ms': '100',
    'cassandra.skip_wait_for_gossip_to_settle': '0',
    'cassandra.superuser_setup_delay_ms': '0',
    'logback.configurationFile': join(folder, 'logback.xml'),
    'java.net.preferIPv4Stack': 'true',
    'java.io.tmpdir': folder,
    'jna.tmpdir': folder,
  };
  return [
    `-Xms${heapMegabytes}m`,
    `-Xmx${heapMegabytes}m`,
    '-XX:+UseSerialGC',
    // Its file in /tmp would stay when the server is killed.
    '-XX:-UsePerfData',
    '-XX:TieredStopAtLevel=1',
    ...[...exported, ...exportedByRmi].flatMap((each) => ['--add-exports', `${each}=ALL-UNNAMED`]),
    ...opened.flatMap((each) => ['--add-opens', `${each}=ALL-UNNAMED`]),
    ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`),
  ];
}

function configurationText(folder: string, port: number, storagePort: number, kind: ServerKind): string {
  const directory = (name: string): string => JSON.stringify(join(folder, name));
  const [authenticator, authorizer] =
    kind === 'cassandra-auth'
      ? ['PasswordAuthenticator', 'CassandraAuthorizer']
      : ['AllowAllAuthenticator', 'AllowAllAuthorizer'];
  const encryption =
    kind === 'cassandra-auth'
      ? []
      : [
          'client_encryption_options:',
          '  enabled: true',
          '  optional: true',
          `  keystore: ${directory('keystore.p12')}`,
          `  keystore_password: ${keystorePassword}`,
          '  store_type: PKCS12',
        ];
  return [
    'cluster_name: stressql',
    'num_tokens: 1',
    'partitioner: org.apache.cassandra.dht.Murmur3Partitioner',
    `authenticator: ${authenticator}`,
    `authorizer: ${authorizer}`,
    'seed_provider:',
    '  - class_name: org.apache.cassandra.locator.SimpleSeedProvider',
    `    parameters: [{ seeds: "127.0.0.1:${storagePort}" }]`,
    'listen_address: 127.0.0.1',
    'rpc_address: 127.0.0.1',
    `native_transport_port: ${port}`,
    `storage_port: ${storagePort}`,
    'endpoint_snitch: SimpleSnitch',
    `data_file_directories: [${directory('data')}]`,
    `commitlog_directory: ${directory('commitlog')}`,
    `saved_caches_directory: ${directory('saved_caches')}`,
    `hints_directory: ${directory('hints')}`,
    `cdc_raw_directory: ${directory('cdc_raw')}`,
    'commitlog_sync: periodic',
    'commitlog_sync_period: 10000ms',
    'commitlog_segment_size: 16MiB',
    'auto_snapshot: false',
    'hinted_handoff_enabled: false',
    'concurrent_compactors: 1',
    'memtable_heap_space: 64MiB',
    'memtable_offheap_space: 64MiB',
    'key_cache_size: 1MiB',
    ...encryption,
    '',
  ].join('\n');
}

async function answers(server: RealServer): Promise<boolean> {
  const client = cqlClient(server);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.shutdown();
  }
}
