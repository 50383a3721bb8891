import { describe, expect, test } from 'vitest';
import {
  comparisonLines,
  improvementLine,
  intervalHeader,
  intervalLine,
  noCollections,
  pystressHeader,
  pystressLine,
  type IntervalFigures,
} from '../../src/cassandra-stress/interval-lines.ts';
import { fixed, grouped } from '../../src/cassandra-stress/java-format.ts';
import { readCommandLine } from '../../src/cassandra-stress/read-command-line.ts';
import { RateUncertainty } from '../../src/cassandra-stress/rate-uncertainty.ts';
import {
  connectionLines,
  createdLine,
  errorReason,
  failureLine,
  noJmxLine,
  nothingElseLine,
  notValidated,
  pauseLine,
  runningLine,
  stepLine,
  stepsLine,
  warmUpLine,
  workTitle,
} from '../../src/cassandra-stress/run-lines.ts';
import {
  noSummaryCollections,
  pystressSummaryLines,
  summaryLines,
  type Summary,
  type SummaryFigures,
} from '../../src/cassandra-stress/summary-lines.ts';
import { sample } from './samples.ts';

const names = ['auto', 'mixed-fixed', 'user', 'write'] as const;

function figuresOf(line: string): IntervalFigures {
  const [type, ...texts] = line.split(',');
  const [
    total,
    ops,
    partitions,
    rows,
    mean,
    median,
    p95,
    p99,
    p999,
    maximum,
    time,
    uncertainty,
    errors,
    ...gc
  ] = texts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    ...number[],
  ];
  const [count, maximumMs, sumMs, deviationMs, megabytes] = gc as [number, number, number, number, number];
  return {
    type: type!.trim(),
    totalOperations: total,
    operationsPerSecond: ops,
    partitionsPerSecond: partitions,
    rowsPerSecond: rows,
    times: { mean, median, p95, p99, p999, maximum },
    elapsedSeconds: time,
    uncertainty,
    errors,
    collections: { count, maximumMs, sumMs, deviationMs, megabytes },
  };
}

const intervalPattern = /^(?:total|[A-Za-z_0-9]+),(?: *[\d.]+,){17} *[\d.]+$/;
const intervals = names.flatMap((name) =>
  sample(name)
    .split('\n')
    .filter((line) => intervalPattern.test(line)),
);

test('the header', () => {
  for (const name of names) expect(sample(name).split('\n')).toContain(intervalHeader);
});

test('every interval line of the samples', () => {
  expect(intervals.length).toBeGreaterThan(40);
  for (const line of intervals) expect(intervalLine(figuresOf(line))).toBe(line);
});

describe('every summary of the samples', () => {
  const numberOf = (text: string): number => Number(/-?[\d,.]+/.exec(text)?.[0].replaceAll(',', ''));
  const unitBytes: Readonly<Record<string, number>> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

  function summaryOf(lines: readonly string[]): Summary {
    const values = new Map(lines.slice(1).map((line) => line.split(/ *: (.*)/, 2) as [string, string]));
    const types = [...values.get('Op rate')!.matchAll(/(\w+): [\d,]+ op\/s/g)].map(([, type]) => type!);
    const figures = (of: (text: string) => string): SummaryFigures => {
      const value = (name: string): number => numberOf(of(values.get(name)!));
      return {
        operationsPerSecond: value('Op rate'),
        partitionsPerSecond: value('Partition rate'),
        rowsPerSecond: value('Row rate'),
        times: {
          mean: value('Latency mean'),
          median: value('Latency median'),
          p95: value('Latency 95th percentile'),
          p99: value('Latency 99th percentile'),
          p999: value('Latency 99.9th percentile'),
          maximum: value('Latency max'),
        },
        partitions: value('Total partitions'),
        errors: value('Total errors'),
      };
    };
    const memory = values.get('Total GC memory')!;
    const count = numberOf(values.get('Total GC count')!);
    const [hours, minutes, seconds] = values.get('Total operation time')!.split(':').map(Number) as [
      number,
      number,
      number,
    ];
    return {
      total: figures((text) => text),
      types: new Map(
        types.map((type) => [
          type,
          figures((text) => text.slice(text.indexOf(`${type}:`) + type.length + 1)),
        ]),
      ),
      collections: {
        count,
        bytes: numberOf(memory) * unitBytes[memory.split(' ')[1]!]!,
        sumMs: count === 0 ? 0 : numberOf(values.get('Avg GC time')!) * count,
        deviationMs: numberOf(values.get('StdDev GC time')!),
      },
      elapsedMs: ((hours * 60 + minutes) * 60 + seconds) * 1000,
    };
  }

  test.each(names)('%s', (name) => {
    const summaries = sample(name).match(/Results:\n(?:.+ : .+\n)+/g)!;
    for (const text of summaries) {
      const lines = text.trimEnd().split('\n');
      expect(summaryLines(summaryOf(lines))).toEqual([...lines, '']);
    }
  });
});

