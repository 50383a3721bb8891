import type { ChildProcess } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Sends a signal to a run as soon as its folder, in this folder, has an interval of a statement. */
export async function killOnceMeasured(
  child: ChildProcess,
  out: string,
  signal: NodeJS.Signals,
): Promise<void> {
  const hasMeasured = (): boolean =>
    globSync(`${out}/*/intervals.ndjson`).some((file) => statSync(file).size > 0);
  while (child.exitCode === null && !hasMeasured()) await sleep(50);
  child.kill(signal);
}
