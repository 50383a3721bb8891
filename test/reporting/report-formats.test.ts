import { describe, expect, test } from 'vitest';
import { exitCodesOf } from '../../src/reporting/exit-codes.ts';
import { markdownReport } from '../../src/reporting/markdown-report.ts';
import { renderReport, type ReportFormat } from '../../src/reporting/render-report.ts';
import type { RunDetail } from '../../src/reporting/run-detail.ts';
import { runStatesOf } from '../../src/reporting/run-states.ts';
import { summarise, type Summary } from '../../src/reporting/summary.ts';
import type { RunReport } from '../../src/statement/report.ts';
import { readCsv } from './read-csv.ts';
import { closedInsert, everyStatement, loadReport, machine, openInsert, run } from './sample-run.ts';

function summaryOf(statements: RunReport['statements'], of: Partial<RunReport> = {}): Summary {
  const facts = { rehearsal: false, statements, lost: [] };
  return summarise(
    run({
      statements,
      states: runStatesOf(facts),
      exitCodes: exitCodesOf({ ...facts, interrupted: undefined }),
      ...of,
    }),
    machine,
  );
}

async function report(summary: Summary, format: ReportFormat): Promise<string> {
  // Of these formats only intervals ask for more than the summary.
  const detail = { summary } as RunDetail;
  let text = '';
  for await (const piece of renderReport(detail, { format, intervals: false, color: false, width: 100 })) {
    text += piece;
  }
  return text;
}

const marks = [{ state: 'INVALID_CLIENT' as const, reason: 'lateness p99 is 34.0 ms' }];

describe('Markdown', () => {
  test.each([
    ['every-statement', summaryOf(everyStatement, { warnings: ['W1 a *starred* | warning'] })],
    ['late-client', summaryOf([loadReport({ ...openInsert, marks }), loadReport(closedInsert)])],
    ['no-statements', summaryOf([])],
  ])('%s', async (name, summary) => {
    const text = await report(summary, 'md');
    await expect(text).toMatchFileSnapshot(`expected/${name}.md`);
  });

  test('no text of a script or server is markup', () => {
    const hostile = '<img src=x> | [link](http://x) `code` *bold* @name #1 \u202e';
    const named = { ...openInsert, identity: { ...openInsert.identity, name: hostile } };
    const text = markdownReport(summaryOf([loadReport(named)], { testName: hostile, warnings: [hostile] }));
    expect(text).toContain('\\<img src=x\\> \\| \\[link\\](http://x) \\`code\\` \\*bold\\* \\@name \\#1');
    expect(text).not.toMatch(/(?<!\\)[<`]|(?<!\\)\[link|\u202e/);
    const widths = text
      .split('\n')
      .filter((line) => line.startsWith('| ') && line.includes('img'))
      .map((line) => line.split(/(?<!\\)\|/).length);
    expect(new Set(widths)).toEqual(new Set([13]));
  });
});

describe('CSV', () => {
  test('a row a statement that has sent, with its marks, and what EXPECT asked and got', async () => {
    const rows = readCsv(
      await report(summaryOf([...everyStatement.slice(0, 3), loadReport({ ...openInsert, marks })]), 'csv'),
    );
    expect(rows).toMatchObject([
      {
        run_state: 'INVALID_CLIENT',
        statement: 'cpu',
        marks: '',
        items_acknowledged: '100000',
        items_per_second: '25000',
        service_count: '20',
        response_count: '',
        response_p99_ns: '',
        expect_asked: '',
        expect_failed: '0',
      },
      {
        run_state: 'INVALID_CLIENT',
        statement: 'disk',
        marks: 'INVALID_CLIENT',
        operations_failed: '10',
        errors: 'overload=10 timeout=5',
        response_p99_9_ns: String(openInsertFigures['p99.9']),
        response_at_least: 'p99.9 p99.99 mean max',
        expect_asked: 'p99 < 40ms; service.p99.9 < 20s; error_rate <= 0.1%; throughput > 1000/s',
        expect_got: '31.0 ms; >= 10.0 s; 1.50 %; 1,642 points/s',
        expect_failed: '2',
      },
    ]);
  });

  test('a name is one cell, and no formula', async () => {
    const name = '=1+1, "quoted"\nnext';
    const named = { ...closedInsert, identity: { ...closedInsert.identity, name } };
    const text = await report(summaryOf([loadReport(named)]), 'csv');
    expect(text).toContain(`"'=1+1, ""quoted""\nnext"`);
    expect(readCsv(text)[0]!['statement']).toBe(`'${name}`);
  });
});

const openInsertFigures = summaryOf([loadReport(openInsert)]).statements.flatMap((each) =>
  'load' in each && each.load !== undefined ? [each.load.times.response!.percentilesNs] : [],
)[0]!;
