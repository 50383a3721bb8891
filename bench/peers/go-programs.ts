import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cachedFolder } from '../../test/servers/program-cache.ts';

const version = '1.7.9';

/** The load tool that InfluxDB 1.x came with; Go builds it, once. */
export function findInfluxStress(): Promise<{ readonly name: string; readonly program: string }> {
  return installWithGo(
    'influx_stress',
    version,
    `github.com/influxdata/influxdb/cmd/influx_stress@v${version}`,
  );
}

/** A later one of the same house, from its newest commit. */
export function findInch(): Promise<{ readonly name: string; readonly program: string }> {
  return installWithGo('inch', 'latest', 'github.com/influxdata/inch/cmd/inch@latest');
}

async function installWithGo(
  name: string,
  version: string,
  source: string,
): Promise<{ readonly name: string; readonly program: string }> {
  const folder = await cachedFolder(`${name}-${version}`, `${name} ${version}`, async (into) => {
    const environment = { ...process.env, GOBIN: into, GOFLAGS: '-mod=mod' };
    await promisify(execFile)('go', ['install', source], { cwd: tmpdir(), env: environment });
  });
  return { name: `${name} ${version}`, program: join(folder, name) };
}
