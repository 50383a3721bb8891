import { expect, test } from 'vitest';
import { exitCodes, exitCodesOf, type RunFacts } from '../../src/reporting/exit-codes.ts';
import { runStatesOf } from '../../src/reporting/run-states.ts';
import { evaluateCheck } from '../../src/statement/expectations.ts';
import type { StatementReport } from '../../src/statement/report.ts';
import type { RunState, StatementResult } from '../../src/stress-client/results.ts';
import { boundCheck, closedInsert, counts, loadReport, openInsert, result, tally } from './sample-run.ts';

const ran: RunFacts = {
  interrupted: undefined,
  rehearsal: false,
  statements: [loadReport(closedInsert)],
  lost: [],
};

const noMarks = { ...openInsert, checks: [] };
const mark = (state: RunState, checks: StatementResult['checks'] = []): readonly StatementReport[] => [
  loadReport({ ...noMarks, checks, marks: [{ state, reason: 'because' }] }),
];
const passed = (metric: 'p99' | 'errors') =>
  evaluateCheck(boundCheck(metric, '>=', 0, '0'), openInsert.total, 60, 'point');
const failed = evaluateCheck(boundCheck('errors', '<', 1, '1'), openInsert.total, 60, 'point');
const failedTime = evaluateCheck(boundCheck('p99', '<', 1, '1ns'), openInsert.total, 60, 'point');
const nothingSucceeded = result({
  total: tally({ operations: counts({ asked: 9, sent: 9, failed: 4, unknown: 5 }) }),
});

const rows: readonly (readonly [title: string, facts: Partial<RunFacts>, codes: readonly number[]])[] = [
  ['all went well', {}, [0]],
  ['errors alone are no reason', { statements: [loadReport(noMarks)] }, [0]],
  ['nothing to do', { statements: [] }, [0]],
  ['Ctrl-C', { interrupted: 'SIGINT' }, [130]],
  ['SIGTERM', { interrupted: 'SIGTERM' }, [143]],
  ['usage', { usage: 'no such file', statements: [] }, [2]],
  ['unreachable', { unreachable: 'connection refused', statements: [] }, [3]],
  ['stopped', { stopped: 'CREATE DATABASE x failed' }, [1]],
  ['EXPECT', { statements: [loadReport({ ...noMarks, checks: [failed] })] }, [1]],
  [
    'EXPECT of a time in a rehearsal',
    { rehearsal: true, statements: [loadReport({ ...noMarks, checks: [failedTime] })] },
    [0],
  ],
  [
    'EXPECT of a count in a rehearsal',
    { rehearsal: true, statements: [loadReport({ ...noMarks, checks: [failed] })] },
    [1],
  ],
  ['aborted', { statements: [loadReport({ ...noMarks, state: 'aborted' })] }, [1]],
  ['a statement that could not run', { statements: [loadReport(noMarks, 'no companion')] }, [1]],
  ['no operation succeeded', { statements: [loadReport(nothingSucceeded)] }, [1]],
  [
    'one statement of two succeeded',
    { statements: [loadReport(nothingSucceeded), loadReport(noMarks)] },
    [0],
  ],
  ['a sink lost results', { lost: ['the run folder lost 3 kB'] }, [4]],
  ['INCOMPLETE', { statements: mark('INCOMPLETE') }, [4]],
  ['INVALID_CLIENT', { statements: mark('INVALID_CLIENT') }, [5]],
  ['INVALID_CLIENT in a rehearsal', { rehearsal: true, statements: mark('INVALID_CLIENT') }, [0]],
  ['INVALID_RATE without EXPECT', { statements: mark('INVALID_RATE') }, [0]],
  ['INVALID_RATE, EXPECT of a count', { statements: mark('INVALID_RATE', [passed('errors')]) }, [0]],
  ['INVALID_RATE, EXPECT of a percentile', { statements: mark('INVALID_RATE', [passed('p99')]) }, [5]],
  [
    'everything at once',
    {
      interrupted: 'SIGINT',
      usage: 'u',
      unreachable: 'u',
      stopped: 's',
      lost: ['l'],
      statements: [...mark('INVALID_CLIENT', [failed]), ...mark('INCOMPLETE')],
    },
    [130, 2, 3, 1, 5, 4],
  ],
];

test.each(rows)('%s', (_, facts, codes) => {
  expect(exitCodesOf({ ...ran, ...facts }).map(({ code }) => code)).toEqual(codes);
});

test('reasons of one code stand together, each with its statement', () => {
  const statements = [loadReport({ ...noMarks, checks: [failed, failed] })];
  expect(exitCodesOf({ ...ran, statements, stopped: 'stopped' })).toEqual([
    {
      code: 1,
      reason: 'stopped; GO INSERT disk: EXPECT errors < 1, got 15; GO INSERT disk: EXPECT errors < 1, got 15',
    },
  ]);
});

test('what stopped the script is told once, whatever it aborted', () => {
  const statements = [1, 2].map(() =>
    loadReport({ ...noMarks, state: 'aborted', reason: 'too many errors' }),
  );
  expect(exitCodesOf({ ...ran, statements, stopped: 'too many errors' })).toEqual([
    { code: 1, reason: 'too many errors' },
  ]);
});

test('every code is explained', () => {
  expect(Object.keys(exitCodes).map(Number)).toEqual([0, 1, 2, 3, 4, 5, 130, 143]);
});

test.each([
  ['a quiet run', { rehearsal: false, statements: [loadReport(closedInsert)], lost: [] }, ['VALID']],
  ['a rehearsal', { rehearsal: true, statements: [], lost: [] }, ['REHEARSAL']],
  [
    'a run that ended early',
    { rehearsal: false, statements: [], lost: [], endedEarly: 'connection refused' },
    ['INCOMPLETE'],
  ],
  [
    'most serious first, whatever the order of statements',
    {
      rehearsal: false,
      statements: [...mark('INCOMPLETE'), ...mark('INVALID_RATE'), ...mark('INVALID_CLIENT')],
      lost: ['lost'],
    },
    ['INVALID_CLIENT', 'INVALID_RATE', 'INCOMPLETE', 'INCOMPLETE'],
  ],
  [
    'a rehearsal is not invalid',
    { rehearsal: true, statements: [...mark('INVALID_CLIENT'), ...mark('INCOMPLETE')], lost: [] },
    ['REHEARSAL', 'INCOMPLETE'],
  ],
])('states: %s', (_, facts, states) => {
  expect(runStatesOf(facts).map(({ state }) => state)).toEqual(states);
});

test.each([
  [3, Array<string>(3).fill('GO INSERT disk: because')],
  [40, ['40 of 41 statements, such as GO INSERT disk: because']],
])('of %d statements with the same mark, reasons are %j', (count, reasons) => {
  const statements = Array.from({ length: count }, () => mark('INVALID_CLIENT')).flat();
  const states = runStatesOf({
    rehearsal: false,
    statements: [...statements, loadReport(noMarks)],
    lost: [],
  });
  expect(states.map(({ reason }) => reason)).toEqual(reasons);
});
