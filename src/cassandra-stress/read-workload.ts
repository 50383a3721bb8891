import { predefinedWorkload } from './predefined-workload.ts';
import type { ReadFile } from './read-settings.ts';
import { Refusal } from './refusal.ts';
import type { StressSettings } from './settings.ts';
import { readProfile } from './user/read-profile.ts';
import { userWorkload } from './user/user-workload.ts';
import type { Workload } from './workload.ts';

/** What a command does; reads the profiles of `user`. Throws Refusal. */
export function readWorkload(settings: StressSettings, readFile: ReadFile): Workload {
  const { name, profiles } = settings.command;
  if (name !== 'user') return predefinedWorkload(settings);
  const read = profiles.map((path) => readProfile({ path, text: textOf(path, readFile) }));
  return userWorkload(settings, read);
}

function textOf(path: string, readFile: ReadFile): string {
  try {
    return readFile(path.replace(/^file:(?:\/\/)?/, ''));
  } catch (error) {
    throw new Refusal(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