test('the table at the end of steps', () => {
  const lines = sample('auto').split('\n');
  const at = lines.findIndex((line) => line.includes('id, type'));
  const table = lines.slice(at, at + 5);
  const rows = table.slice(1).map((line) => {
    const [id, rest] = line.split(/, (.*)/) as [string, string];
    return { id: id.trim(), figures: figuresOf(rest) };
  });
  expect(comparisonLines(rows)).toEqual(table);
  expect(lines[at - 1]).toBe(improvementLine(4, 1513, 3770));
  expect(lines).toEqual(expect.arrayContaining([stepsLine, stepLine(4), stepLine(104), pauseLine]));
});

test.each([
  ['write n=5', 'WRITE'],
  ['counter_add n=5', 'COUNTER_WRITE'],
  ['mixed n=5', '[READ, WRITE]'],
  ['user profile=p ops(insert=2,simple1=1) n=5', '[insert, simple1]'],
])('the title of %s', (line, title) => {
  const found = readCommandLine([line], { readFile: () => '', version: '1.0.0' });
  if (found.kind !== 'run') throw new Error(JSON.stringify(found));
  expect(workTitle(found.settings.command)).toBe(title);
});

test('what stands before the header', () => {
  expect(nothingElseLine).toBe('N=0: SCHEMA CREATED, NOTHING ELSE DONE.');
  const uncertainty = { kind: 'uncertainty', target: 0.02, minimum: 30, maximum: 200 } as const;
  expect(runningLine('READ', 4, uncertainty)).toBe('Running READ with 4 threads until stderr of mean < 0.02');
  const written = sample('write').split('\n');
  const cluster = {
    name: 'stressql-test',
    maxPending: undefined,
    connectionsPerHost: 8,
    hosts: [{ datacenter: 'datacenter1', address: '127.0.0.1', rack: 'rack1' }],
  };
  expect(written).toEqual(expect.arrayContaining([...connectionLines(cluster)]));
  expect(written).toContain(createdLine('keyspaces', 1));
  expect(written).toContain(warmUpLine('WRITE', 50_000));
  expect(written).toContain(runningLine('WRITE', 128, { kind: 'operations', operations: 200_000 }));
  expect(sample('mixed-fixed').split('\n')).toContain(
    runningLine('[READ, WRITE]', 50, { kind: 'duration', amount: 8, unit: 'SECONDS' }),
  );
  expect(sample('user').split('\n')).toContain(createdLine('schema', 1));
});

test('what goes wrong, as tools look for it', () => {
  expect(noJmxLine).toBe('Failed to connect over JMX; not collecting these stats');
  expect(failureLine(10, ['30503337373039503231'], errorReason('ReadTimeoutException', 'no answer'))).toBe(
    'Operation x10 on key(s) [30503337373039503231]: Error executing: (ReadTimeoutException): no answer',
  );
  expect(failureLine(0, ['3050'], notValidated)).toBe(
    'Operation x0 on key(s) [3050]: Data returned was not validated',
  );
});

