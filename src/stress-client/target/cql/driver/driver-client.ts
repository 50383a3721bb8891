import type { EventEmitter } from 'node:events';
import { Client } from 'cassandra-driver';
import type { DseClientOptions, Host, HostMap, types } from 'cassandra-driver';
import type { Failure } from '../../socket-error.ts';
import { driverError } from './driver-error.ts';

/* What the driver's types leave out. */
interface ClosableHost extends Host {
  shutdown(waitForPending: boolean): Promise<void>;
}
interface WritableHostMap extends HostMap {
  set(address: string, host: Host): void;
}

/** What the driver says of a column. */
type ColumnType = types.ResultSet['columns'][number]['type'];

interface Closable {
  close(): void;
}
interface ControlledClient {
  /** Emits `newConnection` with an error or a connection. */
  readonly controlConnection: EventEmitter & {
    readonly connection: Closable | null;
    getEncoder(): { decode(value: Buffer | null, type: ColumnType): unknown };
  };
}

/**
 * A client of cassandra-driver that leaves nothing open. When no node could be reached for a while, the driver puts
 * a new host in the place of the one it reconnects to, and forgets the old one's connections and timers.
 */
export class DriverClient {
  readonly client: Client;
  readonly #forgotten = new Set<Host>();

  private constructor(client: Client) {
    this.client = client;
    const hosts = client.hosts as WritableHostMap;
    const set = hosts.set.bind(hosts);
    hosts.set = (address, host) => {
      const replaced = hosts.get(address);
      if (replaced !== undefined && replaced !== host) this.#forgotten.add(replaced);
      set(address, host);
    };
  }

  /** Connects; what was opened before an error is closed. */
  static async open(options: DseClientOptions): Promise<DriverClient | Failure> {
    const client = new Client(options);
    try {
      await client.connect();
      return new DriverClient(client);
    } catch (error) {
      await client.shutdown();
      return driverError(error);
    }
  }

  /** What the driver makes of a value of a column. */
  decode(value: Buffer | null, type: ColumnType): unknown {
    return this.#controlConnection.getEncoder().decode(value, type);
  }

  async close(): Promise<void> {
    await this.client.shutdown();
    // It may be reconnecting at this very moment, which the driver then finishes.
    const controlConnection = this.#controlConnection;
    controlConnection.connection?.close();
    controlConnection.on('newConnection', (_error, connection?: Closable) => connection?.close());
    await Promise.all([...this.#forgotten].map((host) => (host as ClosableHost).shutdown(false)));
  }

  get #controlConnection(): ControlledClient['controlConnection'] {
    return (this.client as unknown as ControlledClient).controlConnection;
  }
}
