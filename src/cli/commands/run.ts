import { redactScript } from '../../parser/redact.ts';
import { startPracticeServerThread } from '../../practice/start-practice-server-thread.ts';
import { exitCodesOf } from '../../reporting/exit-codes.ts';
import { TerminalProgress } from '../../reporting/progress.ts';
import { RunFolder } from '../../reporting/run-folder.ts';
import { runStatesOf } from '../../reporting/run-states.ts';
import { summarise } from '../../reporting/summary.ts';
import type { Summary } from '../../reporting/summary.ts';
import { renderTextReport } from '../../reporting/text-report.ts';
import { compile } from '../../statement/compile.ts';
import type { RunReport } from '../../statement/report.ts';
import { runScript } from '../../statement/run-script.ts';
import type { Statement } from '../../statement/statement.ts';
import { systemClock } from '../../stress-client/clock.ts';
import { redacted } from '../../stress-client/settings.ts';
import type { Settings } from '../../stress-client/settings.ts';
import { StressTest } from '../../stress-client/stress-test.ts';
import { rateWarnings } from '../calibration/rate-warnings.ts';
import { newTestId, statementId } from '../identity.ts';
import type { LoadThreadProfile } from '../load-thread.ts';
import type { LoadThreads } from '../load-threads.ts';
import { Interruption } from '../interruption.ts';
import { loadProfile } from '../load-profile.ts';
import type { ProfileOptions } from '../load-profile.ts';
import type { Profile } from '../load-profile.ts';
import { profileOptions } from '../profile-options.ts';
import type { ProfileFlags } from '../profile-options.ts';
import { rehearsing } from '../rehearsing.ts';
import { reportLoginOf, startReporter } from '../start-reporter.ts';
import type { ReportFlags } from '../start-reporter.ts';
import { secretParameters } from '../secret-parameters.ts';
import { printDiagnostics, wantsColor } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { version } from '../version.ts';
import { workerCount } from '../worker-count.ts';

export interface RunOptions extends ProfileFlags, ReportFlags {
  readonly out: string;
  readonly testId?: string;
  readonly allowExec: boolean;
}

/** Runs a profile and answers with the exit code; everything that it prints but the report goes to stderr. */
export async function runCommand(
  paths: readonly string[],
  options: RunOptions,
  threads: LoadThreads,
): Promise<number> {
  const fromFlags = profileOptions(options);
  const profile = loadProfile(paths, fromFlags);
  printDiagnostics(profile.diagnostics, profile.files.sources, options);
  if (profile.hasErrors) return 2;
  const { runSettings } = profile.analysis;
  const interruption = new Interruption();
  const practice = options.rehearse ? await startPractice(runSettings) : undefined;
  try {
    await until(fromFlags.startMs, interruption);
    const address = practice?.address;
    const settings = address === undefined ? runSettings : rehearsing(runSettings, address);
    return await new ProfileRun(paths, profile, options, fromFlags, settings, interruption, threads).run();
  } finally {
    await practice?.close();
    interruption.release();
  }
}

/** A practice server that speaks what the target speaks; one for a sink, too, which nobody asks. */
function startPractice({ Target }: Settings): Promise<{ readonly address: string; close(): Promise<void> }> {
  return Target === 'cql' ? startPracticeServerThread({ protocol: 'cql' }) : startPracticeServerThread();
}

/** Waits for the instant of --start-at where it is still to come, or for an interrupt. */
async function until(startMs: number, interruption: Interruption): Promise<void> {
  const leftMs = startMs - Date.now();
  if (leftMs <= 0) return;
  process.stderr.write(`starting at ${new Date(startMs).toISOString()}\n`);
  await new Promise<void>((resolve) => {
    const timer = systemClock.at(systemClock.nowNs() + leftMs * 1e6, resolve);
    interruption.onSignal(() => {
      timer.cancel();
      resolve();
    });
  });
}

