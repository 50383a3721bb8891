import { pushRun } from '../../reporting/influx/push-run.ts';
import type { Pushed } from '../../reporting/influx/push-run.ts';
import { readReportLogin } from '../../reporting/influx/report-login.ts';
import type { ReportSettings } from '../../reporting/influx/report-login.ts';
import { ReportingError } from '../../reporting/influx/reporting-database.ts';
import { readJson } from '../../reporting/read-run-folder.ts';
import { printSettings } from '../../reporting/run-folder.ts';
import { settingsShape } from '../../reporting/run-folder-shapes.ts';
import { defaultSettings } from '../../stress-client/settings.ts';
import { formatCount, formatItems } from '../../stress-client/units.ts';
import { orUsageError } from '../or-usage-error.ts';
import { UsageError } from '../usage-error.ts';

/** Nothing else waits here. */
const deadlineMs = 60_000;

export interface PushOptions {
  readonly report?: string;
}

/** Sends a run folder to the reporting InfluxDB that its settings name, or that --report does. */
export async function pushCommand(folder: string, options: PushOptions): Promise<number> {
  const stored = await orUsageError(readJson(folder, 'settings.json', settingsShape));
  if (stored === undefined) throw new UsageError(`${folder} is no run folder: it has no settings.json`);
  const settings = { ...printSettings(defaultSettings()), ...stored.settings } as ReportSettings;
  const login = readReportLogin(settings, options.report, process.env);
  if ('problem' in login) throw new UsageError(login.problem);
  const place = `the reporting InfluxDB at ${login.address.name}`;
  try {
    const pushed = await orUsageError(pushRun(folder, login, deadlineMs), folder);
    process.stdout.write(`${formatItems(total(pushed), 'row')} sent to ${place}: ${inWords(pushed)}\n`);
    if (pushed.homeless !== undefined) {
      process.stderr.write(
        `stressql: ${place} has no place for runs to be laid over each other: ${pushed.homeless}\n`,
      );
    }
    if (pushed.refused === 0) return 0;
    const refused = formatItems(pushed.refused, 'row');
    process.stderr.write(`stressql: ${refused} refused by ${place}: ${pushed.refusal}\n`);
    return 4;
  } catch (error) {
    if (!(error instanceof ReportingError)) throw error;
    process.stderr.write(`stressql: ${place} did not take the run: ${error.message}\n`);
    return 3;
  }
}

function total({ rows }: Pushed): number {
  return Object.values(rows).reduce((sum, count) => sum + count, 0);
}

function inWords({ rows }: Pushed): string {
  return Object.entries(rows)
    .filter(([, count]) => count > 0)
    .map(([measurement, count]) => `${formatCount(count)} ${measurement}`)
    .join(', ');
}
