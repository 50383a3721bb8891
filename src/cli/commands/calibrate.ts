import { hostname } from 'node:os';
import { inert } from '../../reporting/inert.ts';
import { machineFacts } from '../../reporting/machine.ts';
import {
  loadStepsOf,
  type InsertStep,
  type PassThroughStep,
  type QueryStep,
} from '../../statement/analyse.ts';
import { formatDuration, formatItems } from '../../stress-client/units.ts';
import type { Calibration, StatementCalibration } from '../calibration/calibration.ts';
import { roundCount, warmupShare } from '../calibration/calibration.ts';
import { keepCalibration } from '../calibration/calibration-files.ts';
import { renderCalibration } from '../calibration/calibration-report.ts';
import { Calibrator } from '../calibration/calibrator.ts';
import { startPracticeProcess } from '../calibration/start-practice-process.ts';
import { Interruption } from '../interruption.ts';
import { loadProfile } from '../load-profile.ts';
import type { Profile } from '../load-profile.ts';
import { profileOptions } from '../profile-options.ts';
import type { ProfileFlags } from '../profile-options.ts';
import { printDiagnostics } from '../terminal.ts';
import { version } from '../version.ts';

export interface CalibrateOptions extends ProfileFlags {
  readonly seconds: number;
  readonly format: 'text' | 'json';
}

/** Measures what this machine can offer of a profile's statements, prints it and keeps it for `run`. */
export async function calibrateCommand(paths: readonly string[], options: CalibrateOptions): Promise<number> {
  const profile = loadProfile(paths, profileOptions(options));
  printDiagnostics(profile.diagnostics, profile.files.sources, options);
  if (profile.hasErrors) return 2;
  const loads = loadStepsOf(profile.analysis.steps).filter(isMeasured);
  if (loads.length === 0) {
    process.stderr.write('There is no INSERT or QUERY in this profile that would send anything.\n');
    return 0;
  }
  tellDuration(loads.length, profile, options);
  const interruption = new Interruption();
  try {
    const statements = await calibrate(profile, options, interruption);
    if (interruption.signal !== undefined) return interruption.signal === 'SIGINT' ? 130 : 143;
    const calibration: Calibration = {
      schemaVersion: 1,
      version,
      host: hostname(),
      machine: machineFacts(),
      calibratedMs: Date.now(),
      target: profile.analysis.runSettings.Target,
      seconds: options.seconds,
      statements,
    };
    process.stdout.write(
      options.format === 'json'
        ? `${JSON.stringify(calibration, undefined, 2)}\n`
        : renderCalibration(calibration),
    );
    tellMissingTables(profile, statements);
    keep(calibration);
    return statements.some(({ problem }) => problem !== undefined) ? 1 : 0;
  } finally {
    interruption.release();
  }
}

async function calibrate(
  { analysis: { runSettings, steps }, files }: Profile,
  { seconds }: CalibrateOptions,
  interruption: Interruption,
): Promise<StatementCalibration[]> {
  const { Target } = runSettings;
  const practice = Target === 'sink' ? undefined : await startPracticeProcess(Target);
  try {
    const calibrator = new Calibrator({
      settings: runSettings,
      practice: practice?.addresses,
      sources: files.sources,
      seconds,
    });
    interruption.onSignal((signal) => calibrator.interrupt(signal));
    const statements: StatementCalibration[] = [];
    for (const step of steps) {
      if (interruption.signal !== undefined) break;
      if (step.kind === 'pass-through') await passThrough(calibrator, step);
      for (const load of loadStepsOf([step]).filter(isMeasured)) {
        if (interruption.signal === undefined) statements.push(await calibrator.measure(load));
      }
    }
    await calibrator.close();
    return statements;
  } finally {
    await practice?.close();
  }
}

function isMeasured({ options }: InsertStep | QueryStep): boolean {
  return !options.written;
}

/** What goes wrong here goes wrong again, and is told, in the statements that need it. */
async function passThrough(calibrator: Calibrator, step: PassThroughStep): Promise<void> {
  const { skipReason, ...parts } = step;
  const problem = await calibrator.passThrough(skipReason === undefined ? parts : { ...parts, skipReason });
  if (problem !== undefined) process.stderr.write(`${step.text} (${step.place}): ${inert(problem)}\n`);
}

function tellDuration(loads: number, { analysis }: Profile, { seconds }: CalibrateOptions): void {
  const targets = analysis.runSettings.Target === 'sink' ? 1 : 2;
  const eachNs = seconds * 1e9 * (1 + warmupShare + 1.5 / roundCount);
  process.stderr.write(
    `calibrating ${formatItems(loads, 'statement')}, about ${formatDuration(loads * targets * eachNs)}\n`,
  );
}

/** Tables that the script does not make are not on the practice server either. */
function tellMissingTables({ analysis }: Profile, statements: readonly StatementCalibration[]): void {
  if (analysis.runSettings.Target !== 'cql' || statements.every(({ problem }) => problem === undefined))
    return;
  const creates = analysis.steps.some(
    (step) => (step.kind === 'pass-through' && /^\s*CREATE\b/i.test(step.body)) || step.settings.CreateTables,
  );
  if (creates) return;
  process.stderr.write(
    'This profile creates no tables, and the practice server has no others: put a file with the CREATE ' +
      'statements in front, as in stressql calibrate schema.sql profile.sql\n',
  );
}

function keep(calibration: Calibration): void {
  try {
    for (const path of keepCalibration(calibration)) process.stderr.write(`kept for run in ${path}\n`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`run will not know of it: ${why}\n`);
  }
}
