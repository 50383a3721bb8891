import type { Clock } from '../../clock.ts';
import type { CqlPlan, CqlProblem, CqlTableKeys, PreparedText } from '../../cql-plan.ts';
import type { Settings } from '../../settings.ts';
import type { Work } from '../../work.ts';
import type { Answer, AttemptListener, Sender, ServerInfo, Target, TargetError } from '../target.ts';
import { readCqlName } from './cql-name.ts';
import { CqlPassThrough } from './cql-pass-through.ts';
import { CqlSession } from './cql-session.ts';
import type { CqlTransport } from './cql-transport.ts';

const closed: TargetError = {
  errorClass: 'connection-lost',
  message: 'the run closed the connection',
  status: 0,
};
const notOpen: TargetError = { errorClass: 'client', message: 'the target is not open', status: 0 };

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
  /** Of each text of CreateTables, its answer. */
  readonly #schema = new Map<string, Promise<Answer>>();
  #opened: Opened | undefined = undefined;

  constructor(settings: Settings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  async open(listener: AttemptListener): Promise<readonly ServerInfo[] | TargetError> {
    const session = await CqlSession.open(this.#settings, this.#clock);
    if ('errorClass' in session) return session;
    const transport = await createTransport(session, this.#settings, this.#clock, listener);
    this.#opened = { session, passThrough: new CqlPassThrough(session), transport };
    return (await transport.open()) ?? session.servers;
  }

  async prepare(work: Work): Promise<Sender | TargetError> {
    if (this.#opened === undefined) return notOpen;
    const { transport } = this.#opened;
    const { cql } = work.plan;
    if (cql === undefined) {
      return { errorClass: 'client', message: 'the statement was not compiled for CQL', status: 0 };
    }
    if (work.settings.CreateTables) {
      const error = await this.#createTables(cql.schema, work.settings);
      if (error !== undefined) return error;
    }
    const prepared = await prepareTexts(this.#opened, cql, work.settings);
    if ('errorClass' in prepared) return prepared;
    const { texts, answers, keys } = prepared;
    const values = cql.bind(answers, keys);
    if ('problem' in values) return problemError(values);
    return transport.sender({ work, texts, prepared: answers, values, batch: cql.batch });
  }

  flush(): void {
    this.#opened?.transport.flush();
  }

  passThrough(text: string, settings: Settings): Promise<Answer> {
    if (this.#opened === undefined) return Promise.resolve({ ok: false, error: notOpen });
    return this.#opened.passThrough.run(text, settings);
  }

  async close(): Promise<void> {
    if (this.#opened === undefined) return;
    const { session, passThrough, transport } = this.#opened;
    await Promise.all([transport.close(), passThrough.close(closed)]);
    await session.close();
  }

  async #createTables(schema: readonly string[], settings: Settings): Promise<TargetError | undefined> {
    for (const text of schema) {
      const running = this.#schema.get(text) ?? this.passThrough(text, settings);
      this.#schema.set(text, running);
      const answer = await running;
      if (answer.ok) continue;
      this.#schema.delete(text);
      return answer.error;
    }
    return undefined;
  }
}

/** A plan's texts, with what PREPARE answered to each. */
interface PreparedTexts {
  readonly texts: readonly string[];
  readonly answers: readonly PreparedText[];
  readonly keys: readonly CqlTableKeys[];
}

/** Reads the keys of a plan's tables, and prepares its texts. */
export async function prepareTexts(
  { session, transport }: { readonly session: CqlSession; readonly transport: Pick<CqlTransport, 'prepare'> },
  cql: CqlPlan,
  settings: Settings,
): Promise<PreparedTexts | TargetError> {
  const keyspace = readCqlName(settings.Keyspace);
  const keys: CqlTableKeys[] = [];
  for (const table of cql.tables) {
    const found = await session.tableKeys(table, keyspace);
    if (found === undefined) continue;
    if ('errorClass' in found) return found;
    keys.push(found);
  }
  const texts = cql.texts(keys);
  if ('problem' in texts) return problemError(texts);
  const answers: PreparedText[] = [];
  for (const text of texts) {
    const answer = await transport.prepare(text, keyspace);
    if ('errorClass' in answer) return answer;
    answers.push(answer);
  }
  return { texts, answers, keys };
}

/** Why a plan can't be sent, as an error of the client. */
export function problemError({ problem, hint }: CqlProblem): TargetError {
  return { errorClass: 'client', message: problem, status: 0, ...(hint === undefined ? {} : { hint }) };
}

async function createTransport(
  session: CqlSession,
  settings: Settings,
  clock: Clock,
  listener: AttemptListener,
): Promise<CqlTransport> {
  const { DriverTransport } = await import('./driver/driver-transport.ts');
  return new DriverTransport(session, settings, clock, listener);
}
