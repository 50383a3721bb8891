import { expect, test } from 'vitest';
import { printDistribution } from '../../src/cassandra-stress/print-distribution.ts';
import { readRatio } from '../../src/statement/template/stress/ratio.ts';
import { readDistribution } from '../../src/statement/template/stress/distribution.ts';
import { recorded } from './recorded.ts';

test.each(recorded('help').print)('print dist=$spec', ({ spec, printed }) => {
  expect(printDistribution(readDistribution(spec))).toBe(printed);
});

test.each([
  ['FIXED(1)/2', { distribution: { kind: 'fixed', value: 1 }, divisor: 2 }],
  ['uniform(1..5)/1k', { distribution: { kind: 'uniform', minimum: 1, maximum: 5 }, divisor: 1000 }],
  ['FIXED(1)', undefined],
])('%s as a ratio', (text, value) => expect(readRatio(text)).toEqual(value));
