import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CqlPracticeServer } from '../../src/practice/cql/cql-practice-server.ts';
import { startPracticeServerThread } from '../../src/practice/start-practice-server-thread.ts';
import type { Summary } from '../../src/reporting/summary.ts';
import { onlyRunFolder, stressql, temporaryFolder, type Ended } from './stressql.ts';

// Each of them sleeps as the real one does, and a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** A run at the practice server; its folder goes with the test. */
async function rehearse(line: string, options: Parameters<typeof stressql>[1] = {}): Promise<Ended> {
  const words = [...line.split(' '), '--rehearse', '--out', temporaryFolder()];
  return stressql(['cassandra-stress', ...words], options);
}

function linesOf(text: string): readonly string[] {
  return text.split('\n');
}

/** Lines without the figures in them. */
function shapeOf(text: string): readonly string[] {
  return linesOf(text).map((line) => line.replace(/[\d.,]+/g, '#').replace(/ +/g, ' '));
}

describe('what is printed', () => {
  test('a write: settings, connection, schema, warm-up, intervals, summary', async () => {
    const { code, stdout, stderr } = await rehearse('write n=400 -rate threads=4 -log interval=10s');
    expect(code).toBe(0);
    const [settings, ...rest] = stdout.split(/^(?=Connected)/m);
    expect(settings).toMatch(/^\*{20} Stress Settings \*{20}\nCommand:\n {2}Type: write\n {2}Count: 400\n/);
    expect(linesOf(settings!)).toContain('  Keyspace: keyspace1');
    expect(settings).toMatch(/\nCloudConf:\n {2}File: null\n\n$/);
    expect(shapeOf(rest.join(''))).toEqual(
      shapeOf(`Connected to cluster: stressql practice server, max pending requests per connection null, max connections per host 8
Datatacenter: datacenter1; Host: /127.0.0.1; Rack: rack1
Created keyspaces. Sleeping 1s for propagation.
Sleeping 2s...
Warming up WRITE with 100 iterations...
Running WRITE with 4 threads for 400 iteration
type       total ops,    op/s,    pk/s,   row/s,    mean,     med,     .95,     .99,    .999,     max,   time,   stderr, errors,  gc: #,  max ms,  sum ms,  sdv ms,      mb
total,           400,    2286,    2286,    2286,    40.9,    17.5,   147.2,   248.1,   355.7,   570.4,    2.0,  0.00000,      0,      1,      61,      61,       0,      88


Results:
Op rate                   :    9,585 op/s  [WRITE: 9,585 op/s]
Partition rate            :    9,585 pk/s  [WRITE: 9,585 pk/s]
Row rate                  :    9,585 row/s [WRITE: 9,585 row/s]
Latency mean              :   13.0 ms [WRITE: 13.0 ms]
Latency median            :    6.6 ms [WRITE: 6.6 ms]
Latency 95th percentile   :   41.4 ms [WRITE: 41.4 ms]
Latency 99th percentile   :  149.2 ms [WRITE: 149.2 ms]
Latency 99.9th percentile :  333.4 ms [WRITE: 333.4 ms]
Latency max               :  987.8 ms [WRITE: 987.8 ms]
Total partitions          :        400 [WRITE: 400]
Total errors              :          0 [WRITE: 0]
Total GC count            : 0
Total GC memory           : 0.000 KiB
Total GC time             :    0.0 seconds
Avg GC time               :    NaN ms
StdDev GC time            :    0.0 ms
Total operation time      : 00:00:20

END
`),
    );
    expect(stdout).toMatch(/^Total partitions {10}: {8}400 \[WRITE: 400\]$/m);
    expect(stderr).toBe('Failed to connect over JMX; not collecting these stats\n'.repeat(2));
  });

  test('no line where an interval had nothing to tell', async () => {
    const { stdout } = await rehearse(
      'write n=3 no-warmup -rate threads=1 fixed=2/s -log no-settings interval=100ms',
    );
    expect(stdout.match(/^type +total ops,/gm)).toHaveLength(1);
    const told = [...stdout.matchAll(/^total, +(\d+),/gm)].map(([, operations]) => Number(operations));
    expect(told).toEqual([...new Set(told)]);
    expect(told.at(-1)).toBe(3);
  });

  test('the summary and the intervals of format=pystress', async () => {
    const { stdout } = await rehearse(
      'write n=400 no-warmup -rate threads=4 -log no-settings format=pystress',
    );
    expect(shapeOf(stdout).slice(4)).toEqual(
      shapeOf(`Running WRITE with 4 threads for 400 iteration
 total ops,    op/s,  mean,     med,     .95,     .99,    .999,     max,   time,  errors
       400,  144335,   1.3,     0.9,     3.0,     6.8,    23.8,   116.9,   10.0        0


Results:
Op rate                   : 125,468 op/s  [WRITE: 125,468 op/s]
Latency mean              :  1.6 ms [WRITE: 1.6 ms]
Latency median            :  1.5 ms [WRITE: 1.5 ms]
Latency 95th percentile   :  2.7 ms [WRITE: 2.7 ms]
Latency 99th percentile   :  3.7 ms [WRITE: 3.7 ms]
Latency 99.9th percentile :  6.7 ms [WRITE: 6.7 ms]
Latency max               :  116.9 ms [WRITE: 116.9 ms]
Total operation time      : 00:16:36

END
`),
    );
  });

  test('n=0 makes the schema, and nothing else', async () => {
    const { code, stdout } = await rehearse('write n=0 -log no-settings');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /Created keyspaces\. Sleeping 1s for propagation\.\nN=0: SCHEMA CREATED, NOTHING ELSE DONE\.\n$/,
    );
  });

  test('a rehearsal has rows to read', async () => {
    const { code, stdout, stderr } = await rehearse(
      'mixed ratio(read=2,counter_read=1,write=1) n=400 -pop seq=1..1m read-lookback=exp(0..50) -rate threads=4 -log no-settings',
    );
    expect([code, linesOf(stderr)[0]]).toEqual([0, expect.stringContaining('seeds 1 to 25000 only')]);
    const errors = /^Total errors .*\[(.*)\]$/m.exec(stdout)![1]!;
    expect(errors.split(', ').toSorted()).toEqual(['COUNTER_READ: 0', 'READ: 0', 'WRITE: 0']);
  });

  test('files get what they are for', async () => {
    const folder = temporaryFolder();
    const [log, histograms, graph] = ['a.log', 'a.hdr', 'a.html'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const { stdout } = await rehearse(
      `write n=400 -rate threads=4 throttle=2000/s -log file=${log} hdrfile=${histograms} -graph file=${graph} title=Stress`,
    );
    expect(readFileSync(log, 'utf8')).toBe(stdout);
    const tags = readFileSync(histograms, 'utf8').match(/^Tag=[^,]*/gm)!;
    expect([...new Set(tags)]).toEqual(['Tag=WRITE-st', 'Tag=WRITE-rt', 'Tag=WRITE-wt']);
    expect(readFileSync(graph, 'utf8')).toMatch(/^<!doctype html>[^]*<title>[^<]*Stress/i);
  });
});

