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
  #timer: Timer | undefined;

  /** The statement, and its first stage, began at `startNs`. */
  constructor(load: Load, startNs: number, clock: RunClock, listener: EventListener) {
    this.#load = load;
    this.#clock = clock;
    this.#listener = listener;
    const { kind, name } = load.identity;
    this.#begin('statement', startNs, `${kind === 'insert' ? 'INSERT' : 'QUERY'} ${name}`);
    this.#stage(0, startNs);
  }

  /** The statement has ended. */
  end(endNs: number): void {
    this.#timer?.cancel();
    while (this.#open.length > 0) this.#endLast(endNs);
  }

  #stage(index: number, startNs: number): void {
    const stage = this.#load.stages[index];
    if (stage === undefined) return;
    this.#begin('stage', startNs, stage.text);
    if (stage.durationNs === undefined) return;
    const endNs = startNs + stage.durationNs;
    this.#timer = this.#clock.at(endNs, () => {
      this.#endLast(endNs);
      this.#stage(index + 1, endNs);
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
