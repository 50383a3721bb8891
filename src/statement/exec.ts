import { spawn } from 'node:child_process';
import type { StressTest } from '../stress-client/stress-test.ts';
import { Tracer } from '../stress-client/tracer.ts';
import { LastLines } from './last-lines.ts';
import type { StatementReport } from './report.ts';
import { StartableStatement } from './startable-statement.ts';
import type { StatementOrigin } from './statement.ts';

export interface ExecStatementParts extends StatementOrigin {
  /** What WAIT calls it. */
  readonly name: string;
  readonly program: string;
  readonly arguments: readonly string[];
  /** Started by GO. */
  readonly background: boolean;
  /** The program's process group is killed after this long; an hour where it is not given. */
  readonly timeoutNs?: number;
}

const hourNs = 3600e9;
/** Output that a program left in its pipes when it ended is waited for this long: a child of it may hold them open. */
const outputNs = 200e6;

interface Outcome {
  readonly outcome: 'ok' | 'failed' | 'refused';
  readonly exitCode?: number;
  readonly reason?: string;
}

/**
 * `EXEC program arguments`: runs a program without a shell, in a process group of its own, with a scrubbed
 * environment. Refused unless the test allows it.
 */
export class ExecStatement extends StartableStatement {
  readonly #parts: ExecStatementParts;
  #ran = false;
  #outcome: Outcome = { outcome: 'refused', reason: 'the script did not come this far' };
  #startNs = 0;
  #endNs: number | undefined = 0;
  readonly #output = new LastLines();

  constructor(parts: ExecStatementParts) {
    super(parts.name);
    this.#parts = parts;
  }

  override async execute(test: StressTest): Promise<string | undefined> {
    this.#ran = true;
    if (!test.exec.allowed) {
      this.#outcome = { outcome: 'refused', reason: test.exec.reason };
      if (test.exec.skipped === true) return undefined;
    } else {
      const tracer = new Tracer();
      tracer.add();
      this.#startNs = test.clock.nowNs();
      this.#endNs = undefined;
      const { statementId } = this;
      const { text } = this.#parts;
      const event = { kind: 'exec', statementId, startNs: this.#startNs, text } as const;
      test.tell({ ...event, endNs: undefined });
      this.#outcome = { outcome: 'failed', reason: 'it still runs' };
      this.#outcome = await this.#spawn(test);
      this.#endNs = test.clock.nowNs();
      test.tell({ ...event, endNs: this.#endNs });
      tracer.done();
    }
    const { outcome, reason } = this.#outcome;
    return outcome === 'ok' ? undefined : `EXEC ${this.#parts.program}: ${reason}`;
  }

  override report(test: StressTest): StatementReport {
    const { position, text, place, background } = this.#parts;
    const { outcome, exitCode, reason } = this.#outcome;
    return {
      kind: 'exec',
      position,
      statementId: this.statementId,
      text,
      place,
      ran: this.#ran,
      background,
      outcome,
      durationNs: (this.#endNs ?? test.clock.nowNs()) - this.#startNs,
      exitCode,
      lastLines: this.#output.lines,
      ...(reason === undefined ? {} : { reason }),
    };
  }

  #spawn(test: StressTest): Promise<Outcome> {
    const { program, timeoutNs = hourNs } = this.#parts;
    return new Promise((resolve) => {
      const child = spawn(program, this.#parts.arguments, {
        // A process group of its own, so that its end is the end of what it started.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: environment(test),
      });
      let killed: string | undefined;
      const kill = (reason: string, signal: NodeJS.Signals): void => {
        killed ??= reason;
        if (child.pid === undefined || child.exitCode !== null) return;
        try {
          process.kill(-child.pid, signal);
        } catch {
          // The group is gone already.
        }
      };
      const deadline = test.clock.at(test.clock.nowNs() + timeoutNs, () =>
        kill(`was killed after ${timeoutNs / 1e9} s`, 'SIGKILL'),
      );
      const stop = (): void => kill('was ended with the run', 'SIGTERM');
      const abandon = (): void => kill('was killed with the run', 'SIGKILL');
      test.stopping.addEventListener('abort', stop);
      test.abandoning.addEventListener('abort', abandon);
      const end = (outcome: Outcome): void => {
        deadline.cancel();
        test.stopping.removeEventListener('abort', stop);
        test.abandoning.removeEventListener('abort', abandon);
        child.stdout.destroy();
        child.stderr.destroy();
        resolve(outcome);
      };
      child.stdout.on('data', (bytes: Buffer) => this.#output.add(bytes));
      child.stderr.on('data', (bytes: Buffer) => this.#output.add(bytes));
      child.on('error', (error: NodeJS.ErrnoException) => {
        const reason = error.code === 'ENOENT' ? 'there is no such program' : error.message;
        end({ outcome: 'failed', reason });
      });
      child.on('exit', (exitCode, signal) => {
        const ended = outcomeOf(exitCode, signal, killed);
        const late = test.clock.at(test.clock.nowNs() + outputNs, () => end(ended));
        child.on('close', () => {
          late.cancel();
          end(ended);
        });
      });
    });
  }
}

function outcomeOf(exitCode: number | null, signal: string | null, killed: string | undefined): Outcome {
  if (exitCode === 0 && killed === undefined) return { outcome: 'ok', exitCode };
  const reason =
    killed ?? (exitCode === null ? `was ended by ${signal}` : `ended with exit code ${exitCode}`);
  return { outcome: 'failed', reason, ...(exitCode === null ? {} : { exitCode }) };
}

/** What a program may know: where it runs, and nothing that could be a secret. */
function environment(test: StressTest): Record<string, string> {
  const known: Record<string, string | undefined> = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    LANG: process.env['LANG'],
    STRESSQL_TEST_ID: test.testId,
    STRESSQL_RUN_DIR: test.runDirectory,
    STRESSQL_ADDRESSES: test.settings.Addresses.join(','),
  };
  const entries = Object.entries(known).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
