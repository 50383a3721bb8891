import { describe, expect, test } from 'vitest';
import type {
  ComparedStatementFacts,
  ConditionResult,
  FigureComparison,
  RunComparison,
} from '../../src/comparison/comparison.ts';
import { judgeConditions, readFailureCondition } from '../../src/comparison/failure-condition.ts';
import type { FailureCondition, FailureRule, FailureRules } from '../../src/comparison/failure-condition.ts';

describe('a condition is read', () => {
  test.each([
    ['p99 > +10%', undefined, undefined, 'p99', '>', 0.1],
    ['p99>10%', undefined, undefined, 'p99', '>', 0.1],
    ['throughput < -5%', undefined, undefined, 'throughput', '<', -0.05],
    ['load:service.p99.9 > 2.5 %', 'load', 'service', 'p99.9', '>', 0.025],
    ['cpu load, all: response.mean > +1%', 'cpu load, all', 'response', 'mean', '>', 0.01],
    ['a:b:max > 0%', 'a:b', undefined, 'max', '>', 0],
    ['error_rate > +0.1%', undefined, undefined, 'error_rate', '>', 0.001],
  ])('%s', (text, statement, clock, metric, operator, limit) => {
    expect(readFailureCondition(text)).toEqual({
      text,
      statement,
      clock,
      metric,
      operator,
      limit: expect.closeTo(limit, 12) as number,
    });
  });

  test.each([
    ['p99', /a condition such as/],
    ['p99 > 10', /a condition such as/],
    ['p99 >= 10%', /a condition such as/],
    ['p98 > 10%', /one of p50, p75/],
    ['service.throughput < 5%', /throughput without a clock/],
    ['', /a condition such as/],
  ])('%j is none', (text, expected) => {
    expect(readFailureCondition(text)).toEqual({ expected: expect.stringMatching(expected) as string });
  });
});

function figure(of: Partial<FigureComparison>): FigureComparison {
  return { metric: 'p99', clock: 'service', unit: 'ns', change: 0.2, verdict: 'worse', ...of };
}

function comparisonOf(...figures: readonly FigureComparison[]): RunComparison {
  const facts = {
    statementId: 's1',
    position: 1,
    model: 'closed',
    itemName: 'point',
    durationNs: 1e9,
    intervals: 60,
    state: 'ended',
    marks: [],
  } as const;
  return {
    label: 'B',
    differences: { facts: [], settings: [], parameters: [] },
    unmatched: [],
    statements: [{ kind: 'insert', name: 'cpu', baseline: facts, candidate: facts, settings: [], figures }],
  };
}

function judged(text: string, comparison: RunComparison, rule: FailureRule): readonly boolean[] {
  return results(text, comparison, { rule, allowInvalid: false }).map(({ failed }) => failed);
}

function results(
  text: string,
  comparison: RunComparison,
  rules: FailureRules = { rule: 'estimate', allowInvalid: false },
): readonly ConditionResult[] {
  return judgeConditions(comparison, [readFailureCondition(text) as FailureCondition], rules, 'A');
}

describe('a condition is judged', () => {
  const between = (low: number | null, high: number | null): FigureComparison =>
    figure({ interval: { low, high } });

  test.each([
    ['beyond', between(0.12, 0.3), 'p99 > +10%', true, true],
    ['perhaps beyond', between(0.05, 0.3), 'p99 > +10%', false, true],
    ['within', between(0.15, 0.25), 'p99 > +30%', false, false],
    ['less, and more was feared', between(0.15, 0.25), 'p99 < -5%', false, false],
    ['beyond, without an end above', between(0.15, null), 'p99 > +10%', true, true],
    ['without an end below', between(null, 0.3), 'p99 > +10%', false, true],
    ['without an interval', figure({ reason: '3 intervals' }), 'p99 > +10%', true, true],
    ['without an interval, and within', figure({ reason: '3 intervals' }), 'p99 > +30%', true, false],
    ['of another clock', between(0.15, 0.25), 'response.p99 > +30%', true, true],
    ['of a figure that is not there', between(0.15, 0.25), 'p50 > +30%', true, true],
  ])('%s', (_, of, text, sure, estimate) => {
    expect(judged(text, comparisonOf(of), 'sure')).toEqual([sure]);
    expect(judged(text, comparisonOf(of), 'estimate')).toEqual([estimate]);
  });

  test('by the response time where there is one', () => {
    const comparison = comparisonOf(
      figure({ clock: 'response', change: 0.5 }),
      figure({ clock: 'service', change: 0 }),
    );
    expect(judged('p99 > +10%', comparison, 'estimate')).toEqual([true]);
    expect(judged('service.p99 > +10%', comparison, 'estimate')).toEqual([false]);
  });

  test('and fails where the run has the statement no more', () => {
    const gone = { kind: 'insert', name: 'gone', position: 2, label: 'A', reason: 'B has none' } as const;
    const more = { kind: 'insert', name: 'more', position: 2, label: 'B', reason: 'A has none' } as const;
    const comparison = { ...comparisonOf(figure({ change: 0 })), unmatched: [gone, more] };
    expect(results('p99 > +10%', comparison)).toEqual([
      expect.objectContaining({ statement: 'cpu', failed: false }),
      {
        text: 'p99 > +10%',
        label: 'B',
        statement: 'gone',
        failed: true,
        invalid: false,
        reason: 'B has none',
      },
    ]);
    expect(judged('cpu:p99 > +10%', comparison, 'estimate')).toEqual([false]);
  });

  describe.each(['baseline', 'candidate'] as const)('where the %s is invalid', (which) => {
    const all = comparisonOf(
      figure({ change: 0 }),
      figure({ metric: 'throughput', change: 0 }),
      figure({ metric: 'error_rate', change: 0 }),
    );
    const invalid = (facts: Partial<ComparedStatementFacts>): RunComparison => ({
      ...all,
      statements: all.statements.map((each) => ({ ...each, [which]: { ...each[which], ...facts } })),
    });
    const marked = (...states: readonly string[]): RunComparison =>
      invalid({ marks: states.map((state) => ({ state, reason: 'why' })) });
    const label = which === 'baseline' ? 'A' : 'B';

    test.each([
      ['p99 > +10%', marked('INVALID_CLIENT', 'INVALID_CLIENT'), 'INVALID_CLIENT'],
      ['throughput < -5%', marked('INVALID_CLIENT'), 'INVALID_CLIENT'],
      ['p99 > +10%', marked('INVALID_RATE'), 'INVALID_RATE'],
      ['error_rate > +1%', invalid({ state: 'aborted' }), 'aborted'],
      ['throughput < -5%', invalid({ state: 'interrupted' }), 'interrupted'],
    ])('%s is not judged, unless that is asked for', (text, comparison, state) => {
      expect(results(text, comparison)).toMatchObject([
        {
          failed: true,
          invalid: true,
          reason: `not judged: ${label} is ${state}; --allow-invalid judges it`,
        },
      ]);
      expect(results(text, comparison, { rule: 'estimate', allowInvalid: true })).toMatchObject([
        {
          failed: false,
          invalid: false,
          reason: expect.stringContaining(`; ${label} is ${state}`) as string,
        },
      ]);
    });

    test.each([
      ['error_rate > +1%', marked('INVALID_CLIENT')],
      ['error_rate > +1%', marked('INVALID_RATE')],
      ['throughput < -5%', marked('INVALID_RATE')],
      ['p99 > +10%', marked('INCOMPLETE')],
    ])('%s is judged where the state says nothing against it', (text, comparison) => {
      expect(results(text, comparison)).toMatchObject([{ failed: false, invalid: false }]);
    });
  });
});
