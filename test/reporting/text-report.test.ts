import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { summarise, type Summary } from '../../src/reporting/summary.ts';
import { renderTextReport } from '../../src/reporting/text-report.ts';
import type { RunReport } from '../../src/statement/report.ts';
import { marksOf } from '../../src/stress-client/marks.ts';
import { runStatesOf } from '../../src/reporting/run-states.ts';
import { exitCodesOf } from '../../src/reporting/exit-codes.ts';
import {
  closedInsert,
  everyStatement,
  samplesOf,
  loadReport,
  machine,
  openInsert,
  run,
} from './sample-run.ts';

const folder = 'stressql-runs/2026-11-22T10-00-00Z-k3f9x2ab';
const plain = { color: false, width: 100, folder };

/** A run of these statements, with the states and exit codes that they come to. */
function runOf(statements: RunReport['statements'], of: Partial<RunReport> = {}): RunReport {
  const rehearsal = of.rehearsal ?? false;
  const lost: string[] = [];
  return run({
    statements,
    states: runStatesOf({ rehearsal, statements, lost }),
    exitCodes: exitCodesOf({ interrupted: undefined, rehearsal, statements, lost }),
    ...of,
  });
}

const lateInsert = {
  ...openInsert,
  total: {
    ...openInsert.total,
    times: { ...openInsert.total.times, lateness: samplesOf([0, 900], [34e6, 100]) },
  },
};
const invalid = { ...lateInsert, marks: marksOf(lateInsert, { intervals: 60, longerThan: () => 0 }) };
const missed = {
  ...openInsert,
  total: { ...openInsert.total, times: { ...openInsert.total.times, slotWait: samplesOf([40e6, 1000]) } },
};
const aborted = {
  ...closedInsert,
  state: 'aborted' as const,
  reason: 'more than 10 operations failed or stayed unknown (MaxErrors)',
};

const reports: Record<string, RunReport> = {
  events: runOf([], {
    events: [
      { kind: 'run', startNs: 0, endNs: undefined, text: 'run k3f9x2ab' },
      { kind: 'pause', startNs: 12.3e9, endNs: undefined, text: 'all load held' },
      { kind: 'node-lost', startNs: 13e9, endNs: 13e9, text: '10.0.0.2 lost' },
      { kind: 'pause', startNs: 12.3e9, endNs: 14e9, text: 'all load held' },
      { kind: 'rate', statementId: 'a', name: 'cpu', startNs: 20e9, endNs: 20e9, text: '5000/s to 10000/s' },
      { kind: 'run', startNs: 0, endNs: 72.4e9, text: 'run k3f9x2ab' },
    ],
  }),
  'every-statement': runOf(everyStatement, {
    warnings: ['the steps of 1s make points of 2 series overwrite each other (profile.sql:12)'],
  }),
  rehearsal: runOf([loadReport(closedInsert), loadReport(invalid)], {
    rehearsal: true,
    testName: '',
    servers: [],
  }),
  'late-client': runOf([loadReport(invalid)]),
  aborted: runOf([
    loadReport(aborted),
    loadReport({ ...closedInsert, total: { ...closedInsert.total, times: {} } }),
  ]),
  'missed-rate': runOf([
    loadReport({ ...missed, marks: marksOf(missed, { intervals: 60, longerThan: () => 0 }) }),
  ]),
  'no-statements': run({ statements: [] }),
};

describe('the report says what the file says', () => {
  test.each(Object.entries(reports))('%s', async (name, report) => {
    const text = renderTextReport(summarise(report, machine), plain);
    await expect(text).toMatchFileSnapshot(`expected/${name}.txt`);
  });
});

test('a summary read back from its JSON prints the same', () => {
  for (const report of Object.values(reports)) {
    const summary = summarise(report, machine);
    const read = JSON.parse(JSON.stringify(summary)) as Summary;
    expect(read).toEqual(summary);
    expect(renderTextReport(read, plain)).toBe(renderTextReport(summary, plain));
  }
});

test('colour changes nothing but colour', () => {
  for (const report of Object.values(reports)) {
    const summary = summarise(report, machine);
    const coloured = renderTextReport(summary, { ...plain, color: true });
    expect(coloured).toContain('\u001b[');
    expect(stripVTControlCharacters(coloured)).toBe(renderTextReport(summary, plain));
  }
});

test('sentences keep to the width, and blanks stand at no line’s end', () => {
  const summary = summarise(reports['late-client']!, machine);
  const lines = renderTextReport(summary, { ...plain, width: 72 }).split('\n');
  const sentences = lines.filter((line) => line.includes('INVALID_CLIENT') || line.includes('ask for less'));
  expect(sentences.length).toBeGreaterThan(1);
  for (const line of sentences) expect(line.length).toBeLessThanOrEqual(72);
  expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
});

test('what to do about an error stands whole, however narrow the report', () => {
  const example = 'connect ECONNREFUSED 127.0.0.1:8086 (is the server up, and the address right?)';
  const errors = [{ errorClass: 'connection-refused' as const, count: 3, status: 0, example }];
  const report = runOf([loadReport({ ...openInsert, total: { ...openInsert.total, errors } })]);
  const text = renderTextReport(summarise(report, machine), { ...plain, width: 60 });
  expect(text.replaceAll(/\s+/g, ' ')).toContain(`connection-refused 3 0.30 % ${example}`);
});

test('every time of an invalid statement carries its mark, and no other does', () => {
  const text = renderTextReport(summarise(reports['late-client']!, machine), plain);
  const rows = text
    .split('\n')
    .filter((line) => /^ {2}(Response|Service) time|^ {2}Lateness|Resp Time|95th/.test(line));
  expect(rows.length).toBeGreaterThan(4);
  for (const row of rows) expect(row.replace(/\d (ns|µs|ms|s)!/g, '')).not.toMatch(/\d (ns|µs|ms|s)/);
  const both = renderTextReport(
    summarise(runOf([loadReport(invalid), loadReport(closedInsert)]), machine),
    plain,
  );
  const [, valid] = both.split(/(?=Go Write Statement: +cpu)/);
  expect(valid).toContain('381 ms');
  expect(valid).not.toMatch(/s!/);
});

test('what servers say can’t steer the terminal', () => {
  const report = runOf([
    {
      kind: 'pass-through',
      position: 1,
      statementId: 'aaaaaaaa',
      text: 'SHOW \u001b[2JX',
      place: 'a\nb',
      ran: true,
      outcome: 'failed',
      durationNs: 1,
      error: { errorClass: 'rejected', message: 'bad\u001b]0;owned\u0007 \u202egnirts', status: 400 },
    },
  ]);
  const text = renderTextReport(summarise(report, machine), plain);
  // oxlint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
  expect(text).toContain('bad·]0;owned· ·gnirts');
});
