import type { InfluxReporter } from '../reporting/influx/influx-reporter.ts';
import { isAmongTargets, readReportLogin } from '../reporting/influx/report-login.ts';
import type { ReportLogin } from '../reporting/influx/report-login.ts';
import { printSettings } from '../reporting/run-folder.ts';
import type { RunFolder } from '../reporting/run-folder.ts';
import { settingDefinitions } from '../stress-client/settings.ts';
import type { Settings } from '../stress-client/settings.ts';
import type { RequestDetail } from '../stress-client/stress-test.ts';
import { UsageError } from './usage-error.ts';

/** Rows a second that `ReportDetail [auto]` writes at most. */
const autoRowsPerSecond = 2000;

/** The flags that decide whether and where a run reports. */
export interface ReportFlags {
  readonly rehearse: boolean;
  readonly quiet: boolean;
  /** Of --report; false with --no-report. */
  readonly report?: string | false;
}

/** Where a run reports to; undefined where it does not: a rehearsal does so only when it is told where to. */
export function reportLoginOf(flags: ReportFlags, settings: Settings): ReportLogin | undefined {
  const { report } = flags;
  if (report === false || (flags.rehearse && report === undefined)) return undefined;
  const login = readReportLogin(settings, report, process.env);
  if ('problem' in login) throw new UsageError(login.problem);
  return login;
}

/** Begins to report, in the background. `tell` hears sentences for the user. */
export async function startReporter(
  login: ReportLogin,
  flags: ReportFlags,
  settings: Settings,
  folder: RunFolder,
  tell: (sentence: string) => void,
): Promise<{ readonly reporter: InfluxReporter; readonly requests: RequestDetail | undefined }> {
  // A run that reports nowhere does not wait for what speaks to databases.
  const { InfluxReporter } = await import('../reporting/influx/influx-reporter.ts');
  const asked =
    flags.report !== undefined || settings.ReportAddress !== settingDefinitions.ReportAddress.default;
  const reporter = new InfluxReporter({
    login,
    record: folder.record,
    settings: printSettings(settings),
    folder: folder.path,
    asked,
    onProblem: (sentence) => {
      if (!(flags.quiet && reporter.idle)) tell(sentence);
    },
  });
  if (!flags.rehearse && settings.Target === 'influx' && isAmongTargets(login, settings)) {
    tell(
      `warning: the reporting InfluxDB at ${login.address.name} is the target itself, which gets the writes of ` +
        'the results too: SET ReportAddress, or give --report or --no-report',
    );
  }
  return { reporter, requests: requestDetailOf(settings, () => !flags.quiet && !reporter.idle, tell) };
}

function requestDetailOf(
  { ReportDetail }: Settings,
  tells: () => boolean,
  tell: (sentence: string) => void,
): RequestDetail | undefined {
  if (ReportDetail === 'interval') return undefined;
  return {
    perSecondAtMost: ReportDetail === 'request' ? Infinity : autoRowsPerSecond,
    onTooMany: () => {
      if (!tells()) return;
      tell(
        `more than ${autoRowsPerSecond} requests a second: from here on results have a row an interval, not one ` +
          'a request (SET ReportDetail [request] keeps both)',
      );
    },
  };
}
