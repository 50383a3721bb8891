import { startPracticeServerThread } from '../../practice/start-practice-server-thread.ts';
import { loadStepsOf } from '../../statement/analyse.ts';
import { renderTextReport } from '../../reporting/text-report.ts';
import { systemClock } from '../../stress-client/clock.ts';
import type { Settings } from '../../stress-client/settings.ts';
import { Interruption } from '../interruption.ts';
import type { LoadThreads } from '../load-threads.ts';
import { loadProfile } from '../load-profile.ts';
import { displayOf, type DisplayFlags } from '../display.ts';
import { readScripts } from '../profile-files.ts';
import { profileOptions } from '../profile-options.ts';
import type { ProfileFlags } from '../profile-options.ts';
import { ProfileRun, type ProfileRunFlags } from '../profile-run.ts';
import { rehearsing } from '../rehearsing.ts';
import { readExpectation } from '../read-expectation.ts';
import { printDiagnostics, wantsColor } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** The flags of `run`. */
export type RunOptions = ProfileFlags &
  ProfileRunFlags &
  DisplayFlags & { readonly expect?: readonly string[] };

/** Runs a profile and answers with the exit code; everything that it prints but the report goes to stderr. */
export async function runCommand(
  paths: readonly string[],
  options: RunOptions,
  threads: LoadThreads,
): Promise<number> {
  const expectations = (options.expect ?? []).map(readExpectation);
  const fromFlags = { ...profileOptions(options), expectations };
  const texts = readScripts(paths);
  threads.compile({ paths, texts, options: fromFlags });
  const profile = loadProfile(paths, fromFlags, texts);
  printDiagnostics(profile.diagnostics, profile.files.sources, options);
  if (profile.hasErrors) return 2;
  const names = new Set(loadStepsOf(profile.analysis.steps).map(({ name }) => name));
  const unknown = expectations.find(({ name }) => name !== undefined && !names.has(name));
  if (unknown !== undefined) {
    throw new UsageError(`--expect: the script has no INSERT or QUERY ${unknown.name}`);
  }
  const { runSettings } = profile.analysis;
  const display = await displayOf(options);
  const practice = options.rehearse ? await startPractice(runSettings) : undefined;
  const interruption = new Interruption();
  try {
    await until(fromFlags.startMs, interruption);
    const address = practice?.address;
    const settings = address === undefined ? runSettings : rehearsing(runSettings, address);
    const words = process.argv.slice(2);
    const parts = { profile, fromFlags, flags: options, targetSettings: settings, words };
    const run = new ProfileRun({ ...parts, interruption, threads, display });
    const { summary, folder } = await run.run();
    const color = wantsColor(process.stdout, options.color);
    const width = process.stdout.columns ?? 100;
    process.stdout.write(renderTextReport(summary, { color, width, folder }));
    const undelivered = await run.delivered();
    if (undelivered !== undefined) process.stderr.write(`${undelivered}\n`);
    return summary.exitCodes[0]!.code;
  } finally {
    await display.close();
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
