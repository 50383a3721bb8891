import { errors, policies } from 'cassandra-driver';
import type { Client, Host } from 'cassandra-driver';
import type { Clock } from '../../../clock.ts';
import type { Settings } from '../../../settings.ts';
import type { Failure } from '../../socket-error.ts';
import type { AttemptListener, Sender, TargetError } from '../../target.ts';
import { connectionsPerHost } from '../cql-session.ts';
import type { CqlSession } from '../cql-session.ts';
import type { CqlTransport, PreparedWork } from '../cql-transport.ts';
import type { PreparedStatement } from '../protocol/result.ts';
import type { Attempt } from './attempt.ts';
import { DriverClient } from './driver-client.ts';
import { driverError } from './driver-error.ts';
import { DriverSender } from './driver-sender.ts';
import { PrepareOnlyPolicy, prepareOnly } from './prepare-only-policy.ts';

/** Timed-out requests that a connection may have before it is taken for dead. */
const orphansPerConnection = 1024;

const closed: Failure = {
  errorClass: 'connection-lost',
  message: 'the run closed the connection',
  status: 0,
};

/**
 * Sends through cassandra-driver, as an application would. It has one keyspace a client, so each keyspace that is
 * loaded has a client of its own, with ConnectionsPerHost connections to every node of the local datacenter.
 */
export class DriverTransport implements CqlTransport {
  readonly #session: CqlSession;
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #listener: AttemptListener;
  readonly #clients = new Map<string, Promise<DriverClient | TargetError>>();
  readonly #inFlight = new Set<Attempt>();
  #closed = false;

  constructor(session: CqlSession, settings: Settings, clock: Clock, listener: AttemptListener) {
    this.#session = session;
    this.#settings = settings;
    this.#clock = clock;
    this.#listener = listener;
  }

  open(): Promise<undefined> {
    const { client, nodes } = this.#session;
    const names = new Map(nodes.map(({ hostId, name }) => [hostId, name]));
    for (const [event, up] of [
      ['hostDown', false],
      ['hostUp', true],
    ] as const) {
      client.on(event, (host: Host) => {
        const name = names.get(host.hostId.toString());
        if (name !== undefined && !this.#closed) this.#listener.nodeChanged?.(name, up);
      });
    }
    return Promise.resolve(undefined);
  }

  prepare(text: string, keyspace: string): Promise<PreparedStatement | TargetError> {
    return this.#session.prepare(text, keyspace);
  }

  async sender(prepared: PreparedWork): Promise<Sender | TargetError> {
    const { settings } = prepared.work;
    if (settings.Consistency === 'ANY') {
      return {
        errorClass: 'client',
        message: 'cassandra-driver sends ONE in place of Consistency [ANY]',
        status: 0,
        hint: 'SET Driver [direct], or another Consistency',
      };
    }
    const connected = await this.#client(settings.Keyspace);
    if ('errorClass' in connected) return connected;
    const { client } = connected;
    for (const text of prepared.texts) {
      const error = await prepareOnAllHosts(client, text);
      if (error !== undefined) return this.#session.targetError(error);
    }
    return new DriverSender(prepared, connected, this.#inFlight, this.#listener, this.#clock);
  }

  flush(): void {
    // The driver writes at the end of the turn.
  }

  async close(): Promise<void> {
    this.#closed = true;
    // Attempts of this very turn are answered in a later one, too.
    await new Promise<void>((resolve) => this.#clock.soon(resolve));
    for (const attempt of this.#inFlight) attempt.fail(closed);
    await Promise.all(
      [...this.#clients.values()].map(async (opening) => {
        const client = await opening;
        if (client instanceof DriverClient) await client.close();
      }),
    );
  }

  #client(keyspace: string): Promise<DriverClient | TargetError> {
    if (this.#closed) return Promise.resolve(closed);
    const known = this.#clients.get(keyspace);
    if (known !== undefined) return known;
    const client = this.#connect(keyspace);
    this.#clients.set(keyspace, client);
    void client.then((opened) => 'errorClass' in opened && this.#clients.delete(keyspace));
    return client;
  }

  async #connect(keyspace: string): Promise<DriverClient | TargetError> {
    const { Routing, ConnectionsPerHost } = this.#settings;
    const options = this.#session.clientOptions();
    const { DCAwareRoundRobinPolicy, TokenAwarePolicy } = policies.loadBalancing;
    const nodes = new DCAwareRoundRobinPolicy(this.#session.datacenter);
    const client = await DriverClient.open({
      ...options,
      keyspace,
      policies: {
        ...options.policies,
        loadBalancing: new PrepareOnlyPolicy(Routing === 'token' ? new TokenAwarePolicy(nodes) : nodes),
      },
      pooling: { ...options.pooling, ...connectionsPerHost(ConnectionsPerHost) },
      socketOptions: { ...options.socketOptions, defunctReadTimeoutThreshold: orphansPerConnection },
    });
    return 'errorClass' in client ? this.#session.targetError(client) : client;
  }
}

async function prepareOnAllHosts(client: Client, text: string): Promise<Failure | undefined> {
  try {
    await client.execute(text, [], prepareOnly);
    return undefined;
  } catch (error) {
    const nothingTried =
      error instanceof errors.NoHostAvailableError && Object.keys(error.innerErrors as object).length === 0;
    return nothingTried ? undefined : driverError(error);
  }
}
