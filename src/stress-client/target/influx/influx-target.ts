import type { Clock } from '../../clock.ts';
import type { Settings } from '../../settings.ts';
import type { Work } from '../../work.ts';
import { printableMessage } from '../printable-message.ts';
import { readTls } from '../read-tls.ts';
import type { Failure } from '../socket-error.ts';
import type { Answer, AttemptListener, Sender, ServerInfo, Target, TargetError } from '../target.ts';
import { readInfluxAddress } from './address.ts';
import type { InfluxAddress } from './address.ts';
import type { Connection, Exchange } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { formBytesAtMost, loginHeaders, queryPath, writeForm, writePath } from './influx-api.ts';
import type { InfluxVersion } from './influx-api.ts';
import { InfluxSender } from './influx-sender.ts';
import { StagingBuffers } from './staging.ts';

const passThroughTextBytesAtMost = 1 << 20;
const closed: Failure = {
  errorClass: 'connection-lost',
  message: 'the run closed the connection',
  status: 0,
};

/**
 * An InfluxDB of generation 1 (/write, /query) or 2 (/api/v2/write, InfluxQL through /query), or several of them.
 *
 * Requests of a statement go round the addresses, each on a connection of its own; pass-through text goes to the
 * first address only. `requestBytes` and `responseBytes` count bodies as they are on the wire.
 */
export class InfluxTarget implements Target {
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #staging = new StagingBuffers();
  #pool: ConnectionPool | undefined = undefined;
  #listener: AttemptListener | undefined = undefined;
  #version: InfluxVersion = '1';
  #senders = 0;

