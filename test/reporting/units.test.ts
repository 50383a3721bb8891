import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatItems,
  formatPerSecond,
  formatShare,
} from '../../src/stress-client/units.ts';

const tables: Record<string, [(value: number) => string, ...(readonly [number, string])[]]> = {
  duration: [
    formatDuration,
    [0, '0 ns'],
    [999, '999 ns'],
    [1000, '1.00 µs'],
    [9994, '9.99 µs'],
    [9996, '10.0 µs'],
    [99_960, '100 µs'],
    [999_600, '1.00 ms'],
    [1_238_000, '1.24 ms'],
    [12_380_000, '12.4 ms'],
    [999_600_000, '1.00 s'],
    [59_940_000_000, '59.9 s'],
    [59_960_000_000, '1m 00s'],
    [72_400_000_000, '1m 12s'],
    [3_599_600_000_000, '1h 00m'],
    [7_500_000_000_000, '2h 05m'],
    [360_000_000_000_000, '100h 00m'],
  ],
  bytes: [
    formatBytes,
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [276_110, '276 kB'],
    [999_600, '1.00 MB'],
    [8_218_615_808, '8.22 GB'],
    [1.5e12, '1.50 TB'],
    [2.5e15, '2,500 TB'],
  ],
  'a second': [
    formatPerSecond,
    [0, '0'],
    [0.0014, '0.0014'],
    [0.0996, '0.10'],
    [0.5, '0.50'],
    [9.996, '10.0'],
    [12.34, '12.3'],
    [99.96, '100'],
    [123_456.7, '123,457'],
  ],
  share: [
    formatShare,
    [0, '0 %'],
    [0.000_001, '< 0.01 %'],
    [0.0012, '0.12 %'],
    [0.5, '50.00 %'],
    [0.999_999, '> 99.99 %'],
    [1, '100 %'],
  ],
  count: [formatCount, [0, '0'], [1_234_567, '1,234,567'], [Infinity, 'unbounded']],
};

describe.each(Object.entries(tables))('%s', (_, [format, ...rows]) => {
  test.each(rows)('%d is %s', (value, text) => expect(format(value)).toBe(text));
});

test.each([
  [1, 'query', '1 query'],
  [2, 'query', '2 queries'],
  [1000, 'point', '1,000 points'],
  [0, 'row', '0 rows'],
])('%d of %s are %s', (count, name, text) => expect(formatItems(count, name)).toBe(text));
