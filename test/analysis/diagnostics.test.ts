import { describe, expect, test } from 'vitest';
import { analysed } from './analysed.ts';

const point = 'INSERT a\nm,host=h-[int inc(0) 10]\nv=[float rand(10)]\n';

/** A script, and the code and message of everything that is told about it. */
const table: readonly [script: string, ...told: string[]][] = [
  [`${point}100 10s`],
  [`${point}DO 100 EVERY 10s`],
  [`${point}FOR 10s`],
  [`${point}AT 5000/s FOR 10s`],

  // What belongs to which statement.
  [`${point}DO 10 PICK latest`, 'C001 PICK belongs to QUERY'],
  ['QUERY q\nSELECT v FROM m\nDO 10 WRITTEN', 'C001 WRITTEN belongs to INSERT'],
  [`${point}DO 10 SERIES (host)`, 'C001 SERIES belongs to a CQL INSERT'],
  ['QUERY q\nSELECT v FROM m\nDO 10 EVERY 10s', 'C001 EVERY belongs to a line-protocol INSERT'],
  [`${point}DO 10 EXPECT rows > 0`, 'C001 EXPECT rows belongs to QUERY'],

  [`${point}DO 10 RETURNS 5`, 'C001 RETURNS belongs to QUERY'],
  ['QUERY q\nSELECT v FROM m\nDO 10 RETURNS 5', 'C022 RETURNS is checked by Target [cql] alone'],

  // Populations: what they give again is meant to be the same, and what has no count is bounded by them.
  [`${point}DO 10 POPULATION 1..5`],
  [`${point}DO 10 POPULATION gaussian(1..5)`],
  [`${point.replace(' 10]', ']')}DO 10 POPULATION 1..5`],
  [
    `${point}DO 100 EVERY 1ms POPULATION 1..500`,
    'W002 points of INSERT a overwrite each other: a step of 1ms at Precision [s] gives a series the same timestamp again',
  ],
  [`${point}DO 10 POPULATION 5..1`, 'C019 5..1 is no range of indexes'],
  [`${point}DO 10 POPULATION gauss(1)`, 'C019 gauss(1) is no distribution of indexes'],
  [`${point}DO 10 POPULATION uniform(-5..5)`, 'C019 uniform(-5..5) has indexes below 0'],
  [`${point}DO 10 POPULATION 1..5 POPULATION 1..6`, 'C002 POPULATION is given twice'],

  // A QUERY whose RETURNS asks about an INSERT below it.
  [
    'SET Target [cql]\n\nGO QUERY t\nSELECT v FROM t\nRETURNS %(v)\nDO 10\n\nINSERT t\nINSERT INTO t (k, v) VALUES ([int inc(0)], [int inc(0)])\nDO 10\n\nWAIT t',
  ],
  [
    'SET Target [cql]\n\nQUERY t\nSELECT v FROM t\nRETURNS %(v)\nDO 10',
    'T020 %(v) stands for a value of an INSERT, and there is none',
  ],

  // Twice, nothing, no end.
  [`${point}100 10s DO 10`, 'C002 the count is given twice, as a bare count and as DO'],
  [`${point}100 10s\nTAG a = b\nTAG c = d`, 'C002 TAG is given twice'],
  [`${point}100 10s EVERY 10s`, 'C002 the step is given twice, after the count and as EVERY'],
  [`${point}DO 10 WITH BatchSize [5], batchsize [6]`, 'C002 WITH gives BatchSize twice'],
  [`${point}DO 0`, 'C003 a count of 0 sends nothing'],
  [`${point}FOR 0s`, 'C003 FOR of no time sends nothing'],
  [`${point}AT 5000/s FOR 0s`, 'C003 a stage of no time has no rate'],
  [`${point}TAG a = b`, 'C006 INSERT a has no end'],
  [`${point}AT 5000/s`, 'C006 INSERT a has no end'],
  ['QUERY q\nSELECT v FROM m\nAT 10/s', 'C006 QUERY q has no end'],

  // Rates.
  [
    `SET WriteInterval [1s]\n\n${point}AT 5000/s FOR 10s`,
    'C004 AT together with WriteInterval: a rate and a pause after each answer contradict each other',
  ],
  [
    `${point}AT 5000/s TO 10000/s`,
    'C005 a stage with TO needs FOR and a duration',
    'C006 INSERT a has no end',
  ],
  [`${point}DO 10 AT 5000/s, 10000/s`, 'C005 a stage before the last needs FOR and a duration'],
  [`${point}DO 100000 AT 10000/s FOR 1s, 0/s`, 'C007 the last stage pauses for ever'],
  [
    `${point}DO 100000 AT 10000/s TO 0/s FOR 1s`,
    'C007 the stages end at 0/s after 5000 items, so 100000 are never reached',
  ],
  [`${point}DO 5000 AT 10000/s TO 0/s FOR 1s`],

  // PICK, WRITTEN, settings, tags, checks.
  ['QUERY q\nSELECT v FROM m\nDO 10 PICK zipf(0)', 'C008 zipf needs an exponent'],
  [`${point}AT 5000/s FOR 1s WRITTEN`, 'C009 WRITTEN sends nothing, so AT means nothing here'],
  [`${point}DO 10 WITH BatchSize [no]`, 'C010 "no" is no value for BatchSize'],
  ['SET Addresses []', 'C010 "" is no value for Addresses'],
  ['SET Addresses [a:b:c]', 'C010 "a:b:c" is no value for Addresses'],
  ['SET Addresses [one:99999]', 'C010 "one:99999" is no value for Addresses'],
  ['SET Addresses [one|two:8086, [::1]:8086|https://three/influx]'],
  ['SET Timeout [0s]', 'C010 "0s" is no value for Timeout'],
  ['SET Seed [9007199254740993]', 'C010 "9007199254740993" is no value for Seed'],
  ['SET Precision [minutes]', 'C010 "minutes" is no value for Precision'],
  [`${point}DO 10 EXPECT p99 < 10`, 'S027 `10` is no duration'],
  [`${point}DO 10 EXPECT error_rate < 1`, 'S027 `1` is no percentage'],
  [`${point}DO 10 EXPECT throughput > 1000`, 'S023 `1000` is no rate'],
  ['SET Adresses [localhost]', 'C011 there is no setting Adresses'],
  [`${point}DO 10 WITH Target [cql]`, 'C012 Target holds for the whole run, not for one statement'],
  [`${point}DO 10 TAG test_id = x`, 'C013 results have a column test_id already'],
  [
    `CREATE DATABASE d\n\nSET Addresses [other]`,
    'C014 Addresses holds for the whole run and is set after its first operation',
  ],
  [
    'INSERT rows\nINSERT INTO t (a) VALUES ([int inc(0)])\nDO 10',
    'C015 INSERT rows is CQL, and Target [influx] speaks line protocol',
  ],

  // Statements together.
  ['WAIT cpu', 'C016 WAIT cpu, but no GO before it starts cpu'],
  ['QUERY q OF b\nSELECT v FROM m WHERE %t\nDO 10', 'C017 QUERY q OF b, but there is no INSERT b'],
  [
    `QUERY a\nSELECT v FROM m WHERE %t\nDO 10\n\n${point}DO 100 EVERY 10s`,
    'C018 QUERY a would wait for ever for INSERT a, which stands below it',
  ],
  [`GO QUERY a\nSELECT v FROM m WHERE %t\nDO 10\n\n${point}DO 100 EVERY 10s\n\nWAIT`],

  // Warnings.
  [`GO ${point}DO 100 EVERY 10s`, 'W001 GO … a is never waited for'],
  [`GO ${point}DO 100 EVERY 10s\n\nWAIT a`],
  [`GO ${point}DO 100 EVERY 10s\n\nWAIT 10s`, 'W001 GO … a is never waited for'],
  [
    `${point}DO 100 EVERY 1ms`,
    'W002 points of INSERT a overwrite each other: a step of 1ms at Precision [s] gives a series the same timestamp again',
  ],
  [`${point}DO 10 EVERY 1ms`],
  [
    `${point}DO 100 EVERY 10s\n\n${point}DO 100 EVERY 10s`,
    'W003 INSERT a stands at profile.sql:1 too: the same name makes the same random values, and reports show both under one name',
  ],
  [
    `${point}AT 1000/s FOR 10s`,
    'W004 1000/s FOR 10s in batches of 5000 is one request every 5.0 s: percentiles of so few mean little',
  ],
  [
    `SET StartDate [now]\n\n${point}DO 10 EVERY 1s`,
    'W005 StartDate [now]: timestamps follow the start of the run',
  ],
  [`${point}DO 100 WARMUP 100`, 'C003 WARMUP 100 is all of the statement: nothing is left to measure'],
  [
    `${point}AT 1e6/s FOR 3s, 1e5/s FOR 7s WARMUP 10s`,
    'C003 WARMUP 10s is all of the statement: nothing is left to measure',
  ],
  [`${point}FOR 11s AT 1e6/s FOR 3s, 1e5/s FOR 7s WARMUP 10s`],
  [`${point}AT 0/s FOR 3s`, 'C003 a rate of 0/s throughout sends nothing'],
  ['SET Password [hunter2]', 'W006 Password is written into the script'],
  ['SET Password [${env:SECRET:-hunter2}]', 'W006 Password is written into the script'],
  ['SET Password [${env:SECRET:-}]'],
  ["CREATE USER u WITH PASSWORD 'hunter2'", 'W006 a password is written into the script'],
  [
    'DROP KEYSPACE IF EXISTS k\n  create  keyspace k WITH replication = {}',
    'W007 a line that begins with create keyspace is sent as part of the text before it',
  ],
  ['CREATE DATABASE a\nUSE a', 'W007 a line that begins with USE a is sent as part of the text before it'],
  ['DROP DATABASE a;\nCREATE DATABASE a\n\nUSE a'],
  ['SET Target [cql]\n\nALTER TABLE t\nDROP c'],
  ['SET Target [cql]\n\nCREATE MATERIALIZED VIEW v AS\nSELECT * FROM t'],
  ['CREATE CONTINUOUS QUERY q ON d\nBEGIN\nSELECT mean(v) INTO t FROM m GROUP BY time(1m)\nEND'],
];

