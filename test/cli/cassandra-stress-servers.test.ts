import { HistogramLogReader, type Histogram } from 'hdr-histogram-js';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  describeWithCassandra,
  describeWithCassandraLogin,
  describeWithCassandraTls,
  type Cassandra,
} from '../servers/cassandra.ts';
import { makeCertificate } from '../servers/certificate.ts';
import { describeWithCassandraStress } from '../servers/describe-with-cassandra-stress.ts';
import { stressql, type Ended } from './stressql.ts';

/* cassandra-stress at a real Cassandra, and beside the real one. A busy machine takes its time for each. */
const timeout = 240_000;

describeWithCassandra('cassandra-stress', (cassandra) => {
  let folder: string;
  let keyspace: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stressql-test-'));
    keyspace = await cassandra.createKeyspace();
  }, timeout);
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs a command line; what it leaves goes with the suite. */
  function run(line: string, inKeyspace = keyspace): Promise<Ended> {
    const words = [...line.split(' '), ...whereOf(cassandra, inKeyspace), '--out', folder];
    return stressql(['cassandra-stress', ...words]);
  }

  test(
    'rows are written, read, mixed, and counted up',
    async () => {
      const [written, counted] = await Promise.all([
        run('write n=1000 -rate threads=8'),
        run('counter_write n=200 add=fixed(3) no-warmup -rate threads=8'),
      ]);
      expect([written.code, counted.code]).toEqual([0, 0]);
      // The warm-up looks for JMX, too. A busy machine is warned of.
      expect(written.stderr.replaceAll(/^warning: INVALID_.*\n/gm, '')).toBe(noJmx.repeat(2));
      expect(counted.stderr.replaceAll(/^warning: INVALID_.*\n/gm, '')).toBe(noJmx);
      expect(totalOf(written)).toMatchObject({ 'Total partitions': 1000, 'Total errors': 0 });
      expect(totalOf(counted)).toMatchObject({ 'Total partitions': 200, 'Total errors': 0 });
      const [read, slices, mixed, counters] = await Promise.all([
        run('read n=1000 -rate threads=8 -pop seq=1..1000'),
        run('read n=100 no-warmup -col slice -rate threads=8 -pop seq=1..100'),
        run(
          'mixed ratio(read=3,write=1) n=400 no-warmup -rate threads=8 throttle=2000/s -pop dist=uniform(1..1000)',
        ),
        run('counter_read n=200 no-warmup -rate threads=8 -pop seq=1..200'),
      ]);
      expect(totalOf(read)).toMatchObject({ 'Total partitions': 1000, 'Total errors': 0 });
      expect(totalOf(slices)).toMatchObject({ 'Total partitions': 100, 'Total errors': 0 });
      expect(totalOf(mixed)).toMatchObject({ 'Total partitions': 400, 'Total errors': 0 });
      expect(totalOf(counters)).toMatchObject({ 'Total partitions': 200, 'Total errors': 0 });
      expect(mixed.stdout).toMatch(/^Latency mean {14}: +[\d.]+ ms \[READ: [\d.]+ ms, WRITE: [\d.]+ ms\]$/m);
      const rows = await cassandra.query('SELECT key, "C0", "C4" FROM standard1', keyspace);
      expect(rows).toHaveLength(1000);
      const found = rows.find((row) => (row['key'] as Buffer).toString() === '0P37709P21')!;
      expect((found['C0'] as Buffer).subarray(0, 8).toString('hex')).toBe('85182fdfe7f86306');
      const sums = await cassandra.query('SELECT "C0" FROM counter1', keyspace);
      expect(new Set(sums.map((row) => Number(row['C0'])))).toEqual(new Set([3]));
    },
    timeout,
  );

  test(
    'what is not there fails, by its key: exit 1, or with ignore 0',
    async () => {
      const other = await cassandra.createKeyspace();
      await run('write n=20 no-warmup -rate threads=2', other);
      await run('counter_write n=5 no-warmup -rate threads=2', other);
      const line = 'read n=40 no-warmup -rate threads=2 -pop seq=21..60 -log no-settings';
      const [failed, ignored, counters] = await Promise.all([
        run(line, other),
        run(`${line} -errors ignore retries=1`, other),
        run('counter_read n=9 no-warmup -rate threads=2 -pop seq=1..9 -errors ignore', other),
      ]);
      expect(totalOf(counters)).toMatchObject({ 'Total partitions': 5, 'Total errors': 4 });
      expect(failed.code).toBe(1);
      expect(failed.stdout).toMatch(
        /^java\.io\.IOException: Operation x0 on key\(s\) \[3[0-9a-f]+\]: Data returned was not validated$/m,
      );
      expect(failed.stdout).toMatch(/^type .+\n(?:total,.+\n)?java/m);
      expect(failed.stdout).not.toContain('Results:');
      expect(failed.stdout).toMatch(/\nFAILURE\n$/);
      expect(ignored.code).toBe(0);
      expect(totalOf(ignored)).toMatchObject({ 'Total partitions': 0, 'Total errors': 40 });
      expect(ignored.stdout).toMatch(/\nEND\n$/);
      expect(ignored.stderr.match(/^Operation x0 on key\(s\) \[/gm)).toHaveLength(40);
      expect(ignored.stderr).toContain('warning: every operation failed\n');
    },
    timeout,
  );

  test(
    'what parsers of the real one look for',
    async () => {
      const log = join(folder, 'parsed.hdr');
      const { stdout } = await run(
        `write duration=3s no-warmup -rate threads=4 fixed=200/s -log interval=1s hdrfile=${log}`,
      );
      expect(/^\s*Keyspace: (\S+)$/m.exec(stdout)?.[1]).toBe(keyspace);
      const intervals = stdout.split('\n').filter((line) => line.includes('total,'));
      expect(intervals.length).toBeGreaterThan(1);
      let operations = 0;
      for (const line of intervals) {
        const columns = line.split(',').map((column) => column.trim());
        expect(columns).toHaveLength(19);
        const numbers = [2, 5, 6, 7, 8, 9, 10, 13].map((index) => Number(columns[index]));
        expect(numbers.every((number) => number >= 0)).toBe(true);
        expect(Number(columns[1])).toBeGreaterThan(operations);
        operations = Number(columns[1]);
      }
      expect(operations).toBe(totalOf({ stdout })['Total partitions']);
      expect(stdout).toMatch(/^Total operation time {6}: 00:00:(?:0[3-9]|[1-5]\d)$/m);
      expect(stdout.slice(stdout.indexOf('Results:'), stdout.indexOf('END'))).toContain('Op rate');
      const counts = countsOfLog(readFileSync(log, 'utf8'));
      expect(Object.keys(counts).toSorted()).toEqual(['WRITE-rt', 'WRITE-st', 'WRITE-wt']);
      expect([counts['WRITE-rt'], counts['WRITE-st']]).toEqual([operations, operations]);
    },
    timeout,
  );

  test(
    'the script writes the same rows when it is run',
    async () => {
      const other = await cassandra.createKeyspace();
      const line =
        'write n=300 no-warmup -col n=fixed(3) size=uniform(1..50) -pop dist=gaussian(1..500) -rate threads=4';
      const shown = await run(`${line} --print-script`, other);
      const path = join(folder, 'stress.sql');
      writeFileSync(path, shown.stdout);
      const ran = await stressql(['run', path, '--out', folder, '--quiet']);
      // 5: a busy machine makes a late client.
      expect(ran.code, ran.stderr).toBeOneOf([0, 5]);
      const again = await cassandra.createKeyspace();
      expect((await run(line, again)).code).toBe(0);
      const rowsIn = async (name: string): Promise<readonly string[]> =>
        (await cassandra.query('SELECT * FROM standard1', name)).map((row) => JSON.stringify(row)).toSorted();
      const rows = await rowsIn(other);
      expect(rows.length).toBeGreaterThan(100);
      expect(await rowsIn(again)).toEqual(rows);
    },
    timeout,
  );

  describeWithCassandraStress('beside the real one', (real) => {
    test(
      'each reads what the other wrote',
      async () => {
        const [ours, theirs] = [await cassandra.createKeyspace(), await cassandra.createKeyspace()];
        const columns = '-col n=fixed(12) size=uniform(1..80)';
        const by = (line: string, inKeyspace: string): Promise<string> =>
          real.run(...line.split(' '), ...whereOf(cassandra, inKeyspace));
        const [ourLog, theirLog] = [join(folder, 'ours.hdr'), join(folder, 'theirs.hdr')];
        const writing = (log: string): string =>
          `write n=500 no-warmup ${columns} -rate threads=4 throttle=1000/s -log hdrfile=${log}`;
        const [written] = await Promise.all([run(writing(ourLog), ours), by(writing(theirLog), theirs)]);
        expect(written.code).toBe(0);
        const [ourText, theirText] = [readFileSync(ourLog, 'utf8'), readFileSync(theirLog, 'utf8')];
        expect(headOfLog(ourText)).toBe(headOfLog(theirText));
        expect(countsOfLog(ourText)).toEqual({ 'WRITE-rt': 500, 'WRITE-st': 500, 'WRITE-wt': 500 });
        expect(countsOfLog(theirText)).toEqual(countsOfLog(ourText));
        const reading = `read n=500 no-warmup ${columns} -rate threads=4 -pop seq=1..500`;
        const [read, readByReal] = await Promise.all([run(reading, theirs), by(reading, ours)]);
        expect(totalOf(read)).toMatchObject({ 'Total partitions': 500, 'Total errors': 0 });
        expect(totalOf({ stdout: readByReal })).toMatchObject({ 'Total partitions': 500, 'Total errors': 0 });
      },
      timeout,
    );
  });
});

