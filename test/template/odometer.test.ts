import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compiled, insertPlan, lines } from './compiled.ts';

const seed = 20260101;

/** A bounded slot, with how many values it has. */
const boundedSlot: fc.Arbitrary<{ text: string; count: number }> = fc
  .integer({ min: 1, max: 9 })
  .chain((count) =>
    fc
      .oneof(
        fc.constant(`[int inc(0) ${count}]`),
        fc.constant(`[int inc(7, -3) ${count}]`),
        fc.constant(`[int seq(100, 10) ${count}]`),
        fc.constant(`[str rand(6) ${count}]`),
        fc.constant(`[str rand(3, 5) ${count}]`),
        fc.constant(`[int rand(1000) ${count}]`),
        fc.constant(`[float rand(0, 1) ${count}]`),
        fc.constant(`[uuid rand() ${count}]`),
        fc.constant(`[${Array.from({ length: Math.max(2, count) }, (_, at) => `w${at}`).join('|')}]`),
      )
      .map((text) => ({ text, count: text.includes('|') ? Math.max(2, count) : count })),
  );

/** What makes series: tags of one or two slots, and sometimes a slot in the measurement. */
const template = fc
  .record({
    measurement: fc.option(boundedSlot, { nil: undefined }),
    tags: fc.array(fc.array(boundedSlot, { minLength: 1, maxLength: 2 }), { maxLength: 3 }),
    field: fc.constantFrom('1', '[int inc(0)]', '[float rand(10) 3]', '[a*2|b]'),
  })
  .map(({ measurement, tags, field }) => {
    const values = tags.map((slots, at) => `t${at}=x${slots.map(({ text }) => text).join('/')}`);
    const slots = [...(measurement === undefined ? [] : [measurement]), ...tags.flat()];
    return {
      text: `INSERT t\n${[`m${measurement?.text ?? ''}`, ...values].join(',')} v=${field}\n1 10s\n`,
      counts: slots.map(({ count }) => count),
    };
  })
  .filter(({ counts }) => counts.reduce((product, count) => product * count, 1) <= 3000);

function seriesOf(line: string): string {
  return line.split(' v=')[0]!;
}

describe('the odometer', () => {
  it('makes as many series as the product of the counts, each once a turn', () => {
    fc.assert(
      fc.property(template, ({ text, counts }) => {
        const plan = insertPlan(text);
        const product = counts.reduce((total, count) => total * count, 1);
        expect(plan.seriesCardinality).toBe(product);
        expect(plan.odometer.map(({ count }) => count)).toEqual(counts);
        const series = lines(plan, product * 2).map(seriesOf);
        expect(new Set(series.slice(0, product)).size).toBe(product);
        expect(series.slice(product)).toEqual(series.slice(0, product));
      }),
      { seed, numRuns: 150 },
    );
  });

  it('advances time once a turn', () => {
    fc.assert(
      fc.property(template, fc.nat(1e6), ({ text }, index) => {
        const plan = insertPlan(text);
        const turn = Math.floor(index / plan.itemsOfTurn);
        expect(plan.timestampNs(index)).toBe(BigInt(1451606400 + 10 * turn) * 1_000_000_000n);
        expect(plan.item(index).endsWith(` ${1451606400 + 10 * turn}`)).toBe(true);
      }),
      { seed, numRuns: 100 },
    );
  });

  it('turns the first slot fastest', () => {
    const plan = insertPlan('INSERT t\nm[a|b],x=[int inc(0) 3],y=[p|q] v=1\n1\n');
    expect(lines(plan, 12).map((line) => seriesOf(line))).toEqual(
      ['p', 'q'].flatMap((y) => [0, 1, 2].flatMap((x) => ['a', 'b'].map((m) => `m${m},x=${x},y=${y}`))),
    );
  });

  it('counts a large product without walking it', () => {
    const plan = insertPlan(
      'INSERT t\nm,a=[int inc(0) 1000000],b=[int inc(0) 1000000],c=[str rand(9) 1000] v=1\n1\n',
    );
    expect(plan.seriesCardinality).toBe(1e15);
    expect(seriesOf(plan.item(123_456_000_789))).toMatch(/^m,a=789,b=123456,c=/);
  });

  it('is unbounded with an unbounded tag', () => {
    const { insert } = compiled('INSERT t\nm,a=[int inc(0)],b=[x|y] v=1\n1\n');
    expect(insert!.seriesCardinality).toBe(Infinity);
    expect(lines(insert!, 3).map(seriesOf)).toEqual(['m,a=0,b=x', 'm,a=1,b=y', 'm,a=2,b=x']);
  });
});

describe('overwriting', () => {
  it.each<[string, number, string, boolean]>([
    ['m v=1', 10, '1s', false],
    ['m v=1', 10, '0s', true],
    ['m v=1', 10, '1ms', true],
    ['m v=1', 1, '0s', false],
    ['m,a=[int inc(0) 10] v=1', 10, '0s', false],
    ['m,a=[int inc(0) 10] v=1', 11, '0s', true],
    ['m,a=[int inc(0) 10] v=1', 11, '1ms', true],
    ['m,a=[int inc(0) 10] v=1', 11, '1s', false],
    ['m,a=[int inc(0)] v=1', 100, '0s', false],
  ])('%s, %d points, step %s: %s', (template, items, step, expected) => {
    const { insert } = compiled(`INSERT t\n${template}\n${items} ${step}\n`);
    expect(insert!.overwrites(items)).toBe(expected);
  });

  it('is told exactly: as often as a timestamp comes again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 2500 }),
        fc.constantFrom('s' as const, 'ms' as const),
        (items, stepMs, Precision) => {
          const plan = insertPlan(`INSERT t\nm,a=[x|y] v=1\n${items} ${stepMs}ms\n`, {
            settings: { Precision },
          });
          const keys = Array.from({ length: items }, (_, index) => plan.item(index));
          expect(plan.overwrites(items)).toBe(new Set(keys).size < items);
        },
      ),
      { seed, numRuns: 200 },
    );
  });
});

describe('--compat influx-v2', () => {
  const conditions = { compatibility: 'influx-v2' } as const;
  const plan = insertPlan(
    'INSERT t\nm,a=[int inc(0) 2],b=[str inc(5) 3],c=[x|y|z|w] v=[int inc(10)],w=[float inc(0) 2]\n100 10s\n',
    conditions,
  );

  it('walks tags in lockstep, with i after ints', () => {
    expect(lines(plan, 4).map(seriesOf)).toEqual([
      'm,a=0i,b=5,c=x',
      'm,a=1i,b=6,c=y',
      'm,a=0i,b=7,c=z',
      'm,a=1i,b=5,c=w',
    ]);
    expect(plan.seriesCardinality).toBe(12);
    expect(new Set(lines(plan, 100).map(seriesOf)).size).toBe(12);
  });

  it('gives unbounded fields one value a timestamp', () => {
    expect([0, 23, 24, 48].map((index) => plan.item(index).split(' ').slice(1).join(' '))).toEqual([
      'v=10i,w=0 1451692800',
      'v=10i,w=1 1451692800',
      'v=11i,w=0 1451692810',
      'v=12i,w=0 1451692820',
    ]);
  });

  it('overwrites points, since a turn has fewer series than items', () => {
    expect(plan.overwrites(12)).toBe(false);
    expect(plan.overwrites(13)).toBe(true);
  });
});
