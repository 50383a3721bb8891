import { createHash } from 'node:crypto';
import type { CompiledStatement } from './compile-statement.ts';

/** A statement that clients run by its id. */
export interface PreparedStatement extends CompiledStatement {
  /** The MD5 of keyspace and text. */
  readonly id: Buffer;
  readonly keyspace: string | undefined;
}

/** More than any client prepares; beyond it the oldest are forgotten, as a server's cache does. */
const preparedAtMost = 10_000;

/** Prepared statements by id, found without making a string of it. */
export class PreparedStatements {
  /** By the first four bytes of the id: more than one in a list is rare. */
  readonly #byStart = new Map<number, PreparedStatement[]>();
  readonly #inOrder = new Set<PreparedStatement>();

  get size(): number {
    return this.#inOrder.size;
  }

  /** The statement whose id stands at `offset`. */
  at(buffer: Buffer, offset: number): PreparedStatement | undefined {
    const found = this.#byStart.get(buffer.readInt32LE(offset));
    if (found === undefined) return undefined;
    for (const prepared of found) {
      const { id } = prepared;
      if (
        id.readInt32LE(4) === buffer.readInt32LE(offset + 4) &&
        id.readInt32LE(8) === buffer.readInt32LE(offset + 8) &&
        id.readInt32LE(12) === buffer.readInt32LE(offset + 12)
      ) {
        return prepared;
      }
    }
    return undefined;
  }

  /** The statement that this text is in this keyspace, compiled where it is new. */
  prepare(text: string, keyspace: string | undefined, compile: () => CompiledStatement): PreparedStatement {
    const id = createHash('md5')
      .update(keyspace ?? '')
      .update(text)
      .digest();
    const known = this.at(id, 0);
    if (known !== undefined) return known;
    const prepared: PreparedStatement = { ...compile(), id, keyspace };
    const start = id.readInt32LE(0);
    const list = this.#byStart.get(start);
    if (list === undefined) this.#byStart.set(start, [prepared]);
    else list.push(prepared);
    this.#inOrder.add(prepared);
    if (this.#inOrder.size > preparedAtMost) {
      const [oldest] = this.#inOrder;
      this.#forget(oldest!);
    }
    return prepared;
  }

  /** Forgets those of a keyspace, or of one of its tables, which a change of the schema has made invalid. */
  forgetAbout(keyspace: string, table: string | undefined): void {
    for (const prepared of this.#inOrder) {
      const about = prepared.metadata.table;
      if (about?.keyspace !== keyspace) continue;
      if (table === undefined || about.name === table) this.#forget(prepared);
    }
  }

  clear(): void {
    this.#byStart.clear();
    this.#inOrder.clear();
  }

  #forget(prepared: PreparedStatement): void {
    this.#inOrder.delete(prepared);
    const start = prepared.id.readInt32LE(0);
    const left = this.#byStart.get(start)!.filter((each) => each !== prepared);
    if (left.length === 0) this.#byStart.delete(start);
    else this.#byStart.set(start, left);
  }
}
