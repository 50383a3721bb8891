import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { HistogramLogReader, listTags, type Histogram } from 'hdr-histogram-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRunDetail as readFromDatabase } from '../../src/reporting/influx/read-run.ts';
import { ReportingDatabase } from '../../src/reporting/influx/reporting-database.ts';
import { bucketsOf, decodeBuckets } from '../../src/reporting/decode-histogram.ts';
import { histogramLogTag } from '../../src/reporting/histogram-log.ts';
import type { IntervalLine } from '../../src/reporting/interval-line.ts';
import { loadsOf } from '../../src/reporting/loads-of.ts';
import { measuredTimes, shownFigures } from '../../src/reporting/measured-times.ts';
import { readRunDetail } from '../../src/reporting/read-run-detail.ts';
import { renderReport, type ReportFormat } from '../../src/reporting/render-report.ts';
import type { RunDetail } from '../../src/reporting/run-detail.ts';
import type { Summary } from '../../src/reporting/summary.ts';
import { timeNames, type TimeName } from '../../src/stress-client/results.ts';
import { figureNs, timeFiguresOf } from '../../src/stress-client/time-figures.ts';
import { TimeTotals } from '../../src/stress-client/time-totals.ts';
import { formatCount, formatDuration } from '../../src/stress-client/units.ts';
import { describeWithInflux } from '../servers/influx.ts';
import { loginAt, reportedRun } from '../reporting/reported-run.ts';
import { histogramOf } from '../reporting/sample-run.ts';
import { describeInChromium } from './chromium.ts';
import { readCsv } from '../reporting/read-csv.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'stressql-test-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function reportOf(run: RunDetail, format: ReportFormat, intervals = false): Promise<string> {
  let text = '';
  for await (const piece of renderReport(run, { format, intervals, color: true, width: 100 })) text += piece;
  return text;
}

async function linesOf(run: RunDetail): Promise<readonly IntervalLine[]> {
  const lines: IntervalLine[] = [];
  for await (const line of run.intervals()) lines.push(line);
  return lines;
}

/** Every percentile of every time of every statement, in nanoseconds. */
function figuresOf(summary: Summary): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const { load } of loadsOf(summary)) {
    for (const { label, time } of measuredTimes(load)) {
      for (const figure of ['mean', ...shownFigures] as const) {
        figures[`${load.name}, ${label}, ${figure}`] = figureNs(time, figure);
      }
    }
  }
  return figures;
}

/** The rows of text tables whose first cell is the name of a time: `name, time` and what follows. */
function tableRows(text: string, statement: RegExp, row: RegExp): Record<string, readonly string[]> {
  const rows: Record<string, readonly string[]> = {};
  let name = '';
  for (const line of text.split('\n')) {
    name = statement.exec(line)?.[1] ?? name;
    const [, label, cells] = row.exec(line) ?? [];
    if (label !== undefined && cells !== undefined) {
      rows[`${name}, ${label}`] = cells.split(/\s*\|\s*|\s{2,}/).filter((cell) => cell !== '');
    }
  }
  return rows;
}

const timeLabels = 'Response time|Service time|Lateness|Slot wait|Failed requests';

