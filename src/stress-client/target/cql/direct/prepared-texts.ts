import type { PreparedStatement } from '../protocol/result.ts';

interface PreparedText {
  readonly text: string;
  readonly keyspace: string;
  readonly prepared: PreparedStatement;
}

/** What was prepared, for nodes that have to be told it again. */
export class PreparedTexts {
  readonly #texts = new Map<string, PreparedText>();

  get(text: string, keyspace: string): PreparedStatement | undefined {
    return this.#texts.get(key(text, keyspace))?.prepared;
  }

  set(text: string, keyspace: string, prepared: PreparedStatement): void {
    this.#texts.set(key(text, keyspace), { text, keyspace, prepared });
  }

  all(): Iterable<PreparedText> {
    return [...this.#texts.values()];
  }
}

function key(text: string, keyspace: string): string {
  return `${keyspace}\0${text}`;
}
