import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Summary } from '../../src/reporting/summary.ts';
import { describeWithCassandra } from '../servers/cassandra.ts';
import { readCsv } from '../reporting/read-csv.ts';
import { onlyRunFolder, stressql, temporaryFolder } from './stressql.ts';

/** Of each INSERT its requests, and how many of them find their IF not to hold. */
const expected = {
  first: [20, 0],
  again: [40, 20],
  updated: [30, 10],
  written_out: [45, 40],
  rows: [20, 0],
  rows_again: [40, 20],
  plain: [40, 0],
};

const script = (Driver: string, keyspace: string): string => `SET Target [cql]
SET Driver [${Driver}]
SET Keyspace [${keyspace}]

CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}

CREATE TABLE ${keyspace}.t (k int, c int, v int, PRIMARY KEY (k, c))

INSERT first
INSERT INTO t (k, c, v) VALUES (1, [int inc(0) 20], 1) IF NOT EXISTS
DO 20

INSERT again
INSERT INTO t (k, c, v) VALUES (1, [int inc(0) 40], 1) IF NOT EXISTS
DO 40

INSERT updated
UPDATE t SET v = 2 WHERE k = 1 AND c = [int inc(20) 30] IF v = 1
DO 30

INSERT written_out
BEGIN BATCH
  INSERT INTO t (k, c, v) VALUES (1, [int inc(0) 45], 1) IF NOT EXISTS;
  INSERT INTO t (k, c, v) VALUES (1, 99, 1);
APPLY BATCH
DO 45

INSERT rows
INSERT INTO t (k, c, v) VALUES (2, [int inc(0) 40], 1) IF NOT EXISTS
DO 40
WITH RowsPerBatch [2]

INSERT rows_again
INSERT INTO t (k, c, v) VALUES (2, [int inc(0) 80], 1) IF NOT EXISTS
DO 80
WITH RowsPerBatch [2]

INSERT plain
INSERT INTO t (k, c, v) VALUES (1, [int inc(0) 40], 1)
DO 40

DROP KEYSPACE ${keyspace}
`;

async function expectNotApplied(input: string, ...words: readonly string[]): Promise<void> {
  const out = temporaryFolder();
  const ran = await stressql(['run', '-', '--quiet', '--out', out, ...words], { input });
  // 5: a busy machine makes a late client, and says so.
  expect(ran.code, ran.stdout + ran.stderr).toBeOneOf([0, 5]);
  const run = onlyRunFolder(out);
  const summary = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8')) as Summary;
  const loads = summary.statements.flatMap((each) => ('load' in each && each.load ? [each.load] : []));
  expect(
    Object.fromEntries(
      loads.map(({ name, operations, notApplied }) => [name, [operations.acknowledged, notApplied]]),
    ),
  ).toEqual(expected);
  expect(loads.map(({ operations }) => operations.failed + operations.unknown)).toEqual(loads.map(() => 0));
  expect(ran.stdout.match(/Not applied: .*/g)).toEqual([
    'Not applied: 20 of 40 acknowledged requests, whose IF did not hold',
    'Not applied: 10 of 30 acknowledged requests, whose IF did not hold',
    'Not applied: 40 of 45 acknowledged requests, whose IF did not hold',
    'Not applied: 20 of 40 acknowledged requests, whose IF did not hold',
  ]);
  const { stdout } = await stressql(['report', run, '--format', 'csv', '--intervals']);
  const ofIntervals = readCsv(stdout).reduce((sum, row) => sum + Number(row['not_applied']), 0);
  expect(ofIntervals).toBe(90);
}

describe.each(['direct', 'driver'])(
  'writes whose IF does not hold are counted apart by Driver [%s]',
  (Driver) => {
    test('on the practice server', async () => {
      await expectNotApplied(script(Driver, 'shop'), '--rehearse');
    });

    describeWithCassandra('on Cassandra', (cassandra) => {
      test('as on the practice server', async () => {
        const keyspace = `applied_${Driver}_${process.pid}`;
        await expectNotApplied(`SET Addresses [${cassandra.address}]\n${script(Driver, keyspace)}`);
      }, 60_000);
    });
  },
);
