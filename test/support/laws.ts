import { expect } from 'vitest';
import type { StatementResult, TimeName } from '../../src/stress-client/results.ts';
import type { Play } from './play.ts';

/** The laws of counts, for a statement that has ended. */
export function expectLaws(play: Play, statementId: string): void {
  const { total, warmup, model, state } = play.test.resultOf(statementId)!;
  expect(state).not.toBe('running');
  for (const counts of [total.operations, total.items, warmup.operations, warmup.items]) {
    expect(counts.asked).toBe(counts.sent + counts.unsent);
    expect(counts.sent).toBe(counts.acknowledged + counts.failed + counts.unknown);
  }
  const seen = play.seen.filter((attempt) => attempt.statementId === statementId);
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
  expectSum(play.sink.sums.get(statementId), total);
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
