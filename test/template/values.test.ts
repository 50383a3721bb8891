import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insertPlan } from './compiled.ts';

const seed = 20260102;

const slots = [
  '[int inc(5, -3)]',
  '[int rand(1000000)]',
  '[int rand(-9007199000000000, 254740000)]',
  '[int normal(0, 1000)]',
  '[int exp(1e9)]',
  '[int zipf(1000000, 1.1)]',
  "[int draw('gaussian(-50..100)')]",
  '[int walk(0, 100)]',
  '[int sine(1h, 1000)]',
  '[int hash(99)]',
  '[float inc(0, 0.25)]',
  '[float rand(100)]',
  '[float rand(-1, 0.000000001)]',
  '[float rand(1e12)]',
  '[float normal(-5, 3)]',
  '[float exp(0.0001)]',
  '[float walk(1, 0.01)]',
  '[float sine(1m, 0.5, 3)]',
  '[str inc(0)]',
  '[str rand(1)]',
  '[str rand(37)]',
  '[str rand(0, 9)]',
  '[str hash(20)]',
  '[str text(2, 6)]',
  '[bool rand(0.3)]',
  '[uuid inc(5)]',
  '[uuid rand()]',
  '[blob rand(5)]',
  '[blob rand(0, 3)]',
  "[timestamp seq('1969-12-31', 7ms)]",
  "[timestamp rand('1900-01-01', '2100-01-01')]",
  "[date inc('2026-02-27')]",
  '[time rand()]',
  '[duration rand(0s, 1w)]',
  '[inet rand()]',
  '[list(3) of int rand(9)]',
  '[map(2) of text, double rand(3)]',
  '[a*3|b c|"]',
  '[x|y "z"]',
  "[timeuuid rand('2026-01-01', '2026-02-01')]",
  '[vector(4) normal(0, 1)]',
  '[decimal rand(5)]',
  '[varint rand(300)]',
];
const template = `INSERT t\nm,h=[int inc(0) 13],k=[str rand(4) 5000] ${slots
  .filter((slot) => !slot.includes('"'))
  .map((slot, at) => `f${at}=${slot}`)
  .join(',')}\nDO 1000 EVERY 1ns`;
const indexes = fc.oneof(
  fc.nat(100_000),
  fc.integer({ min: 2 ** 32 - 1000, max: 2 ** 32 + 1000 }),
  fc.integer({ min: 2 ** 40, max: 2 ** 40 + 1e6 }),
  fc.maxSafeInteger().map(Math.abs),
);

function slotOf(key: string): string {
  return slots.filter((slot) => !slot.includes('"'))[Number(key.slice(1))]!;
}

describe('every value', () => {
  it('depends on the index alone, in any order', () => {
    const plan = insertPlan(template, { settings: { BatchSize: 1, Precision: 'ns' } });
    const staging = Buffer.alloc(plan.operationBytesAtMost);
    fc.assert(
      fc.property(fc.array(indexes, { maxLength: 20 }), (order) => {
        const fresh = insertPlan(template, { settings: { BatchSize: 1, Precision: 'ns' } });
        const forward = order.map((index) => plan.item(index));
        const backward = order
          .toReversed()
          .map((index) => fresh.item(index))
          .toReversed();
        const written = order.map((operation) =>
          staging.toString(
            'utf8',
            0,
            plan.write({ operation, intendedNs: 0, pick: -1 }, Infinity, staging, 0),
          ),
        );
        expect(backward).toEqual(forward);
        expect(written).toEqual(forward);
      }),
      { seed, numRuns: 40 },
    );
  });

  it('is written as its text says', () => {
    const plan = insertPlan(template);
    fc.assert(
      fc.property(indexes, (index) => {
        const fields = plan.fieldKeys.map((key) => {
          const { text, isText } = plan.valueOf(key, index);
          const whole = slotOf(key).startsWith('[int');
          return `${key}=${isText ? `"${text.replaceAll(/["\\]/g, '\\$&')}"` : whole ? `${text}i` : text}`;
        });
        const tags = plan.tagsOf(index).map(([key, { text }]) => `,${key}=${text}`);
        const line = plan.item(index);
        expect(line.slice(0, line.lastIndexOf(' '))).toBe(`m${tags.join('')} ${fields.join(',')}`);
      }),
      { seed, numRuns: 200 },
    );
  });

  it('changes with the seed and the statement’s name', () => {
    const lines = [
      insertPlan('INSERT t\nm v=[int rand(1000000000)]\nDO 10').item(5),
      insertPlan('INSERT u\nm v=[int rand(1000000000)]\nDO 10').item(5),
      insertPlan('INSERT t\nm v=[int rand(1000000000)]\nDO 10', { seed: 43 }).item(5),
      insertPlan('INSERT t\nm a=[int rand(5)],v=[int rand(1000000000)]\nDO 10')
        .item(5)
        .replace(/a=.*?,/, ''),
    ];
    expect(new Set(lines).size).toBe(4);
  });

  it('does not come again after 2^32 items', () => {
    const plan = insertPlan('INSERT t\nm v=[int rand(1000000000)]\nDO 10');
    const values = [0, 1, 2].map((block) =>
      Array.from({ length: 100 }, (_, index) => plan.valueOf('v', block * 2 ** 32 + index).text).join(),
    );
    expect(new Set(values).size).toBe(3);
  });
});

