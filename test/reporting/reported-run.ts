import { InfluxReporter } from '../../src/reporting/influx/influx-reporter.ts';
import type { ReportLogin } from '../../src/reporting/influx/report-login.ts';
import { printSettings, RunFolder } from '../../src/reporting/run-folder.ts';
import { summarise, type Summary } from '../../src/reporting/summary.ts';
import { GoStatement } from '../../src/statement/go.ts';
import { InsertStatement } from '../../src/statement/insert.ts';
import { QueryStatement } from '../../src/statement/query.ts';
import { runScript } from '../../src/statement/run-script.ts';
import type { Statement } from '../../src/statement/statement.ts';
import { systemClock } from '../../src/stress-client/clock.ts';
import { readInfluxAddress } from '../../src/stress-client/target/influx/address.ts';
import type { ServerInfo } from '../../src/stress-client/target/target.ts';
import { parts, queryPlan, settingsWith, stage, stressTest, writePlan } from '../support/loads.ts';
import { SimulatedTarget } from '../support/simulated-target.ts';
import { run } from './sample-run.ts';

export interface ReportedRunOptions {
  /** Where the run folder is made. */
  readonly directory: string;
  readonly testId: string;
  readonly durationNs: number;
  readonly login?: ReportLogin;
  readonly asked?: boolean;
  /** Rows a request that are wanted a second. */
  readonly requestsPerSecond?: number;
  /** Where requests.ndjson ends. */
  readonly requestBytesAtMost?: number;
  readonly tags?: Readonly<Record<string, string>>;
  /** Sees the run go on. */
  readonly during?: () => Promise<void>;
}

export interface ReportedRun {
  readonly folder: string;
  readonly summary: Summary;
  /** What the user was told while it ran. */
  readonly told: readonly string[];
  /** What the end said is missing in the database. */
  readonly undelivered: string | undefined;
}

const settings = settingsWith({ ReportInterval: 100e6, TestName: 'reported run' });

/** An INSERT of 1,000 points a second, some of which fail, and a QUERY of 50 a second, on a simulated target. */
export async function reportedRun(options: ReportedRunOptions): Promise<ReportedRun> {
  const { testId, durationNs, login, requestsPerSecond, tags = {} } = options;
  const told: string[] = [];
  const folder = await RunFolder.create({
    directory: options.directory,
    script: '',
    settings,
    record: {
      ...run({ testId, testName: settings.TestName, startedMs: Date.now() }),
      servers: [],
      startAt: '2026-11-22T10:00:00.000Z',
      scriptFiles: ['profile.sql'],
      arguments: ['run', 'profile.sql'],
      parameters: {},
      environment: [],
      dataFiles: {},
    },
    onProblem: (sentence) => told.push(sentence),
    ...(options.requestBytesAtMost !== undefined && { requestBytesAtMost: options.requestBytesAtMost }),
  });
  const reporter =
    login &&
    new InfluxReporter({
      login,
      record: folder.record,
      settings: printSettings(settings),
      folder: folder.path,
      asked: options.asked ?? true,
      onProblem: (sentence) => told.push(sentence),
    });
  let servers: readonly ServerInfo[] = [];
  let recorded: Promise<void> | undefined;
  const target = new SimulatedTarget(({ operation }) => ({
    afterNs: 2e6,
    rows: 1,
    ...(operation % 20 === 7 && { error: 'rejected' as const }),
  }));
  const test = stressTest(systemClock, (clock) => target.on(clock), settings, {
    testId,
    sinks: reporter === undefined ? [folder] : [folder, reporter],
    ...(requestsPerSecond !== undefined && {
      requests: { perSecondAtMost: requestsPerSecond, onTooMany: () => told.push('too many requests') },
    }),
    onServers: (found) => {
      servers = found;
      recorded = folder.serversFound(found);
      reporter?.recordChanged(folder.record);
    },
  });
  const insert = parts(
    'cpu',
    writePlan(10),
    { stages: [stage(1000)], durationNs, tags },
    { background: true },
  );
  const query = parts('ask', queryPlan(), { stages: [stage(50)], durationNs });
  const statements: Statement[] = [
    new GoStatement(new InsertStatement({ ...insert, position: 1, settings })),
    new QueryStatement({ ...query, position: 2, settings }),
  ];
  statements.forEach((statement, index) => statement.setId(`${testId}${index}`));
  await Promise.all([runScript(test, statements), options.during?.()]);
  const durationOfRunNs = test.clock.nowNs();
  await test.close();
  await recorded;
  const summary = summarise({
    ...run({ testId, testName: settings.TestName, startedMs: folder.record.startedMs }),
    durationNs: durationOfRunNs,
    servers,
    statements: statements.flatMap((statement) => statement.report(test)),
  });
  await folder.finish(summary);
  const undelivered = await reporter?.finish(folder.record, summary);
  return { folder: folder.path, summary, told, undelivered };
}

export function loginAt(server: {
  readonly address: string;
  readonly username?: string;
  readonly password?: string;
  readonly database?: string;
}): ReportLogin {
  const address = readInfluxAddress(server.address, false);
  if ('expected' in address) throw new Error(`${server.address}: expected ${address.expected}`);
  return {
    address,
    database: server.database ?? '_stressTest',
    username: server.username ?? '',
    password: server.password ?? '',
    token: '',
    org: '',
    bucket: '',
  };
}
