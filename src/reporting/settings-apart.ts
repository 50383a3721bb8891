import { defaultSettings, printSetting, settingNames } from '../stress-client/settings.ts';

/** Settings that differ from those they are held against: the defaults unless given. In the order of the reference. */
export function settingsApart(
  settings: Readonly<Record<string, string>>,
  from: Readonly<Record<string, string>> = defaults(),
): readonly (readonly [name: string, value: string])[] {
  return Object.entries(settings).filter(([name, value]) => from[name] !== value);
}

function defaults(): Readonly<Record<string, string>> {
  const settings = defaultSettings();
  return Object.fromEntries(settingNames.map((name) => [name, printSetting(name, settings[name])]));
}
