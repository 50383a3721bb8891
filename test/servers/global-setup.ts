import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { findInfluxd, startInfluxd } from './influxd.ts';
import type { InfluxdProcess } from './influxd.ts';
import type { RealServer, ServerKind, ServerUnavailable } from './real-server.ts';

const remedy =
  'set STRESSQL_TEST_INFLUX to the address of an InfluxDB 1.8, or install Go, with which it is built once';

/**
 * Starts real servers when a suite first asks for them, one of a kind for the whole run, and stops them at its end,
 * however it ends. Suites run in other processes, so they ask over HTTP.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const processes: InfluxdProcess[] = [];
  const killAll = (): void => processes.forEach((each) => each.kill());
  process.on('exit', killAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, killAll);

  const start = async (kind: ServerKind): Promise<RealServer | ServerUnavailable> => {
    const given = process.env['STRESSQL_TEST_INFLUX'];
    if (kind === 'influx' && given !== undefined && given !== '') return reachInflux(given);
    const program = await findInfluxd();
    if ('unavailable' in program) return { unavailable: program.unavailable, remedy };
    const started = await startInfluxd(program.path, kind);
    processes.push(started);
    return started.server;
  };
  const servers = new Map<ServerKind, Promise<RealServer | ServerUnavailable>>();
  const control = createServer((request, response) => {
    const kind = (request.url ?? '').slice(1) as ServerKind;
    const server = servers.get(kind) ?? start(kind);
    servers.set(kind, server);
    server.then(
      (answer) => response.end(JSON.stringify(answer)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  // Building a server takes longer than an HTTP request usually may.
  control.requestTimeout = 0;
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
  project.provide('serversUrl', `http://127.0.0.1:${(control.address() as AddressInfo).port}`);

  return async () => {
    control.closeAllConnections();
    control.close();
    await Promise.all(processes.map((each) => each.stop()));
  };
}

async function reachInflux(address: string): Promise<RealServer | ServerUnavailable> {
  const url = /^https?:\/\//.test(address) ? address : `http://${address}`;
  try {
    const pinged = await fetch(`${url}/ping`);
    const version = pinged.headers.get('x-influxdb-version') ?? 'unknown';
    return { product: 'InfluxDB', version, address, source: 'STRESSQL_TEST_INFLUX' };
  } catch {
    return { unavailable: `nothing answers at STRESSQL_TEST_INFLUX (${address})`, remedy };
  }
}
