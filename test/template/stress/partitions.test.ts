import { describe, expect, test } from 'vitest';
import type { OperationRows } from '../../../src/stress-client/cql-plan.ts';
import { bound } from '../bound.ts';
import { compiled, insertPlan, queryPlan } from '../compiled.ts';

const cql = { settings: { Target: 'cql' } } as const;
const types = { k: 'bigint', c: 'int', v: 'text', w: 'text' } as const;
const key = "[bigint stresskey('k', 'uniform(1..100b)')]";
const cluster = "[int stresscluster('c', 'uniform(1..100b)', 'fixed(20)')]";
const value = (name: string): string => `[text stress('${name}', 'fixed(3)', 'uniform(1..100b)')]`;

/** An INSERT of two columns into partitions of twenty rows. */
function insert(clauses: string): string {
  return `INSERT t\nUPDATE t SET v = ${value('v')}, w = ${value('w')} WHERE k = ${key} AND c = ${cluster}\n${clauses}\nDO 100`;
}

function rowsOf(text: string): OperationRows {
  return bound(insertPlan(text, cql).cql!, types).values.rows!;
}

/** The values of a row: v, w, k, c; null where it has none. */
function valuesOf(rows: OperationRows, operation: number, row: number): readonly (string | null)[] {
  const staging = Buffer.alloc(200);
  const end = rows.write(operation, row, 0, staging, 0);
  const values: (string | null)[] = [];
  for (let at = 0; at < end;) {
    const length = staging.readInt32BE(at);
    at += 4;
    values.push(length < 0 ? null : staging.toString('hex', at, at + length));
    at += Math.max(0, length);
  }
  return values;
}

function keysOf(rows: OperationRows, operation: number): readonly string[] {
  const count = rows.countOf(operation);
  return [...new Set(Array.from({ length: count }, (_, row) => valuesOf(rows, operation, row)[2]!))];
}

