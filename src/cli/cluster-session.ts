import type { Cluster } from '../cassandra-stress/cluster.ts';
import { Refusal } from '../cassandra-stress/refusal.ts';
import { systemClock } from '../stress-client/clock.ts';
import type { Settings } from '../stress-client/settings.ts';
import type { CqlSession, SchemaColumn } from '../stress-client/target/cql/cql-session.ts';
import { errorSentence } from '../stress-client/target/error-sentence.ts';
import type { TargetError } from '../stress-client/target/target.ts';

/** Answers from the cluster that the settings name, which is connected to when the first question is asked. */
export class ClusterSession implements Cluster {
  readonly #settings: () => Settings;
  #session: CqlSession | undefined;

  constructor(settings: () => Settings) {
    this.#settings = settings;
  }

  async tableColumns(keyspace: string, table: string): Promise<readonly SchemaColumn[]> {
    return answered(await (await this.#opened()).tableColumns(keyspace, table));
  }

  async tokens(): Promise<readonly bigint[]> {
    const tokens = (await this.#opened()).tokens();
    if (tokens === undefined) throw new Refusal('ranges of tokens are read where the partitioner is Murmur3');
    return tokens;
  }

  async close(): Promise<void> {
    await this.#session?.close();
  }

  async #opened(): Promise<CqlSession> {
    const { CqlSession: Session } = await import('../stress-client/target/cql/cql-session.ts');
    this.#session ??= answered(await Session.open(this.#settings(), systemClock));
    return this.#session;
  }
}

function answered<Answer extends object>(answer: Answer | TargetError): Answer {
  if ('errorClass' in answer) throw new Refusal(errorSentence(answer));
  return answer;
}
