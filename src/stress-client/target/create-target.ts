import type { Clock } from '../clock.ts';
import type { Settings } from '../settings.ts';
import type { Target } from './target.ts';

type MakeTarget = (settings: Settings, clock: Clock) => Target;

/** The target that the settings name; its code is loaded only now, so that a start without it stays quick. */
export async function createTarget(settings: Settings, clock: Clock): Promise<Target> {
  return (await loadTarget(settings))(settings, clock);
}

/** Loads the code of the target that the settings name, once: what `createTarget` does before anything else. */
export async function loadTarget({ Target }: Settings): Promise<MakeTarget> {
  switch (Target) {
    case 'influx': {
      const { InfluxTarget } = await import('./influx/influx-target.ts');
      return (settings, clock) => new InfluxTarget(settings, clock);
    }
    case 'sink': {
      const { SinkTarget } = await import('./sink/sink-target.ts');
      return (_, clock) => new SinkTarget(clock);
    }
    case 'cql': {
      const { CqlTarget } = await import('./cql/cql-target.ts');
      return (settings, clock) => new CqlTarget(settings, clock);
    }
  }
}
