import { readRunDetail } from '../../reporting/read-run-detail.ts';
import { renderReport, type ReportFormat } from '../../reporting/render-report.ts';
import type { RunDetail } from '../../reporting/run-detail.ts';
import { orUsageError } from '../or-usage-error.ts';
import { withRunsInDatabase } from '../runs-in-database.ts';
import { wantsColor } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { writeOutput, type OutputFlags } from '../write-output.ts';

export interface ReportOptions extends OutputFlags {
  readonly format: ReportFormat;
  readonly color: boolean;
  readonly intervals: boolean;
  readonly from?: 'influx';
  readonly testId?: string;
  readonly report?: string;
}

/** Prints the report of a run in a format, or writes it: from its folder, or from the reporting InfluxDB alone. */
export async function reportCommand(path: string | undefined, options: ReportOptions): Promise<number> {
  const { from, testId, report, intervals, format } = options;
  if (intervals && format !== 'csv') throw new UsageError('--intervals is a matter of --format csv');
  if (from === undefined) {
    if (path === undefined)
      throw new UsageError('which run? Give its folder, or --from influx and --test-id');
    if (testId !== undefined || report !== undefined) {
      throw new UsageError('--test-id and --report name a run in the reporting InfluxDB: add --from influx');
    }
    const run = await orUsageError(readRunDetail(path));
    await print(run, options, run.path);
    return 0;
  }
  if (path !== undefined || testId === undefined) {
    throw new UsageError('with --from influx a run is named by --test-id, without a folder');
  }
  return withRunsInDatabase([testId], report, async ([run]) => {
    await print(run!, options);
    return 0;
  });
}

async function print(run: RunDetail, options: ReportOptions, folder?: string): Promise<void> {
  const { format, intervals, color, output } = options;
  const pieces = renderReport(run, {
    format,
    intervals,
    color: output === undefined && wantsColor(process.stdout, color),
    width: (output === undefined ? process.stdout.columns : undefined) ?? 100,
    folder,
  });
  return orUsageError(writeOutput(pieces, options), folder);
}
