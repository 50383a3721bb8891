import { expect, test } from 'vitest';
import { isWorthMoreThreads, threadSteps } from '../../src/cassandra-stress/thread-steps.ts';

test.each([
  [4, 1000, [4, 104, 204, 304, 404, 504, 604, 724, 868]],
  [4, 100, [4]],
  [1500, 2000, [1500, 1650, 1815, 1996]],
  [8, 4, [8]],
])('from %i to %i', (minimum, maximum, steps) => expect(threadSteps(minimum, maximum)).toEqual(steps));

test.each([
  ['few steps tell nothing', [100, 50, 20], -1, true],
  ['the last three lost', [100, 100, 90, 80], -1, false],
  ['the last three gained', [100, 100, 110, 120], -1, true],
  ['the last five gained less than asked', [100, 101, 102, 103, 104, 105], 0.02, false],
  ['the last five gained more than asked', [100, 110, 120, 130, 140, 150], 0.02, true],
])('%s', (_, rates, uncertainty, worth) => expect(isWorthMoreThreads(rates, uncertainty)).toBe(worth));