describe('PARTITIONS', () => {
  test('absent: an operation is all rows of one partition', () => {
    const plan = insertPlan(insert(''), cql);
    expect({ name: plan.itemName, batch: plan.cql!.batch, size: plan.batchSize }).toEqual({
      name: 'partition',
      batch: 'logged',
      size: 1,
    });
    const rows = rowsOf(insert(''));
    expect([0, 1, 99].map((operation) => rows.countOf(operation))).toEqual([20, 20, 20]);
    expect(keysOf(rows, 7)).toHaveLength(1);
  });

  test('so many neighbours, the last operation what is left', () => {
    const text = insert('PARTITIONS fixed(30) UNLOGGED');
    const plan = insertPlan(text, cql);
    expect([plan.batchSize, plan.cql!.batch]).toEqual([30, 'unlogged']);
    const rows = rowsOf(text);
    expect([0, 1, 2, 3].map((operation) => keysOf(rows, operation).length)).toEqual([30, 30, 30, 10]);
    const all = [0, 1, 2, 3].flatMap((operation) => keysOf(rows, operation));
    expect(new Set(all).size).toBe(100);
  });

  test('drawn numbers leave no partition out, and none is twice', () => {
    const rows = rowsOf(insert('PARTITIONS uniform(1..5)').replace('DO 100', 'FOR 1h'));
    const single = rowsOf(insert(''));
    const written = Array.from({ length: 40 }, (_, operation) => keysOf(rows, operation)).flat();
    expect(written).toEqual(written.map((_, index) => keysOf(single, index)[0]));
    // Any operation by itself is the same.
    const again = rowsOf(insert('PARTITIONS uniform(1..5)').replace('DO 100', 'FOR 1h'));
    expect(keysOf(again, 2000)).toEqual(keysOf(rows, 2000));
    expect(keysOf(again, 17)).toEqual(keysOf(rows, 17));
  });

  test.each(['PARTITIONS fixed(30)', 'PARTITIONS uniform(1..5)'])('%s: which indexes', (clause) => {
    const text = insert(`${clause}\nPOPULATION uniform(1..1000)`);
    const plan = insertPlan(text, cql);
    const single = rowsOf(insert('POPULATION 0..1000').replace('DO 100', 'DO 1001'));
    const rows = rowsOf(text);
    for (const operation of [0, 3, 2, 17])
      expect(keysOf(rows, operation)).toEqual([
        ...new Set(plan.indexesOf!(operation).map((index) => keysOf(single, index)[0])),
      ]);
  });

  test('rows without partitions, and queries, tell their indexes too', () => {
    const text = `INSERT t\nINSERT INTO t (a) VALUES ([bigint inc(0)])\nPOPULATION 7..16\nDO 25`;
    const batches = { settings: { ...cql.settings, RowsPerBatch: 10 } };
    expect(insertPlan(text, batches).indexesOf!(2)).toEqual([7, 8, 9, 10, 11]);
    const query = 'QUERY q\nSELECT a FROM t WHERE a = [bigint inc(0)]\nPOPULATION 7..16\nDO 25';
    expect(queryPlan(query, cql).indexesOf!(12)).toEqual([9]);
  });

  test('visits: each its rows of the partition', () => {
    const text = insert('PARTITIONS fixed(1) VISITS fixed(3) OVER 4').replace('DO 100', 'DO 12');
    const rows = rowsOf(text);
    const counts = Array.from({ length: 12 }, (_, operation) => rows.countOf(operation));
    expect(counts).toEqual([6, 6, 6, 6, 6, 6, 6, 6, 8, 8, 8, 8]);
    const whole = rowsOf(insert(''));
    const written = (of: OperationRows, operation: number): readonly string[] =>
      Array.from({ length: of.countOf(operation) }, (_, row) => valuesOf(of, operation, row).join());
    for (const partition of [0, 1, 2, 3])
      expect([0, 4, 8].flatMap((visit) => written(rows, visit + partition))).toEqual(
        written(whole, partition),
      );
    expect(insertPlan(text, cql).indexesOf!(5)).toEqual([1]);
  });

  test('more visits than rows write rows again', () => {
    const rows = rowsOf(insert('PARTITIONS fixed(1) VISITS fixed(50)'));
    const counts = Array.from({ length: 50 }, (_, operation) => rows.countOf(operation));
    expect(new Set(counts)).toEqual(new Set([1]));
    expect(keysOf(rows, 49)).toEqual(keysOf(rows, 0));
  });

  test('a share of the rows, one at least', () => {
    const rows = rowsOf(insert('PARTITIONS fixed(1) SHARE fixed(1)/4'));
    const counts = Array.from({ length: 200 }, (_, operation) => rows.countOf(operation % 100));
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
    expect(mean).toBeGreaterThan(4);
    expect(mean).toBeLessThan(6);
    const few = rowsOf(insert('PARTITIONS fixed(1) SHARE fixed(1)/1000'));
    expect(
      Array.from({ length: 100 }, (_, operation) => few.countOf(operation)).every((count) => count <= 3),
    ).toBe(true);
  });

  test('a share of the columns, null for the rest', () => {
    const rows = rowsOf(insert('PARTITIONS fixed(1) COLUMNS fixed(1)/2'));
    const [v, w] = valuesOf(rows, 3, 5);
    expect([typeof v, w]).toEqual(['string', null]);
  });

  test.each(['uniform(1..9)', 'uniform(1..100b)'])(
    'values of a clustering column, each once, of %s',
    (draws) => {
      const clusters = (count: number): (string | null)[] => {
        const text = insert('').replace("'uniform(1..100b)', 'fixed(20)'", `'${draws}', 'fixed(${count})'`);
        const rows = rowsOf(text);
        return Array.from({ length: rows.countOf(3) }, (_, row) => valuesOf(rows, 3, row)[3]!);
      };
      const [few, many] = [clusters(20), clusters(80)];
      expect(new Set(many).size).toBe(many.length);
      expect(many).toHaveLength(draws === 'uniform(1..9)' ? 9 : 80);
      expect(many.slice(0, few.length)).toEqual(few);
    },
  );

  test('no batch has more rows than the protocol has room for', () => {
    const wide = insert('PARTITIONS fixed(2)').replace("'fixed(20)'", "'fixed(50000)'");
    expect(rowsOf(wide).countOf(0)).toBe(65_535);
  });

  test('literals are the same rows', () => {
    const plan = insertPlan(insert('PARTITIONS fixed(2)'), cql);
    const staging = new Uint8Array(plan.operationBytesAtMost);
    const end = plan.write({ operation: 1, intendedNs: 0, pick: -1 }, 100, staging, 0);
    // Texts have line ends, too.
    const lines = [
      ...Buffer.from(staging.subarray(0, end))
        .toString()
        .matchAll(/ AND c = (-?\d+)$/gm),
    ];
    expect(lines).toHaveLength(40);
    const rows = rowsOf(insert('PARTITIONS fixed(2)'));
    expect(lines.map(([, number]) => Number(number))).toEqual(
      lines.map((_, row) => Buffer.from(valuesOf(rows, 1, row)[3]!, 'hex').readInt32BE()),
    );
  });
});

