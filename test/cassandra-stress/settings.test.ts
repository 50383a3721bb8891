import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../../src/cassandra-stress/read-command-line.ts';
import type { StressSettings } from '../../src/cassandra-stress/settings.ts';
import { splitWords } from '../../src/cassandra-stress/words.ts';

const files: Readonly<Record<string, string>> = {
  nodes: 'a\r\n\nb\n',
  secrets: '# of the test\ncql.username = me\ncql.password=secret=1\n\ntransport.truststore.password=store\n',
};

function settingsOf(...words: readonly string[]): StressSettings {
  const readFile = (path: string): string => files[path]!;
  const found = readCommandLine(words, { readFile, version: '1.0.0' });
  if (found.kind !== 'run') throw new Error(JSON.stringify(found));
  return found.settings;
}

describe('words', () => {
  test.each([
    [['write', 'n=5'], { write: ['n=5'] }],
    [['write n = 5 ', ' -RATE threads=1'], { write: ['n=5'], '-rate': ['threads=1'] }],
    [['mixed ratio( write = 1 , read = 2 )'], { mixed: ['ratio(write=1,read=2)'] }],
    // Ours: blanks that separate inside parentheses.
    [['write -schema replication(a=1 b=2  c=3)'], { write: [], '-schema': ['replication(a=1,b=2,c=3)'] }],
    [
      ['write', '-schema', 'replication(a=1', 'b=2)', 'keyspace=k'],
      { write: [], '-schema': ['replication(a=1,b=2)', 'keyspace=k'] },
    ],
    [
      ['write', '-schema', 'replication(a=1', 'keyspace=k'],
      { write: [], '-schema': ['replication(a=1', 'keyspace=k'] },
    ],
    [[''], { '': [] }],
  ])('%o', (words, groups) => expect(Object.fromEntries(splitWords(words))).toEqual(groups));
});

describe('rates', () => {
  test.each([
    ['write n=5', { kind: 'threads', threads: 200, operationsPerSecond: 0, fixed: false }],
    ['write n=0', { kind: 'steps', auto: true, minimum: 4, maximum: 1000 }],
    ['write duration=5s', { kind: 'steps', auto: true, minimum: 4, maximum: 1000 }],
    ['read n=5', { kind: 'steps', auto: true, minimum: 4, maximum: 1000 }],
    ['read n=5 -rate threads=7', { kind: 'threads', threads: 7, operationsPerSecond: 0, fixed: false }],
    [
      'read n=5 -rate threads=7 throttle=9/s',
      { kind: 'threads', threads: 7, operationsPerSecond: 9, fixed: false },
    ],
    [
      'read n=5 -rate threads=7 fixed=9/s',
      { kind: 'threads', threads: 7, operationsPerSecond: 9, fixed: true },
    ],
    ['read n=5 -rate threads<=7', { kind: 'steps', auto: false, minimum: 4, maximum: 7 }],
  ])('%s', (line, rate) => expect(settingsOf(line).rate).toEqual(rate));
});

describe('populations', () => {
  const sequence = { kind: 'sequence', order: 'ARBITRARY', wrap: true, readLookback: undefined };
  const gaussian = { kind: 'gaussian', minimum: 1 };
  test.each([
    ['write n=5', { ...sequence, first: 1, last: 5 }],
    ['write duration=5s', { ...sequence, first: 1, last: 1_000_000 }],
    ['read n=5 -pop seq=3..9 no-wrap', { ...sequence, first: 3, last: 9, wrap: false }],
    ['user profile=p ops(Insert=1) n=5', { ...sequence, first: 1, last: 5 }],
    [
      'user profile=p ops(insert=1,q=1) n=7',
      {
        kind: 'distribution',
        order: 'ARBITRARY',
        distribution: { ...gaussian, maximum: 7, mean: 4, deviation: 1 },
      },
    ],
    [
      'read n=7 -pop contents=shuffled',
      {
        kind: 'distribution',
        order: 'SHUFFLED',
        distribution: { ...gaussian, maximum: 7, mean: 4, deviation: 1 },
      },
    ],
  ])('%s', (line, population) => expect(settingsOf(line).population).toEqual(population));
});

