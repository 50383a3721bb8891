import type { Profile } from '../../../src/cassandra-stress/user/profile.ts';
import { readProfile, type ProfileFile } from '../../../src/cassandra-stress/user/read-profile.ts';

/** A profile that defines its table. */
export function definedProfile(file: ProfileFile): Profile {
  const profile = readProfile(file);
  if (profile.definition === undefined) throw new Error(`${file.path} does not define its table`);
  return { ...profile, definition: profile.definition };
}
