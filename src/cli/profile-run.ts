import { redactScript } from '../parser/redact.ts';
import { exitCodesOf } from '../reporting/exit-codes.ts';
import { RunFolder } from '../reporting/run-folder.ts';
import { runStatesOf } from '../reporting/run-states.ts';
import { summarise } from '../reporting/summary.ts';
import type { Summary } from '../reporting/summary.ts';
import { compile } from '../statement/compile.ts';
import type { RunReport } from '../statement/report.ts';
import { runScript, type Gate } from '../statement/run-script.ts';
import type { Statement } from '../statement/statement.ts';
import { systemClock } from '../stress-client/clock.ts';
import type { ResultSink } from '../stress-client/results.ts';
import { redacted } from '../stress-client/settings.ts';
import type { Settings } from '../stress-client/settings.ts';
import { StressTest } from '../stress-client/stress-test.ts';
import type { ServerInfo } from '../stress-client/target/target.ts';
import { rateWarnings } from './calibration/rate-warnings.ts';
import { newTestId, statementId } from './identity.ts';
import type { Interruption } from './interruption.ts';
import type { LoadThreads } from './load-threads.ts';
import type { Profile, ProfileOptions } from './load-profile.ts';
import { rehearsing } from './rehearsing.ts';
import { reportLoginOf, startReporter } from './start-reporter.ts';
import type { ReportFlags } from './start-reporter.ts';
import { secretParameters } from './secret-parameters.ts';
import { UsageError } from './usage-error.ts';
import { version } from './version.ts';
import { workerCount } from './worker-count.ts';

/** The flags that decide how a profile is run. */
export interface ProfileRunFlags extends ReportFlags {
  /** The folder of run folders. */
  readonly out: string;
  readonly testId?: string;
  readonly allowExec: boolean;
}

/** Shows a run while it lasts. */
export interface RunDisplay extends ResultSink {
  /** Shows a sentence that is for the user. */
  print(text: string): void;
  /** Told once, when the hub is there. */
  testStarted?(test: StressTest): void;
  /** Told once, before the first operation. */
  serversFound?(servers: readonly ServerInfo[]): void;
}

export interface ProfileRunParts {
  readonly profile: Profile;
  readonly fromFlags: ProfileOptions;
  readonly flags: ProfileRunFlags;
  /** Of the target before the first statement: in a rehearsal that of the practice server. */
  readonly targetSettings: Settings;
  readonly interruption: Interruption;
  readonly threads: LoadThreads;
  readonly display: RunDisplay;
  /** The command line as the run folder keeps it, secrets cut out. */
  readonly words: readonly string[];
  readonly gate?: Gate;
}

/**
 * One run of a profile: results go to a run folder, to the reporting database where one is told, and to a display.
 * The load threads are `threads`, which have the profile, and which whoever made them ends.
 */
export class ProfileRun {
  readonly testId: string;
  /** Of the profile, in order. */
  readonly statements: readonly Statement[];
  readonly #parts: ProfileRunParts;
  readonly #rateWarnings: readonly string[];
  #test: StressTest | undefined;
  #deliver: (() => Promise<string | undefined>) | undefined;

  constructor(parts: ProfileRunParts) {
    this.#parts = parts;
    const { profile, flags } = parts;
    this.testId = flags.testId ?? newTestId();
    this.#rateWarnings = rateWarnings(profile);
    this.statements = compile(profile.analysis.steps);
    this.statements.forEach((statement, index) => {
      const step = profile.analysis.steps[index]!;
      const members = step.kind === 'mix' ? step.members : [];
      const idOf = ({ position }: { readonly position: number }): string =>
        statementId(this.testId, position);
      statement.setId(idOf(step), members.map(idOf));
    });
  }

  /** The hub, once it runs. */
  get test(): StressTest | undefined {
    return this.#test;
  }

