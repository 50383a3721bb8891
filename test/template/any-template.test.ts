import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyIndex, anySlot, slotFiles } from './any-slot.ts';
import { compiled } from './compiled.ts';

const seed = 20260104;

it('any template compiles or says why not, and keeps the bounds it declares', () => {
  const outcomes = { accepted: 0, rejected: 0 };
  const conditions = { files: slotFiles, settings: { BatchSize: 1, RowsPerBatch: 1 } };
  fc.assert(
    fc.property(
      anySlot,
      anySlot,
      fc.array(anyIndex, { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      (one, other, indexes, isCql) => {
        const text = isCql
          ? `INSERT t\nINSERT INTO t (a, b, c) VALUES (${one}, ${other}, 'x-${other}')\nFOR 1s\n`
          : `INSERT t\nm,a=${one} f=${other},g="${one}",h=x${other}\nFOR 1s\n`;
        const { insert, diagnostics } = compiled(text, conditions);
        const errors = diagnostics.filter(({ severity }) => severity === 'error');
        expect(insert === undefined).toBe(errors.length > 0);
        for (const { span, message } of diagnostics) {
          expect(span.end).toBeGreaterThan(span.start);
          expect(message).not.toMatch(/undefined|NaN|\.$/);
        }
        if (insert === undefined) return void outcomes.rejected++;
        outcomes.accepted++;
        for (const each of indexes) {
          const item = insert.item(each);
          expect(item).not.toMatch(/undefined|NaN|Infinity/);
          expect(Buffer.byteLength(item)).toBeLessThanOrEqual(insert.operationBytesAtMost);
          const staging = Buffer.alloc(insert.operationBytesAtMost);
          const end = insert.write({ operation: each, intendedNs: 0, pick: -1 }, Infinity, staging, 0);
          expect(staging.toString('utf8', 0, end)).toBe(item);
        }
        for (const { sample } of insert.distributions()) expect(Number.isFinite(sample(7))).toBe(true);
      },
    ),
    { seed, numRuns: 3000 },
  );
  expect(outcomes.accepted).toBeGreaterThan(500);
  expect(outcomes.rejected).toBeGreaterThan(500);
});
