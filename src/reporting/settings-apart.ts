import {
  defaultSettings,
  printSetting,
  settingDefinitions,
  settingNames,
} from '../stress-client/settings.ts';

/** Settings that differ from those they are held against: the defaults unless given. In the order of the reference. */
export function settingsApart(
  settings: Readonly<Record<string, string>>,
  from: Readonly<Record<string, string>> = defaults(),
): readonly (readonly [name: string, value: string])[] {
  return Object.entries(settings).filter(([name, value]) => from[name] !== value);
}

/** Settings of a statement that differ from the run's. What holds for a whole run is no statement's. */
export function settingsOfStatement(
  settings: Readonly<Record<string, string>>,
  ofRun: Readonly<Record<string, string>>,
): readonly (readonly [name: string, value: string])[] {
  // Of a folder without settings.json nothing is known to differ.
  if (Object.keys(ofRun).length === 0) return [];
  return settingsApart(settings, ofRun).filter(
    ([name]) =>
      settingNames.find((each) => each === name && settingDefinitions[each].scope === 'run') === undefined,
  );
}

function defaults(): Readonly<Record<string, string>> {
  const settings = defaultSettings();
  return Object.fromEntries(settingNames.map((name) => [name, printSetting(name, settings[name])]));
}
