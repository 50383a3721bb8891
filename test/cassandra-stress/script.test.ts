import { describe, expect, test } from 'vitest';
import { predefinedWorkload } from '../../src/cassandra-stress/predefined-workload.ts';
import { readCommandLine } from '../../src/cassandra-stress/read-command-line.ts';
import { rehearsedSettings } from '../../src/cassandra-stress/rehearsed-settings.ts';
import { stressScript, type StressScript } from '../../src/cassandra-stress/script.ts';
import { passwordVariable } from '../../src/cassandra-stress/setting-statements.ts';
import { Source } from '../../src/lexer/source.ts';
import { BoundScript } from '../../src/parser/bound-script.ts';
import { analyse, type Analysis } from '../../src/statement/analyse.ts';
import { commandLines, wordsOf } from './command-lines.ts';

function scriptOf(line: string | readonly string[]): StressScript | undefined {
  const words = wordsOf(line);
  const found = readCommandLine(words, { readFile: () => '127.0.0.1\n', version: '1.0.0' });
  if (found.kind !== 'run' || found.settings.command.name === 'user') return undefined;
  return stressScript(found.settings, predefinedWorkload(found.settings, false), words.join(' '));
}

function textOf(line: string): string {
  return scriptOf(line)!.text;
}

function analysed(text: string): Analysis & { readonly problems: readonly string[] } {
  const sources = [new Source('cassandra-stress.sql', text)];
  const script = new BoundScript(sources, new Map(), { [passwordVariable]: 'pw' });
  const analysis = analyse(script, sources, {
    seed: undefined,
    startMs: 0,
    compatibility: undefined,
    readFile: () => ({ problem: 'there is no file' }),
  });
  const problems = [...script.diagnostics, ...script.parameters.diagnostics, ...analysis.diagnostics];
  return { ...analysis, problems: problems.map(({ code, message }) => `${code} ${message}`) };
}

/** The statement that is measured, without the settings and the schema before it. */
function loadOf(line: string): string {
  const { statements } = scriptOf(line)!;
  return statements.find(({ load }) => load?.kind === 'run')!.text;
}

function namesOf(line: string): readonly string[] {
  return scriptOf(line)!.statements.map(({ text }) => text.split('\n')[0]!);
}

describe('every command line becomes a script without an error', () => {
  const lines = commandLines
    .map((line) => [JSON.stringify(line), scriptOf(line)] as const)
    .filter((pair): pair is readonly [string, StressScript] => pair[1] !== undefined);
  test('most of them', () => expect(lines.length).toBeGreaterThan(90));
  test.each(lines)('%s', (_, { text, statements }) => {
    const { problems, steps } = analysed(text);
    expect(problems).toEqual([]);
    // What is printed before a statement is found by its place.
    expect(steps.map(({ kind }) => kind === 'set')).toEqual(
      statements.map((statement) => statement.text.startsWith('SET ')),
    );
  });
});

test('a write, in full', () => {
  expect(textOf('write n=100 cl=QUORUM -rate threads=4 -node 10.0.0.1,10.0.0.2 -col n=fixed(1)'))
    .toBe(`# cassandra-stress write n=100 cl=QUORUM -rate threads=4 -node 10.0.0.1,10.0.0.2 -col n=fixed(1)

SET Target [cql]
SET Addresses [10.0.0.1|10.0.0.2]
SET Keyspace [keyspace1]
SET Consistency [QUORUM]
SET ConnectionsPerHost [8]
SET Timeout [12s]

# An operation has 10 tries, one directly after the other, whatever the error; its time is that of all.
SET Retries [9]
SET RetryOn [any]
SET RetryBackoff [0s]
SET ServiceTime [operation]
SET MaxErrors [0]
SET ReportInterval [1s]

CREATE KEYSPACE IF NOT EXISTS "keyspace1" WITH replication = {'class': 'org.apache.cassandra.locator.NetworkTopologyStrategy', 'replication_factor' : '1'} AND durable_writes = true;

CREATE TABLE IF NOT EXISTS standard1 (key blob PRIMARY KEY${' '}
, "C0" blob) WITH compression = {};

WAIT 2s

WAIT 2s

# Warm-up.
INSERT WRITE.warm-up
UPDATE "standard1" SET "C0" = [blob stress('C0', 34)] WHERE KEY=[blob stresskey('key', 10)]
POPULATION 1..100
DO 50
WITH WriteConcurrency [4]

INSERT WRITE
UPDATE "standard1" SET "C0" = [blob stress('C0', 34)] WHERE KEY=[blob stresskey('key', 10)]
POPULATION 1..100
DO 100
WITH WriteConcurrency [4]
`);
});

