import type { ProfileOptions } from './load-profile.ts';

/** The flags of every command that reads a profile, as commander gives them. */
export interface ProfileFlags {
  readonly parameter?: ReadonlyMap<string, string>;
  readonly seed?: number;
  /** Milliseconds since 1970. */
  readonly startAt?: number;
  readonly compat?: 'influx-v2';
  readonly color: boolean;
}

export function profileOptions(flags: ProfileFlags): ProfileOptions {
  return {
    parameters: flags.parameter ?? new Map(),
    seed: flags.seed,
    startMs: flags.startAt ?? Date.now(),
    compatibility: flags.compat,
    environment: { ...process.env },
  };
}
