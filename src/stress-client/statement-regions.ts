import type { Timer } from './clock.ts';
import type { Load } from './package.ts';
import type { RunEvent } from './results.ts';
import type { RunClock } from './run-clock.ts';

/** Whom events are told. */
interface EventListener {
  tell(event: RunEvent): void;
}

/** Tells when a statement, and each of its stages, begins and ends. */
export class StatementRegions {
  readonly #load: Load;
  readonly #clock: RunClock;
  readonly #listener: EventListener;
  /** What has begun and not ended. */
  readonly #open: RunEvent[] = [];
  /** Which stage runs, and when it ends; Infinity where only the statement's end ends it. */
  #stage = 0;
  #stageEndNs = Infinity;
  #heldFromNs = Infinity;
  #timer: Timer | undefined;

  /** The statement, and its first stage, began at `startNs`. */
  constructor(load: Load, startNs: number, clock: RunClock, listener: EventListener) {
    this.#load = load;
    this.#clock = clock;
    this.#listener = listener;
    const { kind, name } = load.identity;
    this.#begin('statement', startNs, `${kind === 'insert' ? 'INSERT' : 'QUERY'} ${name}`);
    this.#beginStage(startNs);
  }

  /** No time passes for stages from `atNs` on, until `release`. */
  hold(atNs: number): void {
    this.#heldFromNs = Math.max(atNs, this.#open[0]!.startNs);
    this.#awaitStageEnd();
  }

  release(atNs: number): void {
    if (this.#heldFromNs === Infinity) return;
    const fromNs = this.#heldFromNs;
    this.#heldFromNs = Infinity;
    if (this.#stageEndNs > fromNs) this.#stageEndNs += Math.max(0, atNs - fromNs);
    this.#awaitStageEnd();
  }

  /** The statement has ended. */
  end(endNs: number): void {
    this.#timer?.cancel();
    while (this.#open.length > 0) this.#endLast(endNs);
  }

  #beginStage(startNs: number): void {
    const stage = this.#load.stages[this.#stage];
    if (stage === undefined) return;
    this.#begin('stage', startNs, stage.text);
    this.#stageEndNs = startNs + (stage.durationNs ?? Infinity);
    this.#awaitStageEnd();
  }

  #awaitStageEnd(): void {
    this.#timer?.cancel();
    const endNs = this.#stageEndNs;
    if (endNs === Infinity || endNs > this.#heldFromNs) return;
    this.#timer = this.#clock.at(endNs, () => {
      this.#endLast(endNs);
      this.#stage++;
      this.#stageEndNs = Infinity;
      this.#beginStage(endNs);
    });
  }

  #begin(kind: 'statement' | 'stage', startNs: number, text: string): void {
    const { statementId, name } = this.#load.identity;
    const event: RunEvent = { kind, statementId, name, startNs, endNs: undefined, text };
    this.#open.push(event);
    this.#listener.tell(event);
  }

  #endLast(endNs: number): void {
    this.#listener.tell({ ...this.#open.pop()!, endNs });
  }
}