class ProfileRun {
  readonly #paths: readonly string[];
  readonly #profile: Profile;
  readonly #fromFlags: ProfileOptions;
  readonly #options: RunOptions;
  readonly #targetSettings: Settings;
  readonly #interruption: Interruption;
  readonly #threads: LoadThreads;
  readonly #testId: string;
  readonly #statements: readonly Statement[];
  readonly #rateWarnings: readonly string[];

  constructor(
    paths: readonly string[],
    profile: Profile,
    options: RunOptions,
    fromFlags: ProfileOptions,
    targetSettings: Settings,
    interruption: Interruption,
    threads: LoadThreads,
  ) {
    this.#paths = paths;
    this.#profile = profile;
    this.#fromFlags = fromFlags;
    this.#options = options;
    this.#targetSettings = targetSettings;
    this.#interruption = interruption;
    this.#threads = threads;
    this.#testId = options.testId ?? newTestId();
    this.#rateWarnings = rateWarnings(profile);
    this.#statements = compile(profile.analysis.steps);
    this.#statements.forEach((statement, index) => {
      statement.setId(statementId(this.#testId, profile.analysis.steps[index]!.position));
    });
  }

  async run(): Promise<number> {
    const { workers, fewer } = workerCount(this.#profile.analysis);
    this.#compileInThreads(workers);
    const progress = new TerminalProgress({
      stream: process.stderr,
      quiet: this.#options.quiet,
      color: wantsColor(process.stderr, this.#options.color),
    });
    const { runSettings } = this.#profile.analysis;
    const { report } = this.#options;
    // What the run folder keeps is where a push goes.
    const settings = typeof report === 'string' ? { ...runSettings, ReportAddress: report } : runSettings;
    const login = reportLoginOf(this.#options, settings);
    const startedMs = Date.now();
    const tell = (sentence: string): void => progress.print(`${sentence}\n`);
    if (fewer !== undefined) tell(fewer);
    for (const warning of this.#rateWarnings) tell(`warning: ${warning}`);
    const folder = await this.#folder(settings, startedMs, tell);
    const reporting = login && (await startReporter(login, this.#options, settings, folder, tell));
    let recorded: Promise<void> | undefined;
    let cpuBefore: NodeJS.CpuUsage | undefined;
    const test: StressTest = new StressTest({
      testId: this.#testId,
      clock: systemClock,
      settings: this.#targetSettings,
      clients: workers,
      makeClient: ({ index }, given, listener) => {
        // The script's own SETs have named its servers again.
        const settings = this.#options.rehearse
          ? rehearsing(given, this.#targetSettings.Addresses[0]!)
          : given;
        return this.#threads.client(index, { originNs: test.clock.originNs, settings }, listener);
      },
      sinks: reporting === undefined ? [folder, progress] : [folder, progress, reporting.reporter],
      ...(reporting?.requests && { requests: reporting.requests }),
      exec: this.#exec(),
      runDirectory: folder.path,
      onServers: (servers) => {
        this.#threads.sending();
        cpuBefore = process.cpuUsage();
        recorded = folder.serversFound(servers);
        reporting?.reporter.recordChanged(folder.record);
      },
    });
    this.#interruption.onSignal((signal) => test.interrupt(signal === 'SIGINT' ? 'Ctrl-C' : 'SIGTERM'));
    await runScript(test, this.#statements);
    const durationNs = test.clock.nowNs();
    const clientCpuNs = cpuBefore === undefined ? 0 : cpuSinceNs(cpuBefore);
    const lost = await test.close();
    await recorded;
    let summary = this.#summary(test, { startedMs, durationNs, clientCpuNs }, lost);
    const unwritten = await folder.finish(summary);
    if (unwritten !== undefined)
      summary = this.#summary(test, { startedMs, durationNs, clientCpuNs }, [...lost, unwritten]);
    const color = wantsColor(process.stdout, this.#options.color);
    const width = process.stdout.columns ?? 100;
    process.stdout.write(renderTextReport(summary, { color, width, folder: folder.path }));
    const undelivered = await reporting?.reporter.finish(folder.record, summary);
    if (undelivered !== undefined) process.stderr.write(`${undelivered}\n`);
    return summary.exitCodes[0]!.code;
  }

  /** The threads that send load get ready while this one makes the run folder. */
  #compileInThreads(count: number): void {
    const { files } = this.#profile;
    const profile: LoadThreadProfile = {
      testId: this.#testId,
      paths: this.#paths,
      texts: files.sources.map(({ text }) => text),
      dataFiles: files.records,
      options: { ...this.#fromFlags, environment: { ...process.env } },
    };
    this.#threads.compile(profile, count);
  }

  #exec(): StressTest['exec'] {
    if (this.#options.rehearse)
      return { allowed: false, reason: 'a rehearsal starts no programs', skipped: true };
    if (!this.#options.allowExec) return { allowed: false, reason: 'EXEC needs --allow-exec' };
    return { allowed: true };
  }

  async #folder(
    settings: Settings,
    startedMs: number,
    onProblem: (sentence: string) => void,
  ): Promise<RunFolder> {
    const { files, secrets, environmentNames } = this.#profile;
    const secret = secretParameters(secrets);
    const given = [...(this.#options.parameter ?? new Map<string, string>())];
    const hidden = (name: string, value: string): string => (secret.has(name) ? redacted : value);
    try {
      return await RunFolder.create({
        directory: this.#options.out,
        script: files.sources.map((source, index) => redactScript(source, secrets, index)).join('\n'),
        settings,
        record: {
          testId: this.#testId,
          testName: settings.TestName,
          version,
          startedMs,
          startAt: new Date(this.#fromFlags.startMs).toISOString(),
          seed: settings.Seed,
          scriptFiles: files.sources.map(({ name }) => name),
          scriptSha256: files.scriptSha256,
          arguments: process.argv.slice(2).map((word) => hideValue(word, hidden)),
          parameters: Object.fromEntries(given.map(([name, value]) => [name, hidden(name, value)])),
          environment: environmentNames,
          dataFiles: Object.fromEntries(files.records.map(({ name, sha256 }) => [name, sha256])),
          target: settings.Target,
          rehearsal: this.#options.rehearse,
          servers: [],
        },
        onProblem,
      });
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
  }

  #summary(
    test: StressTest,
    times: Pick<RunReport, 'startedMs' | 'durationNs' | 'clientCpuNs'>,
    lost: readonly string[],
  ): Summary {
    const { analysis, files, diagnostics } = this.#profile;
    const rehearsal = this.#options.rehearse;
    const statements = this.#statements.map((statement) => statement.report(test));
    const [stop] = test.stops;
    const facts = { rehearsal, statements, lost };
    const run: RunReport = {
      testId: this.#testId,
      testName: analysis.runSettings.TestName,
      ...times,
      seed: analysis.runSettings.Seed,
      scriptSha256: files.scriptSha256,
      version,
      rehearsal,
      target: analysis.runSettings.Target,
      servers: test.servers,
      states: runStatesOf({ ...facts, endedEarly: stop?.reason }),
      exitCodes: exitCodesOf({
        ...facts,
        interrupted: this.#interruption.signal,
        ...(stop?.kind === 'unreachable' && { unreachable: stop.reason }),
        ...(stop !== undefined &&
          ['max-errors', 'expect', 'statement', 'broken'].includes(stop.kind) && { stopped: stop.reason }),
      }),
      warnings: [...diagnostics.map(({ code, message }) => `${code} ${message}`), ...this.#rateWarnings],
      statements,
    };
    return summarise(run);
  }
}

function cpuSinceNs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1000;
}

/** A word of the command line such as `PASSWORD=…` without its value where that is a secret. */
function hideValue(word: string, hidden: (name: string, value: string) => string): string {
  const [, dash = '', name, value] = /^(-p|--parameter=)?([^=\s]+)=([\s\S]*)$/.exec(word) ?? [];
  return name === undefined || value === undefined ? word : `${dash}${name}=${hidden(name, value)}`;
}
