import type { StressTest } from '../stress-client/stress-test.ts';
import type { StatementReport } from './report.ts';
import type { StartableStatement } from './startable-statement.ts';
import type { Statement } from './statement.ts';

/** `GO statement`: starts it in the background. It shares its statement's id; its failure surfaces at its WAIT. */
export class GoStatement implements Statement {
  readonly #statement: StartableStatement;

  constructor(statement: StartableStatement) {
    this.#statement = statement;
  }

  setId(id: string, memberIds?: readonly string[]): void {
    this.#statement.setId(id, memberIds);
  }

  run(test: StressTest): Promise<void> {
    const { name, statementId } = this.#statement;
    test.background.add({ name, statementId, finished: this.#statement.execute(test) });
    return Promise.resolve();
  }

  report(test: StressTest): StatementReport | readonly StatementReport[] {
    return this.#statement.report(test);
  }
}
