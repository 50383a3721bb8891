import { describe, expect, test } from 'vitest';
import { readDistribution, readNumber } from '../../../src/statement/template/stress/distribution.ts';
import { drawsOf, valueOfShare } from '../../../src/statement/template/stress/draws.ts';
import { recorded } from '../../cassandra-stress/recorded.ts';

const { draws, bounds } = recorded('data');

describe('draws of a seed', () => {
  // A real seed is a draw of at most 10^11; a sequence begins there, and 2^63 is no whole number of ours.
  const rows = draws.filter(({ spec, seed }) => !(spec.startsWith('SEQ') && seed === '9223372036854775807'));
  test.each(rows)('$spec, seed $seed', ({ spec, seed, values }) => {
    const drawn = drawsOf(readDistribution(spec));
    drawn.setSeed(Number(BigInt.asIntN(32, BigInt(seed) >> 32n)), Number(BigInt.asIntN(32, BigInt(seed))));
    expect(values.map(() => drawn.next())).toEqual(values);
  });
});

test.each(bounds)('the ends of $spec', ({ spec, values: [lowest, highest] }) => {
  const distribution = readDistribution(spec);
  expect([valueOfShare(distribution, 0), valueOfShare(distribution, 1)]).toEqual([lowest, highest]);
});

test('parts of equal chance', () => {
  const drawn = drawsOf(readDistribution('QEXTREME(1..1000,2,5)'));
  const values = Array.from({ length: 2000 }, (_, seed) => {
    // Neighbouring seeds of a java.util.Random begin alike.
    drawn.setSeed(0, Math.imul(seed, 0x9e3779b1));
    return drawn.next();
  });
  expect(Math.min(...values)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...values)).toBeLessThanOrEqual(1000);
  const shares = [254, 385, 514, 682, 1001].map((end) => values.filter((each) => each < end).length / 2000);
  shares.forEach((share, part) => expect(share).toBeCloseTo((part + 1) / 5, 1));
});

test.each([
  ['100', 100],
  ['5k', 5000],
  ['5K', 5000],
  ['2m', 2e6],
  ['1b', 1e9],
  ['1B', 1e9],
  ['1.5k', undefined],
  ['', undefined],
  ['k', undefined],
  ['10t', undefined],
  ['9007199254740993', undefined],
])('%o as a number', (text, value) => expect(readNumber(text)).toBe(value));
