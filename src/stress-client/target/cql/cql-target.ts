import type { Clock } from '../../clock.ts';
import type { Settings } from '../../settings.ts';
import type { Work } from '../../work.ts';
import type { Answer, AttemptListener, Sender, ServerInfo, Target, TargetError } from '../target.ts';
import { bindPlan } from './bind-plan.ts';
import { CqlPassThrough } from './cql-pass-through.ts';
import { CqlSession } from './cql-session.ts';
import type { CqlTransport } from './cql-transport.ts';
import { prepareTexts, problemError } from './prepare-texts.ts';

const closed: TargetError = {
  errorClass: 'connection-lost',
  message: 'the run closed the connection',
  status: 0,
};
const notOpen: TargetError = { errorClass: 'client', message: 'the target is not open', status: 0 };

type CreateTransport = (
  session: CqlSession,
  settings: Settings,
  clock: Clock,
  listener: AttemptListener,
) => Promise<CqlTransport>;

interface Opened {
  readonly session: CqlSession;
  readonly passThrough: CqlPassThrough;
  readonly transport: CqlTransport;
}

/**
 * A Cassandra or ScyllaDB cluster. Addresses are where it is first asked; the load goes to every node of the local
 * datacenter that the ring has.
 */
export class CqlTarget implements Target {
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #createTransport: CreateTransport;
  /** Of each text of CreateTables since the last pass-through text, its answer. */
  readonly #schema = new Map<string, Promise<Answer>>();
  #opened: Opened | undefined = undefined;

  /** What carries the load is the transport that Driver names, unless another one is given. */
  constructor(settings: Settings, clock: Clock, createTransport: CreateTransport = transportOfDriver) {
    this.#settings = settings;
    this.#clock = clock;
    this.#createTransport = createTransport;
  }

  async open(listener: AttemptListener): Promise<readonly ServerInfo[] | TargetError> {
    const session = await CqlSession.open(this.#settings, this.#clock);
    if ('errorClass' in session) return session;
    const transport = await this.#createTransport(session, this.#settings, this.#clock, listener);
    this.#opened = { session, passThrough: new CqlPassThrough(session, this.#clock), transport };
    return (await transport.open()) ?? session.servers;
  }

  async prepare(work: Work): Promise<Sender | TargetError> {
    if (this.#opened === undefined) return notOpen;
    const { session, passThrough, transport } = this.#opened;
    const { cql } = work.plan;
    if (cql === undefined) {
      return problemError({ problem: 'the statement was not compiled for CQL' });
    }
    if (work.settings.CreateTables) {
      const error = await this.#createTables(cql.schema, work.settings, passThrough);
      if (error !== undefined) return error;
    }
    const prepared = await prepareTexts(cql, work.settings, session, transport);
    if ('errorClass' in prepared) return prepared;
    const bound = bindPlan(cql, prepared);
    if ('problem' in bound) return problemError(bound);
    const { keyspace, texts, answers } = prepared;
    const settings = { ...work.settings, Keyspace: keyspace };
    return transport.sender({
      work: { ...work, settings },
      texts,
      prepared: answers,
      ...bound,
      batch: cql.batch,
    });
  }

  flush(): void {
    this.#opened?.transport.flush();
  }

  passThrough(text: string, settings: Settings): Promise<Answer> {
    if (this.#opened === undefined) return Promise.resolve({ ok: false, error: notOpen });
    // It may drop what CreateTables has made.
    this.#schema.clear();
    return this.#opened.passThrough.run(text, settings);
  }

  async close(): Promise<void> {
    if (this.#opened === undefined) return;
    const { session, passThrough, transport } = this.#opened;
    await Promise.all([transport.close(), passThrough.close(closed)]);
    await session.close();
  }

  async #createTables(
    schema: readonly string[],
    settings: Settings,
    passThrough: CqlPassThrough,
  ): Promise<TargetError | undefined> {
    for (const text of schema) {
      const running = this.#schema.get(text) ?? passThrough.run(text, settings);
      this.#schema.set(text, running);
      const answer = await running;
      if (answer.ok) continue;
      this.#schema.delete(text);
      return answer.error;
    }
    return undefined;
  }
}

/** What Driver names; its code is loaded only now. */
async function transportOfDriver(
  session: CqlSession,
  settings: Settings,
  clock: Clock,
  listener: AttemptListener,
): Promise<CqlTransport> {
  if (settings.Driver === 'direct') {
    const { DirectTransport } = await import('./direct/direct-transport.ts');
    return new DirectTransport(session, settings, clock, listener);
  }
  const { DriverTransport } = await import('./driver/driver-transport.ts');
  return new DriverTransport(session, settings, clock, listener);
}
