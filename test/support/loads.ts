import type { BoundCheck, LoadOptions } from '../../src/statement/load-options.ts';
import type { LoadStatementParts } from '../../src/statement/load-statement.ts';
import type { AcknowledgedIndexes } from '../../src/stress-client/acknowledged.ts';
import type { Clock } from '../../src/stress-client/clock.ts';
import type { Plan } from '../../src/stress-client/plan.ts';
import type {
  Interval,
  ResultSink,
  StatementInterval,
  StatementResult,
  Tally,
} from '../../src/stress-client/results.ts';
import { defaultSettings, type Settings } from '../../src/stress-client/settings.ts';
import { StressTest, type StressTestOptions } from '../../src/stress-client/stress-test.ts';
import type { Target } from '../../src/stress-client/target/target.ts';
import { RunningTally } from '../../src/stress-client/running-tally.ts';

/** Settings with some changed. */
export function settingsWith(changed: Partial<Settings> = {}): Settings {
  return { ...defaultSettings(), ...changed };
}

/** A plan that writes its operation's index. */
export function writePlan(batchSize = 1, idempotent = true): Plan {
  return {
    kind: 'write',
    itemName: 'point',
    batchSize,
    operationBytesAtMost: 32,
    idempotent,
    seriesCardinality: 1,
    fieldCount: 1,
    write: writeIndex,
  };
}

/** A query plan; with `pick`, one that is about its companion's points. */
export function queryPlan(pick?: (operation: number, acknowledged: AcknowledgedIndexes) => number): Plan {
  return {
    kind: 'query',
    itemName: 'query',
    batchSize: 1,
    operationBytesAtMost: 32,
    idempotent: true,
    seriesCardinality: 0,
    fieldCount: 0,
    write: writeIndex,
    ...(pick === undefined ? {} : { pick }),
  };
}

function writeIndex(of: { operation: number }, _items: number, staging: Uint8Array, offset: number): number {
  return offset + new TextEncoder().encodeInto(`op ${of.operation}`, staging.subarray(offset)).written;
}

export function loadOptions(changed: Partial<LoadOptions> = {}): LoadOptions {
  return {
    items: Infinity,
    durationNs: undefined,
    stepNs: 1e9,
    stages: [],
    warmup: undefined,
    pick: { distribution: 'uniform' },
    written: false,
    population: undefined,
    partitions: undefined,
    series: undefined,
    fixed: new Set(),
    tags: {},
    checks: [],
    abort: undefined,
    ...changed,
  };
}

/** A stage at a constant rate, items a second. */
export function stage(rate: number, durationNs?: number, toRate?: number): LoadOptions['stages'][number] {
  return { rate, toRate, durationNs, text: `${rate}/s` };
}

let position = 0;

/** What an INSERT or QUERY statement is made from. */
export function parts(
  name: string,
  plan: Plan,
  options: Partial<LoadOptions>,
  more: Partial<LoadStatementParts> = {},
): LoadStatementParts {
  return {
    name,
    position: ++position,
    text: name,
    place: 'test.sql:1',
    background: false,
    plan,
    options: loadOptions(options),
    settings: settingsWith(),
    ...more,
  };
}

export function check(
  metric: BoundCheck['check']['metric'],
  operator: BoundCheck['check']['operator'],
  limit: number,
): BoundCheck {
  const span = { source: 0, start: 0, end: 0 };
  const value = { kind: 'text' as const, parts: [String(limit)], span };
  return {
    check: { service: false, metric, operator, value, span },
    limit,
    text: `${metric} ${operator} ${limit}`,
  };
}

/** Keeps every interval, with the counts of it copied, and adds up the intervals of each statement. */
export class KeepingSink implements ResultSink {
  readonly name = 'keeping';
  readonly intervals: { index: number; startNs: number; endNs: number; statements: KeptInterval[] }[] = [];
  readonly ended: StatementResult[] = [];
  readonly sums = new Map<string, RunningTally>();

  interval(interval: Interval): void {
    this.intervals.push({
      index: interval.index,
      startNs: interval.startNs,
      endNs: interval.endNs,
      statements: interval.statements.map((statement) => ({
        ...statement,
        acknowledged: statement.tally.items.acknowledged,
        sent: statement.tally.operations.sent,
      })),
    });
    for (const { identity, tally } of interval.statements) {
      const sum = this.sums.get(identity.statementId) ?? new RunningTally();
      this.sums.set(identity.statementId, sum);
      addTally(sum, tally);
    }
  }

  statementEnded(result: StatementResult): void {
    this.ended.push(result);
  }

  close(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

type KeptInterval = StatementInterval & { acknowledged: number; sent: number };

function addTally(sum: RunningTally, tally: Tally): void {
  sum.add({
    ...tally,
    statementId: '',
    warmup: { operations: tally.operations, items: tally.items },
    times: tally.times,
    stageItems: [],
    inFlight: 0,
    firstNs: undefined,
    lastNs: 0,
  });
  sum.lateAnswers += tally.lateAnswers;
  sum.reprepared += tally.reprepared;
}

/** A test over a target, with the program's other parts as they are. */
export function stressTest(
  clock: Clock,
  target: (clock: Clock) => Target,
  settings: Settings = settingsWith(),
  more: Partial<StressTestOptions> = {},
): StressTest {
  return new StressTest({
    testId: 'test0001',
    clock,
    settings,
    createTarget: (_settings, runClock) => Promise.resolve(target(runClock)),
    sinks: [],
    exec: { allowed: false, reason: 'not in this test' },
    ...more,
  });
}
