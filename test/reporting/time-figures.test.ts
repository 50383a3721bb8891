import { array, assert, integer, oneof, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { percentileMetrics } from '../../src/parser/ast.ts';
import { bucketsOf } from '../../src/reporting/decode-histogram.ts';
import { timeFiguresOf } from '../../src/stress-client/time-figures.ts';
import { histogramOf, samplesOf } from './sample-run.ts';

const recorded = array(
  oneof(
    integer({ min: 0, max: 5000 }),
    integer({ min: 0, max: 3600 }).map((s) => s * 1e9 - (s > 0 ? 7 : 0)),
  ),
  { minLength: 1, maxLength: 400 },
);

test('figures are those of HdrHistogram’s own methods', () => {
  assert(
    property(recorded, (values) => {
      const histogram = histogramOf(...values);
      const figures = timeFiguresOf(bucketsOf(histogram), 0)!;
      expect(figures.count).toBe(values.length);
      for (const name of percentileMetrics) {
        const percentile = Number(name.slice(1));
        expect(figures.percentilesNs[name]).toBe(histogram.getValueAtPercentile(percentile));
      }
      expect(figures.minNs).toBe(histogram.getValueAtPercentile(0));
      expect(figures.maxNs).toBe(histogram.getValueAtPercentile(100));
      expect(figures.meanNs).toBe(Math.round(histogram.mean));
      expect(figures.stdevNs).toBe(Math.round(histogram.stdDeviation));
    }),
    { seed: 7, numRuns: 60 },
  );
});

test('percentiles are the nearest rank of the samples, within a thousandth', () => {
  assert(
    property(recorded, (values) => {
      const sorted = values.toSorted((a, b) => a - b);
      const { percentilesNs } = timeFiguresOf(samplesOf(...values), 0)!;
      for (const name of percentileMetrics) {
        // Ranks in whole numbers: 10,000ths of a percent times the count.
        const rank = Math.ceil((Math.round(Number(name.slice(1)) * 10_000) * values.length) / 1_000_000);
        const sample = sorted[rank - 1]!;
        expect(percentilesNs[name]).toBeGreaterThanOrEqual(sample);
        expect(percentilesNs[name]).toBeLessThanOrEqual(Math.max(sample, sample * 1.001));
      }
    }),
    { seed: 11, numRuns: 150 },
  );
});

test('99.9 % of 1,000 samples is the 999th', () => {
  const figures = timeFiguresOf(samplesOf([1000, 999], 2000), 0)!;
  expect(figures.percentilesNs['p99.9']).toBe(1000);
  expect(figures.percentilesNs['p99.99']).toBe(2000);
});

test('without a sample there is no figure', () => {
  expect(timeFiguresOf(undefined, 0)).toBeUndefined();
  expect(timeFiguresOf(bucketsOf(histogramOf()), 0)).toBeUndefined();
});

describe('censored samples', () => {
  const samples = samplesOf([1000, 95], [2000, 5]);
  test.each([
    [0, []],
    [1, ['p99.9', 'p99.99', 'mean', 'max']],
    [2, ['p99', 'p99.9', 'p99.99', 'mean', 'max']],
    [5, ['p99', 'p99.9', 'p99.99', 'mean', 'max']],
    [6, ['p95', 'p99', 'p99.9', 'p99.99', 'mean', 'max']],
    [100, [...percentileMetrics, 'mean', 'max']],
  ])('%d of 100 reach %j', (censored, names) => {
    expect(timeFiguresOf(samples, censored)!.atLeast).toEqual(names);
  });
});
