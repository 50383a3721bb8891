import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { findCassandra, startCassandra } from './cassandra-daemon.ts';
import { cqlClient } from './cql-client.ts';
import { findInfluxd, startInfluxd } from './influxd.ts';
import type { RealServer, ServerFailed, ServerKind, ServerUnavailable } from './real-server.ts';
import { killServers } from './server-process.ts';

const remedies = {
  influx:
    'set STRESSQL_TEST_INFLUX to the address of an InfluxDB 1.8, or install Go, with which it is built once',
  cassandra:
    'set STRESSQL_TEST_CQL to the address of a Cassandra 5, or install a JDK 11 or 17 and Maven, with which it is fetched once',
};

const servers = new Map<ServerKind, Promise<RealServer | ServerUnavailable>>();

/**
 * Starts real servers when a suite first asks for them, one of a kind for the whole run, and stops them at its end,
 * however it ends. Suites run in other processes, so they ask over HTTP.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const control = createServer((request, response) => {
    // A blank now and then, since the asker would give up on a silent answer before a server is built.
    const alive = setInterval(() => response.write(' '), 10_000);
    serverOf((request.url ?? '').slice(1) as ServerKind)
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
    return killServers();
  };
}

function serverOf(kind: ServerKind): Promise<RealServer | ServerUnavailable> {
  const server = servers.get(kind) ?? start(kind);
  servers.set(kind, server);
  return server;
}

function start(kind: ServerKind): Promise<RealServer | ServerUnavailable> {
  switch (kind) {
    case 'influx':
      return reachOr(process.env['STRESSQL_TEST_INFLUX'], reachInflux, () => startInflux(kind));
    case 'influx-auth':
    case 'influx-tls':
      return startInflux(kind);
    case 'cassandra':
      return reachOr(process.env['STRESSQL_TEST_CQL'], reachCql, startPlainCql);
    case 'cassandra-auth':
    case 'cassandra-tls':
      return startCql(kind);
  }
}

function reachOr<Server>(
  given: string | undefined,
  reach: (address: string) => Promise<Server>,
  startOwn: () => Promise<Server>,
): Promise<Server> {
  return given ? reach(given) : startOwn();
}

async function startInflux(kind: ServerKind): Promise<RealServer | ServerUnavailable> {
  const program = await findInfluxd();
  if ('unavailable' in program) return { ...program, remedy: remedies.influx };
  return startInfluxd(program.path, kind);
}

async function startCql(kind: ServerKind): Promise<RealServer | ServerUnavailable> {
  const found = await findCassandra();
  if ('unavailable' in found) return { ...found, remedy: remedies.cassandra };
  return startCassandra(found.libraries, kind);
}

/** The server that takes TLS too, for those who don't use it. */
async function startPlainCql(): Promise<RealServer | ServerUnavailable> {
  const server = await serverOf('cassandra-tls');
  if ('unavailable' in server) return server;
  const { product, version, address, source } = server;
  return { product, version, address, source };
}

async function reachInflux(address: string): Promise<RealServer | ServerUnavailable> {
  const url = /^https?:\/\//.test(address) ? address : `http://${address}`;
  try {
    const pinged = await fetch(`${url}/ping`);
    const version = pinged.headers.get('x-influxdb-version') ?? 'unknown';
    return { product: 'InfluxDB', version, address, source: 'STRESSQL_TEST_INFLUX' };
  } catch {
    const unavailable = `nothing answers at STRESSQL_TEST_INFLUX (${address})`;
    return { unavailable, remedy: remedies.influx };
  }
}

async function reachCql(address: string): Promise<RealServer | ServerUnavailable> {
  const server = { product: 'Cassandra', version: 'unknown', address, source: 'STRESSQL_TEST_CQL' };
  const client = cqlClient(server);
  try {
    const { rows } = await client.execute('SELECT release_version FROM system.local');
    return { ...server, version: String(rows[0]?.['release_version']) };
  } catch {
    const unavailable = `nothing answers at STRESSQL_TEST_CQL (${address})`;
    return { unavailable, remedy: remedies.cassandra };
  } finally {
    await client.shutdown();
  }
}
