import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GoStatement } from '../../src/statement/go.ts';
import { InsertStatement } from '../../src/statement/insert.ts';
import { QueryStatement } from '../../src/statement/query.ts';
import { SetStatement } from '../../src/statement/set.ts';
import { WaitStatement } from '../../src/statement/wait.ts';
import type { StatementResult, TimeName } from '../../src/stress-client/results.ts';
import type { ErrorClass } from '../../src/stress-client/target/target.ts';
import { parts, queryPlan, stage, writePlan } from '../support/loads.ts';
import { idOf, ms, Play, seconds } from '../support/play.ts';
import type { Behaviour } from '../support/simulated-target.ts';

/** A small deterministic source of faults. */
function faultsOf(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
  };
}

const errors: ErrorClass[] = [
  'connection-lost',
  'connection-refused',
  'overload',
  'rejected',
  'server-error',
  'partial-write',
];

function randomBehaviour(seed: number, share: number): () => Behaviour {
  const random = faultsOf(seed);
  return () => {
    const draw = random();
    const afterNs = Math.round(random() * 20 * ms);
    if (draw >= share) return { afterNs, rows: 2 };
    if (draw < share / 8) return { afterNs: Infinity };
    if (draw < share / 4) return { afterNs: 250 * ms };
    return { afterNs: random() < 0.3 ? 0 : afterNs, error: errors[Math.floor(random() * errors.length)]! };
  };
}

/** The laws of counts, for a statement that has ended. */
function expectLaws(play: Play, index: number): void {
  const { total, warmup, model, state } = play.result(index);
  expect(state).not.toBe('running');
  for (const counts of [total.operations, total.items, warmup.operations, warmup.items]) {
    expect(counts.asked).toBe(counts.sent + counts.unsent);
    expect(counts.sent).toBe(counts.acknowledged + counts.failed + counts.unknown);
  }
  const seen = play.seen.filter(({ statementId }) => statementId === idOf(index));
  const firsts = seen.filter(({ attempt }) => attempt === 1);
  expect(firsts.map(({ operation }) => operation)).toEqual([
    ...new Set(firsts.map(({ operation }) => operation)),
  ]);
  expect(firsts).toHaveLength(total.operations.sent + warmup.operations.sent);
  if (warmup.operations.asked === 0) expect(seen).toHaveLength(total.operations.sent + total.retries);
  const count = (time: TimeName): number => total.times[time]?.count ?? 0;
  const { acknowledged, failed, unknown, sent, unsent } = total.operations;
  expect(count('service')).toBe(acknowledged + unknown);
  expect(count('failed')).toBe(failed);
  expect(total.censored.service).toBe(unknown);
  expect(total.errors.reduce((sum, error) => sum + error.count, 0)).toBe(failed + unknown);
  if (model === 'open') {
    expect(count('response')).toBe(acknowledged + unknown + unsent);
    expect(total.censored.response).toBe(unknown + unsent);
    expect(count('lateness')).toBe(sent);
    expect(count('slotWait')).toBe(sent);
  }
  expectSum(play.sink.sums.get(idOf(index)), total);
}

/** Intervals add up to the totals, exactly. */
function expectSum(sum: StatementResult['total'] | undefined, total: StatementResult['total']): void {
  if (sum === undefined) throw new Error('no interval had the statement');
  const { times: sumTimes } = sum;
  const { times } = total;
  const { errors: sumErrors, ...sumCounts } = { ...sum };
  const { errors: totalErrors, ...counts } = { ...total };
  expect(sumCounts).toEqual(counts);
  expect(sumErrors.toSorted(byClass)).toEqual(totalErrors.toSorted(byClass));
  expect(sumTimes).toEqual(times);
}
const byClass = (one: { errorClass: string }, other: { errorClass: string }): number =>
  one.errorClass < other.errorClass ? -1 : 1;

const origin = { position: 1, text: '', place: '' };
const statements = ({
  resizedTo,
  batch,
  idempotent,
  warmup,
}: {
  resizedTo: number;
  batch: number;
  idempotent: boolean;
  warmup: { items: number } | { durationNs: number } | undefined;
}) => [
  new GoStatement(
    new InsertStatement(
      parts('closed', writePlan(batch, idempotent), { items: 333, warmup }, { background: true }),
    ),
  ),
  new GoStatement(
    new InsertStatement(
      parts('timed', writePlan(batch, idempotent), { durationNs: seconds, warmup }, { background: true }),
    ),
  ),
  new GoStatement(
    new InsertStatement(
      parts(
        'open',
        writePlan(batch, idempotent),
        {
          stages: [stage(100, seconds), stage(0, 200 * ms), stage(50, seconds, 900)],
          durationNs: 2200 * ms,
          warmup,
        },
        { background: true },
      ),
    ),
  ),
  new WaitStatement({ ...origin, until: { durationNs: 400 * ms } }),
  new SetStatement({ ...origin, name: 'WriteConcurrency', value: resizedTo }),
  new QueryStatement(parts('queries', queryPlan(), { items: 150, stages: [stage(200)], warmup })),
];

describe('the laws of counts hold', () => {
  const script = fc.record({
    seed: fc.integer(),
    share: fc.constantFrom(0, 0.05, 0.5, 1),
    retries: fc.integer({ min: 0, max: 3 }),
    idempotent: fc.boolean(),
    batch: fc.integer({ min: 1, max: 7 }),
    warmup: fc.constantFrom(undefined, { items: 25 }, { durationNs: 300 * ms }),
    clients: fc.integer({ min: 1, max: 3 }),
    slots: fc.integer({ min: 3, max: 6 }),
    resizedTo: fc.integer({ min: 3, max: 9 }),
  });
  test('under random faults, in intervals and totals', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (each) => {
        const play = new Play(
          randomBehaviour(each.seed, each.share),
          {
            Timeout: 100 * ms,
            Retries: each.retries,
            RetryBackoff: 3 * ms,
            ReportInterval: 170 * ms,
            WriteConcurrency: each.slots,
            QueryConcurrency: each.slots,
          },
          each.clients,
        );
        await play.run(statements(each));
        for (const index of [0, 1, 2, 5]) expectLaws(play, index);
        expect(play.result(5).total.operations.asked + play.result(5).warmup.operations.asked).toBe(150);
      }),
      { seed: 42, numRuns: 40 },
    );
  });

  test('interrupted at any moment, once or twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        script,
        fc.integer({ min: 0, max: 2500 }),
        fc.integer({ min: 0, max: 200 }),
        async (each, at, again) => {
          const play = new Play(
            randomBehaviour(each.seed, each.share),
            {
              Timeout: 100 * ms,
              Retries: each.retries,
              RetryBackoff: 3 * ms,
              ReportInterval: 170 * ms,
              WriteConcurrency: each.slots,
              QueryConcurrency: each.slots,
            },
            each.clients,
          );
          play.start(statements(each));
          await play.clock.pass(at * ms);
          play.test.interrupt('Ctrl-C');
          await play.clock.pass(again * ms);
          play.test.interrupt('Ctrl-C');
          const secondNs = play.nowNs;
          await play.finish();
          expect(play.nowNs).toBe(secondNs);
          for (const index of [0, 1, 2, 5]) {
            if (play.test.resultOf(idOf(index)) !== undefined) expectLaws(play, index);
          }
        },
      ),
      { seed: 42, numRuns: 60 },
    );
  });
});
