import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dashboards } from '../src/grafana/dashboards.ts';
import { dashboardProvisioning, dataSourceProvisioning } from '../src/grafana/provisioning.ts';

/* `npm run docs`: what of grafana/ is made from src/grafana. */

/** Texts by the path of their file. */
export function grafanaFiles(): ReadonlyMap<string, string> {
  const at = (path: string): string => fileURLToPath(new URL(`../grafana/${path}`, import.meta.url));
  const files = new Map<string, string>();
  for (const [name, make] of Object.entries(dashboards)) {
    files.set(at(`dashboards/${name}.json`), `${JSON.stringify(make(), undefined, 2)}\n`);
  }
  // compose.yaml says where.
  const url = '$__env{STRESSQL_REPORT_URL}';
  const database = '$__env{STRESSQL_REPORT_DATABASE}';
  files.set(
    at('provisioning/datasources/stressql.yaml'),
    dataSourceProvisioning({ url, database, token: false }),
  );
  files.set(at('provisioning/dashboards/stressql.yaml'), dashboardProvisioning('/etc/stressql/dashboards'));
  return files;
}

if (import.meta.main) for (const [path, text] of grafanaFiles()) writeFileSync(path, text);
