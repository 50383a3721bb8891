import { InsertStatement } from '../../statement/insert.ts';
import type { LoadStatementParts } from '../../statement/load-statement.ts';
import { PassThroughStatement } from '../../statement/pass-through.ts';
import type { PassThroughStatementParts } from '../../statement/pass-through.ts';
import { QueryStatement } from '../../statement/query.ts';
import { systemClock } from '../../stress-client/clock.ts';
import type { Clock } from '../../stress-client/clock.ts';
import type { StatementResult } from '../../stress-client/results.ts';
import type { Settings } from '../../stress-client/settings.ts';
import { StressTest } from '../../stress-client/stress-test.ts';
import type { Target } from '../../stress-client/target/target.ts';
import { formatCount } from '../../stress-client/units.ts';
import { newTestId, statementId } from '../identity.ts';
import { figuresOf, roundCount, warmupShare } from './calibration.ts';
import type { Figures } from './calibration.ts';
import { Rounds } from './rounds.ts';

/** A target on which statements are run one at a time, by the engine that runs them in earnest. */
export class TestBench {
  readonly #test: StressTest;
  readonly #rounds = new Rounds();
  readonly #roundNs: number;
  #statements = 0;

  /** `seconds`: that each statement is measured for, at least 0.1. */
  constructor(settings: Settings, seconds: number, target: (clock: Clock) => Promise<Target>) {
    this.#roundNs = Math.round((seconds * 1e9) / roundCount);
    this.#test = new StressTest({
      testId: newTestId(),
      clock: systemClock,
      settings: {
        ...settings,
        ReportInterval: this.#roundNs,
        MaxErrors: Infinity,
        OnError: 'continue',
      },
      createTarget: (_, clock) => target(clock),
      sinks: [this.#rounds],
      exec: { allowed: false, reason: 'a calibration starts no programs', skipped: true },
    });
  }

  /** Passes a statement on, and answers with what was wrong. */
  async passThrough(parts: PassThroughStatementParts): Promise<string | undefined> {
    const statement = new PassThroughStatement(parts);
    await this.#run(statement);
    const report = statement.report();
    return report.kind === 'pass-through' ? report.error?.message : undefined;
  }

  /** Runs an INSERT or QUERY as it is given. */
  async run(kind: 'insert' | 'query', parts: LoadStatementParts): Promise<RunLoad> {
    const statement = kind === 'insert' ? new InsertStatement(parts) : new QueryStatement(parts);
    await this.#run(statement);
    const report = statement.report(this.#test);
    if (report.kind !== kind) throw new Error(`an ${kind} reports as ${report.kind}`);
    return { result: report.result, error: report.error };
  }

  /** Runs an INSERT or QUERY without an end as fast as it goes, for the time of the rounds and their warm-up. */
  async measure(
    kind: 'insert' | 'query',
    parts: LoadStatementParts,
  ): Promise<{ readonly figures: Figures } | { readonly problem: string }> {
    const warmupNs = warmupShare * roundCount * this.#roundNs;
    // Rounds are the test's intervals, whose first and last are not wholly the statement's.
    const durationNs = warmupNs + (roundCount + 1.5) * this.#roundNs;
    const ran = await this.run(kind, { ...parts, options: { ...parts.options, durationNs } });
    const problem = problemOf(ran);
    if (problem !== undefined) return { problem };
    const { startedNs, endedNs } = ran.result!;
    const figures = figuresOf(this.#rounds.take(startedNs + warmupNs, endedNs));
    if (figures !== undefined) return { figures };
    return { problem: 'not one operation ended in this time: give it more with --seconds' };
  }

  interrupt(reason: string): void {
    this.#test.interrupt(reason);
  }

  async close(): Promise<void> {
    await this.#test.close();
  }

  async #run(statement: InsertStatement | QueryStatement | PassThroughStatement): Promise<void> {
    statement.setId(statementId(this.#test.testId, ++this.#statements));
    await statement.run(this.#test);
  }
}

/** What came of an INSERT or QUERY. */
interface RunLoad {
  readonly result: StatementResult | undefined;
  /** Why it failed as a whole. */
  readonly error: string | undefined;
}

function problemOf({ result, error }: RunLoad): string | undefined {
  if (error !== undefined) return error;
  if (result === undefined) return 'it did not run';
  if (result.state !== 'ended') return result.reason ?? result.state;
  const { operations, errors } = result.total;
  const [first] = errors;
  if (first === undefined) return undefined;
  const failed = operations.failed + operations.unknown;
  return `${formatCount(failed)} of ${formatCount(operations.sent)} operations failed: ${first.example}`;
}
