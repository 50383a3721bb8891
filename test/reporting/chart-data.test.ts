import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HeatMap } from '../../src/reporting/html/heat-map.ts';
import { rowsADoubling } from '../../src/reporting/html/heat-rows.ts';
import { packColumns } from '../../src/reporting/html/pack-columns.ts';
import { ninesOf, spectrumOf } from '../../src/reporting/html/spectrum.ts';
import { StatementSeries } from '../../src/reporting/html/statement-series.ts';
import { unpackColumns } from '../../src/reporting/html/unpack-columns.ts';
import type { IntervalLine } from '../../src/reporting/interval-line.ts';
import { loadsOf } from '../../src/reporting/loads-of.ts';
import { summarise, summariseTally } from '../../src/reporting/summary.ts';
import { rangeOfBucket } from '../../src/stress-client/buckets.ts';
import { timeFiguresOf } from '../../src/stress-client/time-figures.ts';
import {
  allAcknowledged,
  histogramOf,
  loadReport,
  machine,
  openInsert,
  result,
  run,
  samplesOf,
  tally,
} from './sample-run.ts';

const seed = 20_261_122;

test('columns are the same after packing', () => {
  const value = fc.option(fc.oneof(fc.nat({ max: 1000 }), fc.maxSafeNat()), { nil: undefined });
  const columns = fc.array(fc.array(value, { minLength: 7, maxLength: 7 }), { maxLength: 4 });
  fc.assert(
    fc.property(columns, (given) => {
      // The format's range; differences stay exact.
      const within = given.map((column) =>
        column.map((each) => (each === undefined ? each : each % 2 ** 50)),
      );
      const packed = packColumns(Object.fromEntries(within.map((column, at) => [`c${at}`, column])), 7);
      const unpacked = unpackColumns(JSON.parse(JSON.stringify(packed)) as typeof packed);
      for (const [at, column] of within.entries()) {
        const isEmpty = column.every((each) => each === undefined);
        expect(unpacked.get(`c${at}`)).toEqual(isEmpty ? undefined : column.map((each) => each ?? null));
      }
    }),
    { seed, numRuns: 300 },
  );
});

test('a spectrum has the percentiles that HdrHistogram has, from the median of one sample to the last nine', () => {
  const samples = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 3600e9 }), fc.integer({ min: 1, max: 100_000 })),
    {
      minLength: 1,
      maxLength: 20,
    },
  );
  fc.assert(
    fc.property(samples, (given) => {
      const histogram = histogramOf(...given);
      const values = spectrumOf(samplesOf(...given));
      const nines = ninesOf(values.length, histogram.totalCount);
      expect(nines).toHaveLength(values.length);
      expect(nines.at(-1)).toBeCloseTo(Math.log10(histogram.totalCount), 12);
      const { maxNs, percentilesNs } = timeFiguresOf(samplesOf(...given), 0)!;
      expect(values.at(-1)).toBe(maxNs);
      // The median is the eighth point, where it has a successor.
      if (values.length > 9) expect(values[8]).toBe(percentilesNs.p50);
      for (const [at, ns] of values.slice(0, -1).entries()) {
        const share = 1 - 10 ** -nines[at]!;
        const rank = Math.max(1, Math.ceil(share * histogram.totalCount - 1e-6));
        // At or below a percentile's value are as many samples as it says.
        expect(countUpTo(given, ns)).toBeGreaterThanOrEqual(rank);
        expect(histogram.getValueAtPercentile(share * 100)).toBeLessThanOrEqual(ns * 1.001 + 1);
      }
    }),
    { seed, numRuns: 60 },
  );
});

function countUpTo(samples: readonly (readonly [number, number])[], ns: number): number {
  return samples.reduce((sum, [value, count]) => (value <= ns ? sum + count : sum), 0);
}

