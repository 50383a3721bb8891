import { expect, test } from 'vitest';
import { LineDisplay } from '../../../src/reporting/live-view/line-display.ts';
import type { Interval, StatementInterval } from '../../../src/stress-client/results.ts';
import { intervals } from '../interval-run.ts';
import { KeptStream } from './kept-stream.ts';

test('every interval is a line a statement', async () => {
  const stream = new KeptStream();
  const display = new LineDisplay({ stream, quiet: false });
  for (const interval of intervals.slice(0, 4)) display.interval(interval);
  await display.close();
  expect(stream.written.split('\n')).toEqual([
    '1.00 s  INSERT cpu load, all: 1,000 points/s, p50 2.00 ms, p99 2.00 ms, 0 errors, 10 %, 9 s left',
    '1.00 s  QUERY dash: 5.00 queries/s, p50 3.00 ms, p99 5.00 ms, 0 errors, 50 %, 1 s left',
    '2.00 s  INSERT cpu load, all: 1,100 points/s, p50 2.10 ms, p99 2.10 ms, 0 errors, 20 %, 8 s left',
    '2.00 s  QUERY dash: 5.00 queries/s, p50 3.00 ms, p99 6.00 ms, 0 errors, 100 %, 0 s left',
    '3.00 s  INSERT cpu load, all: 1,200 points/s, p50 2.20 ms, p99 2.20 ms, 0 errors, 30 %, 7 s left',
    '4.00 s  INSERT cpu load, all: 1,300 points/s, p50 2.30 ms, p99 10.0 s, 1 error, 40 %, 6 s left',
    '',
  ]);
});

test('what is printed passes as it is', () => {
  const stream = new KeptStream();
  new LineDisplay({ stream, quiet: false }).print('a warning\n');
  expect(stream.written).toBe('a warning\n');
});

test('what no bound is known of has no end to show', () => {
  const stream = new KeptStream();
  const [interval] = intervals as [Interval];
  const [statement] = interval.statements as [StatementInterval];
  const endless = { ...statement, progress: { ...statement.progress, durationNs: undefined } };
  new LineDisplay({ stream, quiet: false }).interval({ ...interval, statements: [endless] });
  expect(stream.written).toMatch(/, 0 errors\n$/);
});

test('quiet, nothing is shown but what is printed', async () => {
  const stream = new KeptStream();
  const display = new LineDisplay({ stream, quiet: true });
  for (const interval of intervals) display.interval(interval);
  display.print('a warning\n');
  await display.close();
  expect(stream.written).toBe('a warning\n');
});
