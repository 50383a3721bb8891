import { PracticeDatabase } from './database.ts';

const databasesAtMost = 1000;

/**
 * The databases by name. Until a script first creates or drops one, every name is taken to be there: a profile
 * that loads what exists already, or a bucket of a 2.x server, can be rehearsed, too.
 */
export class PracticeDatabases {
  readonly #byName = new Map<string, PracticeDatabase>();
  #onlyCreated = false;

  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  find(name: string): PracticeDatabase | undefined {
    if (!this.#onlyCreated) this.#add(name);
    return this.#byName.get(name);
  }

  create(name: string): void {
    this.#onlyCreated = true;
    this.#add(name);
  }

  drop(name: string): void {
    this.#onlyCreated = true;
    this.#byName.delete(name);
  }

  #add(name: string): void {
    if (this.#byName.has(name)) return;
    this.#byName.set(name, new PracticeDatabase());
    // Bounded: the oldest goes.
    if (this.#byName.size > databasesAtMost) this.#byName.delete(this.#byName.keys().next().value!);
  }
}