  constructor(settings: Settings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  async open(listener: AttemptListener): Promise<readonly ServerInfo[] | TargetError> {
    const addresses = readAddresses(this.#settings);
    if ('errorClass' in addresses) return addresses;
    const tls = readTls(this.#settings);
    if ('errorClass' in tls) return tls;
    const pool = new ConnectionPool(addresses, tls, this.#clock, (name, up) =>
      listener.nodeChanged?.(name, up),
    );
    this.#pool = pool;
    this.#listener = listener;
    const met = await Promise.all(addresses.map((_, index) => this.#meet(pool, index)));
    const servers: ServerInfo[] = [];
    for (const server of met) {
      if ('errorClass' in server) return server;
      servers.push(server);
    }
    this.#version = versionOf(this.#settings, servers[0]!);
    return servers;
  }

  async prepare(work: Work): Promise<Sender | TargetError> {
    if (this.#pool === undefined || this.#listener === undefined) return notOpen;
    const { settings, plan } = work;
    const headers = loginHeaders(this.#settings);
    const write = (prefix: string): Exchange => ({
      kind: 'write',
      version: this.#version,
      textBytesAtMost: 0,
      request: {
        method: 'POST',
        path: prefix + writePath(this.#version, settings),
        headers: settings.Compression === 'gzip' ? [...headers, 'content-encoding', 'gzip'] : headers,
      },
    });
    const exchanges = this.#pool.addresses.map(({ prefix }) =>
      plan.kind === 'write' ? write(prefix) : this.#query(prefix, settings, 0),
    );
    // Neighbouring statements begin at different addresses, so that they don't go round in step.
    return new InfluxSender(work, exchanges, this.#pool, this.#staging, this.#listener, this.#senders++);
  }

  flush(): void {
    // Every request has a connection of its own: there is nothing to gather.
  }

  async passThrough(text: string, settings: Settings): Promise<Answer> {
    if (this.#pool === undefined) return { ok: false, error: notOpen };
    const exchange = this.#query(this.#pool.addresses[0]!.prefix, settings, passThroughTextBytesAtMost);
    const ended = await this.#ask(this.#pool, 0, exchange, formBody(text), settings);
    if (ended.error !== undefined) return { ok: false, error: asTargetError(ended, settings, text) };
    const { status, responseBytes, queryAnswer } = ended;
    return { ok: true, status, responseBytes, rows: queryAnswer.rows, text: ended.text };
  }

  async close(): Promise<void> {
    // Attempts of this very turn are answered in a later one, too.
    await new Promise<void>((resolve) => this.#clock.soon(resolve));
    this.#pool?.destroy(closed);
  }

  #query(prefix: string, settings: Settings, textBytesAtMost: number): Exchange {
    const headers = [...loginHeaders(this.#settings), 'content-type', 'application/x-www-form-urlencoded'];
    return {
      kind: 'query',
      version: this.#version,
      textBytesAtMost,
      request: { method: 'POST', path: prefix + queryPath(settings), headers },
    };
  }

  /** One exchange outside the load. */
  #ask(
    pool: ConnectionPool,
    addressIndex: number,
    exchange: Exchange,
    body: Buffer,
    settings: Settings,
  ): Promise<Connection> {
    return new Promise((resolve) => {
      const connection = pool.take(addressIndex);
      connection.begin(exchange, settings.Timeout, () => {
        // In a turn of its own, whose microtasks read the answer before another exchange can begin.
        this.#clock.soon(() => {
          pool.giveBack(connection);
          resolve(connection);
        });
      });
      connection.send(body);
    });
  }

  /** Asks an address who it is, and logs in with a query that changes nothing. */
  async #meet(pool: ConnectionPool, addressIndex: number): Promise<ServerInfo | TargetError> {
    const { name, prefix } = pool.addresses[addressIndex]!;
    const nothing = Buffer.alloc(0);
    const get = (path: string): Exchange => ({
      kind: 'write',
      version: this.#version,
      textBytesAtMost: 4096,
      request: { method: 'GET', path: prefix + path, headers: loginHeaders(this.#settings) },
    });
    const ping = await this.#ask(pool, addressIndex, get('/ping'), nothing, this.#settings);
    if (ping.error !== undefined) return asTargetError(ping, this.#settings);
    let version = ping.version;
    if (version === undefined) {
      const health = await this.#ask(pool, addressIndex, get('/health'), nothing, this.#settings);
      version = health.error === undefined ? /"version":\s*"([^"]+)"/.exec(health.text)?.[1] : undefined;
    }
    const showDatabases = this.#query(prefix, this.#settings, 0);
    const login = await this.#ask(
      pool,
      addressIndex,
      showDatabases,
      formBody('SHOW DATABASES'),
      this.#settings,
    );
    if (login.error !== undefined) return asTargetError(login, this.#settings);
    const plain = (version ?? 'of unknown version').replace(/^v(?=\d)/, '');
    return { address: name, product: `InfluxDB ${plain}`, version: plain };
  }
}

const notOpen: TargetError = { errorClass: 'client', message: 'the target is not open', status: 0 };

function formBody(text: string): Buffer {
  const bytes = Buffer.from(text);
  const body = Buffer.alloc(formBytesAtMost(bytes.length));
  return body.subarray(0, writeForm(bytes, body));
}

function readAddresses(settings: Settings): readonly InfluxAddress[] | TargetError {
  const addresses: InfluxAddress[] = [];
  for (const name of settings.Addresses) {
    const address = readInfluxAddress(name, settings.SSL);
    if ('expected' in address) {
      // It may hold a password, so it is told by its place.
      const message = `address ${addresses.length + 1} of Addresses is none`;
      return { errorClass: 'client', message, status: 0, hint: `expected ${address.expected}` };
    }
    addresses.push(address);
  }
  if (addresses.length > 0) return addresses;
  return {
    errorClass: 'client',
    message: 'Addresses is empty',
    status: 0,
    hint: 'SET Addresses [localhost:8086]',
  };
}

/** As set, else as the server says; 1.8's own 2.x paths are not what its users run. */
function versionOf(settings: Settings, server: ServerInfo): InfluxVersion {
  if (settings.Version !== 'auto') return settings.Version;
  if (/^\d/.test(server.version)) return Number.parseInt(server.version, 10) >= 2 ? '2' : '1';
  return settings.Org !== '' || settings.Bucket !== '' ? '2' : '1';
}

function asTargetError(connection: Connection, settings: Settings, sent = ''): TargetError {
  const { errorClass, status, hint } = connection.error!;
  return {
    errorClass,
    message: printableMessage(connection.error!.message, settings, sent),
    status,
    address: connection.address.name,
    ...(hint === undefined ? {} : { hint }),
  };
}
