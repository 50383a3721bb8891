import { randomBytes } from 'node:crypto';
import { afterAll } from 'vitest';
import { describeWithServer } from './describe-with-server.ts';
import type { RealServer, ServerKind } from './real-server.ts';

/** A real InfluxDB. */
export class Influx {
  readonly server: RealServer;
  #databases: string[] = [];

  constructor(server: RealServer) {
    this.server = server;
  }

  get address(): string {
    return this.server.address;
  }

  /** A database that nothing else uses; dropped when the suite ends. */
  async createDatabase(): Promise<string> {
    const name = `stressql_test_${randomBytes(5).toString('hex')}`;
    await this.query(`CREATE DATABASE ${name}`);
    this.#databases.push(name);
    return name;
  }

  /** The value rows of an InfluxQL query, timestamps in nanoseconds as numbers; throws on an error. */
  async query(text: string, database = ''): Promise<readonly (readonly unknown[])[]> {
    return (await this.series(text, database)).flatMap(({ values }) => values ?? []);
  }

  /** As `query`, by series. */
  async series(text: string, database = ''): Promise<readonly InfluxSeries[]> {
    const { address, username, password } = this.server;
    const url = /^https?:/.test(address) ? address : `http://${address}`;
    const login = Buffer.from(`${username}:${password}`).toString('base64');
    const response = await fetch(`${url}/query?${new URLSearchParams({ db: database, epoch: 'ns' })}`, {
      method: 'POST',
      headers: username === undefined ? {} : { authorization: `Basic ${login}` },
      body: new URLSearchParams({ q: text }),
    });
    const answer = (await response.json()) as {
      error?: string;
      results?: { error?: string; series?: InfluxSeries[] }[];
    };
    const error = answer.error ?? answer.results?.find((result) => result.error !== undefined)?.error;
    if (error !== undefined) throw new Error(`${text}: ${error}`);
    return answer.results!.flatMap(({ series }) => series ?? []);
  }

  async dropDatabases(): Promise<void> {
    for (const name of this.#databases) await this.query(`DROP DATABASE ${name}`);
    this.#databases = [];
  }
}

export interface InfluxSeries {
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values?: readonly (readonly unknown[])[];
}

/** A suite that needs a real InfluxDB 1.8, as `describeWithServer` says. */
export function describeWithInflux(title: string, suite: (influx: Influx) => void): void {
  describeWith('influx', title, suite);
}

/** As `describeWithInflux`, with an InfluxDB that asks for a login. */
export function describeWithInfluxLogin(title: string, suite: (influx: Influx) => void): void {
  describeWith('influx-auth', title, suite);
}

/** As `describeWithInflux`, with an InfluxDB that speaks TLS with a certificate of its own. */
export function describeWithInfluxTls(title: string, suite: (influx: Influx) => void): void {
  describeWith('influx-tls', title, suite);
}

function describeWith(kind: ServerKind, title: string, suite: (influx: Influx) => void): void {
  describeWithServer(kind, title, (server) => {
    const influx = new Influx(server);
    afterAll(() => influx.dropDatabases());
    suite(influx);
  });
}