test.each([
  ['write n=5', []],
  ['write n=5 -schema keyspace=Shop', ['SET Keyspace ["""Shop"""]', '"Shop" WITH replication']],
  ['write n=5 -node ::1', ['SET Addresses ["[::1]"]']],
  ['write n=5 -node h1,h2 -port native=9043', ['SET Addresses [h1:9043|h2:9043]']],
  ['write n=5 -node h1 datacenter=dc2', ['SET LocalDatacenter [dc2]']],
  ['write n=5 serial-cl=LOCAL_SERIAL', ['SET SerialConsistency [LOCAL_SERIAL]']],
  ['write n=5 -graph file=g.html revision=2', ['SET TestName ["WRITE 2"]']],
  ['write n=5 -errors retries=0', ['SET Retries [0]']],
  ['write n=5 -log interval=500ms', ['SET ReportInterval [500ms]']],
  ['write n=5 -mode native cql3 connectionsPerHost=3 requestTimeout=1500', ['[3]', 'SET Timeout [1s500ms]']],
  [
    'write n=5 -transport truststore=ca.pem',
    ['SET SSL [true]', 'SET CaFile [ca.pem]\nSET VerifyHost [false]'],
  ],
  [
    'write n=5 -transport truststore=ca.pem hostname-verification=true',
    ['SET CaFile [ca.pem]\nSET Keyspace'],
  ],
  ['write n=5 -col timestamp=7', ['UPDATE "standard1" USING TIMESTAMP 7 SET']],
  ['write n=5 -col size=uniform(1..9)', ["stress('C0', 'uniform(1..9)')"]],
  ['counter_write n=5', ['CREATE TABLE IF NOT EXISTS counter1', '"C0"="C0"+[counter const(\'1\')]']],
  ['counter_write n=5 add=uniform(1..9)', ['[counter rand(1, 9)]']],
  ['counter_write n=5 add=~exp(1..9)', ["[counter draw('~exp(1..9)')]"]],
] as const)('%s', (line, parts) => {
  for (const part of ['SET MaxErrors [0]', ...parts]) expect(textOf(line)).toContain(part);
});

test('with ignore no number of errors ends it, but fail-fast does', () => {
  expect(textOf('write n=5 -errors ignore')).not.toContain('MaxErrors');
  expect(textOf('write n=5 -errors ignore fail-fast')).toContain('SET MaxErrors [0]');
});

test('a password is the environment’s', () => {
  const text = textOf('write n=5 -mode native cql3 user=ada password=pw');
  expect(text).toContain('SET Username [ada]');
  expect(text).toContain(`SET Password [\${env:${passwordVariable}}]`);
});

describe('the load', () => {
  test.each([
    ['read n=9', ['QUERY READ', 'POPULATION gaussian(1..9,5,1.3333333333333333)', 'DO 9']],
    ['read n=9 -pop seq=1..5', ['POPULATION 1..5', 'DO 9']],
    ['read n=9 -pop seq=1..5 no-wrap', ['POPULATION 1..5', 'DO 5']],
    ['write duration=2m -rate threads=7 throttle=50/s', ['FOR 2m\nAT 50/s', 'WITH WriteConcurrency [7]']],
    ['read duration=9s -rate threads=7 fixed=50/s', ['FOR 9s\nAT 50/s', 'WITH QueryConcurrency [7]']],
    [
      'read n=9 -col slice',
      ["WHERE KEY=[key: blob stresskey('key', 10)]", "RETURNS [=key], [blob stress('C0', 34)]"],
    ],
    ['counter_read n=9', ['SELECT * FROM "counter1"', 'RETURNS *']],
    ['read err<0.05 n>3 n<20 -log interval=500ms', ['FOR 10s']],
  ])('%s', (line, parts) => {
    for (const part of parts) expect(loadOf(line)).toContain(part);
  });
  test.each([
    ['mixed n=9', 'POPULATION 1..5 LOOKBACK fixed(2)'],
    ['mixed ratio(write=1) n=9', 'POPULATION 1..5\n'],
    ['mixed ratio(read=1,counter_read=1) n=9', 'POPULATION 1..1\n'],
    ['write n=9', 'POPULATION 1..5\n'],
    ['read n=9', 'POPULATION 1..1\n'],
  ])('%s looks back', (line, population) => {
    expect(loadOf(`${line} -pop seq=1..5 read-lookback=fixed(2)`)).toContain(population);
  });
  test('reads may go without a look at what they return', () => {
    expect(loadOf('read n=9')).toContain('RETURNS');
    expect(loadOf('read n=9 -errors skip-read-validation')).not.toContain('RETURNS');
  });
  test('a mix shares one sequence', () => {
    const text = loadOf('mixed ratio(read=3,write=1.5) n=60 -rate threads=4 -pop seq=1..50');
    expect(text).toMatch(/^MIX mixed\n {2}QUERY READ\n/);
    expect(text).toContain('\n  WEIGHT 2\n\n  INSERT WRITE\n');
    expect(text).toContain(
      '\n  WEIGHT 1\nEND\nCLUSTER gaussian(1..10,5.5,1.5)\nPOPULATION 1..50\nDO 60\nWITH WriteConcurrency [4]',
    );
    expect(loadOf('mixed n=5 clustering=fixed(1)')).not.toContain('CLUSTER');
    expect(loadOf('mixed ratio(read=1,write=0) n=5')).not.toContain('INSERT');
  });
});

