import type { SettingName, Settings } from '../stress-client/settings.ts';

/**
 * The settings as they stand at a place of a script. Where they are what they were at a place above, they are the same
 * object: a long script sets a few of them again and again, and each of its statements holds those that it has.
 */
export class StandingSettings {
  /** What SET has said so far. */
  readonly #said: Partial<Record<SettingName, Settings[SettingName]>> = {};
  readonly #known = new Map<string, Settings>();
  #now: Settings;

  constructor(first: Settings) {
    this.#now = first;
  }

  get now(): Settings {
    return this.#now;
  }

  change(name: SettingName, value: Settings[SettingName]): void {
    this.#said[name] = value;
    const said = JSON.stringify(this.#said);
    const changed = this.#known.get(said) ?? { ...this.#now, [name]: value };
    this.#known.set(said, changed);
    this.#now = changed;
  }
}
