import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { bound, executedText, serializedValues } from './bound.ts';
import { compiled, insertPlan, lines, queryPlan, type Conditions } from './compiled.ts';

const seed = 20261121;
const cql = { settings: { Target: 'cql' } } as const;
/** Everything is written. */
const acknowledged = { count: 1000, end: 1000, has: () => true };

/** The indexes of the first items. */
function indexes(population: string, items: number, name = 't'): number[] {
  const plan = insertPlan(
    `INSERT ${name}\nm v=[int inc(0)]\nDO 1000000000\nEVERY 1ns\nPOPULATION ${population}`,
  );
  return Array.from({ length: items }, (_, item) => Number(plan.valueOf('v', item).text));
}

describe('the index of an item', () => {
  test.each([
    ['3..6', [3, 4, 5, 6, 3, 4, 5, 6, 3]],
    ['0..1_000', [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    ['1..1M', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['7..7', [7, 7, 7, 7, 7, 7, 7, 7, 7]],
    ['fixed(7)', [7, 7, 7, 7, 7, 7, 7, 7, 7]],
    ['seq(3..6)', [3, 4, 5, 6, 3, 4, 5, 6, 3]],
    ['~seq(3..6)', [6, 5, 4, 3, 6, 5, 4, 3, 6]],
  ])('POPULATION %s', (population, expected) => expect(indexes(population, 9)).toEqual(expected));

  // Shares of what cassandra-stress draws lie within the same ends.
  test.each([
    ['uniform(1..1000)', 500.5, 288.7],
    ['gaussian(1..1000)', 500, 166.5],
    ['gaussian(1..1000,5)', 500, 99.9],
    ['gaussian(1..1000,200,50)', 199.5, 50],
    ['exp(1..1000)', 281, 258],
    ['~exp(1..1000)', 720, 258],
    ['extreme(1..1000,2)', 476, 249],
    ['qextreme(1..1000,2,5)', 476, 249],
  ])('POPULATION %s has its mean and its deviation', (population, mean, deviation) => {
    const drawn = indexes(population, 20_000);
    const measured = drawn.reduce((sum, index) => sum + index, 0) / drawn.length;
    const square = drawn.reduce((sum, index) => sum + (index - measured) ** 2, 0) / drawn.length;
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(1000);
    expect(Math.abs(measured - mean)).toBeLessThan(12);
    expect(Math.abs(Math.sqrt(square) - deviation)).toBeLessThan(12);
  });

  it('follows from seed and name', () => {
    expect(indexes('uniform(1..1b)', 20)).toEqual(indexes('uniform(1..1b)', 20));
    expect(indexes('uniform(1..1b)', 20)).not.toEqual(indexes('uniform(1..1b)', 20, 'other'));
  });

  it('goes up to 2^53 - 1', () => {
    expect(indexes('9007199254740990..9007199254740991', 3)).toEqual([
      9007199254740990, 9007199254740991, 9007199254740990,
    ]);
  });
});

describe('refused', () => {
  test.each([
    '5',
    '6..3',
    '1..2..3',
    '-1..5',
    'uniform(-5..5)',
    'gaussian(5)',
    'nonsense(1..5)',
    '1..9007199254740992',
  ])('POPULATION %s', (population) => {
    const { diagnostics } = compiled(`INSERT t\nm v=1\nDO 5\nPOPULATION ${population}`);
    expect(diagnostics.map(({ code }) => code)).toEqual(['C019']);
  });
});

const populations = fc.constantFrom(
  '0..22',
  '5..5',
  '7..1000',
  '~seq(3..17)',
  'uniform(0..1000)',
  'gaussian(1..90)',
  '~exp(1..8b)',
  '4294967200..4294967400',
);
const templates = fc.constantFrom(
  'm,a=[int inc(0) 3],b=[x|y] v=[int inc(0)],w=[float rand(100)],x=[int rand(9) 4],y=[int seq(5)]',
  'm,a=[int rand(50) 7] v=[int inc(0) 5],w=[int seq(0) 5],s="[str rand(9)]",h=[int hash(1000)]',
  'm v=[int walk(5, 1)],w=[float sine(1h, 5)]',
);

describe('batches of points', () => {
  it('have each item at its index', () => {
    fc.assert(
      fc.property(
        templates,
        populations,
        fc.nat(400),
        fc.integer({ min: 1, max: 60 }),
        (template, of, operation, BatchSize) => {
          const conditions: Conditions = { settings: { BatchSize } };
          const plan = insertPlan(`INSERT t\n${template}\nDO 20000\nEVERY 1us\nPOPULATION ${of}`, conditions);
          const staging = Buffer.alloc(plan.operationBytesAtMost + 2);
          const end = plan.write({ operation, intendedNs: 0, pick: -1 }, 20_000, staging, 1);
          const first = operation * BatchSize;
          const items = Math.max(0, Math.min(BatchSize, 20_000 - first));
          const expected = Array.from({ length: items }, (_, at) => plan.item(first + at));
          expect(staging.toString('utf8', 1, end)).toBe(expected.join('\n'));
        },
      ),
      { seed, numRuns: 300 },
    );
  });

  it('are what items of the same index are without a population', () => {
    const template = 'm,a=[int inc(0) 3] v=[int inc(0)],w=[float rand(100)],x=[int seq(0)]';
    const all = lines(insertPlan(`INSERT t\n${template}\n100 1s`), 20);
    const some = lines(insertPlan(`INSERT t\n${template}\n100 1s\nPOPULATION 5..9`), 12);
    expect(some).toEqual([5, 6, 7, 8, 9, 5, 6, 7, 8, 9, 5, 6].map((index) => all[index]));
  });
});

describe('rows', () => {
  const types = { k: 'int', c: 'bigint', ts: 'timestamp', v: 'double', s: 'text' } as const;
  it.each([1, 4])('have their values at their index, %i a batch', (RowsPerBatch) => {
    fc.assert(
      fc.property(populations, fc.nat(5000), (of, item) => {
        const text = `INSERT t\nINSERT INTO t (k, c, ts, v, s) VALUES ([int inc(0) 7], [bigint inc(0)], [timestamp seq('2026-01-01', 10s)], [double rand(9)], 'x-[int rand(5) 3]')\nSERIES (k)\nDO 5001\nPOPULATION ${of}`;
        const plan = insertPlan(text, { settings: { Target: 'cql', RowsPerBatch } });
        const made = serializedValues(bound(plan.cql!, types).values, item, -1);
        const index = Number(plan.columnOf('c', item).text);
        const alone = insertPlan(text.replace(/\nPOPULATION.*/, '').replace('5001', '1e12'), {
          settings: { Target: 'cql', RowsPerBatch },
        });
        expect(made).toEqual(serializedValues(bound(alone.cql!, types).values, index, -1));
        expect(plan.item(item)).toBe(alone.item(index));
      }),
      { seed, numRuns: 100 },
    );
  });
});

describe('queries', () => {
  it('have values of their own at their index', () => {
    const plan = queryPlan('QUERY q\nSELECT * FROM t WHERE k = [int inc(0)]\nDO 10\nPOPULATION 3..5', cql);
    const { values } = bound(plan.cql!, { k: 'int' });
    const asked = Array.from({ length: 7 }, (_, item) =>
      serializedValues(values, item, -1)[0]!.readInt32BE(),
    );
    expect(asked).toEqual([3, 4, 5, 3, 4, 5, 3]);
    expect(plan.item(4, -1)).toBe('SELECT * FROM t WHERE k = 4');
  });

  it('find what an item of their INSERT has', () => {
    const insert =
      'INSERT t\nINSERT INTO t (k, c, v) VALUES ([int inc(0) 7], [bigint inc(0)], [double rand(9)])\nSERIES (k)\nDO 1000\nPOPULATION gaussian(1..500)';
    const query = 'QUERY q OF t\nSELECT v FROM t WHERE %K\nPICK each\nDO 1000';
    const both = compiled(`${insert}\n\n${query}`, cql);
    const keys = [{ keyspace: 'stress', table: 't', partitionKey: ['k'], clusteringKey: ['c'] }];
    const asked = bound(both.query!.cql!, { k: 'int', c: 'bigint' }, keys);
    for (const operation of [0, 1, 77, 999]) {
      const pick = both.query!.pick!(operation, acknowledged);
      const [k, c] = ['k', 'c'].map((column) => both.insert!.columnOf(column, pick).text);
      expect(pick).toBe(operation);
      expect(executedText(asked, operation, pick)).toBe(`SELECT v FROM t WHERE k = ${k} AND c = ${c}`);
    }
  });
});

describe('what a plan tells of itself', () => {
  const told = (template: string, population: string, clauses = '1000 1s', conditions?: Conditions) => {
    const { insert, diagnostics } = compiled(`INSERT t\n${template}\n${clauses}\n${population}`, conditions);
    return { insert, codes: diagnostics.map(({ code }) => code) };
  };

  test.each<[string, string, number]>([
    ['m,a=[int inc(0) 20] v=1', '', 20],
    ['m,a=[int inc(0) 20] v=1', 'POPULATION 1..1000', 20],
    ['m,a=[int inc(0) 20] v=1', 'POPULATION gaussian(1..8)', 8],
    ['m,a=[int inc(0)] v=1', 'POPULATION 1..50', 50],
    ['m,a=[int inc(0)] v=1', '', Infinity],
  ])('%s %s has %d series', (template, population, series) => {
    expect(told(template, population).insert!.seriesCardinality).toBe(series);
  });

  test.each<[string, string, boolean]>([
    ['m,a=[int inc(0) 20] v=1', '', false],
    ['m,a=[int inc(0) 20] v=1', 'POPULATION 1..1000', false],
    ['m,a=[int inc(0) 20] v=1', 'POPULATION 501..1500', false],
    ['m,a=[int inc(0) 20] v=1', 'POPULATION 1..999', true],
    ['m,a=[int inc(0) 20] v=1', 'POPULATION uniform(1..1000000)', true],
    ['m,a=[int inc(0)] v=1', 'POPULATION 1..50', true],
  ])('%s %s overwrites: %s', (template, population, overwrites) => {
    expect(told(template, population).insert!.overwrites(1000)).toBe(overwrites);
  });

  test.each<[string, string, number | undefined, boolean]>([
    ['', 'DO 1000', 20, false],
    ['POPULATION 0..49', 'DO 1000', 20, true],
    ['POPULATION 0..7', 'DO 1000', 8, true],
    ['POPULATION uniform(0..9999)', 'DO 1000', undefined, false],
    ['POPULATION uniform(0..99)', 'DO 1000', undefined, true],
    ['POPULATION 5..2000', 'DO 1000', undefined, false],
  ])('rows %s have their partitions, and overwrite', (population, clauses, partitions, overwrites) => {
    const text = `INSERT t\nINSERT INTO t (k, c) VALUES ([int inc(0) 20], [bigint inc(0)])\nSERIES (k)\n${clauses}\n${population}`;
    const plan = insertPlan(text, cql);
    expect(plan.partitionsOf!(['k'])).toBe(partitions);
    expect(plan.overwrites(1000, ['k', 'c'])).toBe(overwrites);
  });

  test.each([
    ['m v=[int inc(9223372036854770000)]', '', 'T004'],
    ['m v=[int inc(9007199254740000)]', '', undefined],
    ['m v=[smallint inc(0)]', 'POPULATION 32000..32767', undefined],
    ['m v=[smallint inc(0)]', 'POPULATION 32000..32999', 'T011'],
    ['m v=1', 'POPULATION 0..9000000000', undefined],
    ['m v=1', 'POPULATION uniform(0..90000000000)', 'T016'],
  ])('%s %s ends with %s', (template, population, code) => {
    const { codes } = told(template, population, 'DO 900');
    expect(codes.filter((each) => each.startsWith('T'))).toEqual(code === undefined ? [] : [code]);
  });

  it('knows the last value of a counter where only time ends the statement', () => {
    const text = (population: string): string =>
      `INSERT t\nINSERT INTO t (k) VALUES ([tinyint inc(0)])\nFOR 1s\n${population}`;
    expect(compiled(text('POPULATION 0..127'), cql).diagnostics).toEqual([]);
    expect(compiled(text('POPULATION 0..128'), cql).diagnostics.map(({ code }) => code)).toEqual(['T011']);
  });
});
