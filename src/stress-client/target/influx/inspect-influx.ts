import type { Clock } from '../../clock.ts';
import type { Settings } from '../../settings.ts';
import type { ServerInfo, TargetError } from '../target.ts';
import { InfluxTarget } from './influx-target.ts';

/** What is there before a run. */
export interface InfluxInspection {
  readonly servers: readonly ServerInfo[];
  /** Databases that the login sees at the first address, which is the one that pass-through text goes to. */
  readonly databases: readonly string[];
}

/** Reaches every address, logs in, and lists the databases; changes nothing. */
export async function inspectInflux(
  settings: Settings,
  clock: Clock,
): Promise<InfluxInspection | TargetError> {
  const target = new InfluxTarget(settings, clock);
  try {
    const servers = await target.open({ answered() {}, lateAnswer() {}, reprepared() {} });
    if ('errorClass' in servers) return servers;
    const answer = await target.passThrough('SHOW DATABASES', settings);
    if (!answer.ok) return answer.error;
    const { results } = JSON.parse(answer.text) as ShownDatabases;
    return { servers, databases: results[0]?.series?.[0]?.values?.map(([name]) => name) ?? [] };
  } finally {
    await target.close();
  }
}

interface ShownDatabases {
  readonly results: readonly {
    readonly series?: readonly { readonly values?: readonly (readonly [string])[] }[];
  }[];
}
