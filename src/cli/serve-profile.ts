import { parentPort } from 'node:worker_threads';
import { BoundScript } from '../parser/bound-script.ts';
import { analyse, loadStepsOf } from '../statement/analyse.ts';
import { systemClock } from '../stress-client/clock.ts';
import type { Plan } from '../stress-client/plan.ts';
import { preciseClock } from '../stress-client/precise-clock.ts';
import { runClock } from '../stress-client/run-clock.ts';
import { serveClient } from '../stress-client/serve-client.ts';
import { StressClient } from '../stress-client/stress-client.ts';
import { createTarget, loadTarget } from '../stress-client/target/create-target.ts';
import { statementId } from './identity.ts';
import type { ProfileOptions } from './load-profile.ts';
import { ProfileFiles, type FileRecord } from './profile-files.ts';

/** The first message of a load thread: what it compiles. */
export interface ThreadProfile {
  readonly paths: readonly string[];
  /** Of the scripts at `paths`. */
  readonly texts: readonly string[];
  readonly options: ProfileOptions;
}

/** The second one: the run that it is compiled for, which begins. */
export interface ThreadRun {
  readonly testId: string;
  /** What the thread that reports has read. */
  readonly dataFiles: readonly FileRecord[];
}

const port = parentPort!;
port.once('message', (profile: ThreadProfile) => {
  const { planAt, files } = compilePlans(profile);
  port.once('message', ({ testId, dataFiles }: ThreadRun) => {
    // A file that was not there for one of the two is only among what the other has read.
    for (const { name } of [...dataFiles, ...files.records]) {
      if (sha256Of(name, dataFiles) !== sha256Of(name, files.records))
        throw new Error(`${name} was changed while the run was starting`);
    }
    const plans = new Map([...planAt].map(([position, plan]) => [statementId(testId, position), plan]));
    serveClient(port, async ({ originNs, settings }, listener) => {
      const clock = runClock(settings.Pace === 'precise' ? preciseClock(systemClock) : systemClock, originNs);
      const target = await createTarget(settings, clock);
      return new StressClient(clock, target, settings, (id) => plans.get(id)!, listener);
    });
  });
});

function sha256Of(name: string, files: readonly FileRecord[]): string | undefined {
  return files.find((file) => file.name === name)?.sha256;
}

/** Compiles the same plans as the thread that reports, at the same time and from the same texts. */
function compilePlans({ paths, texts, options }: ThreadProfile): {
  readonly planAt: ReadonlyMap<number, Plan>;
  readonly files: ProfileFiles;
} {
  const files = new ProfileFiles(paths, texts);
  const script = new BoundScript(files.sources, options.parameters, options.environment);
  const { steps, runSettings } = analyse(script, files.sources, { ...options, readFile: files.readFile });
  const planAt = new Map<number, Plan>();
  for (const step of loadStepsOf(steps)) planAt.set(step.position, step.plan);
  // The run will want it.
  void loadTarget(runSettings);
  return { planAt, files };
}