describe('without a run', () => {
  const command = (...words: readonly string[]): Promise<Ended> => stressql(['cassandra-stress', ...words]);

  test('a bad line is refused with the reason and a fitting line of usage', async () => {
    expect(await command('write', 'n=5', '-rate', 'limit=5/s')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Invalid parameter limit=5\/s.*\nUsage: -rate .*\n$/) as string,
    });
  });

  test('help, print and version answer', async () => {
    expect(await command('help', '-errors')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Usage: -errors [retries=?] [ignore] [skip-read-validation]') as string,
    });
    expect((await command('print', 'dist=uniform(1..10)')).stdout).toContain('% of samples');
    expect((await command('version')).stdout).toMatch(/^Version: \d/);
  });

  test('the script is shown, without the password', async () => {
    const { code, stdout } = await command(
      ...'mixed n=5 -mode native cql3 user=ada password=s3cret --print-script'.split(' '),
    );
    expect(code).toBe(0);
    expect(stdout).toContain('MIX mixed\n');
    expect(stdout).toContain('user=ada password=*suppressed*');
    expect(stdout).not.toContain('s3cret');
  });

  test('a store of Java is refused with the command that mends it', async () => {
    const store = join(temporaryFolder(), 'store.jks');
    writeFileSync(store, Buffer.from('feedfeed', 'hex'));
    const { code, stderr } = await command('write', 'n=5', '-transport', `truststore=${store}`);
    expect(code).toBe(1);
    expect(stderr).toContain(`keytool -list -rfc -keystore ${store}`);
  });

  test('no server: exit 1', async () => {
    const ended = await command(
      ...'write n=5 -node 127.0.0.1 -port native=1 -log no-settings --out'.split(' '),
      temporaryFolder(),
    );
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain('127.0.0.1:1');
  });
});

