import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Calibration, Figures, StatementCalibration } from '../../src/cli/calibration/calibration.ts';
import { stressql, temporaryFolder } from './stressql.ts';
import type { Ended } from './stressql.ts';

/** Every point has as many bytes. */
const points = `SET BatchSize [20]

INSERT cpu
cpu,h=[int inc(0) 10]
v=1i
DO 1000
AT 2000/s FOR 200ms
WITH Precision [s], StartDate [2026-01-01]
`;
const pointBytes = 'cpu,h=0 v=1i 1767225600\n'.length;
/** The last line has no end. */
const bytesOfPoints = (count: number): number => count * pointBytes - 1;

const schema = `SET Target [cql]
SET Keyspace [shop]

CREATE KEYSPACE shop WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}

CREATE TABLE shop.items (key text PRIMARY KEY, amount bigint)
`;
const rows = `SET Target [cql]
SET Keyspace [shop]

INSERT fill
INSERT INTO items (key, amount) VALUES ('k-[int inc(100) 100]', 7)
SERIES (key)
DO 100

GO QUERY get OF fill
SELECT amount FROM items WHERE %k
AT 500/s TO 900/s FOR 1s
`;

/** A cache folder of the test's own. */
function ownCache(): { readonly env: { readonly XDG_CACHE_HOME: string }; kept(): readonly string[] } {
  const folder = temporaryFolder();
  const calibrations = join(folder, 'stressql/calibrations');
  return {
    env: { XDG_CACHE_HOME: folder },
    kept: () => readdirSync(calibrations).map((name) => join(calibrations, name)),
  };
}