describeWithCassandraLogin('cassandra-stress with a login', (cassandra) => {
  test(
    'user and password log in, and no wrong one',
    async () => {
      const keyspace = await cassandra.createKeyspace();
      const run = (password: string): Promise<Ended> =>
        runIn(
          keyspace,
          cassandra.address,
          `write n=20 no-warmup -mode native cql3 user=cassandra ${password}`,
        );
      const [written, refused] = [await run('password=cassandra'), await run('password=s3cret')];
      expect(totalOf(written)).toMatchObject({ 'Total partitions': 20, 'Total errors': 0 });
      expect(written.stdout).toContain('\n  Username: cassandra\n  Password: *suppressed*\n');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(/and\/or password are incorrect/);
      expect(refused.stdout + refused.stderr).not.toContain('s3cret');
    },
    timeout,
  );
});

describeWithCassandraTls('cassandra-stress with TLS', (cassandra) => {
  test(
    'truststore= is verified against, and the host where hostname-verification= asks for it',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'stressql-test-'));
      const keyspace = await cassandra.createKeyspace();
      const { certificate, key } = await makeCertificate(folder, ['DNS:elsewhere']);
      const [host, port] = cassandra.address.split(':') as [string, string];
      // The server behind a certificate that is not for its host.
      const options = { cert: readFileSync(certificate), key: readFileSync(key) };
      const elsewhere = createServer(options, (client) => {
        const server = connect(Number(port), host);
        client.pipe(server).pipe(client);
        for (const socket of [client, server]) socket.on('error', () => client.destroy());
      });
      await new Promise<void>((resolve) => elsewhere.listen(0, host, resolve));
      const behind = `${host}:${(elsewhere.address() as AddressInfo).port}`;
      const line = 'write n=20 no-warmup';
      const trusted = `-transport truststore=${cassandra.server.caFile!}`;
      const there = `-transport truststore=${certificate}`;
      const runs = await Promise.all([
        runIn(keyspace, cassandra.address, `${line} ${trusted} hostname-verification=true`),
        runIn(keyspace, behind, `${line} ${there}`),
        runIn(keyspace, behind, `${line} ${there} hostname-verification=true`),
        runIn(keyspace, behind, `${line} ${trusted}`),
      ]);
      elsewhere.close();
      rmSync(folder, { recursive: true });
      expect(runs.map(({ code }) => code)).toEqual([0, 0, 1, 1]);
      expect(runs[2]!.stderr).toMatch(/altname/i);
      expect(runs[3]!.stderr).toMatch(/certificate/);
    },
    timeout,
  );
});

