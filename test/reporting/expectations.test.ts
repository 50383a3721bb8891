import { describe, expect, test } from 'vitest';
import type { CheckMetric, CheckOperator } from '../../src/parser/ast.ts';
import { evaluateCheck } from '../../src/statement/expectations.ts';
import { boundCheck, counts, samplesOf, tally } from './sample-run.ts';

const open = tally({
  operations: counts({ asked: 110, sent: 105, unsent: 5, acknowledged: 90, failed: 10, unknown: 5 }),
  items: counts({ asked: 1100, sent: 1050, unsent: 50, acknowledged: 900, failed: 100, unknown: 50 }),
  rows: 42,
  censored: { service: 5, response: 10 },
  times: {
    response: samplesOf([10e6, 85], [50e6, 5], [1000e6, 10]),
    service: samplesOf([5e6, 90], [1000e6, 5]),
  },
});
const closed = tally({ ...open, times: { service: open.times.service! } });

type Row = [
  CheckMetric,
  CheckOperator,
  limit: number,
  value: string,
  service: boolean,
  passed: boolean,
  got: string,
];

const rows: Row[] = [
  ['p50', '<', 20e6, '20ms', false, true, '10.0 ms'],
  ['p50', '<', 20e6, '20ms', true, true, '5.00 ms'],
  ['p50', '>', 20e6, '20ms', false, false, '10.0 ms'],
  ['p90', '<=', 50.1e6, '50100us', false, true, '50.0 ms'],
  // From here on the percentile is among the censored: nothing that bounds it from above holds.
  ['p95', '<', 5e9, '5s', false, false, '>= 1.00 s'],
  ['p95', '<=', 5e9, '5s', false, false, '>= 1.00 s'],
  ['p95', '=', 1e9, '1s', false, false, '>= 1.00 s'],
  ['p95', '>', 0.5e9, '500ms', false, true, '>= 1.00 s'],
  ['p95', '>=', 0.5e9, '500ms', false, true, '>= 1.00 s'],
  ['p95', '>', 5e9, '5s', false, false, '>= 1.00 s'],
  ['p95', '!=', 0.5e9, '500ms', false, true, '>= 1.00 s'],
  ['p95', '!=', 5e9, '5s', false, false, '>= 1.00 s'],
  ['p99', '<', 5e9, '5s', true, false, '>= 1.00 s'],
  ['max', '<', 5e9, '5s', false, false, '>= 1.00 s'],
  ['mean', '<', 5e9, '5s', false, false, '>= 111 ms'],
  ['errors', '=', 15, '15', false, true, '15'],
  ['errors', '!=', 15, '15', false, false, '15'],
  ['errors', '<', 10, '10', false, false, '15'],
  ['rows', '>=', 42, '42', false, true, '42'],
  ['error_rate', '<', 0.1, '10%', false, false, '14.29 %'],
  ['error_rate', '<=', 0.15, '15%', false, true, '14.29 %'],
  ['throughput', '>', 80, '80/s', false, true, '90.0 points/s'],
  ['throughput', '>', 100, '6000/m', false, false, '5,400 points/m'],
  ['throughput', '>=', 90, '324000/h', false, true, '324,000 points/h'],
];

test.each(rows)('open: %s %s %d', (metric, operator, limit, value, service, passed, got) => {
  const check = boundCheck(metric, operator, limit, value, service);
  const outcome = evaluateCheck(check, open, 10, 'point');
  expect([outcome.passed, outcome.gotText]).toEqual([passed, got]);
  expect(outcome.text).toBe(check.text);
});

test('a closed model has one clock', () => {
  expect(evaluateCheck(boundCheck('p50', '<', 6e6, '6ms'), closed, 10, 'query')).toMatchObject({
    passed: true,
    gotText: '5.00 ms',
  });
});

describe('what was not measured passes nothing', () => {
  const onlyFailures = tally({ operations: counts({ asked: 3, sent: 3, failed: 3 }) });
  test.each([
    ['no operation ended', boundCheck('errors', '=', 0, '0'), tally(), 10],
    ['no operation ended', boundCheck('p99', '<', 1e9, '1s'), tally(), 10],
    ['no time was taken', boundCheck('p99', '<', 1e9, '1s'), onlyFailures, 10],
    ['no time passed', boundCheck('throughput', '>=', 0, '0/s'), open, 0],
  ])('%s: %j', (_, check, of, seconds) => {
    const outcome = evaluateCheck(check, of, seconds, 'point');
    expect(outcome).toMatchObject({ got: undefined, gotText: 'nothing measured', passed: false });
  });

  test('but what failed was measured as failed', () => {
    expect(evaluateCheck(boundCheck('error_rate', '<', 1, '100%'), onlyFailures, 1, 'point')).toMatchObject({
      got: 1,
      gotText: '100 %',
      passed: false,
    });
  });
});
