import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import compare from '../../../grafana/dashboards/compare.json' with { type: 'json' };
import history from '../../../grafana/dashboards/history.json' with { type: 'json' };
import run from '../../../grafana/dashboards/run.json' with { type: 'json' };
import { dashboardProvisioning, dataSourceProvisioning } from '../../grafana/provisioning.ts';
import { readReportLogin } from '../../reporting/influx/report-login.ts';
import { defaultSettings } from '../../stress-client/settings.ts';
import { UsageError } from '../usage-error.ts';

export interface GrafanaInitOptions {
  readonly report?: string;
  readonly token: boolean;
}

/** Writes what Grafana needs to show runs into a folder: data source, dashboards and their provisioning. */
export async function grafanaInitCommand(folder: string, options: GrafanaInitOptions): Promise<number> {
  const login = readReportLogin(defaultSettings(), options.report, process.env);
  if ('problem' in login) throw new UsageError(login.problem);
  const { address, bucket, database } = login;
  const token = options.token || login.token !== '';
  const root = resolve(folder);
  const files: Readonly<Record<string, string>> = {
    'provisioning/datasources/stressql.yaml': dataSourceProvisioning({
      url: `${address.origin}${address.prefix}`,
      database: bucket || database,
      token,
    }),
    'provisioning/dashboards/stressql.yaml': dashboardProvisioning(join(root, 'dashboards')),
    ...Object.fromEntries(
      Object.entries({ run, compare, history }).map(([name, dashboard]) => [
        `dashboards/${name}.json`,
        `${JSON.stringify(dashboard, undefined, 2)}\n`,
      ]),
    ),
  };
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = join(root, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
  } catch (error) {
    throw new UsageError(`${root} can’t be written: ${(error as Error).message}`);
  }
  const secrets = token
    ? 'STRESSQL_REPORT_TOKEN'
    : 'STRESSQL_REPORT_USERNAME and STRESSQL_REPORT_PASSWORD, where the database asks for a login';
  process.stdout.write(
    `${root} has the data source, three dashboards and their provisioning.\n` +
      `Grafana shows them with GF_PATHS_PROVISIONING=${join(root, 'provisioning')} in its environment, and ${secrets}.\n`,
  );
  return 0;
}
