import { defaultSettings } from '../stress-client/settings.ts';
import type { Settings } from '../stress-client/settings.ts';

/** The settings with a practice server for target: what a profile says about its own servers is put aside. */
export function rehearsing(settings: Settings, address: string): Settings {
  const { SSL, Username, Password, CaFile, CertFile, KeyFile, LocalDatacenter } = defaultSettings();
  const login = { SSL, Username, Password, CaFile, CertFile, KeyFile };
  return { ...settings, ...login, Addresses: [address], LocalDatacenter };
}