async function runIn(keyspace: string, address: string, line: string): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'stressql-test-'));
  try {
    const words = [...line.split(' '), '-rate', 'threads=2', ...whereOf({ address }, keyspace)];
    return await stressql(['cassandra-stress', ...words, '--out', folder]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const noJmx = 'Failed to connect over JMX; not collecting these stats\n';

function whereOf({ address }: Pick<Cassandra, 'address'>, keyspace: string): readonly string[] {
  const [host, port] = address.split(':') as [string, string];
  return ['-schema', `keyspace=${keyspace}`, '-node', host, '-port', `native=${port}`];
}

/** The summary as tools read it: of each line the first number. */
function totalOf({ stdout }: Pick<Ended, 'stdout'>): Readonly<Record<string, number>> {
  const summary = stdout.slice(stdout.indexOf('Results:'), stdout.lastIndexOf('END'));
  const lines = summary.split('\n').map((line) => /^(.+?) +: +([\d,.]+)/.exec(line));
  return Object.fromEntries(
    lines.flatMap((found) => (found === null ? [] : [[found[1]!, Number(found[2]!.replaceAll(',', ''))]])),
  );
}

/** What stands above its histograms, but when. */
function headOfLog(text: string): string {
  return text.slice(0, text.indexOf('\nTag=')).replaceAll(/[\d.:]{8,}/g, '#');
}

/** Values of each tag of a histogram log. */
function countsOfLog(text: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const reader = new HistogramLogReader(text);
  for (let found = reader.nextIntervalHistogram() as Histogram | null; found !== null;) {
    counts[found.tag!] = (counts[found.tag!] ?? 0) + found.totalCount;
    found = reader.nextIntervalHistogram() as Histogram | null;
  }
  return counts;
}
