import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AcknowledgedOperations } from '../../src/stress-client/acknowledged-operations.ts';

test('it knows exactly what was acknowledged, in any order', () => {
  const order = fc.shuffledSubarray(Array.from({ length: 200 }, (_, index) => index));
  fc.assert(
    fc.property(order, fc.integer({ min: 1, max: 7 }), (operations, batchSize) => {
      const items = 200 * batchSize - (batchSize - 1);
      const acknowledged = new AcknowledgedOperations(items, batchSize);
      const known = new Set<number>();
      for (const operation of operations) {
        acknowledged.add(operation);
        for (let item = operation * batchSize; item < Math.min((operation + 1) * batchSize, items); item++) {
          known.add(item);
        }
      }
      expect(acknowledged.count).toBe(known.size);
      expect(acknowledged.end).toBe(known.size === 0 ? 0 : Math.max(...known) + 1);
      for (let item = -1; item <= items; item++) expect(acknowledged.has(item)).toBe(known.has(item));
    }),
    { seed: 42, numRuns: 200 },
  );
});

test('beyond 4,096 holes the oldest part leaves, and what is left stays true', () => {
  const acknowledged = new AcknowledgedOperations(Infinity, 1);
  for (let operation = 0; operation < 200_000; operation += 2) acknowledged.add(operation);
  expect(acknowledged.end).toBe(199_999);
  expect(acknowledged.has(0)).toBe(false);
  expect(acknowledged.has(199_998)).toBe(true);
  expect(acknowledged.has(199_997)).toBe(false);
  let count = 0;
  for (let item = 0; item < 200_000; item++) if (acknowledged.has(item)) count++;
  expect(count).toBe(acknowledged.count);
  expect(count).toBeGreaterThanOrEqual(32_768 + 2048);
  expect(count).toBeLessThanOrEqual(32_768 + 4097);
});

test('clients that are apart by as much as they do in a moment are all known of', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 30 }), (turns) => {
      const acknowledged = new AcknowledgedOperations(Infinity, 1);
      const next = [0, 1, 2];
      const known = new Set<number>();
      for (const client of turns) {
        for (let done = 0; done < 3000; done++, next[client]! += 3) {
          acknowledged.add(next[client]!);
          known.add(next[client]!);
        }
        // The others come up to within the window before this one leaves it.
        for (const other of [0, 1, 2]) {
          for (; next[other]! < next[client]! - 50_000; next[other]! += 3) {
            acknowledged.add(next[other]!);
            known.add(next[other]!);
          }
        }
      }
      expect(acknowledged.count).toBe(known.size);
      for (let item = 0; item < acknowledged.end; item += 7) {
        expect(acknowledged.has(item)).toBe(known.has(item));
      }
    }),
    { seed: 42, numRuns: 20 },
  );
});

test('after a gap beyond the bound it starts again from there', () => {
  const acknowledged = new AcknowledgedOperations(Infinity, 10);
  acknowledged.add(0);
  acknowledged.add(1_000_000);
  expect(acknowledged.count).toBe(10);
  expect(acknowledged.has(0)).toBe(false);
  expect(acknowledged.has(10_000_009)).toBe(true);
  acknowledged.add(5);
  expect(acknowledged.count).toBe(10);
});

test('an operation that ends long after its neighbours is known from then on', () => {
  const acknowledged = new AcknowledgedOperations(Infinity, 1);
  for (let operation = 1; operation < 200_000; operation++) acknowledged.add(operation);
  expect([acknowledged.count, acknowledged.has(0)]).toEqual([199_999, false]);
  acknowledged.add(0);
  expect([acknowledged.count, acknowledged.has(0)]).toEqual([200_000, true]);
});

test('all of it', () => {
  const acknowledged = new AcknowledgedOperations(25, 10);
  acknowledged.addAll();
  expect([acknowledged.count, acknowledged.end, acknowledged.has(24), acknowledged.has(25)]).toEqual([
    25,
    25,
    true,
    false,
  ]);
});
