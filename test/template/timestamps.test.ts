import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compiled, insertPlan } from './compiled.ts';

const seed = 20260103;

/** StartDate, step, Precision, index, timestamp. */
const timestamps: readonly [string, string, 's' | 'ms' | 'u' | 'us' | 'n' | 'ns', number, string][] = [
  ['2016-01-01', '10s', 's', 0, '1451606400'],
  ['2016-01-01', '10s', 's', 3, '1451606430'],
  ['2016-01-01', '10s', 'ms', 3, '1451606430000'],
  ['2016-01-01', '1ms', 'us', 3, '1451606400003000'],
  ['2016-01-01', '1ms', 'u', 3, '1451606400003000'],
  ['2016-01-01', '1ns', 'ns', 3, '1451606400000000003'],
  ['2016-01-01', '7ns', 'n', 1_000_000_000, '1451606407000000000'],
  ['2016-01-01', '1ns', 'ns', 2 ** 53 - 1, '1460613599254740991'],
  ['2016-01-01', '1ms', 's', 1999, '1451606401'],
  ['2016-01-01T12:30:00.250Z', '1s', 'ms', 1, '1451651401250'],
  ['1970-01-01', '1s', 'ns', 0, '0'],
  ['1970-01-01', '1ms', 'ns', 1, '1000000'],
  ['1969-12-31', '1s', 's', 0, '-86400'],
  ['1969-12-31T23:59:59Z', '1ms', 'ms', 1, '-999'],
  ['1969-12-31T23:59:59Z', '1ns', 'ns', 1, '-999999999'],
  ['1969-12-31T23:59:58Z', '1ns', 'ns', 1, '-1999999999'],
  ['1969-12-31T23:59:58Z', '1ms', 's', 1, '-2'],
  ['1700-01-01', '1ns', 'ns', 5, '-8520335999999999995'],
];

describe('timestamps', () => {
  it.each(timestamps)(
    'from %s in steps of %s at precision %s: point %d has %s',
    (StartDate, step, Precision, index, expected) => {
      const plan = insertPlan(`INSERT t\nm v=1\n10 ${step}\n`, { settings: { StartDate, Precision } });
      expect(plan.item(index)).toBe(`m v=1 ${expected}`);
    },
  );

  it('are exact to the nanosecond wherever they fit', () => {
    const unitNs = { s: 1_000_000_000n, ms: 1_000_000n, us: 1000n, ns: 1n };
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(1700, 0, 1), max: Date.UTC(2200, 0, 1) }),
        fc.integer({ min: 0, max: 100_000_000_000 }),
        fc.maxSafeInteger().map(Math.abs),
        fc.constantFrom('s' as const, 'ms' as const, 'us' as const, 'ns' as const),
        (startMs, stepNs, index, Precision) => {
          const exact = BigInt(startMs) * 1_000_000n + BigInt(stepNs) * BigInt(index);
          fc.pre(exact < 2n ** 63n);
          const plan = insertPlan(`INSERT t\nm v=1\n1 ${stepNs}ns\n`, {
            settings: { StartDate: 'now', Precision },
            startMs,
          });
          const unit = unitNs[Precision];
          const floor = exact >= 0n ? exact / unit : -((-exact + unit - 1n) / unit);
          expect(plan.item(index)).toBe(`m v=1 ${floor}`);
          expect(plan.timestampNs(index)).toBe(floor * unit);
        },
      ),
      { seed, numRuns: 500 },
    );
  });

  it('that leave 64 bits are an error', () => {
    const { diagnostics } = compiled('INSERT t\nm v=1\n1000000 1d\n');
    expect(diagnostics.map(({ code }) => code)).toEqual(['T016']);
  });
});
