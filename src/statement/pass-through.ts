import type { Settings } from '../stress-client/settings.ts';
import type { StressTest } from '../stress-client/stress-test.ts';
import { errorSentence } from '../stress-client/target/error-sentence.ts';
import type { Answer } from '../stress-client/target/target.ts';
import { Tracer } from '../stress-client/tracer.ts';
import type { StatementReport } from './report.ts';
import type { Statement, StatementOrigin } from './statement.ts';

export interface PassThroughStatementParts extends StatementOrigin {
  /** What the target gets, secrets included. */
  readonly body: string;
  readonly dialect: 'influxql' | 'cql';
  /** Why this target does not get it, where it does not. */
  readonly skipReason?: string;
  readonly settings: Settings;
}

/** `INFLUXQL text`, `CQL text`, or a bare text: passes it on, and times it. */
export class PassThroughStatement implements Statement {
  readonly #parts: PassThroughStatementParts;
  #statementId = '';
  #ran = false;
  #answer: Answer | undefined;
  #durationNs = 0;

  constructor(parts: PassThroughStatementParts) {
    this.#parts = parts;
  }

  setId(id: string): void {
    this.#statementId = id;
  }

  async run(test: StressTest): Promise<void> {
    this.#ran = true;
    const { body, settings, skipReason, text } = this.#parts;
    if (skipReason !== undefined) return;
    // What it takes to connect is not the statement's time; a target that can't be reached answers it below.
    await test.open();
    const tracer = new Tracer();
    tracer.add();
    const startNs = test.clock.nowNs();
    const statementId = this.#statementId;
    const answer = await test.sendPackage({ kind: 'text', statementId, tracer, text: body, settings });
    this.#durationNs = test.clock.nowNs() - startNs;
    this.#answer = answer;
    if (!answer.ok) test.fail(`${text}: ${errorSentence(answer.error)}`);
  }

  report(): StatementReport {
    const { position, text, place, skipReason } = this.#parts;
    const report = {
      kind: 'pass-through' as const,
      position,
      statementId: this.#statementId,
      text,
      place,
      ran: this.#ran,
      durationNs: this.#durationNs,
    };
    const answer = this.#answer;
    if (answer === undefined) {
      return { ...report, outcome: 'skipped', reason: skipReason ?? 'the script did not come this far' };
    }
    if (answer.ok) return { ...report, outcome: 'ok', rows: answer.rows };
    return { ...report, outcome: 'failed', error: answer.error };
  }
}