describe('ROW', () => {
  const row = `[k: ${key.slice(1)}, [c: ${cluster.slice(1)}, [v: ${value('v').slice(1)}`;
  const written = rowsOf(insert(''));
  const all = new Set(
    Array.from({ length: 100 }, (_, operation) =>
      Array.from({ length: 20 }, (_row, at) => {
        const [v, , k, c] = valuesOf(written, operation, at);
        return `${k} ${c} ${v}`;
      }),
    ).flat(),
  );

  function asked(word: string, operation: number): readonly string[] {
    const plan = queryPlan(
      `QUERY q\nSELECT * FROM t WHERE k = [=k] AND c = [=c] AND v = [=v]\n${word} ${row}\nDO 100`,
      cql,
    );
    const { values } = bound(plan.cql!, types);
    const staging = Buffer.alloc(100);
    values.write(operation, -1, 0, staging, 0);
    // Eight bytes, four, and three, with their lengths.
    return [staging.toString('hex', 4, 12), staging.toString('hex', 16, 20), staging.toString('hex', 24, 27)];
  }

  test('is a row that the INSERT writes', () => {
    const texts = Array.from({ length: 100 }, (_, operation) => asked('ROW', operation).join(' '));
    expect(texts.filter((text) => !all.has(text))).toEqual([]);
  });

  test('ROWS: each value is one of a row of the partition', () => {
    const texts = Array.from({ length: 100 }, (_, operation) => asked('ROWS', operation));
    const cells = new Set(
      [...all].flatMap((text) =>
        text
          .split(' ')
          .slice(1)
          .map((cell) => `${text.split(' ')[0]} ${cell}`),
      ),
    );
    expect(
      texts.flatMap(([k, c, v]) => [`${k} ${c}`, `${k} ${v}`]).filter((cell) => !cells.has(cell)),
    ).toEqual([]);
    expect(texts.some((text) => !all.has(text.join(' ')))).toBe(true);
  });

  test.each([
    ['ROW', [0]],
    ['ROWS', [0, 1]],
  ])('%s: the same column twice', (word, kinds) => {
    const text = `QUERY q\nSELECT * FROM t WHERE k = [=k] AND c >= [=c] AND c <= [=c]\n${word} ${row}\nDO 100`;
    const { values } = bound(queryPlan(text, cql).cql!, types);
    const staging = Buffer.alloc(100);
    const keys = new Set([...all].map((each) => each.split(' ')[1]));
    const different = Array.from({ length: 100 }, (_, operation) => {
      values.write(operation, -1, 0, staging, 0);
      const [low, high] = [staging.toString('hex', 16, 20), staging.toString('hex', 24, 28)];
      expect([keys.has(low), keys.has(high)]).toEqual([true, true]);
      return low === high ? 0 : 1;
    });
    expect([...new Set(different)].toSorted()).toEqual(kinds);
  });
});

test.each([
  [insert('PARTITIONS uniform(5..1)'), 'C023'],
  [insert('PARTITIONS fixed(1) SHARE fixed(1)/x'), 'C023'],
  [insert('PARTITIONS fixed(1) SOMEHOW'), 'C023'],
  [insert('PARTITIONS fixed(1) VISITS fixed(2) OVER 0'), 'C023'],
  [insert('PARTITIONS fixed(1) VISITS fixed(2) OVER many'), 'C023'],
  [insert('PARTITIONS fixed(1) VISITS uniform(1..10m)'), 'C023'],
  [insert('PARTITIONS fixed(1) VISITS uniform(1..2) OVER 4097'), 'C023'],
  [insert('PARTITIONS fixed(1) VISITS uniform(1..2) OVER 100000000000'), 'C023'],
  [`INSERT t\nUPDATE t SET v = ${value('v')} WHERE k = 5\nDO 5`, 'T028'],
  [`INSERT t\nm f=${value('v')}\nDO 5`, 'T028'],
  [`QUERY q\nSELECT 1\nPARTITIONS fixed(1)\nDO 5`, 'C001'],
  [
    `INSERT t\nUPDATE t SET l = [list(3) of int stress('l', 'uniform(4..8)', '1')] WHERE k = ${key}\nDO 5`,
    'T004',
  ],
])('%s is %s', (text, code) => {
  const settings = text.includes(' f=') ? {} : cql;
  expect(compiled(text, settings).diagnostics.map((each) => each.code)).toContain(code);
});

test('the words of these clauses stay names elsewhere', () => {
  const text = `INSERT t
INSERT INTO t (row, share, columns, rows, visits, over) VALUES ('[int inc(0) 3]', '[int inc(0) 2]', [int inc(0)], 4, 5, 6)
SERIES (row, share)
TAG row = 5, share = columns, rows = row
DO 6
EXPECT rows = 6`;
  expect(insertPlan(text, cql).seriesCardinality).toBe(6);
});
