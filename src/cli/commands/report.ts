import { readRun } from '../../reporting/influx/read-run.ts';
import { readReportLogin } from '../../reporting/influx/report-login.ts';
import { ReportingDatabase, ReportingError } from '../../reporting/influx/reporting-database.ts';
import { readRunFolder } from '../../reporting/read-run-folder.ts';
import type { Summary } from '../../reporting/summary.ts';
import { renderTextReport } from '../../reporting/text-report.ts';
import { defaultSettings } from '../../stress-client/settings.ts';
import { wantsColor } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

const deadlineMs = 60_000;

export interface ReportOptions {
  readonly format: 'text' | 'json';
  readonly color: boolean;
  readonly from?: 'influx';
  readonly testId?: string;
  readonly report?: string;
}

/**
 * Prints the report of a run as the run did, or its summary as JSON: from its folder, or from the reporting
 * InfluxDB alone.
 */
export async function reportCommand(path: string | undefined, options: ReportOptions): Promise<number> {
  const { from, testId, report } = options;
  if (from === undefined) {
    if (path === undefined)
      throw new UsageError('which run? Give its folder, or --from influx and --test-id');
    if (testId !== undefined || report !== undefined) {
      throw new UsageError('--test-id and --report name a run in the reporting InfluxDB: add --from influx');
    }
    const { summary, path: folder } = await orUsageError(readRunFolder(path));
    print(summary, options, folder);
    return 0;
  }
  if (path !== undefined || testId === undefined) {
    throw new UsageError('with --from influx a run is named by --test-id, without a folder');
  }
  const login = readReportLogin(defaultSettings(), report, process.env);
  if ('problem' in login) throw new UsageError(login.problem);
  const database = new ReportingDatabase(login, deadlineMs);
  const place = `the reporting InfluxDB at ${login.address.name}`;
  try {
    const summary = await readRun(database, testId);
    if (summary === undefined) throw new UsageError(`${place} has no run ${testId}`);
    print(summary, options);
    return 0;
  } catch (error) {
    if (!(error instanceof ReportingError)) throw error;
    process.stderr.write(`stressql: ${place} can’t be read: ${error.message}\n`);
    return 3;
  } finally {
    await database.close();
  }
}

function print(summary: Summary, { format, color }: ReportOptions, folder?: string): void {
  process.stdout.write(
    format === 'json'
      ? `${JSON.stringify(summary, null, 2)}\n`
      : renderTextReport(summary, {
          color: wantsColor(process.stdout, color),
          width: process.stdout.columns ?? 100,
          folder,
        }),
  );
}

async function orUsageError<Value>(reading: Promise<Value>): Promise<Value> {
  try {
    return await reading;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
