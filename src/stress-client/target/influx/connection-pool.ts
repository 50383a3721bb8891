import type { buildConnector } from 'undici';
import type { Clock } from '../../clock.ts';
import type { Failure } from '../socket-error.ts';
import type { InfluxAddress } from './address.ts';
import { Connection } from './connection.ts';

/** Connections to the addresses: as many to each as there were exchanges in flight to it at once. */
export class ConnectionPool {
  readonly addresses: readonly InfluxAddress[];
  readonly #tls: buildConnector.BuildOptions;
  readonly #clock: Clock;
  readonly #all = new Set<Connection>();
  /** Of each address; the last to come back is the first to go. */
  readonly #idle: Connection[][];

  /** Of each address that has answered, whether it can be connected to. */
  readonly #up: (boolean | undefined)[];
  readonly #nodeChanged: (name: string, up: boolean) => void;

  /** `nodeChanged` hears when nothing connects to an address any more, and when it answers again. */
  constructor(
    addresses: readonly InfluxAddress[],
    tls: buildConnector.BuildOptions,
    clock: Clock,
    nodeChanged: (name: string, up: boolean) => void,
  ) {
    this.#nodeChanged = nodeChanged;
    this.#up = addresses.map(() => undefined);
    this.addresses = addresses;
    this.#tls = tls;
    this.#clock = clock;
    this.#idle = addresses.map(() => []);
  }

  /** An idle connection to the address of that index, or a new one. */
  take(addressIndex: number): Connection {
    const idle = this.#idle[addressIndex]!.pop();
    if (idle !== undefined) return idle;
    const connection = new Connection(this.addresses[addressIndex]!, addressIndex, this.#tls, this.#clock);
    this.#all.add(connection);
    return connection;
  }

  /** Takes a connection back after its exchange; a destroyed one is forgotten. */
  giveBack(connection: Connection): void {
    this.#note(connection);
    if (connection.destroyed) this.#all.delete(connection);
    else this.#idle[connection.addressIndex]!.push(connection);
  }

  #note({ addressIndex, error, destroyed }: Connection): void {
    const refused = error?.errorClass === 'connection-refused' || error?.errorClass === 'unresolved';
    const was = this.#up[addressIndex];
    // A connection that ends says nothing of the next one.
    if (was === !refused || (refused ? was === undefined : destroyed)) return;
    this.#up[addressIndex] = !refused;
    if (was !== undefined) this.#nodeChanged(this.addresses[addressIndex]!.name, !refused);
  }

  /** Ends what is in flight with `error`, and every connection. */
  destroy(error: Failure): void {
    for (const connection of this.#all) connection.destroy(error);
    this.#all.clear();
    for (const idle of this.#idle) idle.length = 0;
  }
}
