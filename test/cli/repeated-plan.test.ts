import { expect, test } from 'vitest';
import { RepeatedPlan } from '../../src/cli/calibration/repeated-plan.ts';
import type { CqlMarker } from '../../src/stress-client/cql-plan.ts';
import type { Plan } from '../../src/stress-client/plan.ts';
import { analysed } from '../analysis/analysed.ts';

function planOf(text: string, index: number): { readonly plan: Plan; readonly items: number } {
  const { analysis, diagnostics } = analysed(text);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const step = analysis.steps.filter(({ kind }) => kind === 'insert' || kind === 'query')[index]!;
  if (step.kind !== 'insert' && step.kind !== 'query') throw new Error('no INSERT or QUERY');
  return { plan: step.plan, items: step.options.items };
}

function written(plan: Plan, operation: number, items: number, pick = -1): string {
  const staging = Buffer.alloc(plan.operationBytesAtMost);
  const end = plan.write({ operation, intendedNs: 5, pick }, items, staging, 0);
  return staging.toString('utf8', 0, end);
}

const insert = 'INSERT cpu\ncpu,host=h-[int inc(0) 10]\nv=[float rand(1)]\n';

test.each([
  // [points, batch, operations that are repeated, points of each]
  [100, 10, 10, 10],
  [105, 10, 10, 10],
  [7, 10, 1, 7],
  [1, 1, 1, 1],
])('%i points in batches of %i are %i operations over and over', (points, batch, operations, batchSize) => {
  const { plan, items } = planOf(`${insert}DO ${points} WITH BatchSize [${batch}]`, 0);
  const repeated = new RepeatedPlan(plan, items);
  expect(repeated.batchSize).toBe(batchSize);
  for (const operation of [0, 1, operations - 1, operations, operations + 1, 12_345]) {
    const expected = written(plan, operation % operations, items);
    expect(expected.trimEnd().split('\n')).toHaveLength(batchSize);
    expect(written(repeated, operation, Infinity)).toBe(expected);
  }
});

test('without an end there is nothing to repeat', () => {
  const { plan, items } = planOf(`${insert}FOR 1m WITH BatchSize [10]`, 0);
  const repeated = new RepeatedPlan(plan, items);
  expect(written(repeated, 123_456, Infinity)).toBe(written(plan, 123_456, Infinity));
});

test('queries are about the items that they would be about', () => {
  const { plan, items } = planOf(`${insert}DO 50\n\nQUERY q OF cpu\nSELECT v FROM %m WHERE %t\nDO 8`, 1);
  const repeated = new RepeatedPlan(plan, items);
  const acknowledged = { count: 50, end: 50, has: (index: number) => index < 50 };
  for (const operation of [0, 7, 8, 801]) {
    const pick = plan.pick!(operation % 8, acknowledged);
    expect(repeated.pick!(operation, acknowledged)).toBe(pick);
    expect(written(repeated, operation, Infinity, pick)).toBe(written(plan, operation % 8, items, pick));
  }
});

test('values of CQL rows repeat, too', () => {
  const { plan, items } = planOf(
    "SET Target [cql]\n\nINSERT rows\nINSERT INTO t (k, v) VALUES ('[int inc(0) 10]', [text rand(9)])\nDO 12\nWITH RowsPerBatch [5]",
    0,
  );
  const text = { markers: [marker('k'), marker('v')] };
  const bound = [plan, new RepeatedPlan(plan, items)].map(({ cql }) => {
    const values = cql!.bind([text], []);
    if ('problem' in values) throw new Error(values.problem);
    return (index: number): string => {
      const staging = Buffer.alloc(values.itemBytesAtMost);
      return staging.toString('hex', 0, values.write(index, -1, 0, staging, 0));
    };
  });
  const [once, repeated] = bound as [(index: number) => string, (index: number) => string];
  // Two whole batches of five.
  for (const index of [0, 9, 10, 11, 4321]) expect(repeated(index)).toBe(once(index % 10));
});

function marker(name: string): CqlMarker {
  return { name, type: { kind: 'native', name: 'text' } };
}
