import { build, type Histogram } from 'hdr-histogram-js';
import type { CheckMetric, CheckOperator, Text } from '../../src/parser/ast.ts';
import type { BoundCheck } from '../../src/statement/load-options.ts';
import { bucketsOf } from '../../src/reporting/decode-histogram.ts';
import { evaluateCheck } from '../../src/statement/expectations.ts';
import type { RunReport, StatementReport } from '../../src/statement/report.ts';
import type { Buckets } from '../../src/stress-client/buckets.ts';
import {
  histogramLayout,
  type Counts,
  type StatementIdentity,
  type StatementResult,
  type Tally,
} from '../../src/stress-client/results.ts';
import { defaultSettings, withSetting } from '../../src/stress-client/settings.ts';
import type { MachineFacts } from '../../src/reporting/machine.ts';

/* What a run may have come to, with figures that are easy to follow; the same in every test of reports. */

const span = { source: 0, start: 0, end: 0 };

type Sample = number | readonly [ns: number, count: number];

export function histogramOf(...values: readonly Sample[]): Histogram {
  const histogram = build({ ...histogramLayout, autoResize: false });
  for (const value of values) {
    if (typeof value === 'number') histogram.recordValue(value);
    else histogram.recordValueWithCount(value[0], value[1]);
  }
  return histogram;
}

/** The same samples as a tally holds them; at least one. */
export function samplesOf(...values: readonly Sample[]): Buckets {
  return bucketsOf(histogramOf(...values))!;
}

export function counts(of: Partial<Counts> = {}): Counts {
  return { asked: 0, sent: 0, unsent: 0, acknowledged: 0, failed: 0, unknown: 0, ...of };
}

/** `count` acknowledged of `count` asked. */
export function allAcknowledged(count: number): Counts {
  return counts({ asked: count, sent: count, acknowledged: count });
}

export function tally(of: Partial<Tally> = {}): Tally {
  return {
    operations: counts(),
    items: counts(),
    retries: 0,
    lateAnswers: 0,
    reprepared: 0,
    notApplied: 0,
    requestBytes: 0,
    responseBytes: 0,
    rows: 0,
    answersWithRows: 0,
    clamped: 0,
    censored: { service: 0, response: 0 },
    errors: [],
    times: {},
    ...of,
  };
}

export function identity(of: Partial<StatementIdentity> = {}): StatementIdentity {
  return {
    statementId: 'aaaaaaaa',
    name: 'cpu',
    kind: 'insert',
    position: 1,
    background: false,
    tags: {},
    ...of,
  };
}

export function result(of: Partial<StatementResult> = {}): StatementResult {
  return {
    identity: identity(),
    settings: withSetting(defaultSettings(), 'Password', 'hunter2'),
    model: 'closed',
    itemName: 'point',
    batchSize: 5000,
    seriesCardinality: 10_000,
    fieldCount: 2,
    startedNs: 0,
    endedNs: 4e9,
    state: 'ended',
    total: tally(),
    warmup: { operations: counts(), items: counts() },
    warnings: [],
    stages: [],
    checks: [],
    marks: [],
    ...of,
  };
}

export function boundCheck(
  metric: CheckMetric,
  operator: CheckOperator,
  limit: number,
  value: string,
  service = false,
): BoundCheck {
  const text: Text = { kind: 'text', parts: [value], span };
  const written = `${service ? 'service.' : ''}${metric} ${operator} ${value}`;
  return { check: { service, metric, operator, value: text, span }, limit, text: written };
}

export function run(of: Partial<RunReport> = {}): RunReport {
  return {
    testId: 'k3f9x2ab',
    testName: 'cpu fleet',
    startedMs: Date.UTC(2026, 10, 22, 10, 0, 0, 250),
    durationNs: 72.4e9,
    clientCpuNs: 3.21e9,
    seed: 42,
    scriptSha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    version: '0.1.0',
    rehearsal: false,
    target: 'influx',
    servers: [{ address: 'localhost:8086', product: 'InfluxDB 1.8.3', version: '1.8.3' }],
    states: [{ state: 'VALID', reason: '' }],
    exitCodes: [{ code: 0, reason: 'The run did what the script says.' }],
    warnings: [],
    events: [],
    statements: [],
    ...of,
  };
}

export const machine: MachineFacts = {
  processor: 'AMD EPYC 7B13',
  cores: 2,
  memoryBytes: 8_218_615_808,
  system: 'Linux 6.1.0',
  node: '24.21.0',
};

export function loadReport(of: StatementResult, error?: string): StatementReport {
  const { kind, position, statementId, background, name } = of.identity;
  return {
    kind,
    position,
    statementId,
    text: `${background ? 'GO ' : ''}${kind.toUpperCase()} ${name}`,
    place: `profile.sql:${position * 4}`,
    ran: true,
    background,
    result: of,
    ...(error !== undefined && { error }),
  };
}

