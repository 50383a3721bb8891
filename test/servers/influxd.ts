import { execFile } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeCertificate } from './certificate.ts';
import { freePorts } from './free-ports.ts';
import { cachedFolder } from './program-cache.ts';
import type { RealServer, ServerKind } from './real-server.ts';
import { startServer } from './server-process.ts';

const version = '1.8.3';
const product = `InfluxDB ${version}`;
const login = { username: 'root', password: 'pass+word/of=root' };

/** The program, from the cache or built into it with `go install`, which takes a minute or two, once. */
export async function findInfluxd(): Promise<{ readonly path: string } | { readonly unavailable: string }> {
  try {
    return { path: join(await cachedFolder(`influxd-${version}`, product, build), 'influxd') };
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { unavailable: missing ? 'there is no Go to build InfluxDB with' : String(error) };
  }
}

async function build(folder: string): Promise<void> {
  const source = `github.com/influxdata/influxdb/cmd/influxd@v${version}`;
  await promisify(execFile)('go', ['install', '-ldflags', `-X main.version=${version}`, source], {
    cwd: tmpdir(),
    env: { ...process.env, GOBIN: folder, GOFLAGS: '-mod=mod' },
  });
}

/** Starts it on a free port in a temporary folder, and waits until it answers. */
export async function startInfluxd(program: string, kind: ServerKind): Promise<RealServer> {
  const { server, start } = await configureInfluxd(program, kind);
  await start();
  return server;
}

/** An InfluxDB of one suite's own, which it may stop and start again where it was. */
export interface OwnInfluxd {
  readonly server: RealServer;
  /** Resolves when it has ended, with everything that it was given on the disk. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Starts one; `killServers` ends it. */
export async function startOwnInfluxd(program: string): Promise<OwnInfluxd> {
  const { server, start } = await configureInfluxd(program, 'influx');
  let child = await start();
  return {
    server,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
    async start() {
      child = await start();
    },
  };
}

async function configureInfluxd(
  program: string,
  kind: ServerKind,
): Promise<{ readonly server: RealServer; start(): Promise<ChildProcess> }> {
  const folder = await mkdtemp(join(tmpdir(), 'stressql-influxd-'));
  const port = (await freePorts(1))[0]!;
  // It names localhost and nothing else: 127.0.0.1 is what a test of a wrong name connects to.
  const tls = kind === 'influx-tls' ? await makeCertificate(folder, ['DNS:localhost']) : undefined;
  const configuration = join(folder, 'influxd.conf');
  await writeFile(configuration, configurationText(folder, port, kind, tls));
  const start = (): Promise<ChildProcess> =>
    startServer({
      product,
      command: program,
      words: ['-config', configuration],
      folder,
      readyWithinMs: 60_000,
      isReady: () => answers(port, kind),
    });
  const server = {
    product: 'InfluxDB',
    version,
    address: `${tls === undefined ? '127.0.0.1' : 'localhost'}:${port}`,
    source: program,
    ...(kind === 'influx-auth' ? login : {}),
    ...(tls === undefined ? {} : { caFile: tls.certificate, keyFile: tls.key }),
  };
  return { server, start };
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

/** Whether it answers; a server with logins gets its administrator by it. */
async function answers(port: number, kind: ServerKind): Promise<boolean> {
  const { request } = kind === 'influx-tls' ? await import('node:https') : await import('node:http');
  const createUser = `CREATE USER ${login.username} WITH PASSWORD '${login.password}' WITH ALL PRIVILEGES`;
  const [method, path] =
    kind === 'influx-auth' ? ['POST', `/query?q=${encodeURIComponent(createUser)}`] : ['GET', '/ping'];
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, path, method, rejectUnauthorized: false };
    request(options, (response) => resolve(response.resume().statusCode! < 300))
      .on('error', () => resolve(false))
      .end();
  });
}
