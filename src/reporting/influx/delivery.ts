import { ReportingError, type ReportingDatabase } from './reporting-database.ts';

/** What waits for the database; beyond it rows are left out. */
const waitingCharactersAtMost = 32 << 20;
const batchCharactersAtMost = 1 << 20;
const batchRowsAtMost = 5000;
const firstPauseMs = 500;
const longestPauseMs = 5000;

export interface DeliveryListener {
  /** The database could not be reached at first: answers whether to go on trying. */
  absent(reason: string): boolean;
  /** The database, which was there, does not answer; once each time that happens. */
  lost(reason: string): void;
  /** The database does not take rows; once. */
  refused(reason: string): void;
  /** It has no place for these rows, and none can be made: they are given up; once. */
  homeless?(reason: string): void;
}

/**
 * Brings rows to the database in the background, one request at a time. `add` returns at once. While the
 * database is away rows wait in a bounded queue, and are sent when it is back.
 */
export class Delivery {
  readonly #database: ReportingDatabase;
  readonly #listener: DeliveryListener;
  #waiting: string[] = [];
  #waitingCharacters = 0;
  #left = 0;
  #refused = 0;
  #opened = false;
  #away = false;
  #off = false;
  #toldRefusal = false;
  #running: Promise<void> | undefined;
  #pauseMs = firstPauseMs;
  #endPause: (() => void) | undefined;
  #closing = false;

  constructor(database: ReportingDatabase, listener: DeliveryListener) {
    this.#database = database;
    this.#listener = listener;
  }

  /** Rows that did not reach the database, as far as is known. */
  get undelivered(): number {
    return this.#waiting.length + this.#left;
  }

  /** Rows that the database would refuse again. */
  get refused(): number {
    return this.#refused;
  }

  add(row: string): void {
    if (this.#off) return;
    if (this.#waitingCharacters + row.length > waitingCharactersAtMost) {
      this.#left++;
      return;
    }
    this.#waiting.push(row);
    this.#waitingCharacters += row.length;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Sends what waits, for at most so long and, where the database is away, with one try. */
  async close(withinMs: number): Promise<void> {
    this.#closing = true;
    this.#endPause?.();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs);
    });
    await Promise.race([this.#running, late]);
    clearTimeout(timer);
    this.#off = true;
    await this.#database.close();
  }

  async #run(): Promise<void> {
    // A turn of the event loop gathers what comes together.
    await new Promise((resolve) => void setImmediate(resolve));
    while (this.#waiting.length > 0 && !this.#off) {
      const lastTry = this.#closing;
      try {
        await this.#send();
        this.#away = false;
        this.#pauseMs = firstPauseMs;
      } catch (error) {
        this.#failed(error);
        if (lastTry) return;
        if (!this.#off && !this.#closing) await this.#pause();
      }
    }
  }

  async #send(): Promise<void> {
    if (!this.#opened || this.#away) await this.#database.open();
    this.#opened = true;
    let [rows, characters] = [0, 0];
    while (rows < Math.min(batchRowsAtMost, this.#waiting.length) && characters < batchCharactersAtMost) {
      characters += this.#waiting[rows++]!.length;
    }
    try {
      await this.#database.write(this.#waiting.slice(0, rows).join('\n'));
    } catch (error) {
      if (!(error instanceof ReportingError && error.kind === 'refused')) throw error;
      this.#refused += error.refusedRows ?? rows;
      if (!this.#toldRefusal) this.#listener.refused(error.message);
      this.#toldRefusal = true;
    }
    this.#waiting.splice(0, rows);
    this.#waitingCharacters -= characters;
  }

  #failed(error: unknown): void {
    if (this.#off) return;
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof ReportingError && error.kind === 'homeless') {
      this.#off = true;
      this.#listener.homeless?.(reason);
    } else if (!this.#away) {
      if (this.#opened) this.#listener.lost(reason);
      else if (!this.#listener.absent(reason)) this.#off = true;
    }
    this.#away = true;
    if (!this.#off) return;
    this.#waiting = [];
    this.#waitingCharacters = 0;
  }

  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#pauseMs);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endPause = undefined;
    this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs);
  }
}