/** A closed INSERT without any trouble. */
export const closedInsert = result({
  identity: identity({ position: 3, background: true, tags: { phase: 'load', region: 'eu' } }),
  total: tally({
    operations: allAcknowledged(20),
    items: allAcknowledged(100_000),
    requestBytes: 5_522_200,
    responseBytes: 0,
    times: { service: samplesOf([120e6, 10], [173e6, 8], [250e6, 1], [381e6, 1]) },
  }),
  checks: [],
});

const openTally = tally({
  operations: counts({ asked: 1000, sent: 1000, acknowledged: 985, failed: 10, unknown: 5 }),
  items: counts({ asked: 100_000, sent: 100_000, acknowledged: 98_500, failed: 1000, unknown: 500 }),
  retries: 3,
  lateAnswers: 4,
  requestBytes: 9_300_000,
  censored: { service: 5, response: 5 },
  errors: [
    {
      errorClass: 'overload',
      count: 10,
      status: 503,
      example: 'timeout exceeded: too many writes in flight',
    },
    { errorClass: 'timeout', count: 5, status: 0, example: 'no answer from localhost:8086 within 10s' },
  ],
  times: {
    response: samplesOf([1.9e6, 500], [4.2e6, 400], [31e6, 85], [10_002e6, 5]),
    service: samplesOf([1.1e6, 900], [2.4e6, 85], [10_000e6, 5]),
    lateness: samplesOf([0, 600], [620e3, 395], [1.8e6, 5]),
    slotWait: samplesOf([0, 995], [28e6, 5]),
    failed: samplesOf([0.8e6, 10]),
  },
});

/** An open INSERT with errors, censored times, stages, checks and a warm-up. */
export const openInsert = result({
  identity: identity({ statementId: 'bbbbbbbb', name: 'disk', position: 4, background: true }),
  model: 'open',
  batchSize: 100,
  startedNs: 2e9,
  endedNs: 62e9,
  total: openTally,
  warmup: { operations: allAcknowledged(50), items: allAcknowledged(5000) },
  stages: [
    { text: '1000/s FOR 30s', offered: 1000, achieved: 999.3 },
    { text: '1000/s TO 3000/s FOR 30s', offered: 2000, achieved: 1951.2 },
  ],
  checks: [
    evaluateCheck(boundCheck('p99', '<', 40e6, '40ms'), openTally, 60, 'point'),
    evaluateCheck(boundCheck('p99.9', '<', 20e9, '20s', true), openTally, 60, 'point'),
    evaluateCheck(boundCheck('error_rate', '<=', 0.001, '0.1%'), openTally, 60, 'point'),
    evaluateCheck(boundCheck('throughput', '>', 1000, '1000/s'), openTally, 60, 'point'),
  ],
});

export const query = result({
  identity: identity({ statementId: 'cccccccc', name: 'cpu', kind: 'query', position: 6 }),
  itemName: 'query',
  batchSize: 1,
  seriesCardinality: 0,
  fieldCount: 0,
  startedNs: 63e9,
  endedNs: 63.5e9,
  total: tally({
    operations: allAcknowledged(10),
    items: allAcknowledged(10),
    requestBytes: 1240,
    responseBytes: 8160,
    rows: 120,
    times: { service: samplesOf([1.8e6, 9], 5.9e6) },
  }),
});

const step = (position: number, text: string) => ({
  position,
  statementId: `d000000${position}`,
  text,
  place: `profile.sql:${position * 4}`,
  ran: true,
});

/** A statement of every kind. */
export const everyStatement: readonly StatementReport[] = [
  { ...step(1, 'CREATE DATABASE thing'), kind: 'pass-through', outcome: 'ok', durationNs: 1_806_785 },
  { ...step(2, 'SET Database [thing]'), kind: 'set', name: 'Database', value: 'thing' },
  loadReport(closedInsert),
  loadReport(openInsert),
  { ...step(5, 'WAIT'), kind: 'wait', durationNs: 60.4e9 },
  loadReport(query),
  { ...step(7, 'SHOW SERIES CARDINALITY'), kind: 'pass-through', outcome: 'ok', durationNs: 2.25e6, rows: 1 },
  {
    ...step(8, 'DROP DATABASE other'),
    kind: 'pass-through',
    outcome: 'failed',
    durationNs: 421e3,
    error: {
      errorClass: 'authentication',
      message: 'not authorized',
      status: 403,
      hint: 'SET Username and Password',
    },
  },
  {
    ...step(9, 'CQL TRUNCATE shop.readings'),
    kind: 'pass-through',
    outcome: 'skipped',
    durationNs: 0,
    reason: 'CQL, and the target is influx',
  },
  {
    ...step(10, 'EXEC ./after.sh --now'),
    kind: 'exec',
    background: false,
    outcome: 'failed',
    durationNs: 1.2e9,
    exitCode: 3,
    lastLines: ['starting', '\u001b[31mno such host'],
  },
  {
    ...step(11, 'EXEC ./more.sh'),
    kind: 'exec',
    background: false,
    outcome: 'refused',
    durationNs: 0,
    exitCode: undefined,
    lastLines: [],
    reason: 'the run was started without --allow-exec',
  },
  { ...step(12, 'QUERY mem'), kind: 'query', background: false, ran: false },
];
