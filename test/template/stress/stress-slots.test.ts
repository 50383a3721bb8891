import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { bound, serializedValues } from '../bound.ts';
import { compiled, insertPlan } from '../compiled.ts';

const seed = 20261121;
/** Rows of seeds 1 to 1,000 as cassandra-stress wrote them: 10 bytes of key, five columns of 34. */
const rows = readFileSync(new URL('../../cassandra-stress/rows-of-seeds.bin', import.meta.url));
const rowBytes = 10 + 5 * 34;
const columns = ['C0', 'C1', 'C2', 'C3', 'C4'];
const types = { key: 'blob', k: 'blob', C0: 'blob', C1: 'blob', C2: 'blob', C3: 'blob', C4: 'blob' } as const;
const assignments = columns.map((column) => `"${column}" = [blob stress('${column}', 34)]`).join(', ');
const write = `INSERT t\nUPDATE "standard1" SET ${assignments} WHERE key = [blob stresskey('key', 10)]\nPOPULATION 1..1000\nDO 1000`;
const cql = { settings: { Target: 'cql' } } as const;

/** The columns of the row of a seed, the key last, as the statement above has them. */
function recordedRow(row: number): string[] {
  const at = (row - 1) * rowBytes;
  const key = rows.subarray(at, at + 10);
  const values = columns.map((_, column) => rows.subarray(at + 10 + 34 * column, at + 44 + 34 * column));
  return [...values, key].map((bytes) => bytes.toString('hex'));
}

describe('the thousand rows', () => {
  test('as values of a prepared statement', () => {
    const { values } = bound(insertPlan(write, cql).cql!, types);
    const different: number[] = [];
    for (let row = 1; row <= 1000; row++) {
      const made = serializedValues(values, row - 1, -1).map((bytes) => bytes!.toString('hex'));
      if (made.join() !== recordedRow(row).join()) different.push(row);
    }
    expect(different).toEqual([]);
  });

  test('as literals', () => {
    const plan = insertPlan(write, cql);
    for (const row of [1, 2, 500, 1000]) {
      const made = [...plan.item(row - 1).matchAll(/0x([0-9a-f]*)/g)].map(([, digits]) => digits);
      expect(made).toEqual(recordedRow(row));
    }
  });

  test('in line protocol, where bytes are text', () => {
    const plan = insertPlan(
      "INSERT t\nm,key=[blob stresskey('key', 10)] C0=[blob stress('C0', 34)]\nPOPULATION 1..1000\nDO 9",
    );
    const [c0, , , , , key] = recordedRow(3);
    expect(plan.item(2)).toBe(`m,key=0x${key} C0="0x${c0}" 1451606403`);
  });
});

/** The values of an item, the plain evaluator's. */
function literals(text: string): string[] {
  return [...text.matchAll(/0x([0-9a-f]*)/g)].map(([, digits]) => digits!);
}

const size = fc.constantFrom('0', '1', '10', '34', '300', "'uniform(1..40)'", "'gaussian(5..90)'");
const count = fc.constantFrom('', ' 1', ' 7', ' 4000');
const population = fc.constantFrom(
  '',
  '1..1000',
  '5..5',
  'gaussian(1..9000)',
  '~exp(3..1b)',
  'uniform(0..8b)',
);

test('straight-line code writes what the plain evaluator says', () => {
  fc.assert(
    fc.property(
      size,
      size,
      size,
      size,
      count,
      count,
      population,
      fc.nat(2 ** 40),
      (a, b, c, d, m, n, p, item) => {
        const text = `INSERT t\nUPDATE t SET C0 = [blob stress('C0', ${c})], C1 = [blob stress('C1', ${d})] WHERE k = [blob stresskey('k', ${a})${m}] AND key = [blob stresskey('key', ${b})${n}]\n${p === '' ? '' : `POPULATION ${p}`}\nFOR 1s`;
        const plan = insertPlan(text, cql);
        const made = serializedValues(bound(plan.cql!, types).values, item, -1);
        expect(made.map((bytes) => bytes!.toString('hex'))).toEqual(literals(plan.item(item)));
      },
    ),
    { seed, numRuns: 400 },
  );
});

describe('a key of several columns', () => {
  const two = (columnsOfKey: string): string[] =>
    literals(
      insertPlan(
        `INSERT t\nUPDATE t SET C0 = [blob stress('C0', 8)] WHERE ${columnsOfKey}\nDO 100`,
        cql,
      ).item(7),
    );
  const one = "k = [blob stresskey('k', 3)]";
  const other = "key = [blob stresskey('key', 4)]";

  it('makes each column of the same index', () => {
    const [, first, second] = two(`${one} AND ${other}`);
    expect([two(one)[1], two(other)[1]]).toEqual([first, second]);
  });

  it('goes into the other columns in its order', () => {
    const values = [one, other, `${one} AND ${other}`, `${other} AND ${one}`].map((key) => two(key)[0]);
    expect(new Set(values).size).toBe(4);
  });
});

it('follows the key where that has a count', () => {
  const plan = insertPlan(
    "INSERT t\nUPDATE t SET C0 = [blob stress('C0', 8)] WHERE key = [blob stresskey('key', 10) 5]\nDO 100",
    cql,
  );
  expect(plan.item(7)).toBe(plan.item(2));
  expect(plan.item(7)).not.toBe(plan.item(3));
});

test.each([
  ["C0 = [blob stress('C0', 8)] WHERE key = 0x00", 'T028'],
  ["C0 = [blob stress('C0', 8)] WHERE key = [blob stresskey('key', 1000001)]", 'T004'],
  ["C0 = [blob stress('C0', 8)] WHERE key = [blob stresskey('key', -1)]", 'T004'],
  ["C0 = [blob stress('C0', 8)] WHERE key = [blob stresskey('key', 'uniform(-5..1)')]", 'T004'],
  ["C0 = [blob stress('C0', 'uniform(5)')] WHERE key = [blob stresskey('key', 10)]", 'T004'],
  ["C0 = [blob stress('', 5)] WHERE key = [blob stresskey('key', 10)]", 'T004'],
  ["C0 = [blob stress('C0')] WHERE key = [blob stresskey('key', 10)]", 'T003'],
  ["C0 = [duration stress('C0', 4)] WHERE key = [blob stresskey('key', 10)]", 'T002'],
])('UPDATE t SET %s is %s', (text, code) => {
  const { diagnostics } = compiled(`INSERT t\nUPDATE t SET ${text}\nDO 10`, cql);
  expect(diagnostics.map((each) => each.code)).toEqual([code]);
});