describe('a bounded rand', () => {
  it('has exactly as many different values as its count', () => {
    const slot = fc
      .integer({ min: 1, max: 3000 })
      .chain((count) =>
        fc
          .constantFrom(
            'int rand(3000)',
            'int rand(-4000, 4000)',
            'int rand(1e15)',
            'float rand(0.003)',
            'float rand(5)',
            'str rand(3)',
            'str rand(20)',
            'str rand(4, 6)',
            'uuid rand()',
            'inet rand()',
            'time rand()',
            'blob rand(2)',
          )
          .map((call) => ({ text: `[${call} ${count}]`, count })),
      );
    fc.assert(
      fc.property(slot, fc.integer({ min: 0, max: 1000 }), ({ text, count }, chosenSeed) => {
        const plan = insertPlan(`INSERT t\nm,a=${text} v=1\nDO 10`, { seed: chosenSeed });
        const values = Array.from({ length: count }, (_, index) => plan.valueOf('a', index).text);
        expect(new Set(values).size).toBe(count);
        expect(plan.valueOf('a', count).text).toBe(values[0]);
      }),
      { seed, numRuns: 150 },
    );
  });

  it('is spread over the whole domain', () => {
    const plan = insertPlan('INSERT t\nm,a=[int rand(1000000) 10000] v=1\nDO 10');
    const tenths = Array<number>(10).fill(0);
    for (let index = 0; index < 10_000; index++)
      tenths[Math.floor(Number(plan.valueOf('a', index).text) / 1e5)]!++;
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  it('takes all of a domain of its size, in another order for another seed', () => {
    const orders = [1, 2].map((chosenSeed) => {
      const plan = insertPlan('INSERT t\nm,a=[int rand(6000) 6000] v=1\nDO 10', { seed: chosenSeed });
      return Array.from({ length: 6000 }, (_, index) => Number(plan.valueOf('a', index).text));
    });
    for (const order of orders)
      expect(order.toSorted((one, other) => one - other)).toEqual(
        Array.from({ length: 6000 }, (_, at) => at),
      );
    expect(orders[0]).not.toEqual(orders[1]);
  });
});

describe('lengths', () => {
  it.each([
    ['[str rand(7)]', 7, 7],
    ['[str rand(1)]', 1, 1],
    ['[str rand(100)]', 100, 100],
    ['[str rand(2, 5)]', 2, 5],
    ['[str rand(2, 5) 40]', 2, 5],
    ['[blob rand(3)]', 8, 8],
    ['[blob rand(1, 4)]', 4, 10],
  ])('%s has %d to %d characters', (slot, shortest, longest) => {
    const plan = insertPlan(`INSERT t\nm v=${slot}\nDO 10`);
    const lengths = Array.from({ length: 500 }, (_, index) => plan.valueOf('v', index).text.length);
    expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([shortest, longest]);
  });

  it.each([
    ['[str text(4)]', 4, 4],
    ['[str text(1, 3)]', 1, 3],
  ])('%s has %d to %d words', (slot, fewest, most) => {
    const plan = insertPlan(`INSERT t\nm v=${slot}\nDO 10`);
    const counts = Array.from({ length: 200 }, (_, index) => plan.valueOf('v', index).text.split(' ').length);
    expect([Math.min(...counts), Math.max(...counts)]).toEqual([fewest, most]);
  });
});
