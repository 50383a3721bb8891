import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants, rmSync } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { RealServer, ServerKind } from './real-server.ts';

const version = '1.8.3';
const readyWithinMs = 60_000;
const login = { username: 'root', password: 'pass+word/of=root' };

/** A server that was started, with the folder that goes with it. */
interface Influxd {
  readonly child: ChildProcess;
  readonly folder: string;
}
const started = new Set<Influxd>();

/** Ends every server at once and removes its files, also in the middle of its start. */
export function killInfluxds(): void {
  for (const { child, folder } of started) {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
  started.clear();
}

/** The program, from the cache or built into it with `go install`, which takes a minute or two, once. */
export async function findInfluxd(): Promise<{ readonly path: string } | { readonly unavailable: string }> {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'stressql');
  const path = join(cache, `influxd-${version}`, 'influxd');
  if (await isProgram(path)) return { path };
  await mkdir(join(cache, `influxd-${version}`), { recursive: true });
  const unlock = await lock(join(cache, `influxd-${version}.lock`));
  try {
    if (await isProgram(path)) return { path };
    await build(path);
    return { path };
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { unavailable: missing ? 'there is no Go to build InfluxDB with' : String(error) };
  } finally {
    await unlock();
  }
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** A lock between processes; that of a process which is gone is taken over. */
async function lock(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx' });
      return () => rm(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const holder = Number(await readFile(path, 'utf8').catch(() => '0'));
      const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
      if (age > 1000 && !isAlive(holder)) await rm(path, { force: true });
      await sleep(300);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

function tell(text: string): void {
  process.stderr.write(`InfluxDB ${version}: ${text}\n`);
}

async function build(path: string): Promise<void> {
  const startedMs = Date.now();
  tell(`building it with "go install" into ${path}, once`);
  const progress = setInterval(
    () => tell(`building for ${Math.round((Date.now() - startedMs) / 1000)} s`),
    15_000,
  );
  // Beside its final place, so that the rename is atomic.
  const building = await mkdtemp(`${path}-building-`);
  try {
    await promisify(execFile)(
      'go',
      [
        'install',
        '-ldflags',
        `-X main.version=${version}`,
        `github.com/influxdata/influxdb/cmd/influxd@v${version}`,
      ],
      { cwd: tmpdir(), env: { ...process.env, GOBIN: building, GOFLAGS: '-mod=mod' } },
    );
    await rename(join(building, 'influxd'), path);
    tell(`built in ${Math.round((Date.now() - startedMs) / 1000)} s`);
  } finally {
    clearInterval(progress);
    await rm(building, { recursive: true, force: true });
  }
}

/** Starts it on a free port in a temporary folder, and waits until it answers. `killInfluxds` ends it. */
export async function startInfluxd(program: string, kind: ServerKind): Promise<RealServer> {
  const folder = await mkdtemp(join(tmpdir(), 'stressql-influxd-'));
  const port = await freePort();
  const tls = kind === 'influx-tls' ? await makeCertificate(folder) : undefined;
  const configuration = join(folder, 'influxd.conf');
  await writeFile(configuration, configurationText(folder, port, kind, tls));
  const child = spawn(program, ['-config', configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
  started.add({ child, folder });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)));
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`InfluxDB did not start: ${log}`)));
  });
  // Once it has started, its end is for killInfluxds to bring about.
  ended.catch(() => {});
  await Promise.race([ready(port, kind), ended]);
  return {
    product: 'InfluxDB',
    version,
    // The certificate names localhost and nothing else.
    address: `${tls === undefined ? '127.0.0.1' : 'localhost'}:${port}`,
    source: program,
    ...(kind === 'influx-auth' ? login : {}),
    ...(tls === undefined ? {} : { caFile: tls.certificate, keyFile: tls.key }),
  };
}

function configurationText(
  folder: string,
  port: number,
  kind: ServerKind,
  tls: { certificate: string; key: string } | undefined,
): string {
  return [
    'reporting-disabled = true',
    'bind-address = "127.0.0.1:0"',
    '[meta]',
    `dir = ${JSON.stringify(join(folder, 'meta'))}`,
    '[data]',
    `dir = ${JSON.stringify(join(folder, 'data'))}`,
    `wal-dir = ${JSON.stringify(join(folder, 'wal'))}`,
    'query-log-enabled = false',
    '[monitor]',
    'store-enabled = false',
    '[continuous_queries]',
    'run-interval = "1s"',
    'log-enabled = false',
    '[logging]',
    'level = "error"',
    '[http]',
    `bind-address = "127.0.0.1:${port}"`,
    'flux-enabled = true',
    'log-enabled = false',
    `auth-enabled = ${kind === 'influx-auth'}`,
    ...(tls === undefined
      ? []
      : [
          'https-enabled = true',
          `https-certificate = ${JSON.stringify(tls.certificate)}`,
          `https-private-key = ${JSON.stringify(tls.key)}`,
        ]),
    '',
  ].join('\n');
}

async function makeCertificate(folder: string): Promise<{ certificate: string; key: string }> {
  const certificate = join(folder, 'certificate.pem');
  const key = join(folder, 'key.pem');
  const options = [
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-keyout',
    key,
    '-out',
    certificate,
  ];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  await promisify(execFile)('openssl', ['req', ...options, ...names]);
  return { certificate, key };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits for the first answer; a server with logins gets its administrator by it. */
async function ready(port: number, kind: ServerKind): Promise<void> {
  const { request } = kind === 'influx-tls' ? await import('node:https') : await import('node:http');
  const createUser = `CREATE USER ${login.username} WITH PASSWORD '${login.password}' WITH ALL PRIVILEGES`;
  const [method, path] =
    kind === 'influx-auth' ? ['POST', `/query?q=${encodeURIComponent(createUser)}`] : ['GET', '/ping'];
  const answers = (): Promise<boolean> =>
    new Promise((resolve) => {
      const options = { host: '127.0.0.1', port, path, method, rejectUnauthorized: false };
      request(options, (response) => resolve(response.resume().statusCode! < 300))
        .on('error', () => resolve(false))
        .end();
    });
  const untilMs = Date.now() + readyWithinMs;
  while (!(await answers())) {
    if (Date.now() > untilMs) throw new Error(`InfluxDB did not answer within ${readyWithinMs / 1000} s`);
    await sleep(100);
  }
}
