import { printSetting, type SettingName, type Settings } from '../stress-client/settings.ts';
import type { StressTest } from '../stress-client/stress-test.ts';
import { Tracer } from '../stress-client/tracer.ts';
import type { StatementReport } from './report.ts';
import type { Statement, StatementOrigin } from './statement.ts';

export interface SetStatementParts extends StatementOrigin {
  readonly name: SettingName;
  readonly value: Settings[SettingName];
}

/** `SET name [value]`: changes a setting from here on; a live one also for the statements that run. */
export class SetStatement implements Statement {
  readonly #parts: SetStatementParts;
  #statementId = '';
  #ran = false;

  constructor(parts: SetStatementParts) {
    this.#parts = parts;
  }

  setId(id: string): void {
    this.#statementId = id;
  }

  async run(test: StressTest): Promise<void> {
    this.#ran = true;
    const { name, value } = this.#parts;
    const tracer = new Tracer();
    tracer.add();
    test.sendDirective({ property: name, value, tracer });
    await tracer.wait();
  }

  report(): StatementReport {
    const { position, text, place, name, value } = this.#parts;
    return {
      kind: 'set',
      position,
      statementId: this.#statementId,
      text,
      place,
      ran: this.#ran,
      name,
      value: printSetting(name, value),
    };
  }
}
