import type { Settings, SettingName } from './settings.ts';
import type { Tracer } from './tracer.ts';

/** A change of the test's state. Its Tracer is done when every client has confirmed it. */
export interface Directive {
  readonly property: SettingName;
  readonly value: Settings[SettingName];
  readonly tracer: Tracer;
}
