import { parentPort } from 'node:worker_threads';
import { BoundScript } from '../parser/bound-script.ts';
import { analyse, loadStepsOf } from '../statement/analyse.ts';
import { systemClock } from '../stress-client/clock.ts';
import type { Plan } from '../stress-client/plan.ts';
import { preciseClock } from '../stress-client/precise-clock.ts';
import { runClock } from '../stress-client/run-clock.ts';
import { serveClient } from '../stress-client/serve-client.ts';
import { StressClient } from '../stress-client/stress-client.ts';
import { createTarget } from '../stress-client/target/create-target.ts';
import { statementId } from './identity.ts';
import type { ProfileOptions } from './load-profile.ts';
import { ProfileFiles, type FileRecord } from './profile-files.ts';

/** The first message of a load thread: what it compiles. */
export interface LoadThreadProfile {
  readonly testId: string;
  readonly paths: readonly string[];
  /** Of the scripts at `paths`. */
  readonly texts: readonly string[];
  readonly dataFiles: readonly FileRecord[];
  readonly options: ProfileOptions;
}

const port = parentPort!;
port.once('message', (profile: LoadThreadProfile) => {
  const plans = compilePlans(profile);
  serveClient(port, async ({ originNs, settings }, listener) => {
    const clock = runClock(settings.Pace === 'precise' ? preciseClock(systemClock) : systemClock, originNs);
    const target = await createTarget(settings, clock);
    return new StressClient(clock, target, settings, (id) => plans.get(id)!, listener);
  });
});

/** Compiles the same plans as the thread that reports, from the same texts. */
function compilePlans({ testId, paths, texts, dataFiles, options }: LoadThreadProfile): Map<string, Plan> {
  const files = new ProfileFiles(paths, texts);
  const script = new BoundScript(files.sources, options.parameters, options.environment);
  const { steps } = analyse(script, files.sources, { ...options, readFile: files.readFile });
  for (const { name, sha256 } of files.records) {
    const known = dataFiles.find((file) => file.name === name);
    if (known?.sha256 !== sha256) throw new Error(`${name} was changed while the run was starting`);
  }
  const compiled = new Map<string, Plan>();
  for (const step of loadStepsOf(steps)) compiled.set(statementId(testId, step.position), step.plan);
  return compiled;
}