describeInChromium('one source', (open) => {
  describeWithInflux('of every figure of a run', (influx) => {
    test('terminal, summary, CSV, Markdown, HTML, reporting database and histogram log say the same', async () => {
      const database = await influx.createDatabase();
      const login = loginAt({ ...influx.server, database });
      const { folder, summary } = await reportedRun({
        directory,
        testId: 'source01',
        durationNs: 0.8e9,
        login,
      });
      const run = await readRunDetail(folder);
      const figures = figuresOf(summary);
      expect(Object.keys(figures).length).toBeGreaterThan(50);
      expect(run.summary).toEqual(summary);
      expect(JSON.parse(await reportOf(run, 'json'))).toEqual(summary);

      // The reporting database, intervals included.
      const from = new ReportingDatabase(login, { deadlineMs: 10_000 });
      const stored = (await readFromDatabase(from, 'source01'))!;
      expect(stored.summary).toEqual(summary);
      const byStatement = (lines: readonly IntervalLine[]): readonly IntervalLine[] =>
        lines.toSorted((a, b) => a.position - b.position || a.interval - b.interval);
      const intervals = byStatement(await linesOf(run));
      expect(byStatement(await linesOf(stored))).toEqual(intervals);
      await from.close();

      // Intervals sum to the statement.
      const logged = mergedLog(readFileSync(join(folder, 'results.hlog'), 'utf8'));
      for (const { load, statementId, position, kind } of loadsOf(summary)) {
        const own = intervals.filter((line) => line.statementId === statementId);
        for (const what of ['operations', 'items'] as const) {
          for (const count of ['asked', 'sent', 'unsent', 'acknowledged', 'failed', 'unknown'] as const) {
            expect(sum(own.map((line) => line[what][count])), `${what} ${count}`).toBe(load[what][count]);
          }
        }
        for (const name of timeNames) {
          const whole = load.times[name];
          const parts = own.flatMap(({ times }) => times[name] ?? []);
          expect(parts.length > 0, name).toBe(whole !== undefined);
          if (whole === undefined) continue;
          const total = new TimeTotals();
          for (const part of parts) total.add(decodeBuckets(part.histogram)!);
          const { minimumNs: _, maximumNs: __, ...buckets } = total.buckets!;
          expect(buckets).toEqual({ ...decoded(whole.histogram) });
          const again = timeFiguresOf(total.buckets, whole.censored);
          expect({ ...again, histogram: whole.histogram }).toEqual(whole);
          if (name !== 'service' && name !== 'response') continue;
          const { name: called } = load;
          const log = logged.get(histogramLogTag({ position, kind, name: called }, name))!;
          expect(timeFiguresOf(bucketsOf(log), whole.censored)).toEqual(again);
        }
      }

      // CSV: a row a statement, and intervals that sum to it.
      const rows = readCsv(await reportOf(run, 'csv'));
      expect(rows.map((row) => row['statement'])).toEqual(loadsOf(summary).map(({ load }) => load.name));
      const intervalRows = readCsv(await reportOf(run, 'csv', true));
      for (const [at, { load, statementId }] of loadsOf(summary).entries()) {
        const row = rows[at]!;
        expect(Number(row['items_per_second'])).toBe(load.throughput.itemsPerSecond);
        const own = intervalRows.filter((each) => each['statement_id'] === statementId);
        expect(sum(own.map((each) => Number(each['items_acknowledged'])))).toBe(load.items.acknowledged);
        for (const [column, name] of Object.entries(csvTimes)) {
          const time = load.times[name];
          expect(row[`${column}_count`]).toBe(time === undefined ? '' : String(time.count));
          expect(row[`${column}_p99_9_ns`]).toBe(
            time === undefined ? '' : String(time.percentilesNs['p99.9']),
          );
          expect(row[`${column}_max_ns`]).toBe(time === undefined ? '' : String(time.maxNs));
          expect(sum(own.map((each) => Number(each[`${column}_count`])))).toBe(time?.count ?? 0);
        }
      }

      // What people read.
      const printed = stripVTControlCharacters(await reportOf(run, 'text'));
      expect(readFileSync(join(folder, 'report.txt'), 'utf8').replace(/^Run folder .*\n/m, '')).toBe(printed);
      const inText = tableRows(printed, /Statement: +(\S+)/, new RegExp(`^ {2}(${timeLabels}) {2,}(.*)$`));
      const markdown = await reportOf(run, 'md');
      const inMarkdown = tableRows(
        markdown,
        /^### .*(?:INSERT|QUERY) (\S+)/,
        new RegExp(`^\\| (${timeLabels}) \\| (.*) \\|$`),
      );
      const file = join(directory, 'one-source.html');
      writeFileSync(file, await reportOf(run, 'html'));
      const { page } = await open(file);
      const inPage = await page.$$eval('section.load', (sections) =>
        sections.flatMap((section) =>
          [...section.querySelectorAll('table[data-table=times] tbody tr')].map((row) => ({
            name: `${section.querySelector('h2')!.firstChild!.textContent!.trim()}, ${row.querySelector('th')!.textContent.trim()}`,
            values: [...row.querySelectorAll('data')].map((data) => Number(data.getAttribute('value'))),
            texts: [...row.querySelectorAll('data')].map((data) => data.textContent),
          })),
        ),
      );
      const valuesOf = (name: string): number[] =>
        Object.entries(figures).flatMap(([each, ns]) => (each.startsWith(`${name}, `) ? [ns] : []));
      expect(inPage.length).toBe(Object.keys(figures).length / 7);
      for (const { name, values, texts } of inPage) {
        expect(values, name).toEqual(valuesOf(name));
        // On a busy machine the client was late.
        expect(
          texts.map((text) => text.replace('!', '')),
          name,
        ).toEqual(values.map(formatDuration));
        expect(inMarkdown[name], name).toEqual(texts);
        // The terminal has the mean among the lines above.
        expect(inText[name], name).toEqual(texts.slice(1));
      }
      const total = formatCount(summary.totals.operations.acknowledged);
      for (const text of [printed, markdown, await page.evaluate(() => document.body.textContent)]) {
        expect(text).toContain(`${total} acknowledged`);
      }
    });
  });
});

const csvTimes: Readonly<Record<string, TimeName>> = {
  service: 'service',
  response: 'response',
  lateness: 'lateness',
  slot_wait: 'slotWait',
  failed: 'failed',
};

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function decoded(histogram: string): object {
  const { minimumNs: _, maximumNs: __, ...buckets } = decodeBuckets(histogram)!;
  return buckets;
}

/** The histograms of a log, added up by their tags. */
function mergedLog(content: string): ReadonlyMap<string, Histogram> {
  const reader = new HistogramLogReader(content);
  const merged = new Map<string, Histogram>(listTags(content).map((tag) => [tag, histogramOf()]));
  for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram()) {
    merged.get(next.tag)!.add(next);
  }
  return merged;
}
