import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { maskedWords } from '../../cassandra-stress/masked-words.ts';
import { noticesOf } from '../../cassandra-stress/notices.ts';
import { readCommandLine } from '../../cassandra-stress/read-command-line.ts';
import { readWorkload } from '../../cassandra-stress/read-workload.ts';
import { Refusal } from '../../cassandra-stress/refusal.ts';
import { rehearsedSettings } from '../../cassandra-stress/rehearsed-settings.ts';
import { nothingElseLine } from '../../cassandra-stress/run-lines.ts';
import { operationNamed, stressScript, type StressScript } from '../../cassandra-stress/script.ts';
import { passwordVariable, settingStatements } from '../../cassandra-stress/setting-statements.ts';
import { settingsBlock } from '../../cassandra-stress/settings-block.ts';
import type { StressSettings } from '../../cassandra-stress/settings.ts';
import { storeProblem } from '../../cassandra-stress/store-problem.ts';
import { StressOutput } from '../../cassandra-stress/stress-output.ts';
import { isWorthMoreThreads } from '../../cassandra-stress/thread-steps.ts';
import type { Workload } from '../../cassandra-stress/workload.ts';
import { startPracticeServerThread } from '../../practice/start-practice-server-thread.ts';
import { readRunDetail } from '../../reporting/read-run-detail.ts';
import { renderReport } from '../../reporting/render-report.ts';
import type { Timer } from '../../stress-client/clock.ts';
import type { StressTest } from '../../stress-client/stress-test.ts';
import { readStressFlags, type StressFlags } from '../cassandra-stress-flags.ts';
import { openStressStreams, type OpenStressStreams } from '../cassandra-stress-streams.ts';
import { ClusterSession } from '../cluster-session.ts';
import { Interruption } from '../interruption.ts';
import { loadProfile } from '../load-profile.ts';
import type { ProfileOptions } from '../load-profile.ts';
import { LoadThreads } from '../load-threads.ts';
import { ProfileRun } from '../profile-run.ts';
import { rehearsing } from '../rehearsing.ts';
import { printDiagnostics } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { version } from '../version.ts';

/** What the script is called where files are named. */
const scriptName = 'cassandra-stress.sql';

