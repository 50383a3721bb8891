import { readRunDetail } from '../reporting/influx/read-run.ts';
import { readReportLogin } from '../reporting/influx/report-login.ts';
import { ReportingDatabase, ReportingError } from '../reporting/influx/reporting-database.ts';
import type { RunDetail } from '../reporting/run-detail.ts';
import { defaultSettings } from '../stress-client/settings.ts';
import { UsageError } from './usage-error.ts';

const deadlineMs = 60_000;

/**
 * Reads runs of the reporting InfluxDB that `report` or the environment names, and answers with the exit code that `use`
 * makes of them, which may read further. 3 where the database can't be read; throws a UsageError where it lacks a run.
 */
export async function withRunsInDatabase(
  testIds: readonly string[],
  report: string | undefined,
  use: (runs: readonly RunDetail[]) => Promise<number>,
): Promise<number> {
  const login = readReportLogin(defaultSettings(), report, process.env);
  if ('problem' in login) throw new UsageError(login.problem);
  const database = new ReportingDatabase(login, { deadlineMs });
  const place = `the reporting InfluxDB at ${login.address.name}`;
  try {
    const runs: RunDetail[] = [];
    for (const testId of testIds) {
      const run = await readRunDetail(database, testId);
      if (run === undefined) throw new UsageError(`${place} has no run ${testId}`);
      runs.push(run);
    }
    return await use(runs);
  } catch (error) {
    if (!(error instanceof ReportingError)) throw error;
    process.stderr.write(`stressql: ${place} can’t be read: ${error.message}\n`);
    return 3;
  } finally {
    await database.close();
  }
}
