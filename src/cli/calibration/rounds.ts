import type { Interval, ResultSink } from '../../stress-client/results.ts';

/** What one statement, running alone, came to in an interval of its test. */
export interface Round {
  /** Nanoseconds of the run's clock. */
  readonly startNs: number;
  readonly endNs: number;
  /** Processor time of this process, all its threads. */
  readonly cpuNs: number;
  /** Acknowledged. */
  readonly operations: number;
  readonly items: number;
  readonly requestBytes: number;
}

/** Keeps the intervals of a test in which a statement ran. */
export class Rounds implements ResultSink {
  readonly name = 'calibration';
  #rounds: Round[] = [];
  #cpu = process.cpuUsage();

  /** Those of since the last call that began not before `fromNs` and ended not after `toNs`. */
  take(fromNs: number, toNs: number): readonly Round[] {
    const rounds = this.#rounds.filter(({ startNs, endNs }) => startNs >= fromNs && endNs <= toNs);
    this.#rounds = [];
    return rounds;
  }

  interval({ startNs, endNs, statements }: Interval): void {
    const { user, system } = process.cpuUsage(this.#cpu);
    this.#cpu = process.cpuUsage();
    const [statement] = statements;
    if (statement === undefined) return;
    const { operations, items, requestBytes } = statement.tally;
    this.#rounds.push({
      startNs,
      endNs,
      cpuNs: (user + system) * 1000,
      operations: operations.acknowledged,
      items: items.acknowledged,
      requestBytes,
    });
  }

  statementEnded(): void {}

  close(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}
