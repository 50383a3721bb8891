import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { dataSourceUid } from '../../src/grafana/uids.ts';
import { projectFolder, stressql, temporaryFolder } from '../cli/stressql.ts';

interface DataSources {
  readonly datasources: readonly [Readonly<Record<string, unknown>>];
}

interface Providers {
  readonly providers: readonly [{ readonly options: { readonly path: string } }];
}

const noEnvironment = { STRESSQL_REPORT_TOKEN: '', STRESSQL_REPORT_PASSWORD: '' };

function read<Document>(folder: string, name: string): Document {
  return parse(readFileSync(join(folder, name), 'utf8')) as Document;
}

test('grafana init writes what Grafana needs, twice the same', async () => {
  const folder = join(temporaryFolder(), 'new', 'grafana');
  for (let times = 0; times < 2; times++) {
    const { code, stdout, stderr } = await stressql(['grafana', 'init', folder], { env: noEnvironment });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`GF_PATHS_PROVISIONING=${join(folder, 'provisioning')}`);
  }
  const { providers } = read<Providers>(folder, 'provisioning/dashboards/stressql.yaml');
  const shown = providers[0].options.path;
  const names = globSync('*.json', { cwd: shown });
  expect(names.toSorted()).toEqual(['compare.json', 'history.json', 'run.json']);
  for (const name of names) {
    const shipped = readFileSync(join(projectFolder, 'grafana/dashboards', name), 'utf8');
    expect(readFileSync(join(shown, name), 'utf8')).toBe(shipped);
  }
  const { datasources } = read<DataSources>(folder, 'provisioning/datasources/stressql.yaml');
  expect(datasources[0]).toMatchObject({
    uid: dataSourceUid,
    type: 'influxdb',
    url: 'http://localhost:8086',
    jsonData: { version: 'InfluxQL', dbName: '_stressTest', httpMode: 'POST' },
    user: '$__env{STRESSQL_REPORT_USERNAME}',
    secureJsonData: { password: '$__env{STRESSQL_REPORT_PASSWORD}' },
  });
});

test.each([
  ['asked for', ['--token'], noEnvironment],
  ['there already', [], { ...noEnvironment, STRESSQL_REPORT_TOKEN: 'canary-5e1f' }],
])('a token that is %s is read from the environment of Grafana, and in no file', async (_, flags, env) => {
  const folder = temporaryFolder();
  const words = ['grafana', 'init', folder, '--report', 'https://influx.example.com/db', ...flags];
  const { code, stdout } = await stressql(words, { env: { ...env, STRESSQL_REPORT_BUCKET: 'load tests' } });
  expect(code).toBe(0);
  const text = readFileSync(join(folder, 'provisioning/datasources/stressql.yaml'), 'utf8');
  expect(stdout + text).not.toContain('canary');
  expect((parse(text) as DataSources).datasources[0]).toMatchObject({
    url: expect.stringMatching(/^https:\/\/influx\.example\.com(?::443)?\/db$/),
    jsonData: { dbName: 'load tests', httpHeaderName1: 'Authorization' },
    secureJsonData: { httpHeaderValue1: 'Token $__env{STRESSQL_REPORT_TOKEN}' },
  });
});

test('a folder that can’t be made is a usage error', async () => {
  const { code, stderr } = await stressql(['grafana', 'init', join(projectFolder, 'package.json', 'x')]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/^stressql: .* can’t be written/),
  });
});

test('compose.yaml gives Grafana the same files, and says what they read from its environment', () => {
  const { services } = read<{ services: { grafana: { environment: object; volumes: string[] } } }>(
    projectFolder,
    'compose.yaml',
  );
  const { environment, volumes } = services.grafana;
  const mounted = new Map(
    volumes.map((volume) => volume.split(':') as [string, string]).map(([from, to]) => [to, from]),
  );
  expect(mounted.get('/etc/grafana/provisioning')).toBe('./grafana/provisioning');
  const { providers } = read<Providers>(projectFolder, 'grafana/provisioning/dashboards/stressql.yaml');
  expect(mounted.get(providers[0].options.path)).toBe('./grafana/dashboards');
  const source = readFileSync(join(projectFolder, 'grafana/provisioning/datasources/stressql.yaml'), 'utf8');
  const asked = [...source.matchAll(/\$__env\{(\w+)\}/g)].map(([, name]) => name!);
  expect(asked.filter((name) => !(name in environment))).toEqual([
    'STRESSQL_REPORT_USERNAME',
    'STRESSQL_REPORT_PASSWORD',
  ]);
});
