import { HttpError, InfluxDB } from '@influxdata/influxdb-client';
import { commonClock } from './common-clock.ts';
import { commonBucketOf, makeCommonBucket } from './common-bucket.ts';
import type { ReportLogin } from './report-login.ts';
import { UndiciTransport } from './undici-transport.ts';

/** Why the database did not do what it was asked. */
export class ReportingError extends Error {
  override readonly name = 'ReportingError';
  /**
   * `away`: another try may succeed. `refused`: these rows will never be taken. `homeless`: there is no place for rows
   * on the common clock, and none can be made.
   */
  readonly kind: 'away' | 'refused' | 'homeless';
  /** Rows that were refused, where the database took the others. */
  readonly refusedRows: number | undefined;

  constructor(kind: ReportingError['kind'], message: string, refusedRows?: number) {
    super(message);
    this.kind = kind;
    this.refusedRows = refusedRows;
  }
}

/** So long an exchange may take in all, unless told otherwise. */
const usualDeadlineMs = 5000;

export interface ReportingDatabaseOptions {
  /** Milliseconds; 5,000 unless set. */
  readonly deadlineMs?: number | undefined;
  /** Whether what is written has its times on the common clock, and so a place of its own. */
  readonly onCommonClock?: boolean;
}

/** A row of a query's answer by its columns; nulls are left out. */
export type ReadRow = Readonly<Record<string, unknown>>;

/**
 * The reporting InfluxDB, 1.x or 2.x. Every exchange ends within its deadline and rejects with a ReportingError only; a
 * database of 1.x is made when it is missing, and so is the place of the rows on the common clock: a retention policy
 * of 1.x, a bucket of 2.x, neither of which expires. 3.x, where time does not expire rows, keeps them with the others.
 */
export class ReportingDatabase {
  readonly login: ReportLogin;
  readonly #transport: UndiciTransport;
  readonly #influx: InfluxDB;
  readonly #onCommonClock: boolean;
  #version: '1' | '2' | '3' = '1';

