import type { StressTest } from '../stress-client/stress-test.ts';
import { awaitBackground } from './await-background.ts';
import type { StatementReport } from './report.ts';
import type { Statement, StatementOrigin } from './statement.ts';

export interface WaitStatementParts extends StatementOrigin {
  /** For all GOs so far, for those of a name, or for so many nanoseconds. */
  readonly until: 'all' | { readonly name: string } | { readonly durationNs: number };
}

/** `WAIT`, `WAIT name`, `WAIT 30s`. */
export class WaitStatement implements Statement {
  readonly #parts: WaitStatementParts;
  #statementId = '';
  #startNs: number | undefined;
  #endNs: number | undefined;

  constructor(parts: WaitStatementParts) {
    this.#parts = parts;
  }

  setId(id: string): void {
    this.#statementId = id;
  }

  async run(test: StressTest): Promise<void> {
    const { until } = this.#parts;
    this.#startNs = test.clock.nowNs();
    if (until === 'all') await awaitBackground(test, [...test.background]);
    else if ('durationNs' in until) await test.pause(until.durationNs);
    else
      await awaitBackground(
        test,
        [...test.background].filter(({ name }) => name === until.name),
      );
    this.#endNs = test.clock.nowNs();
  }

  report(test: StressTest): StatementReport {
    const { position, text, place } = this.#parts;
    const startNs = this.#startNs;
    return {
      kind: 'wait',
      position,
      statementId: this.#statementId,
      text,
      place,
      ran: startNs !== undefined,
      durationNs: startNs === undefined ? 0 : (this.#endNs ?? test.clock.nowNs()) - startNs,
    };
  }
}