function profile(name: string, text: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

function calibrate(
  words: readonly string[],
  { env }: Pick<ReturnType<typeof ownCache>, 'env'> = ownCache(),
): Promise<Ended> {
  return stressql(['calibrate', ...words, '--seconds', '0.3'], { env });
}

function statementsOf({ stdout }: Ended): readonly StatementCalibration[] {
  return (JSON.parse(stdout) as Calibration).statements;
}

function bytesOfOperation({ requestBytesPerSecond, operationsPerSecond }: Figures): number {
  return requestBytesPerSecond / operationsPerSecond;
}

function expectConsistent({ sink, practice, batchSize, offeredPerSecond }: StatementCalibration): void {
  for (const figures of [sink!, practice!]) {
    expect(figures.operationsPerSecond).toBeGreaterThan(0);
    expect(figures.itemsPerSecond / figures.operationsPerSecond).toBeCloseTo(batchSize, 6);
    expect(figures.cpuNsPerOperation / figures.cpuNsPerItem).toBeCloseTo(batchSize, 6);
    expect(figures.processorsBusy).toBeGreaterThan(0);
    const [slowest, fastest] = figures.operationsPerSecondRange;
    expect(figures.operationsPerSecond).toBeGreaterThanOrEqual(slowest);
    expect(figures.operationsPerSecond).toBeLessThanOrEqual(fastest);
  }
  const dearest = Math.max(sink!.cpuNsPerItem, practice!.cpuNsPerItem);
  expect(offeredPerSecond! * dearest).toBeCloseTo(1e9, 0);
}

describe('the figures belong together', () => {
  test('of points and queries of InfluxDB', async () => {
    const query = 'QUERY last OF cpu\nSELECT last(v) FROM %m WHERE %t\nDO 10\n';
    const path = profile('points.sql', `${points}\n${query}`);
    const ended = await calibrate([path, '--format', 'json']);
    expect(ended.code).toBe(0);
    const [cpu, last] = statementsOf(ended);
    expect(cpu).toMatchObject({
      kind: 'insert',
      name: 'cpu',
      text: 'INSERT cpu',
      place: `${path}:3`,
      itemName: 'point',
      batchSize: 20,
      askedPerSecond: 2000,
    });
    expect(last).toMatchObject({ kind: 'query', itemName: 'query', batchSize: 1 });
    expect(last).not.toHaveProperty('askedPerSecond');
    for (const statement of [cpu!, last!]) expectConsistent(statement);
    for (const figures of [cpu!.sink!, cpu!.practice!]) {
      expect(bytesOfOperation(figures)).toBeCloseTo(bytesOfPoints(20), 6);
    }
  });

  test('of rows and queries of Cassandra, whose frames are the same for sink and server', async () => {
    const ended = await calibrate([profile('rows.sql', schema + rows), '--format', 'json']);
    expect(ended.stderr).not.toContain('creates no tables');
    expect(ended.code).toBe(0);
    const [fill, get] = statementsOf(ended);
    expect(fill).toMatchObject({ name: 'fill', itemName: 'row', batchSize: 1 });
    expect(get).toMatchObject({ name: 'get', itemName: 'query', askedPerSecond: 900 });
    for (const statement of [fill!, get!]) {
      expectConsistent(statement);
      expect(bytesOfOperation(statement.sink!)).toBeCloseTo(bytesOfOperation(statement.practice!), 6);
    }
  });

  test('of batches of rows', async () => {
    const batches = rows.replace('DO 100', 'DO 100\nWITH RowsPerBatch [8]');
    const ended = await calibrate([profile('batches.sql', schema + batches), '--format', 'json']);
    const [fill] = statementsOf(ended);
    expect(fill!.batchSize).toBe(8);
    expectConsistent(fill!);
    expect(bytesOfOperation(fill!.sink!)).toBeCloseTo(bytesOfOperation(fill!.practice!), 6);
  });
});

test('an INSERT of fewer points than a batch has requests of those', async () => {
  const ended = await calibrate([profile('few.sql', points.replace('DO 1000', 'DO 7')), '--format', 'json']);
  const [cpu] = statementsOf(ended);
  expect(cpu!.batchSize).toBe(7);
  expect(bytesOfOperation(cpu!.practice!)).toBeCloseTo(bytesOfPoints(7), 6);
});

test('a sink is measured without a server', async () => {
  const ended = await calibrate([profile('sink.sql', `SET Target [sink]\n\n${points}`), '--format', 'json']);
  const [cpu] = statementsOf(ended);
  expect(cpu).not.toHaveProperty('practice');
  expect(cpu!.offeredPerSecond! * cpu!.sink!.cpuNsPerItem).toBeCloseTo(1e9, 0);
});

test('the report is a table, and says what share is asked', async () => {
  const written = 'INSERT old\nold,h=a\nv=1i\nDO 10 WRITTEN\n';
  const ended = await calibrate([profile('points.sql', `${points}\nEXEC false\n\nWAIT 30s\n\n${written}`)]);
  expect(ended.code).toBe(0);
  expect(ended.stdout).toMatch(
    /^statement +against +requests\/s +items\/s +bytes\/s +CPU\/request +CPU\/item +CPU busy$/m,
  );
  expect(ended.stdout).toMatch(/^INSERT cpu +sink( +\S+){2} +\S+ kB|^INSERT cpu +sink( +\S+){2} +\S+ [MG]B/m);
  expect(ended.stdout).toMatch(/^ +practice server /m);
  expect(ended.stdout).toMatch(/^INSERT cpu +\S+ points\/s +2,000 points\/s +\S+ %$/m);
  expect(ended.stdout).not.toContain('INSERT old');
});

describe('tables that the profile does not make', () => {
  test('are told, with what helps', async () => {
    const ended = await calibrate([profile('rows.sql', rows)]);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/^INSERT fill +not measured$/m);
    expect(ended.stderr).toContain('stressql calibrate schema.sql profile.sql');
  });

  test('come from a file in front, and the calibration is that of the profile', async () => {
    const path = profile('rows.sql', rows.replace('AT 500/s TO 900/s', 'AT 500/s TO 100000000/s'));
    const cache = ownCache();
    const ended = await calibrate([profile('schema.sql', schema), path], cache);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('asks for more than 70 % of it');
    expect(cache.kept()).toHaveLength(1);
    const ran = await stressql(['run', path, '--rehearse', '--out', temporaryFolder()], { env: cache.env });
    expect(ran.stderr).toContain('asks 100,000,000/s, and this machine offered');
  });
});

test('a profile with errors measures nothing: exit 2, every error told', async () => {
  const ended = await calibrate([profile('wrong.sql', 'SET Adresses [x]\n\nWAIT cpu\n')]);
  expect(ended.code).toBe(2);
  expect(ended.stdout).toBe('');
  expect(ended.stderr).toContain('there is no setting Adresses');
  expect(ended.stderr).toContain('no GO before it starts cpu');
});

test('a profile without INSERT and QUERY says so', async () => {
  const ended = await calibrate([profile('none.sql', 'CREATE DATABASE stress\n')]);
  expect(ended).toMatchObject({ code: 0, stdout: '' });
  expect(ended.stderr).toContain('no INSERT or QUERY');
});

test.each(['0', '0.05', '-1', '1s', '1e3', '4000'])('--seconds %s is refused', async (seconds) => {
  const ended = await stressql(['calibrate', 'examples/quickstart.sql', `--seconds=${seconds}`]);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain('0.1 to 3600 seconds');
});

test('the help has an example', async () => {
  const { code, stdout } = await stressql(['calibrate', '--help']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Example:\n {2}stressql calibrate /);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends it', async (signal, code) => {
  const cache = ownCache();
  const ended = await stressql(['calibrate', profile('points.sql', points), '--seconds', '600'], {
    env: cache.env,
    started: (child) => child.stderr!.once('data', () => setTimeout(() => child.kill(signal), 500)),
  });
  expect(ended).toMatchObject({ code, stdout: '' });
});
