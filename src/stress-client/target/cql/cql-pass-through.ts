import type { Client, types } from 'cassandra-driver';
import type { Clock } from '../../clock.ts';
import type { Settings } from '../../settings.ts';
import type { Failure } from '../socket-error.ts';
import type { Answer, TargetError } from '../target.ts';
import { readCqlName } from './cql-name.ts';
import type { CqlSession } from './cql-session.ts';
import { DriverClient } from './driver/driver-client.ts';
import { driverError } from './driver/driver-error.ts';
import type { Exchange, ExchangeOptions } from './driver/exchange-tracker.ts';
import { consistencyCodes } from './protocol/protocol-constants.ts';
import { rowsText } from './rows-text.ts';

/**
 * Sends pass-through text, each in one request: of an answer of several pages, the first. It runs in the keyspace
 * that is set, on connections of its own (one to a node), and without one where there is no such keyspace yet.
 * Consistency ANY is sent as ONE, since cassandra-driver knows no other way.
 */
export class CqlPassThrough {
  readonly #session: CqlSession;
  readonly #clock: Clock;
  readonly #clients = new Map<string, Promise<DriverClient | TargetError>>();
  readonly #endings = new Set<(answer: Answer) => void>();
  /** Set once it is closed. */
  #closed: TargetError | undefined = undefined;

  constructor(session: CqlSession, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
  }

  /** Runs a text; one that changes the schema is answered once the nodes' schemas agree. At most `settings.Timeout`. */
  async run(text: string, settings: Settings): Promise<Answer> {
    const keyspace = readCqlName(settings.Keyspace);
    const client = await this.#clientIn(keyspace);
    if ('errorClass' in client) return { ok: false, error: client };
    let requestAnswered = false;
    let responseBytes = 0;
    const exchange: Exchange = {
      answered(_requestBytes, bytes) {
        requestAnswered = true;
        responseBytes += bytes;
      },
    };
    const options: ExchangeOptions = {
      consistency: consistencyCodes[settings.Consistency] as types.consistencies,
      serialConsistency: consistencyCodes[settings.SerialConsistency] as types.consistencies,
      fetchSize: settings.PageSize,
      isIdempotent: false,
      readTimeout: 0,
      exchange,
    };
    return new Promise((resolve) => {
      const end = (answer: Answer): void => {
        timer.cancel();
        this.#endings.delete(end);
        resolve(answer);
      };
      const fail = (failure: Failure): void => {
        const lacksKeyspace = failure.errorClass === 'not-found' && client === this.#session.client;
        const hint = lacksKeyspace ? { hint: `CREATE KEYSPACE ${keyspace} first` } : {};
        end({ ok: false, error: this.#session.targetError({ ...failure, ...hint }, text) });
      };
      const timer = this.#clock.at(this.#clock.nowNs() + settings.Timeout, () =>
        fail(timeoutError(settings.Timeout, requestAnswered)),
      );
      this.#endings.add(end);
      client.execute(text, [], options).then(
        (result) => {
          if (!schemaAgrees(result)) return fail(disagreement);
          end({
            ok: true,
            status: 0,
            responseBytes,
            rows: result.rowLength ?? 0,
            text: rowsText(result),
          });
        },
        (error: unknown) => fail(driverError(error)),
      );
    });
  }

  /** Ends what is in flight with `error`, and its connections. */
  async close(error: TargetError): Promise<void> {
    this.#closed = error;
    for (const end of this.#endings) end({ ok: false, error });
    for (const opening of this.#clients.values()) {
      const client = await opening;
      if (client instanceof DriverClient) await client.close();
    }
  }

  async #clientIn(keyspace: string): Promise<Client | TargetError> {
    const known = this.#clients.get(keyspace);
    if (known !== undefined) return clientOf(await known);
    const there = await this.#session.hasKeyspace(keyspace);
    if (there === false) return this.#session.client;
    if (there !== true) return there;
    if (this.#closed !== undefined) return this.#closed;
    const client = this.#clients.get(keyspace) ?? this.#connect(keyspace);
    this.#clients.set(keyspace, client);
    void client.then((opened) => 'errorClass' in opened && this.#clients.delete(keyspace));
    return clientOf(await client);
  }

  async #connect(keyspace: string): Promise<DriverClient | TargetError> {
    const client = await DriverClient.open({
      ...this.#session.clientOptions(),
      keyspace,
      isMetadataSyncEnabled: false,
    });
    return 'errorClass' in client ? this.#session.targetError(client) : client;
  }
}

function clientOf(opened: DriverClient | TargetError): Client | TargetError {
  return 'errorClass' in opened ? opened : opened.client;
}

/** The driver tells it of every result; its types leave it out. */
function schemaAgrees({ info }: types.ResultSet): boolean {
  return (info as { readonly isSchemaInAgreement?: boolean }).isSchemaInAgreement !== false;
}

const disagreement: Failure = {
  errorClass: 'server-error',
  message: 'the statement ran, and the nodes could not be asked whether their schemas agree',
  status: 0,
};

function timeoutError(timeoutNs: number, answered: boolean): Failure {
  const seconds = timeoutNs / 1e9;
  if (!answered) return { errorClass: 'timeout', message: `no answer within ${seconds} s`, status: 0 };
  return {
    errorClass: 'server-timeout',
    message: `the statement ran, and the nodes’ schemas did not agree within ${seconds} s`,
    status: 0,
    hint: 'is a node down?',
  };
}
