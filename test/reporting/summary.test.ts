import { describe, expect, test } from 'vitest';
import { decodeBuckets } from '../../src/reporting/decode-histogram.ts';
import { summarise, type LoadSummary, type Summary } from '../../src/reporting/summary.ts';
import { timeNames } from '../../src/stress-client/results.ts';
import { timeFiguresOf } from '../../src/stress-client/time-figures.ts';
import {
  allAcknowledged,
  closedInsert,
  counts,
  everyStatement,
  loadReport,
  machine,
  openInsert,
  query,
  run,
} from './sample-run.ts';

const summary = summarise(run({ statements: everyStatement }), machine);

function loadOf(of: Summary, name: string): LoadSummary {
  const found = of.statements.find((each) => 'load' in each && each.load?.name === name);
  if (found === undefined || !('load' in found) || found.load === undefined) throw new Error(`no ${name}`);
  return found.load;
}

test('figures are those of the histograms, and can be made again from what is stored', () => {
  for (const [load, result] of [
    [loadOf(summary, 'cpu'), closedInsert],
    [loadOf(summary, 'disk'), openInsert],
  ] as const) {
    for (const name of timeNames) {
      const time = load.times[name];
      expect(time === undefined).toBe(result.total.times[name] === undefined);
      if (time === undefined) continue;
      const { histogram, ...figures } = time;
      const clock = name === 'service' || name === 'response' ? name : undefined;
      const censored = clock === undefined ? 0 : result.total.censored[clock];
      expect(figures).toEqual(timeFiguresOf(result.total.times[name], censored));
      expect(figures).toEqual(timeFiguresOf(decodeBuckets(histogram), censored));
    }
  }
});

test('throughput counts what was acknowledged, from start to end', () => {
  expect(loadOf(summary, 'cpu').throughput).toEqual({ itemsPerSecond: 25_000, operationsPerSecond: 5 });
  expect(loadOf(summary, 'disk').throughput.itemsPerSecond).toBe(98_500 / 60);
});

test('totals add up what the statements say', () => {
  expect(summary.totals).toEqual({
    operations: counts({ asked: 1030, sent: 1030, acknowledged: 1015, failed: 10, unknown: 5 }),
    items: {
      point: counts({ asked: 200_000, sent: 200_000, acknowledged: 198_500, failed: 1000, unknown: 500 }),
      query: allAcknowledged(10),
    },
    retries: 3,
    requestBytes: closedInsert.total.requestBytes + openInsert.total.requestBytes + query.total.requestBytes,
    responseBytes: query.total.responseBytes,
  });
});

test('statements stand in script order, each with what it has to say', () => {
  expect(summary.statements.map(({ kind }) => kind)).toEqual(everyStatement.map(({ kind }) => kind));
  expect(summary.statements.at(-1)).toEqual({
    kind: 'query',
    position: 12,
    statementId: 'd00000012',
    text: 'QUERY mem',
    place: 'profile.sql:48',
    ran: false,
    background: false,
  });
});

test('secrets are not in it', () => {
  expect(loadOf(summary, 'cpu').settings).toMatchObject({
    Password: '[REDACTED]',
    Token: '',
    BatchSize: '5000',
  });
  expect(JSON.stringify(summary)).not.toContain('hunter2');
});

describe('what JSON can’t say', () => {
  const unbounded = summarise(
    run({ statements: [loadReport({ ...closedInsert, seriesCardinality: Infinity, endedNs: 0 })] }),
    machine,
  );
  test('unbounded is null', () => expect(loadOf(unbounded, 'cpu').seriesCardinality).toBeNull());
  test('no time is no throughput', () =>
    expect(loadOf(unbounded, 'cpu').throughput).toEqual({ itemsPerSecond: 0, operationsPerSecond: 0 }));
  test('undefined is absent', () => expect(JSON.parse(JSON.stringify(unbounded))).toStrictEqual(unbounded));
});
