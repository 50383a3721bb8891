import { Client } from 'cassandra-driver';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cassandraStressJava, java } from '../../test/servers/cassandra-stress.ts';

/*
 * `STRESSQL_TEST_CQL=host:port node scripts/cassandra-stress/record-rows.ts`: has cassandra-stress 3.11.5 fill the tables
 * of the profiles in test/cassandra-stress/profiles from their first seeds, and writes what is there, in the bytes of the
 * protocol as hexadecimal digits, beside them. How many rows a partition of `events` has is another each time.
 */

const profiles = [
  { name: 'types', seeds: 40 },
  { name: 'levels', seeds: 30 },
  { name: 'clusters', seeds: 30 },
  { name: 'events', seeds: 30 },
  // Which visit wrote a row is told by when it was.
  {
    name: 'visits',
    seeds: 60,
    words: ['-insert', 'visits=fixed(3)', 'revisit=fixed(1)'],
    asks: 'id, word, number, writetime(value)',
  },
];

const [host = '127.0.0.1', port = '9042'] = (process.env['STRESSQL_TEST_CQL'] ?? '')
  .split(':')
  .filter(Boolean);
const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'stressql-record-'));
const options = {
  contactPoints: [`${host}:${port}`],
  localDataCenter: 'datacenter1',
  pooling: { warmup: true },
};
const client = new Client(options);

/** What makes values of bytes in a connection of the driver. */
interface Decoding {
  encoder: { decode(bytes: Buffer): unknown };
}

try {
  await client.connect();
  for (const { name, seeds, words: more = [], asks = '*' } of profiles) {
    await client.execute(`DROP KEYSPACE IF EXISTS stress_${name}`);
    const profile = fileURLToPath(
      new URL(`../../test/cassandra-stress/profiles/${name}.yaml`, import.meta.url),
    );
    const words = `user profile=${profile} ops(insert=1) n=${seeds} no-warmup -pop seq=1..${seeds} -rate threads=1 -node ${host} -port native=${port}`;
    // Its UUIDs look for a process id in the JDK's own classes.
    const opened = ['java.io', 'java.lang', 'java.nio', 'sun.nio.ch'].map(
      (each) => `--add-opens=java.base/${each}=ALL-UNNAMED`,
    );
    const main = 'org.apache.cassandra.stress.Stress';
    await run(
      java(),
      [...opened, ...(await cassandraStressJava(folder)), main, ...words.split(' '), ...more],
      {
        cwd: folder,
      },
    );
    await writeFile(profile.replace(/\.yaml$/, '.rows.json'), JSON.stringify(await table(name, asks)));
    await client.execute(`DROP KEYSPACE stress_${name}`);
  }
} finally {
  await client.shutdown();
  await rm(folder, { recursive: true });
}

async function table(
  name: string,
  asks: string,
): Promise<{ columns: readonly string[]; rows: readonly (readonly string[])[] }> {
  const raw = new Client(options);
  try {
    await raw.connect();
    const { pool } = [...raw.hosts.values()][0] as unknown as { pool: { connections: Decoding[] } };
    // Values stay the bytes that they are.
    for (const { encoder } of pool.connections) encoder.decode = (bytes) => bytes;
    const result = await raw.execute(`SELECT ${asks} FROM stress_${name}.${name}`, [], { fetchSize: 5000 });
    const columns = result.columns.map((column) => column.name);
    const rows = result.rows.map((row) =>
      columns.map((column) => (row as Readonly<Record<string, Buffer>>)[column]!.toString('hex')),
    );
    return { columns, rows: rows.toSorted((one, other) => (one.join() < other.join() ? -1 : 1)) };
  } finally {
    await raw.shutdown();
  }
}
