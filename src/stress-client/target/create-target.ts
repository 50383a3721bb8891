import type { Clock } from '../clock.ts';
import type { Settings } from '../settings.ts';
import type { Target } from './target.ts';

/** The target that the settings name; its code is loaded only now, so that a start without it stays quick. */
export async function createTarget(settings: Settings, clock: Clock): Promise<Target> {
  switch (settings.Target) {
    case 'influx': {
      const { InfluxTarget } = await import('./influx/influx-target.ts');
      return new InfluxTarget(settings, clock);
    }
    case 'sink': {
      const { SinkTarget } = await import('./sink/sink-target.ts');
      return new SinkTarget(clock);
    }
    case 'cql': {
      const { CqlTarget } = await import('./cql/cql-target.ts');
      return new CqlTarget(settings, clock);
    }
  }
}
