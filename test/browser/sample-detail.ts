import type { IntervalLine } from '../../src/reporting/interval-line.ts';
import type { RunDetail } from '../../src/reporting/run-detail.ts';
import { summarise, summariseTally } from '../../src/reporting/summary.ts';
import { emptyCounts } from '../../src/stress-client/load-deltas.ts';
import type { RunEvent, StatementResult, Tally, TimeName } from '../../src/stress-client/results.ts';
import { addCounts } from '../../src/stress-client/running-tally.ts';
import { TimeTotals } from '../../src/stress-client/time-totals.ts';
import { evaluateCheck } from '../../src/statement/expectations.ts';
import type { RunReport } from '../../src/statement/report.ts';
import {
  boundCheck,
  counts,
  everyStatement,
  identity,
  loadReport,
  machine,
  result,
  run,
  samplesOf,
  tally,
} from '../reporting/sample-run.ts';

export interface SampleOptions {
  /** Of one second each. */
  readonly intervals: number;
  readonly name?: string;
  readonly run?: Partial<RunReport>;
  readonly marks?: StatementResult['marks'];
  readonly events?: readonly RunEvent[];
  readonly script?: string;
  /** INSERTs besides the first, which is the same as they. */
  readonly others?: number;
}

const second = 1e9;

/** What an open INSERT did in an interval: 100 requests of 10 points, some slow, some refused. */
function insertTally(index: number): Tally {
  const refused = index % 7 === 3 ? 4 : 0;
  const each = 1e6 * (1 + (index % 10) / 10);
  const ended = (items: number) =>
    counts({
      asked: 100 * items,
      sent: 100 * items,
      acknowledged: (100 - refused) * items,
      failed: refused * items,
    });
  return tally({
    operations: ended(1),
    items: ended(10),
    requestBytes: 90_000,
    responseBytes: 300,
    errors:
      refused === 0
        ? []
        : [{ errorClass: 'overload', count: refused, status: 503, example: 'too many writes' }],
    times: {
      service: samplesOf([each, 80 - refused], [each * 2, 19], [each * 30, 1]),
      response: samplesOf([each * 1.5, 80 - refused], [each * 3, 19], [each * 45, 1]),
      lateness: samplesOf([2e4, 99], [1e6, 1]),
      slotWait: samplesOf([0, 95], [3e6, 5]),
      ...(refused > 0 && { failed: samplesOf([5e5, refused]) }),
    },
  });
}

function sumOf(tallies: readonly Tally[]): Tally {
  const [operations, items] = [emptyCounts(), emptyCounts()];
  const totals = new Map<TimeName, TimeTotals>();
  const sum = tally({ operations, items, errors: [] });
  let refused = 0;
  for (const each of tallies) {
    addCounts(operations, each.operations);
    addCounts(items, each.items);
    sum.requestBytes += each.requestBytes;
    sum.responseBytes += each.responseBytes;
    refused += each.operations.failed;
    for (const [name, buckets] of Object.entries(each.times)) {
      const known = totals.get(name as TimeName) ?? new TimeTotals();
      known.add(buckets);
      totals.set(name as TimeName, known);
    }
  }
  return {
    ...sum,
    errors:
      refused === 0
        ? []
        : [{ errorClass: 'overload', count: refused, status: 503, example: 'too many writes' }],
    times: Object.fromEntries([...totals].map(([name, total]) => [name, total.buckets!])),
  };
}

/** A run of open INSERTs, with a statement of every other kind, that has come to the same figures every time. */
export function sampleDetail(options: SampleOptions): RunDetail {
  const { intervals: count, name = 'cpu', events = [], marks = [], others = 0 } = options;
  const different = Array.from({ length: Math.min(count, 70) }, (_, index) => insertTally(index));
  const tallies = Array.from({ length: count }, (_, index) => different[index % different.length]!);
  const summaries = new Map(different.map((each) => [each, summariseTally(each)]));
  const lines = tallies.map((each, index): Omit<IntervalLine, 'statementId' | 'name' | 'position'> => ({
    schemaVersion: 1,
    interval: index,
    startedMs: 1_795_000_000_250,
    startNs: index * second,
    endNs: (index + 1) * second,
    wallMs: 1_795_000_000_250 + (index + 1) * 1000,
    kind: 'insert',
    background: true,
    tags: { phase: 'load' },
    model: 'open',
    itemName: 'point',
    offered: 1000,
    inFlight: index % 5,
    progress: { itemsDone: (index + 1) * 1000, items: count * 1000, elapsedNs: (index + 1) * second },
    ...summaries.get(each)!,
  }));
  const total = sumOf(tallies);
  const statementOf = (position: number, called: string): StatementResult =>
    result({
      identity: identity({
        statementId: `s${position}`,
        position,
        name: called,
        background: true,
        tags: { phase: 'load' },
      }),
      model: 'open',
      batchSize: 10,
      endedNs: count * second,
      total,
      marks,
      stages: [{ text: `1000/s FOR ${count}s`, offered: 1000, achieved: 1000 }],
      checks: [
        evaluateCheck(boundCheck('p99', '<', 40e6, '40ms'), total, count, 'point'),
        evaluateCheck(boundCheck('errors', '=', 0, '0'), total, count, 'point'),
      ],
    });
  const results = Array.from({ length: others + 1 }, (_, at) =>
    statementOf(20 + at, at === 0 ? name : `statement ${at}`),
  );
  const record = run({ durationNs: count * second, ...options.run });
  const summary = summarise(
    {
      ...record,
      statements: [
        ...everyStatement.filter(({ kind }) => kind !== 'insert' && kind !== 'query'),
        ...results.map((each) => loadReport(each)),
      ],
    },
    machine,
  );
  return {
    summary,
    record: {
      ...record,
      schemaVersion: 1,
      state: 'ended',
      startAt: '2026-11-22T10:00:00.000Z',
      pid: 1,
      machine,
      scriptFiles: ['profile.sql'],
      arguments: ['run', 'profile.sql'],
      parameters: {},
      environment: [],
      dataFiles: {},
    },
    settings: summary.statements.flatMap((each) =>
      'load' in each && each.load !== undefined ? [each.load.settings] : [],
    )[0]!,
    script: options.script ?? 'GO INSERT cpu\n…\n',
    events,
    async *intervals() {
      for (const line of lines) {
        for (const { identity: of } of results)
          yield { ...line, statementId: of.statementId, name: of.name, position: of.position };
      }
    },
  };
}