  /** Runs the profile, and answers with what came of it when the run folder has it. */
  async run(): Promise<{ readonly summary: Summary; readonly folder: string }> {
    const { profile, flags, targetSettings, interruption, threads, display, gate } = this.#parts;
    const { workers, fewer } = workerCount(profile.analysis);
    threads.prepare({ testId: this.testId, dataFiles: profile.files.records }, workers);
    const { runSettings } = profile.analysis;
    const { report } = flags;
    // What the run folder keeps is where a push goes.
    const settings = typeof report === 'string' ? { ...runSettings, ReportAddress: report } : runSettings;
    const login = reportLoginOf(flags, settings);
    const started = { ns: systemClock.nowNs(), ms: systemClock.wallMs() };
    const tell = (sentence: string): void => display.print(`${sentence}\n`);
    if (fewer !== undefined) tell(fewer);
    for (const warning of this.#rateWarnings) tell(`warning: ${warning}`);
    const folder = await this.#folder(settings, started.ms, tell);
    const reporting = login && (await startReporter(login, flags, settings, folder, tell));
    let recorded: Promise<void> | undefined;
    let cpuBefore: NodeJS.CpuUsage | undefined;
    const test: StressTest = new StressTest({
      testId: this.testId,
      clock: systemClock,
      started,
      settings: targetSettings,
      clients: workers,
      makeClient: ({ index }, given, listener) => {
        // The script's own SETs have named its servers again.
        const settings = flags.rehearse ? rehearsing(given, targetSettings.Addresses[0]!) : given;
        return threads.client(index, { originNs: test.clock.originNs, settings }, listener);
      },
      sinks: reporting === undefined ? [folder, display] : [folder, display, reporting.reporter],
      ...(reporting?.requests && { requests: reporting.requests }),
      exec: this.#exec(),
      runDirectory: folder.path,
      onServers: (servers) => {
        threads.sending();
        cpuBefore = process.cpuUsage();
        display.serversFound?.(servers);
        recorded = folder.serversFound(servers);
        reporting?.reporter.recordChanged(folder.record);
      },
    });
    this.#test = test;
    display.testStarted?.(test);
    interruption.onSignal((signal) => test.interrupt(signal === 'SIGINT' ? 'Ctrl-C' : 'SIGTERM'));
    await runScript(test, this.statements, gate);
    const durationNs = test.clock.nowNs();
    const clientCpuNs = cpuBefore === undefined ? 0 : cpuSinceNs(cpuBefore);
    const lost = await test.close();
    await recorded;
    const times = { startedMs: started.ms, durationNs, clientCpuNs };
    let summary = this.#summary(test, times, lost);
    const unwritten = await folder.finish(summary);
    if (unwritten !== undefined) summary = this.#summary(test, times, [...lost, unwritten]);
    this.#deliver = () => reporting?.reporter.finish(folder.record, summary) ?? Promise.resolve(undefined);
    return { summary, folder: folder.path };
  }

  /** Waits, after `run`, until the reporting database has everything; tells in a sentence what it did not get. */
  delivered(): Promise<string | undefined> {
    return this.#deliver!();
  }

  #exec(): StressTest['exec'] {
    const { rehearse, allowExec } = this.#parts.flags;
    if (rehearse) return { allowed: false, reason: 'a rehearsal starts no programs', skipped: true };
    if (!allowExec) return { allowed: false, reason: 'EXEC needs --allow-exec' };
    return { allowed: true };
  }

  async #folder(
    settings: Settings,
    startedMs: number,
    onProblem: (sentence: string) => void,
  ): Promise<RunFolder> {
    const { profile, fromFlags, flags, words } = this.#parts;
    const { files, secrets, environmentNames } = profile;
    const secret = secretParameters(secrets);
    const hidden = (name: string, value: string): string => (secret.has(name) ? redacted : value);
    try {
      return await RunFolder.create({
        directory: flags.out,
        script: files.sources.map((source, index) => redactScript(source, secrets, index)).join('\n'),
        settings,
        record: {
          testId: this.testId,
          testName: settings.TestName,
          version,
          startedMs,
          startAt: new Date(fromFlags.startMs).toISOString(),
          seed: settings.Seed,
          scriptFiles: files.sources.map(({ name }) => name),
          scriptSha256: files.scriptSha256,
          arguments: words.map((word) => hideValue(word, hidden)),
          parameters: Object.fromEntries(
            [...fromFlags.parameters].map(([name, value]) => [name, hidden(name, value)]),
          ),
          environment: environmentNames,
          dataFiles: Object.fromEntries(files.records.map(({ name, sha256 }) => [name, sha256])),
          target: settings.Target,
          rehearsal: flags.rehearse,
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
    const { profile, flags, interruption } = this.#parts;
    const { analysis, files, diagnostics } = profile;
    const rehearsal = flags.rehearse;
    const statements = this.statements.flatMap((statement) => statement.report(test));
    const [stop] = test.stops;
    const facts = { rehearsal, statements, lost };
    const run: RunReport = {
      testId: this.testId,
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
        interrupted: interruption.signal,
        ...(stop?.kind === 'unreachable' && { unreachable: stop.reason }),
        ...(stop !== undefined &&
          ['max-errors', 'expect', 'statement', 'broken'].includes(stop.kind) && { stopped: stop.reason }),
      }),
      warnings: [...diagnostics.map(({ code, message }) => `${code} ${message}`), ...this.#rateWarnings],
      events: test.events,
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
