import { expect, test } from 'vitest';
import { tokenRanges } from '../../../src/cassandra-stress/user/token-ranges.ts';

const min = -(2n ** 63n);

test.each([
  ['a token by itself', [17n], 1, [[min, min]]],
  // As the real one's driver splits it.
  [
    'all in three',
    [min],
    3,
    [
      [min, -3074457345618258603n],
      [-3074457345618258603n, 3074457345618258602n],
      [3074457345618258602n, min],
    ],
  ],
  [
    'tokens in any order',
    [100n, -100n, 0n],
    1,
    [
      [min, -100n],
      [-100n, 0n],
      [0n, 100n],
      [100n, min],
    ],
  ],
  [
    'the smallest token begins the ring',
    [0n, min],
    1,
    [
      [min, 0n],
      [0n, min],
    ],
  ],
  [
    'what does not come out even is with the first',
    [min, min + 11n],
    4,
    [
      [min, min + 3n],
      [min + 3n, min + 6n],
      [min + 6n, min + 9n],
      [min + 9n, min + 11n],
      [min + 11n, min + 11n + 2n ** 62n - 2n],
      [min + 11n + 2n ** 62n - 2n, min + 11n + 2n ** 63n - 5n],
      [min + 11n + 2n ** 63n - 5n, min + 11n + 3n * 2n ** 62n - 8n],
      [min + 11n + 3n * 2n ** 62n - 8n, min],
    ],
  ],
])('%s', (_, tokens, parts, ranges) => {
  expect(tokenRanges(tokens, parts)).toEqual(ranges.map(([start, end]) => ({ start, end })));
});