describe('format=pystress', () => {
  const times = { mean: 1.3, median: 0.9, p95: 3, p99: 6.8, p999: 23.8, maximum: 116.9 };
  test('lines', () => {
    expect(pystressHeader).toBe(
      ' total ops,    op/s,  mean,     med,     .95,     .99,    .999,     max,   time,  errors',
    );
    const rest = {
      partitionsPerSecond: 144_335,
      rowsPerSecond: 144_335,
      uncertainty: 0,
      collections: noCollections,
    };
    const figures = { type: 'total', totalOperations: 1_443_348, operationsPerSecond: 144_335, ...rest };
    expect(pystressLine({ ...figures, times, elapsedSeconds: 10, errors: 0 })).toBe(
      '   1443348,  144335,   1.3,     0.9,     3.0,     6.8,    23.8,   116.9,   10.0        0',
    );
  });
  test('summary', () => {
    const total: SummaryFigures = {
      operationsPerSecond: 125_468,
      partitionsPerSecond: 125_468,
      rowsPerSecond: 125_468,
      times: { mean: 1.6, median: 1.5, p95: 2.7, p99: 3.7, p999: 6.7, maximum: 116.9 },
      partitions: 125_000_000,
      errors: 0,
    };
    const elapsedMs = (16 * 60 + 36) * 1000 + 500;
    const types = new Map([['WRITE', total]]);
    expect(pystressSummaryLines({ total, types, collections: noSummaryCollections, elapsedMs })).toEqual([
      'Results:',
      'Op rate                   : 125,468 op/s  [WRITE: 125,468 op/s]',
      'Latency mean              :  1.6 ms [WRITE: 1.6 ms]',
      'Latency median            :  1.5 ms [WRITE: 1.5 ms]',
      'Latency 95th percentile   :  2.7 ms [WRITE: 2.7 ms]',
      'Latency 99th percentile   :  3.7 ms [WRITE: 3.7 ms]',
      'Latency 99.9th percentile :  6.7 ms [WRITE: 6.7 ms]',
      'Latency max               :  116.9 ms [WRITE: 116.9 ms]',
      'Total operation time      : 00:16:36',
    ]);
  });
});

// The printed stderr of `auto`: rows, seconds, longest answer in seconds.
test('the uncertainty of the rate', () => {
  const uncertainty = new RateUncertainty();
  uncertainty.add(509, 1, 0.0614);
  expect(uncertainty.value).toBe(0);
  expect(uncertainty.isBelow(0.02, 1, 200)).toBe(true);
  uncertainty.add(2491, 2491 / 2535, 0.0297);
  expect(uncertainty.value).toBeCloseTo(0.46414, 3);
  expect(uncertainty.isBelow(0.02, 1, 200)).toBe(false);
  expect(uncertainty.isBelow(0.5, 3, 200)).toBe(false);
  expect(uncertainty.isBelow(0.02, 1, 2)).toBe(true);
});

describe('numbers as Java prints them', () => {
  test.each([
    [0.15, 1, '0.2'],
    [0.25, 1, '0.3'],
    [0.05, 1, '0.1'],
    [0.04, 1, '0.0'],
    [2.5, 0, '3'],
    [-2.5, 0, '-3'],
    [0, 0, '0'],
    [0.5, 0, '1'],
    [9.96, 1, '10.0'],
    [1.005, 2, '1.01'],
    [1e-7, 5, '0.00000'],
    [50000000000.3, 6, '50000000000.300000'],
    [1e21, 0, '1000000000000000000000'],
    [0.0005, 3, '0.001'],
    [0.0005, 2, '0.00'],
    [123456789.123, 1, '123456789.1'],
    [289.28202420115457, 6, '289.282024'],
    [NaN, 1, 'NaN'],
  ])('%d with %i decimals', (value, decimals, text) => expect(fixed(value, decimals)).toBe(text));
  test.each([
    [0, 0, '0'],
    [999, 0, '999'],
    [1000, 0, '1,000'],
    [1234567.89, 1, '1,234,567.9'],
    [-1234, 0, '-1,234'],
  ])('%d in groups', (value, decimals, text) => expect(grouped(value, decimals)).toBe(text));
});