test('only what writes makes the schema', () => {
  for (const line of ['read n=5', 'mixed n=5', 'counter_read n=5'])
    expect(textOf(line)).not.toContain('CREATE');
  expect(textOf('write n=5')).not.toContain('counter1');
});

describe('warm-up', () => {
  const warmedUp = (line: string): readonly string[] =>
    scriptOf(line)!.statements.flatMap(({ load, says }) => (load?.kind === 'warm-up' ? says : []));
  test.each([
    ['write n=100', ['Warming up WRITE with 25 iterations...']],
    ['write n=100 -node a,b', ['Warming up WRITE with 50 iterations...']],
    ['write n=10m', ['Warming up WRITE with 50000 iterations...']],
    ['write duration=5s', ['Warming up WRITE with 50000 iterations...']],
    ['write n=3', []],
    ['write n=100 no-warmup', []],
    ['mixed n=100', ['Warming up READ with 25 iterations...', 'Warming up WRITE with 25 iterations...']],
  ])('%s', (line, says) => expect(warmedUp(line)).toEqual(says));
  test('has at most 100 threads', () => {
    expect(textOf('write n=10m -rate threads=300')).toMatch(/warm-up\n[^]*?WriteConcurrency \[100\]/);
  });
});

describe('steps of threads', () => {
  test('with a pause where rows are written', () => {
    expect(namesOf('write n=100 no-warmup -rate threads>=4 threads<=204').slice(-6)).toEqual([
      'WAIT 2s',
      'INSERT WRITE',
      'WAIT 15s',
      'INSERT WRITE',
      'WAIT 15s',
      'INSERT WRITE',
    ]);
    expect(namesOf('read n=100 no-warmup -rate threads>=4 threads<=204').slice(-3)).toEqual([
      'QUERY READ',
      'QUERY READ',
      'QUERY READ',
    ]);
  });
  test.each([
    ['never', 0],
    ['once', 1],
    ['always', 2],
  ])('truncate=%s', (when, count) => {
    const names = namesOf(`write n=100 truncate=${when} -rate threads>=4 threads<=104`);
    expect(names.filter((name) => name === 'TRUNCATE "keyspace1".standard1')).toHaveLength(count);
  });
});

test('a rehearsal makes its tables', () => {
  const found = readCommandLine(['mixed ratio(write=1) n=5'], { readFile: () => '', version: '' });
  if (found.kind !== 'run') throw new Error(found.kind);
  const { schema, missing } = predefinedWorkload(found.settings, true);
  expect([schema.length, missing]).toEqual([2, []]);
  expect(predefinedWorkload(found.settings, false).schema).toEqual([]);
});

test('a rehearsal writes what it reads first', () => {
  const found = readCommandLine(['mixed ratio(read=1,counter_read=1,write=1) n=5 no-warmup -pop seq=3..1m'], {
    readFile: () => '',
    version: '',
  });
  if (found.kind !== 'run') throw new Error(found.kind);
  const settings = rehearsedSettings(found.settings);
  const texts = stressScript(settings, predefinedWorkload(settings, true), '').statements.map(
    ({ text }) => text,
  );
  const written = texts.filter((text) => text.includes('.missing'));
  expect(written.map((text) => text.split('\n')[0])).toEqual([
    'INSERT WRITE.missing',
    'INSERT COUNTER_WRITE.missing',
  ]);
  for (const text of written) expect(text).toContain('POPULATION 3..25002\nDO 25000\n');
  expect(texts.at(-1)).toContain('POPULATION 3..25002');
});

test('nothing but the schema with n=0', () => {
  expect(namesOf('write n=0').slice(-2)).toEqual([
    'CREATE TABLE IF NOT EXISTS standard1 (key blob PRIMARY KEY ',
    'WAIT 1s',
  ]);
});
