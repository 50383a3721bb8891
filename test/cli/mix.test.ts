import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Summary } from '../../src/reporting/summary.ts';
import { onlyRunFolder, stressql, temporaryFolder } from './stressql.ts';

const script = (workers: number): string => `
SET Target [cql]
SET Workers [${workers}]
SET ConnectionsPerHost [2]
SET Keyspace [mixed]

CREATE KEYSPACE mixed WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}

CREATE TABLE mixed.rows (key blob PRIMARY KEY, value blob)

INSERT fill
UPDATE rows SET value = [blob stress('value', 20)] WHERE key = [blob stresskey('key', 10)]
POPULATION 1..50
DO 50

GO MIX mixed
  INSERT writes
  UPDATE rows SET value = [blob stress('value', 20)] WHERE key = [blob stresskey('key', 10)]

  QUERY reads
  SELECT value FROM rows WHERE key = [blob stresskey('key', 10)]
  RETURNS [blob stress('value', 20)]
  WEIGHT 3
  EXPECT errors = 0, errors < 1
END CLUSTER uniform(1..5)
POPULATION gaussian(1..50)
DO 600
WARMUP 100

WAIT mixed
`;

test('a MIX runs the same from one thread and from two, and each member is a statement of the run', async () => {
  const counts = await Promise.all(
    [1, 2].map(async (workers) => {
      const folder = temporaryFolder();
      const profile = join(folder, 'mix.sql');
      writeFileSync(profile, script(workers));
      const { code, stdout } = await stressql(['run', profile, '--rehearse', '--out', join(folder, 'out')]);
      expect([0, 5]).toContain(code);
      expect(stdout).toContain('in MIX mixed');
      const { statements } = JSON.parse(
        readFileSync(join(onlyRunFolder(join(folder, 'out')), 'summary.json'), 'utf8'),
      ) as Summary;
      const loads = statements.flatMap((each) =>
        each.kind === 'insert' || each.kind === 'query' ? [each] : [],
      );
      expect(loads.map(({ position, load }) => [position, load!.name, load!.mix])).toEqual([
        [7, 'fill', undefined],
        [9, 'writes', 'mixed'],
        [10, 'reads', 'mixed'],
      ]);
      expect(loads[2]!.load!.checks.map(({ passed }) => passed)).toEqual([true, true]);
      return loads.map(({ load }) => [load!.operations.acknowledged, load!.warmup.operations.sent]);
    }),
  );
  const [[, writes, reads]] = counts as [[number[], number[], number[]]];
  expect(writes![0]! + reads![0]!).toBe(500);
  expect(writes![1]! + reads![1]!).toBe(100);
  expect(counts[1]).toEqual(counts[0]);
}, 120_000);
