import { describe, expect, test } from 'vitest';
import type { InsertStep, QueryStep } from '../../src/statement/analyse.ts';
import { analysed } from './analysed.ts';

/** The first items of every INSERT and QUERY; those of a QUERY are filled from item 3 of its companion. */
function itemsOf(script: string): { readonly place: string; readonly items: readonly string[] }[] {
  const { analysis, diagnostics } = analysed(script);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return analysis.steps.flatMap((step) => {
    if (step.kind !== 'insert' && step.kind !== 'query') return [];
    const items = firstItems(step);
    // Nobody has held the plan: the second one is not the first.
    expect(step.makePlan()).not.toBe(step.makePlan());
    expect(firstItems(step)).toEqual(items);
    return [{ place: step.place, items }];
  });
}

function firstItems(step: InsertStep | QueryStep): readonly string[] {
  if (step.kind === 'query') {
    const plan = step.makePlan();
    return [0, 1].map((index) => plan.item(index, 3));
  }
  const plan = step.makePlan();
  expect([plan.batchSize, plan.seriesCardinality]).toEqual([step.batchSize, step.seriesCardinality]);
  return [0, 1].map((index) => plan.item(index));
}

const insert = `INSERT a
m,host=h-[int inc(0) 10]
v=[int rand(5, 5)]
100 10s`;

describe('a plan is made again from the text of its statement', () => {
  test('of an INSERT after other statements, under its own settings', () => {
    expect(itemsOf(`SET Target [sink]\n\n-- one\n${insert}\n\nSET StartDate [2030-01-01]\n\nWAIT`)).toEqual([
      {
        place: 'profile.sql:4',
        items: ['m,host=h-0 v=5i 1451606400', 'm,host=h-1 v=5i 1451606400'],
      },
    ]);
  });

  test('of a QUERY, with the plan of the INSERT that it is about', () => {
    const [, query] = itemsOf(
      `SET Target [sink]\n\n${insert}\n\nQUERY q OF a\nSELECT v FROM %m WHERE %t\nDO 5`,
    );
    expect(query!.items[0]).toBe(`SELECT v FROM "m" WHERE "host" = 'h-3'`);
  });

  test('of a QUERY that GO starts before its INSERT', () => {
    const [query] = itemsOf(`SET Target [sink]\n\nGO QUERY a\nSELECT v FROM %m WHERE %t\nDO 5\n\n${insert}`);
    expect(query).toEqual({
      place: 'profile.sql:3',
      items: [`SELECT v FROM "m" WHERE "host" = 'h-3'`, `SELECT v FROM "m" WHERE "host" = 'h-3'`],
    });
  });

  test('with parameters bound', () => {
    const [first] = itemsOf(`SET Target [sink]\n\n${insert.replace('m,', '${NAME:-cpu},')}`);
    expect(first!.items[0]).toMatch(/^cpu,host=h-0 /);
  });
});
