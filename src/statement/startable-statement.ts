import type { StressTest } from '../stress-client/stress-test.ts';
import type { StatementReport } from './report.ts';
import type { Statement } from './statement.ts';

/** A statement that GO can start: what it came to as a whole is told to whoever has started it. */
export abstract class StartableStatement implements Statement {
  /** What `WAIT name` calls it. */
  readonly name: string;
  #statementId = '';

  constructor(name: string) {
    this.name = name;
  }

  get statementId(): string {
    return this.#statementId;
  }

  setId(id: string, _memberIds?: readonly string[]): void {
    this.#statementId = id;
  }

  async run(test: StressTest): Promise<void> {
    const problem = await this.execute(test);
    if (problem !== undefined) test.fail(problem);
  }

  /** Does what the statement says, and answers with why it failed as a whole, if it did. Rejects never. */
  abstract execute(test: StressTest): Promise<string | undefined>;

  abstract report(test: StressTest): StatementReport | readonly StatementReport[];
}
