import type { Cluster } from './cluster.ts';
import { predefinedWorkload } from './predefined-workload.ts';
import type { ReadFile } from './read-settings.ts';
import { Refusal } from './refusal.ts';
import type { StressSettings } from './settings.ts';
import type { Profile } from './user/profile.ts';
import { readProfile } from './user/read-profile.ts';
import { tokenRanges } from './user/token-ranges.ts';
import { readsTokenRanges, userWorkload } from './user/user-workload.ts';
import { withDefinition } from './user/with-definition.ts';
import type { Workload } from './workload.ts';

/** What a command needs of the world. */
export interface WorkloadSources {
  readonly readFile: ReadFile;
  readonly cluster: Cluster;
  /** It will run on a server that has no rows. */
  readonly rehearses: boolean;
}

/** What a command does; reads the profiles of `user`, and asks `cluster` what they leave to it. Throws Refusal. */
export async function readWorkload(
  settings: StressSettings,
  { readFile, cluster, rehearses }: WorkloadSources,
): Promise<Workload> {
  const { name, profiles } = settings.command;
  if (name !== 'user') return predefinedWorkload(settings, rehearses);
  const read = profiles.map((path) => readProfile({ path, text: textOf(path, readFile) }));
  const defined: Profile[] = [];
  for (const profile of read) defined.push(await withDefinition(profile, cluster));
  const ranges = readsTokenRanges(settings, defined)
    ? tokenRanges(await cluster.tokens(), settings.tokenRange.splitFactor)
    : [];
  return userWorkload(settings, defined, ranges);
}

function textOf(path: string, readFile: ReadFile): string {
  try {
    return readFile(path.replace(/^file:(?:\/\/)?/, ''));
  } catch (error) {
    throw new Refusal(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
