import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dashboards } from '../src/grafana/dashboards.ts';

/* `npm run docs`: what of grafana/ is made from src/grafana. */

/** Texts by the path of their file. */
export function grafanaFiles(): ReadonlyMap<string, string> {
  const at = (path: string): string => fileURLToPath(new URL(`../grafana/${path}`, import.meta.url));
  const files = new Map<string, string>();
  for (const [name, make] of Object.entries(dashboards)) {
    files.set(at(`dashboards/${name}.json`), `${JSON.stringify(make(), undefined, 2)}\n`);
  }
  return files;
}

if (import.meta.main) for (const [path, text] of grafanaFiles()) writeFileSync(path, text);
