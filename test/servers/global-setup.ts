import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { findInfluxd, killInfluxds, startInfluxd } from './influxd.ts';
import type { RealServer, ServerFailed, ServerKind, ServerUnavailable } from './real-server.ts';

const remedy =
  'set STRESSQL_TEST_INFLUX to the address of an InfluxDB 1.8, or install Go, with which it is built once';

/**
 * Starts real servers when a suite first asks for them, one of a kind for the whole run, and stops them at its end,
 * however it ends. Suites run in other processes, so they ask over HTTP.
 */
export default async function setup(project: TestProject): Promise<() => void> {
  process.on('exit', killInfluxds);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, killInfluxds);

  const servers = new Map<ServerKind, Promise<RealServer | ServerUnavailable>>();
  const control = createServer((request, response) => {
    const kind = (request.url ?? '').slice(1) as ServerKind;
    const server = servers.get(kind) ?? start(kind);
    servers.set(kind, server);
    // A blank now and then, since the asker would give up on a silent answer before a server is built.
    const alive = setInterval(() => response.write(' '), 10_000);
    server
      .catch((error: unknown): ServerFailed => ({ failed: String(error) }))
      .then((answer) => {
        clearInterval(alive);
        response.end(JSON.stringify(answer));
      });
  });
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
  project.provide('serversUrl', `http://127.0.0.1:${(control.address() as AddressInfo).port}`);

  return () => {
    control.closeAllConnections();
    control.close();
    killInfluxds();
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

async function start(kind: ServerKind): Promise<RealServer | ServerUnavailable> {
  const given = process.env['STRESSQL_TEST_INFLUX'];
  if (kind === 'influx' && given !== undefined && given !== '') return reachInflux(given);
  const program = await findInfluxd();
  if ('unavailable' in program) return { unavailable: program.unavailable, remedy };
  return startInfluxd(program.path, kind);
}