describe('a heat map', () => {
  test.each([1, 360, 361, 1500])(
    'of %i intervals counts every request once, where it belongs',
    (intervals) => {
      const map = new HeatMap(5e9, 1e9);
      for (let at = 0; at < intervals; at++) map.add((at + 5.5) * 1e9, samplesOf([1e6, 3], [1e9, 1]));
      const { columnCount, columnNs, cells } = map.pack('service')!;
      expect(columnCount).toBeLessThanOrEqual(360);
      expect(columnCount).toBe(Math.ceil((intervals * 1e9) / columnNs));
      const columns = unpackColumns(cells);
      const counts = new Map<number, number>();
      for (const [at, row] of columns.get('row')!.entries()) {
        counts.set(row!, (counts.get(row!) ?? 0) + columns.get('count')![at]!);
      }
      const rowOf = (ns: number) => Math.floor(Math.log2(ns) * rowsADoubling);
      expect(counts).toEqual(
        new Map([
          [rowOf(rangeOfBucket(samplesOf(1e6).indexes[0]!).lowestNs), 3 * intervals],
          [rowOf(rangeOfBucket(samplesOf(1e9).indexes[0]!).lowestNs), intervals],
        ]),
      );
    },
  );
});

describe('a series', () => {
  const whole = tally({ operations: allAcknowledged(40), items: allAcknowledged(40) });
  const load = loadsOf(
    summarise(
      run({
        statements: [loadReport(result({ model: 'open', startedNs: 0.5e9, endedNs: 3.05e9, total: whole }))],
      }),
      machine,
    ),
  )[0]!.load;
  const lines = [0, 1, 2, 3].map((interval): IntervalLine => ({
    schemaVersion: 1,
    interval,
    startedMs: 0,
    startNs: interval * 1e9,
    endNs: (interval + 1) * 1e9,
    wallMs: 0,
    statementId: 'a',
    name: 'cpu',
    kind: 'insert',
    position: 1,
    background: false,
    tags: {},
    model: 'open',
    itemName: 'point',
    offered: 10,
    inFlight: interval,
    progress: { itemsDone: 0, items: null, elapsedNs: 0 },
    ...summariseTally(
      tally({
        items: allAcknowledged(10),
        operations: allAcknowledged(10),
        times: { response: samplesOf([(interval + 1) * 1e6, 10]) },
      }),
    ),
  }));
  const seriesOf = (intervalsAPoint: number) => {
    const series = new StatementSeries(load, intervalsAPoint);
    for (const line of lines) series.add(line);
    return unpackColumns(series.pack().series);
  };
  const upperEnd = (bucket: number | null) => {
    const { lowestNs, width } = rangeOfBucket(bucket!);
    return lowestNs + width - 1;
  };

  test('has rates over the time in which the statement ran, and none of a moment', () => {
    const columns = seriesOf(1);
    // The first half of the first interval was before it, and it ended a twentieth into the last.
    expect(columns.get('achieved')).toEqual([20_000, 10_000, 10_000, null]);
    expect(columns.get('offered')).toEqual([20_000, 10_000, 10_000, null]);
    expect(columns.get('endUs')).toEqual([1e6, 2e6, 3e6, 4e6]);
  });

  test('adds histograms up where a point stands for several intervals', () => {
    const columns = seriesOf(2);
    expect(columns.get('endUs')).toEqual([2e6, 4e6]);
    const figures = (name: string) => columns.get(name)!.map(upperEnd);
    const [first, second, third, fourth] = lines.map(({ times }) => times.response!.maxNs);
    expect(figures('response:p50')).toEqual([first, third]);
    expect(figures('response:max')).toEqual([second, fourth]);
  });

  test('of errors has a column a class', () => {
    const { load: failing } = loadsOf(summarise(run({ statements: [loadReport(openInsert)] }), machine))[0]!;
    const series = new StatementSeries(failing, 1);
    const [line] = lines;
    series.add({ ...line!, errors: [{ errorClass: 'timeout', count: 3, status: 0, example: '' }] });
    const columns = unpackColumns(series.pack().series);
    expect(columns.get('error:overload')).toEqual([0]);
    expect(columns.get('error:timeout')).toEqual([3]);
  });
});
