import { csvReport } from './csv-report.ts';
import { renderRunReport } from './html/run-report.ts';
import { markdownReport } from './markdown-report.ts';
import type { RunDetail } from './run-detail.ts';
import { renderTextReport, type TextReportOptions } from './text-report.ts';

export const reportFormats = ['text', 'json', 'csv', 'md', 'html'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export interface ReportOptions extends TextReportOptions {
  readonly format: ReportFormat;
  /** Of CSV: a row an interval in place of a row a statement. */
  readonly intervals: boolean;
}

/** Promises the report of a run in a format, piece by piece. All formats say the same figures. */
export async function* renderReport(run: RunDetail, options: ReportOptions): AsyncIterable<string> {
  const { summary } = run;
  switch (options.format) {
    case 'text':
      yield renderTextReport(summary, options);
      return;
    case 'json':
      yield `${JSON.stringify(summary, null, 2)}\n`;
      return;
    case 'csv':
      yield* csvReport(run, options.intervals);
      return;
    case 'md':
      yield markdownReport(summary);
      return;
    case 'html':
      yield await renderRunReport(run);
  }
}