describe('what check tells', () => {
  test.each(table)('%s', (script, ...told) => {
    expect(analysed(script).diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual(told);
  });
});

test('a misspelt name brings the right one', () => {
  const suggestions = (script: string) => analysed(script).diagnostics.map(({ suggestion }) => suggestion);
  expect(suggestions('SET Adresses [localhost]')).toEqual(['Addresses']);
  expect(
    suggestions(`GO ${point}DO 100 EVERY 10s\n\nGO INSERT fleet\nm v=1\n10\n\nWAIT flet\n\nWAIT`),
  ).toEqual(['fleet']);
});

test('a run setting is taken in any case, and USE sets the database', () => {
  const { analysis, diagnostics } = analysed(
    `SET DATABASE [one]\n\nUSE two\n\nUSE "the third";\n\nCQL USE fourth\n\n${point}DO 100 EVERY 10s`,
  );
  expect(diagnostics).toEqual([]);
  expect(analysis.steps.map(({ kind, settings }) => [kind, settings.Database])).toEqual([
    ['set', 'one'],
    ['set', 'two'],
    ['set', 'the third'],
    ['pass-through', 'the third'],
    ['insert', 'the third'],
  ]);
});

test('USE of a CQL target sets the keyspace, its quotes kept', () => {
  const { analysis, diagnostics } = analysed(
    'SET Target [cql]\n\nUSE Shop\n\nUSE "Shop"\n\nCREATE TABLE t (a int PRIMARY KEY)',
  );
  expect(diagnostics).toEqual([]);
  expect(analysis.steps.map(({ settings }) => settings.Keyspace)).toEqual([
    'stress',
    'Shop',
    '"Shop"',
    '"Shop"',
  ]);
});

test('a run setting may be said again as it is', () => {
  const { diagnostics } = analysed('SET Seed [7]\n\nCREATE DATABASE d\n\nSET Seed [7]\n\nSET Password []');
  expect(diagnostics).toEqual([]);
});

test('texts of the other dialect are skipped, bare ones take the target’s', () => {
  const { analysis } = analysed(
    `SET Target [cql]\n\nINFLUXQL CREATE DATABASE d\n\nCQL CREATE KEYSPACE k\n\nCREATE TABLE k.t (a int PRIMARY KEY)`,
  );
  const texts = analysis.steps.flatMap((step) =>
    step.kind === 'pass-through' ? [[step.dialect, step.skipReason ?? 'runs']] : [],
  );
  expect(texts).toEqual([
    ['influxql', 'InfluxQL is not the language of Target [cql]'],
    ['cql', 'runs'],
    ['cql', 'runs'],
  ]);
});
