import { describe, expect, test } from 'vitest';
import { GoStatement } from '../../src/statement/go.ts';
import { InsertStatement } from '../../src/statement/insert.ts';
import { QueryStatement } from '../../src/statement/query.ts';
import { runScript } from '../../src/statement/run-script.ts';
import type { Statement } from '../../src/statement/statement.ts';
import { RequestLog, requestOutcomes } from '../../src/stress-client/request-log.ts';
import type { Interval, ResultSink, StatementInterval } from '../../src/stress-client/results.ts';
import type { RequestDetail } from '../../src/stress-client/stress-test.ts';
import { parts, queryPlan, settingsWith, stage, stressTest, writePlan } from '../support/loads.ts';
import { idOf, ms, seconds } from '../support/play.ts';
import { SimulatedTarget, type Behaviour } from '../support/simulated-target.ts';
import { VirtualClock } from '../support/virtual-time.ts';
import type { Slot } from '../../src/stress-client/slot.ts';

interface Request {
  readonly statementId: string;
  readonly interval: number;
  readonly doneNs: number;
  readonly timeNs: number;
  readonly bytes: number;
  readonly status: number;
  readonly outcome: string;
}

class KeepingRequests implements ResultSink {
  readonly name = 'requests';
  readonly requests: Request[] = [];
  readonly intervals: Interval[] = [];
  sent = 0;

  interval(interval: Interval): void {
    this.intervals.push(interval);
    for (const statement of interval.statements) {
      this.sent += statement.tally.operations.sent;
      this.requests.push(...requestsOf(interval, statement));
    }
  }

  statementEnded(): void {}