test('what means nothing here is named once', async () => {
  const { code, stderr } = await rehearse(
    'write n=4 no-warmup -rate threads=2 -port jmx=7199 -mode native cql3 unprepared compression=lz4 -tokenrange wrap',
  );
  expect(code).toBe(0);
  expect(linesOf(stderr).slice(0, -2)).toEqual([
    '-port jmx=: nothing is read over JMX',
    '-mode unprepared: statements are prepared',
    '-mode compression=: frames are not compressed',
    '-tokenrange: only the user command reads ranges of tokens',
  ]);
});

describe('at a server of its own, with tables', () => {
  let server: CqlPracticeServer;
  let out: string;
  const at = (
    line: string,
    options: Parameters<typeof stressql>[1] = {},
    runs = mkdtempSync(join(out, 'runs-')),
  ): Promise<Ended> => {
    const [host, port] = server.address.split(':') as [string, string];
    const words = `${line} -node ${host} -port native=${port}`.split(' ');
    return stressql(['cassandra-stress', ...words, '--out', runs], options);
  };

  beforeAll(async () => {
    out = mkdtempSync(join(tmpdir(), 'stressql-test-'));
    server = await startPracticeServerThread({ protocol: 'cql' });
    const made = await Promise.all([at('write n=0'), at('counter_write n=20 no-warmup')]);
    expect(made.map(({ code }) => code)).toEqual([0, 0]);
  });
  afterAll(async () => {
    await server.close();
    rmSync(out, { recursive: true });
  });

  test('steps of threads end with a table', async () => {
    const { code, stdout } = await at(
      'counter_read n=20 no-warmup -rate threads>=2 threads<=102 -log no-settings',
    );
    expect(code).toBe(0);
    expect(linesOf(stdout).filter((line) => line.startsWith('Running'))).toEqual([
      'Running with 2 threadCount',
      'Running COUNTER_READ with 2 threads for 20 iteration',
      'Running with 102 threadCount',
      'Running COUNTER_READ with 102 threads for 20 iteration',
    ]);
    expect(stdout).toMatch(
      /^Improvement over 2 threadCount: -?\d+%\n {13}id, type {7}total ops,.*\n {2}2 threadCount, COUNTER_READ,.*\n {2}2 threadCount, total, {12}20,.*\n102 threadCount, COUNTER_READ,.*\n102 threadCount, total, .*\nEND\n$/m,
    );
  });

  test('err< ends a run once the rate is known well enough', async () => {
    const line = 'counter_write err<0.9 n>3 n<600 no-warmup -rate threads=2 -log no-settings interval=100ms';
    const { code, stdout } = await at(line);
    expect(code).toBe(0);
    const intervals = stdout.match(/^total,.*$/gm)!;
    // A busy machine may need some more.
    expect(intervals.length).toBeLessThan(300);
    expect(Number(intervals.at(-1)!.split(',')[12])).toBeLessThan(0.9);
    expect(stdout).toMatch(/^Running COUNTER_WRITE with 2 threads until stderr of mean < 0.9\n[^]*\nEND\n$/m);
  });

  test('failed operations tell the keys of their rows', async () => {
    const keysOf = async (line: string): Promise<readonly string[]> => {
      const { code, stderr } = await at(`${line} -rate threads=2 -errors ignore retries=0`);
      expect(code).toBe(0);
      const lines = stderr.matchAll(
        /^Operation x0 on key\(s\) \[(\w+)\]: Data returned was not validated$/gm,
      );
      return Array.from(lines, ([, key]) => Buffer.from(key!, 'hex').toString());
    };
    const [some, more] = await Promise.all([
      keysOf('read n=10 no-warmup -pop seq=1..10'),
      keysOf('read n=20 no-warmup -pop seq=1..20'),
    ]);
    const behind = await keysOf(
      'mixed ratio(write=1,read=9) n=30 no-warmup -pop seq=1..20 read-lookback=fixed(1)',
    );
    expect(new Set(some).size).toBe(10);
    expect(new Set(more).size).toBe(20);
    expect(some).toContain('0P37709P21');
    expect(more).toEqual(expect.arrayContaining([...some]));
    expect(behind.length).toBeGreaterThan(0);
    expect(more).toEqual(expect.arrayContaining([...behind]));
  });

  test('a run folder is left, with every type, without the password', async () => {
    const folder = temporaryFolder();
    const words =
      'mixed n=40 no-warmup -rate threads=2 -errors ignore skip-read-validation -mode native cql3 user=ada password=s3cret';
    const { code } = await at(words, {}, folder);
    expect(code).toBe(0);
    const run = onlyRunFolder(folder);
    const summary = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8')) as Summary;
    const names = summary.statements.flatMap((each) => ('load' in each && each.load ? [each.load.name] : []));
    expect(names.toSorted()).toEqual(['READ', 'WRITE']);
    for (const name of readdirSync(run)) {
      expect(readFileSync(join(run, name), 'utf8'), name).not.toContain('s3cret');
    }
  });

  // Beside those that carry the load, three by which metadata, PREPARE and the statements of the schema go.
  test('the sockets to a host', async () => {
    const countOf = async (mode: string): Promise<number> => {
      const own = await startPracticeServerThread({ protocol: 'cql' });
      const [host, port] = own.address.split(':') as [string, string];
      const line = `write n=40 no-warmup -node ${host} -port native=${port} -rate threads=20${mode}`;
      const { code } = await stressql(['cassandra-stress', ...line.split(' '), '--out', out]);
      const { openConnectionsAtMost } = await own.counters();
      await own.close();
      expect(code).toBe(0);
      return openConnectionsAtMost;
    };
    const counts = await Promise.all(['', ' -mode native cql3 connectionsPerHost=3'].map(countOf));
    expect(counts).toEqual([8 + 3, 3 + 3]);
  });

  test('a signal ends a run with a summary', async () => {
    const signals = [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const;
    const ended = await Promise.all(
      signals.map(([signal]) =>
        at('counter_write duration=1m no-warmup -rate threads=2 throttle=100/s', {
          started: (child) => {
            child.stdout!.on('data', (chunk: Buffer) => {
              if (/^total,/m.test(chunk.toString())) child.kill(signal);
            });
          },
        }),
      ),
    );
    expect(ended.map(({ code }) => code)).toEqual(signals.map(([, code]) => code));
    for (const { stdout } of ended) expect(stdout).toMatch(/\nResults:\nOp rate .*\n[^]*\nEND\n$/);
  });
});
