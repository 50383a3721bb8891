import type { Timer } from './clock.ts';
import type { LoadRecord } from './load-record.ts';
import type { RunEvent } from './results.ts';
import type { RunClock } from './run-clock.ts';

/** Whom events are told. */
interface EventListener {
  tell(event: RunEvent): void;
}

/** Tells when a statement, and each of its stages, begins and ends. */
export class StatementRegions {
  readonly #record: LoadRecord;
  readonly #clock: RunClock;
  readonly #listener: EventListener;
  /** What has begun and not ended. */
  readonly #open: RunEvent[] = [];
  /** Which stage runs. */
  #stage = 0;
  #heldFromNs = Infinity;
  #timer: Timer | undefined;

  /** The statement, and its first stage, began at `startNs`. */
  constructor(record: LoadRecord, startNs: number, clock: RunClock, listener: EventListener) {
    this.#record = record;
    this.#clock = clock;
    this.#listener = listener;
    const { kind, name } = record.load.identity;
    this.#begin('statement', startNs, `${kind === 'insert' ? 'INSERT' : 'QUERY'} ${name}`);
    this.#beginStage(startNs);
  }

  /** No time passes for stages from `atNs` on, until `release`. */
  hold(atNs: number): void {
    this.#heldFromNs = Math.max(atNs, this.#open[0]!.startNs);
    this.#awaitStageEnd();
  }

  /** After the record. */
  release(): void {
    this.#heldFromNs = Infinity;
    this.#awaitStageEnd();
  }

  /** After the record. */
  changeRate(): void {
    this.#awaitStageEnd();
  }

  /** The statement has ended. */
  end(endNs: number): void {
    this.#timer?.cancel();
    while (this.#open.length > 0) this.#endLast(endNs);
  }

  #beginStage(startNs: number): void {
    const stage = this.#record.stages[this.#stage];
    if (stage === undefined) return;
    this.#begin('stage', startNs, stage.text);
    this.#awaitStageEnd();
  }

  #awaitStageEnd(): void {
    this.#timer?.cancel();
    const stage = this.#record.stages[this.#stage];
    const endNs = this.#open[0]!.startNs + (stage?.endNs ?? Infinity);
    // What ends where load is held ends when it goes on.
    if (endNs === Infinity || endNs >= this.#heldFromNs) return;
    this.#timer = this.#clock.at(endNs, () => {
      this.#endLast(endNs);
      this.#stage++;
      this.#beginStage(endNs);
    });
  }

  #begin(kind: 'statement' | 'stage', startNs: number, text: string): void {
    const { statementId, name } = this.#record.load.identity;
    const event: RunEvent = { kind, statementId, name, startNs, endNs: undefined, text };
    this.#open.push(event);
    this.#listener.tell(event);
  }

  #endLast(endNs: number): void {
    this.#listener.tell({ ...this.#open.pop()!, endNs });
  }
}