  close(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

function requestsOf(interval: Interval, { identity, requests }: StatementInterval): Request[] {
  return (requests?.columns ?? []).flatMap(({ doneNs, timeNs, bytes, status, outcome }) =>
    [...doneNs].map((done, at) => ({
      statementId: identity.statementId,
      interval: interval.index,
      doneNs: done,
      timeNs: timeNs[at]!,
      bytes: bytes[at]!,
      status: status[at]!,
      outcome: requestOutcomes[outcome[at]!]!,
    })),
  );
}

async function played(
  statements: readonly Statement[],
  requests: RequestDetail | undefined,
  behave: (slot: Slot, nowNs: number) => Behaviour = () => ({ afterNs: 10 * ms }),
): Promise<KeepingRequests> {
  const clock = new VirtualClock();
  const sink = new KeepingRequests();
  const target = new SimulatedTarget(behave);
  const test = stressTest(clock, (runClock) => target.on(runClock), settingsWith({ Timeout: seconds }), {
    sinks: [sink],
    ...(requests !== undefined && { requests }),
  });
  statements.forEach((statement, index) => statement.setId(idOf(index)));
  await clock.until(runScript(test, statements));
  await clock.until(test.close());
  return sink;
}

const all: RequestDetail = { perSecondAtMost: Infinity, onTooMany: () => expect.unreachable() };
const insert = (options: Parameters<typeof parts>[2]) =>
  new InsertStatement(parts('a', writePlan(), options));
const rateFor = (rate: number, durationNs: number) => insert({ stages: [stage(rate)], durationNs });

describe('a row a request', () => {
  test('of every operation, once, in the interval in which it ended', async () => {
    const { requests, sent, intervals } = await played([rateFor(100, 3 * seconds)], all);
    expect(requests).toHaveLength(300);
    expect(sent).toBe(300);
    for (const { interval, doneNs } of requests) {
      expect(doneNs).toBeGreaterThanOrEqual(intervals[interval]!.startNs);
      expect(doneNs).toBeLessThanOrEqual(intervals[interval]!.endNs);
    }
  });

  test('with response time in an open model, whatever it was waiting for', async () => {
    const slow = (slot: Slot): Behaviour => ({ afterNs: slot.operation === 0 ? 500 * ms : 10 * ms });
    const one = settingsWith({ WriteConcurrency: 1 });
    const fixed = new Set(['WriteConcurrency'] as const);
    const options = { stages: [stage(10)], durationNs: seconds, fixed };
    const statement = new InsertStatement(parts('a', writePlan(), options, { settings: one }));
    const { requests } = await played([statement], all, slow);
    expect(requests.map(({ timeNs }) => Math.round(timeNs / ms))).toEqual([
      500, 410, 320, 230, 140, 50, 10, 10, 10, 10,
    ]);
  });

  test('with service time in a closed model', async () => {
    const { requests } = await played([insert({ items: 40 })], all);
    expect(requests).toHaveLength(40);
    expect(new Set(requests.map(({ timeNs }) => timeNs))).toEqual(new Set([10 * ms]));
  });

  test('that end in the same nanosecond have times of their own', async () => {
    const { requests } = await played([insert({ items: 40 })], all);
    const times = requests.map(({ doneNs }) => doneNs);
    expect(times).toEqual([...new Set(times)].toSorted((left, right) => left - right));
    expect(times[1]! - times[0]!).toBe(1);
  });

  test('says what became of it, and what an unknown one’s time is at least', async () => {
    const errors: Readonly<Record<number, Behaviour>> = {
      1: { afterNs: ms, error: 'rejected' },
      2: { afterNs: ms, error: 'connection-lost' },
    };
    const behave = ({ operation }: Slot): Behaviour => errors[operation] ?? { afterNs: 10 * ms };
    const { requests } = await played([rateFor(3, seconds)], all, behave);
    expect(requests.map(({ outcome, timeNs }) => [outcome, timeNs])).toEqual([
      ['acknowledged', 10 * ms],
      ['failed', ms],
      ['unknown', seconds],
    ]);
  });

  test('of a warm-up there is none', async () => {
    const { requests } = await played([insert({ items: 40, warmup: { items: 15 } })], all);
    expect(requests).toHaveLength(25);
  });

  test('of writes has what was sent, of queries what came back', async () => {
    const query = new QueryStatement(parts('q', queryPlan(), { items: 2 }));
    const { requests } = await played([insert({ items: 2 }), query], all, (slot) => {
      slot.responseBytes = 77;
      return { afterNs: ms };
    });
    const bytes = (id: string) =>
      requests.filter((each) => each.statementId === id).map((each) => each.bytes);
    expect(bytes(idOf(0))).toEqual(['op 0'.length, 'op 1'.length]);
    expect(new Set(bytes(idOf(1))).has('op 0'.length)).toBe(false);
  });
});

describe('how many there are', () => {
  test('none where nobody wants them', async () => {
    const { requests, intervals } = await played([rateFor(100, seconds)], undefined);
    expect(requests).toEqual([]);
    expect(intervals.some(({ statements }) => statements.some((each) => 'requests' in each))).toBe(false);
  });

  test.each([
    ['at the limit all', 100, 100, 300, 0],
    ['above it none', 110, 100, 0, 1],
  ])('%s', async (_, rate, perSecondAtMost, kept, told) => {
    let tooMany = 0;
    const { requests } = await played([rateFor(rate, 3 * seconds)], {
      perSecondAtMost,
      onTooMany: () => tooMany++,
    });
    expect([requests.length, tooMany]).toEqual([kept, told]);
  });

  test('of all statements together, and once there were too many, none for good', async () => {
    let tooMany = 0;
    const burst = new InsertStatement(
      parts('b', writePlan(), { stages: [stage(60)], durationNs: seconds }, { background: true }),
    );
    const { requests, intervals } = await played(
      [rateFor(60, 2 * seconds), new GoStatement(burst), rateFor(60, 3 * seconds)],
      { perSecondAtMost: 100, onTooMany: () => tooMany++ },
    );
    expect(tooMany).toBe(1);
    expect(new Set(requests.map(({ interval }) => interval))).toEqual(new Set([0, 1]));
    expect(intervals.length).toBeGreaterThan(4);
  });
});

describe('the log', () => {
  test('grows to what it may hold, and counts the rest', () => {
    const log = new RequestLog({ index: 0, of: 1 });
    for (let row = 0; row < 262_144 + 5; row++) log.add(row, 2 * row, 3 * row, row % 600, 'acknowledged');
    const { doneNs, timeNs, bytes, status, dropped } = log.take()!;
    expect([doneNs.length, dropped]).toEqual([262_144, 5]);
    for (const row of [0, 1023, 1024, 262_143]) {
      expect([doneNs[row], timeNs[row], bytes[row], status[row]]).toEqual([row, 2 * row, 3 * row, row % 600]);
    }
  });

  test('hands out a row once', () => {
    const log = new RequestLog({ index: 0, of: 1 });
    log.add(5, 1, 1, 204, 'failed');
    const first = log.take()!;
    expect(log.take()).toBeUndefined();
    log.add(5, 1, 1, 0, 'unknown');
    expect([...first.doneNs, ...log.take()!.doneNs]).toEqual([5, 6]);
  });
});