  constructor(login: ReportLogin, options: ReportingDatabaseOptions = {}) {
    const { deadlineMs = usualDeadlineMs, onCommonClock = false } = options;
    const { address, username, password, token } = login;
    this.login = login;
    this.#onCommonClock = onCommonClock;
    const url = `${address.origin}${address.prefix}`;
    const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const authorization = token !== '' ? `Token ${token}` : username !== '' ? basic : undefined;
    this.#transport = new UndiciTransport(
      url,
      authorization === undefined ? {} : { authorization },
      deadlineMs,
    );
    this.#influx = new InfluxDB({ url, transport: this.#transport });
  }

  /** Reaches the server, logs in, and makes the database where it is missing. */
  async open(): Promise<void> {
    const { org, bucket, database } = this.login;
    const version = await this.#ping();
    this.#version = /^v?3/.test(version)
      ? '3'
      : bucket !== '' || org !== '' || /^v?2/.test(version)
        ? '2'
        : '1';
    if (this.#version === '1') {
      await this.#make(`CREATE DATABASE ${quoted(database)}`);
      if (this.#onCommonClock) await this.#makeCommonPolicy();
    } else if (this.#version === '2' && this.#onCommonClock) {
      const transport = this.#influx.transport;
      const headers = { 'content-type': 'application/json' };
      try {
        await makeCommonBucket(
          (path, body) =>
            transport.request(path, body, { method: body === undefined ? 'GET' : 'POST', headers }),
          org,
          bucket || database,
        );
      } catch (error) {
        throw this.#reportingError(
          error,
          error instanceof HttpError && error.statusCode < 500 ? 'homeless' : 'away',
        );
      }
    }
  }

  /** Writes rows of line protocol. Writing them again changes nothing. */
  async write(rows: string): Promise<void> {
    const { org, bucket, database } = this.login;
    const writer = this.#influx.getWriteApi('', '', 'ns', {
      // One request a call, its outcome told here: what failed is kept and tried again by the caller.
      batchSize: 2,
      maxBatchBytes: Infinity,
      flushInterval: 0,
      maxRetries: 0,
      writeFailed: (error) => Promise.reject(error),
    });
    const main = bucket || database;
    writer.path =
      this.#version === '2'
        ? `/api/v2/write?${new URLSearchParams({
            org,
            bucket: this.#onCommonClock ? commonBucketOf(main) : main,
            precision: 'ns',
          })}`
        : `/write?${new URLSearchParams({
            db: this.#version === '1' ? database : main,
            ...(this.#version === '1' && this.#onCommonClock && { rp: commonClock.retentionPolicy }),
            precision: 'ns',
          })}`;
    writer.writeRecord(rows);
    await this.#told(writer.flush());
  }

  /** The rows of an InfluxQL query, all series one after the other. */
  async query(text: string): Promise<readonly ReadRow[]> {
    const { bucket, database } = this.login;
    const parameters = new URLSearchParams({ db: bucket || database, epoch: 'ms' });
    const answer = (await this.#told(
      this.#influx.transport.request(`/query?${parameters}`, new URLSearchParams({ q: text }).toString(), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    )) as QueryAnswer | undefined;
    const error = answer?.error ?? answer?.results?.find((result) => result.error !== undefined)?.error;
    if (error !== undefined) throw new ReportingError('away', error);
    return (answer?.results ?? []).flatMap(({ series = [] }) => series.flatMap(readRows));
  }

  /** Ends every connection, and what is under way on it. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  async #makeCommonPolicy(): Promise<void> {
    const policy = quoted(commonClock.retentionPolicy);
    const database = quoted(this.login.database);
    try {
      await this.#make(`CREATE RETENTION POLICY ${policy} ON ${database} DURATION INF REPLICATION 1`);
    } catch (error) {
      if (!(error instanceof ReportingError && error.kind === 'refused')) throw error;
      throw new ReportingError('homeless', error.message);
    }
  }

  /** Creates what may be there already, or may be made only by others. */
  async #make(statement: string): Promise<void> {
    try {
      await this.query(statement);
    } catch (error) {
      const said = error instanceof ReportingError ? error.message : '';
      if (!/not authorized|requires admin|already exists|conflicts with an existing policy/i.test(said))
        throw error;
    }
  }

  async #ping(): Promise<string> {
    let version = '';
    await this.#told(
      this.#influx.transport.request('/ping', '', { method: 'GET' }, (headers) => {
        version = String(headers['x-influxdb-version'] ?? '');
      }),
    );
    if (version !== '') return version;
    throw new ReportingError('away', 'the address answers, but not as an InfluxDB does');
  }

  /** The exchange's outcome, errors in our words. */
  async #told<Value>(exchange: Promise<Value>): Promise<Value> {
    try {
      return await exchange;
    } catch (error) {
      throw this.#reportingError(error);
    }
  }

  #reportingError(error: unknown, kind: 'away' | 'homeless' = 'away'): ReportingError {
    if (error instanceof ReportingError) return error;
    if (!(error instanceof HttpError)) return new ReportingError('away', inWords(error));
    const { statusCode, body = '' } = error;
    const said = oneLine(saidBy(body) || `HTTP ${statusCode}`);
    if (kind === 'homeless' || said.startsWith('retention policy not found')) {
      return new ReportingError('homeless', said);
    }
    if (statusCode === 401) return new ReportingError('away', `${said}; check the login`);
    if (this.#version === '2' && statusCode === 404) {
      const { org, bucket, database } = this.login;
      const advice =
        org === '' ? 'SET ReportOrg' : `make it first: influx bucket create --name ${bucket || database}`;
      return new ReportingError('away', `${said}; ${advice}`);
    }
    if (statusCode === 400 || statusCode === 413 || statusCode === 422) {
      const dropped = /\bdropped=(\d+)/.exec(said)?.[1];
      return new ReportingError('refused', said, dropped === undefined ? undefined : Number(dropped));
    }
    return new ReportingError('away', said);
  }
}

interface QueryAnswer {
  readonly error?: string;
  readonly results?: readonly {
    readonly error?: string;
    readonly series?: readonly Series[];
  }[];
}

interface Series {
  readonly columns: readonly string[];
  readonly values?: readonly (readonly unknown[])[];
}

function readRows({ columns, values = [] }: Series): readonly ReadRow[] {
  return values.map((row) =>
    Object.fromEntries(columns.map((column, at) => [column, row[at]]).filter(([, value]) => value !== null)),
  );
}

function quoted(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}

function saidBy(body: string): string {
  try {
    const { error, message } = JSON.parse(body) as { readonly error?: string; readonly message?: string };
    return error ?? message ?? body;
  } catch {
    return body;
  }
}

const messageLengthAtMost = 300;

function oneLine(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > messageLengthAtMost ? `${line.slice(0, messageLengthAtMost - 1)}…` : line;
}

/** Where a name has several addresses and none is reached, what was said of each. */
function inWords(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(inWords).join(', ');
  return oneLine(error instanceof Error ? error.message : String(error));
}
