import type { SettingName, Settings } from './settings.ts';

/** Which of the clients of a run one is, from 0. */
export interface ClientPlace {
  readonly index: number;
  readonly of: number;
}

/** A client's part of a whole number; remainders go to the first. */
export function shareOf(whole: number, { index, of }: ClientPlace): number {
  return whole === Infinity ? Infinity : Math.floor(whole / of) + (index < whole % of ? 1 : 0);
}

const divided = [
  'WriteConcurrency',
  'QueryConcurrency',
  'ConnectionsPerHost',
] as const satisfies SettingName[];

/** The settings with a client's part of what counts for the whole machine: slots and connections. */
export function settingsOfClient(settings: Settings, place: ClientPlace): Settings {
  const shares = divided.map((name) => [name, shareOf(settings[name], place)]);
  return { ...settings, ...Object.fromEntries(shares) };
}