/** Does what cassandra-stress does with these words, and answers with its exit code. */
export async function cassandraStressCommand(given: readonly string[]): Promise<number> {
  try {
    const { words, flags } = readStressFlags(given);
    const found = readCommandLine(words, { readFile: readText, version });
    if (found.kind === 'text') {
      process.stdout.write(found.text);
      return 0;
    }
    if (found.kind === 'refused') {
      process.stderr.write(`${found.reason}\n${found.usage}\n`);
      return 1;
    }
    const settings = flags.rehearse ? rehearsedSettings(found.settings) : found.settings;
    const problem = storeProblem(settings.transport, readText);
    if (problem !== undefined) throw new UsageError(problem);
    const workload = await workloadOf(settings, flags);
    const masked = maskedWords(words);
    const script = stressScript(settings, workload, masked.join(' '));
    if (flags.printScript) {
      process.stdout.write(script.text);
      return 0;
    }
    return await new StressCommand(settings, workload, script, flags, masked).run();
  } catch (error) {
    if (error instanceof Refusal) {
      process.stderr.write(
        `${[error.message, ...(error.usage === undefined ? [] : [error.usage])].join('\n')}\n`,
      );
      return 1;
    }
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** What the command does. Of profiles that leave it to the cluster, the cluster is asked what is in it. */
async function workloadOf(settings: StressSettings, { rehearse }: StressFlags): Promise<Workload> {
  const texts = settingStatements(settings, settings.schema.keyspace).map(({ text }) => text);
  const cluster = new ClusterSession(() => {
    if (rehearse)
      throw new Refusal('--rehearse asks no server: it takes table_definition, and no token_range_queries');
    return loadProfile([scriptName], optionsOf(settings), [texts.join('\n')]).analysis.runSettings;
  });
  try {
    return await readWorkload(settings, { readFile: readText, cluster, rehearses: rehearse });
  } finally {
    await cluster.close();
  }
}

/** The password is in the environment of the script. */
function optionsOf({ mode }: StressSettings): ProfileOptions {
  return {
    parameters: new Map(),
    seed: undefined,
    startMs: Date.now(),
    compatibility: undefined,
    environment: { ...process.env, ...(mode.password && { [passwordVariable]: mode.password }) },
  };
}

function readText(path: string): string {
  return readFileSync(path, 'utf8');
}

/** A command line that is run. */
class StressCommand {
  readonly #settings: StressSettings;
  readonly #workload: Workload;
  readonly #script: StressScript;
  readonly #flags: StressFlags;
  readonly #words: readonly string[];
  readonly #streams: OpenStressStreams;
  readonly #timers: Timer[] = [];

  constructor(
    settings: StressSettings,
    workload: Workload,
    script: StressScript,
    flags: StressFlags,
    words: readonly string[],
  ) {
    this.#settings = settings;
    this.#workload = workload;
    this.#script = script;
    this.#flags = flags;
    this.#words = words;
    this.#streams = openStressStreams(settings.log);
  }

  /** Answers with the exit code. */
  async run(): Promise<number> {
    const threads = new LoadThreads();
    try {
      return await this.#run(threads);
    } finally {
      await threads.end();
    }
  }

  async #run(threads: LoadThreads): Promise<number> {
    const { log } = this.#settings;
    const fromFlags = optionsOf(this.#settings);
    const script = { paths: [scriptName], texts: [this.#script.text] };
    threads.compile({ ...script, options: fromFlags });
    const profile = loadProfile(script.paths, fromFlags, script.texts);
    if (profile.hasErrors) {
      printDiagnostics(profile.diagnostics, profile.files.sources, { color: false });
      return 1;
    }
    for (const notice of noticesOf(this.#settings)) this.#streams.error(`${notice}\n`);
    const { keyspace, settingsText = '' } = this.#workload;
    if (!log.noSettings) this.#streams.out(settingsBlock(this.#settings, keyspace) + settingsText);
    const { runSettings } = profile.analysis;
    const practice = this.#flags.rehearse ? await startPracticeServerThread({ protocol: 'cql' }) : undefined;
    const interruption = new Interruption();
    const output = this.#output(() => run.test!);
    const run: ProfileRun = new ProfileRun({
      profile,
      fromFlags,
      flags: { ...this.#flags, allowExec: false, quiet: false },
      targetSettings: practice === undefined ? runSettings : rehearsing(runSettings, practice.address),
      interruption,
      threads,
      display: output,
      words: ['cassandra-stress', ...this.#words],
      gate: (index) => this.#isTurnOf(index, run.test!, output),
    });
    try {
      const { folder, summary } = await run.run();
      const code = this.#end(run.test!, output, interruption);
      for (const { state, reason } of summary.states) {
        if (state.startsWith('INVALID')) this.#streams.error(`warning: ${state}: ${reason}\n`);
      }
      await this.#drawGraph(folder);
      const undelivered = await run.delivered();
      if (undelivered !== undefined) this.#streams.error(`${undelivered}\n`);
      return code;
    } finally {
      for (const timer of this.#timers) timer.cancel();
      await practice?.close();
      interruption.release();
      this.#streams.close();
    }
  }

  /** The report of the run as a page with charts. */
  async #drawGraph(folder: string): Promise<void> {
    const { file } = this.#settings.graph;
    if (file === undefined) return;
    try {
      const run = await readRunDetail(folder);
      await writeFile(
        file,
        renderReport(run, { format: 'html', intervals: false, color: false, width: 100, folder }),
      );
    } catch (error) {
      this.#streams.error(
        `${file} can’t be written: ${error instanceof Error ? error.message : String(error)}\n`,
      );
    }
  }

  #output(test: () => StressTest): StressOutput {
    return new StressOutput({
      settings: this.#settings,
      streams: this.#streams,
      startedMs: () => test().startedMs,
      endLoad: (statementId) => test().endStatement(statementId, 'the rate is known well enough'),
      endLoadAt: (statementId, ns) => {
        const end = (): void => test().endStatement(statementId, 'its time is over');
        this.#timers.push(test().clock.at(ns, end));
      },
      keysOf: ({ name }, index) => this.#workload.keysOf(operationNamed(name), index),
    });
  }

  /** Steps of threads end here where more of them have gained nothing. */
  #isTurnOf(index: number, test: StressTest, output: StressOutput): boolean {
    const hasEnded = output.end(test.stops.length === 0);
    const { rate, command } = this.#settings;
    if (hasEnded && rate.kind === 'steps' && rate.auto) {
      const uncertainty = command.length.kind === 'uncertainty' ? command.length.target : -1;
      if (!isWorthMoreThreads(output.rates, uncertainty)) return false;
    }
    output.begin(this.#script.statements[index]!);
    return true;
  }

  /** Prints the end, and answers with the exit code. */
  #end(test: StressTest, output: StressOutput, { signal }: Interruption): number {
    const [stop] = test.stops;
    const { length } = this.#settings.command;
    // Unlike the real one, it shows what an interrupted run came to.
    const isInterrupted = stop?.kind === 'interrupted';
    const hasEnded = output.end(stop === undefined || isInterrupted);
    const succeeded = stop === undefined || (isInterrupted && hasEnded);
    if (succeeded && length.kind === 'operations' && length.operations === 0) {
      this.#streams.out(`${nothingElseLine}\n`);
    } else output.finish(succeeded);
    if (output.allFailed) this.#streams.error('warning: every operation failed\n');
    if (signal !== undefined) return signal === 'SIGINT' ? 130 : 143;
    if (stop === undefined) return 0;
    this.#streams.error(`Failed to execute stress action: ${stop.reason}\n`);
    return 1;
  }
}