describe('ours and newer', () => {
  test('format=pystress has defaults of its own', () => {
    const { log, schema } = settingsOf('write n=5 -log format=pystress');
    expect(log).toMatchObject({ format: 'pystress', intervalMs: 10_000 });
    expect(schema.strategy).toBe('org.apache.cassandra.locator.SimpleStrategy');
    expect(settingsOf('write n=5 -log format=PYSTRESS interval=500ms').log.intervalMs).toBe(500);
  });

  test.each([
    ['replication_factor=3', '3'],
    ['replication(replication_factor=3)', '3'],
    ['replication(factor=3)', '3'],
    ['replication(strategy=SimpleStrategy replication_factor=3) keyspace=k', '3'],
    ['keyspace=k', '1'],
  ])('-schema %s', (words, factor) => {
    expect(settingsOf('write n=5 -schema', words).schema.strategyOptions).toEqual([
      ['replication_factor', factor],
    ]);
  });

  test('datacenters stand alone', () => {
    const line = 'write n=5 -schema replication(strategy=NetworkTopologyStrategy,dc1=3)';
    expect(settingsOf(line).schema.strategyOptions).toEqual([['dc1', '3']]);
  });

  test('files', () => {
    expect(settingsOf('write n=5 -node file=nodes').node.nodes).toEqual(['a', 'b']);
    const { mode, transport } = settingsOf('write n=5 -credentials-file secrets');
    expect(mode).toMatchObject({ username: 'me', password: 'secret=1' });
    expect(transport.truststorePassword).toBe('store');
    expect(settingsOf('write n=5 -credentials-file secrets -mode user=you').mode.username).toBe('you');
  });

  test.each([
    ['-log interval=5', 5000],
    ['-log interval=250ms', 250],
    ['-reporting output-frequency=3s', 3000],
    ['-reporting output-frequency=1m', 60_000],
    ['-reporting output-frequency=3s -log interval=2', 2000],
  ])('%s', (words, intervalMs) => expect(settingsOf('write n=5', words).log.intervalMs).toBe(intervalMs));

  test.each([
    ['-mode native cql3', true],
    ['-mode native cql3 unprepared', false],
    ['-mode simplenative', false],
    ['-mode simplenative prepared', true],
    ['-mode connectionsPerHost=5', true],
  ])('prepared: %s', (words, prepared) =>
    expect(settingsOf('write n=5', words).mode.prepared).toBe(prepared),
  );
});

describe('what means nothing here is named once', () => {
  test.each([
    ['', []],
    ['-port jmx=7', ['-port jmx=: nothing is read over JMX']],
    [
      '-mode thrift -port thrift=9',
      ['-port thrift=: the native protocol is spoken', '-mode thrift: the native protocol is spoken'],
    ],
    ['-log no-summary', ['-log no-summary: the summary is printed']],
    ['-col super=2', ['-col super=: there are no super columns']],
    ['-node loadbalance=RackAware', ['-node loadbalance=: the load goes to owners of the rows']],
    ['-node remote-dc=far', ['-node remote-dc=: the load stays in one datacenter']],
    ['-sendto host', ['-sendto host: there is no daemon; this process does the work']],
  ])('%s', (words, notices) => expect(settingsOf('write n=5', words).notices).toEqual(notices));
});

describe('a refusal has one line of usage that fits', () => {
  test.each([
    ['write n=5 -rate threads=5 limit=9/s', 'Usage: -rate threads=? [throttle=?] [fixed=?]'],
    ['write n=5 -rate auto foo', 'Usage: -rate [threads>=?] [threads<=?] [auto]'],
    ['write n=5 -graph title=t', 'Usage: -graph file=? [revision=?] [title=?] [op=?]'],
    ['write n=5 -port native=x', 'Usage: -port [native=?] [thrift=?] [jmx=?]'],
    ['read n=5 -pop dist=WRONG(1)', 'Usage: -pop [dist=DIST(?)] [contents=?]'],
    ['write n=5 -nothing', 'Usage: cassandra-stress <command> [options]'],
    ['nothing', 'Usage: cassandra-stress <command> [options]'],
  ])('%s', (line, usage) => {
    const found = readCommandLine([line], { readFile: () => '', version: '1.0.0' });
    expect(found).toMatchObject({ kind: 'refused', usage });
  });

  test.each([
    ['write n=5 -rate thread=5', 'Invalid parameter thread=5; did you mean threads=?'],
    ['write m=5', 'Invalid parameter m=5; did you mean n=?'],
    ['write n=5 -schema keyspase=k', 'Invalid parameter keyspase=k; did you mean keyspace=?'],
    [
      'mixed n=5 -pop seq=1..200 read-lookback=fixed(202)',
      'Invalid lookback distribution; max value is 202, but series only ranges from 0 to 201',
    ],
    ['write n=5 -col n=fixed(0)', '-col n=: a row has at least one column'],
    ['write n=5 nowarmup', 'Invalid parameter nowarmup; did you mean no-warmup?'],
  ])('%s', (line, reason) => {
    const found = readCommandLine([line], { readFile: () => '', version: '1.0.0' });
    expect(found).toMatchObject({ kind: 'refused', reason });
  });
});
