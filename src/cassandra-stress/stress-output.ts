import type {
  FailedOperation,
  FailedOperations,
  Interval,
  ResultSink,
  RunEvent,
  StatementIdentity,
  StatementResult,
} from '../stress-client/results.ts';
import type { ServerInfo } from '../stress-client/target/target.ts';
import { errorName } from './error-name.ts';
import { comparisonLines, improvementLine } from './interval-lines.ts';
import { MeasuredLoad, type MeasuredStep } from './measured-load.ts';
import { connectionLines, errorReason, failureLine, noJmxLine, notValidated } from './run-lines.ts';
import type { ScriptStatement } from './script.ts';
import { durationSeconds, type StressSettings } from './settings.ts';
import type { StressStreams } from './stress-streams.ts';

export interface StressOutputOptions {
  readonly settings: StressSettings;
  readonly streams: StressStreams;
  /** Ends an INSERT, a QUERY or a member of a MIX, since what `err<` waits for is reached. */
  readonly endLoad: (statementId: string) => void;
  /** Ends it so many nanoseconds after the run's start: where operations have a rate, what is late by then is not sent. */
  readonly endLoadAt: (statementId: string, ns: number) => void;
  /** When the run started, milliseconds since 1970. */
  readonly startedMs: () => number;
  /** Keys of an index that an operation of a statement was about, as hexadecimal digits. */
  readonly keysOf: (identity: StatementIdentity, index: number) => readonly string[];
}

/** Prints what cassandra-stress prints of a run, to the character. */
export class StressOutput implements ResultSink {
  readonly name = 'cassandra-stress';
  readonly #options: StressOutputOptions;
  #load: MeasuredLoad | undefined;
  #hasRun = false;
  readonly #ended = new Set<string>();
  readonly #steps: MeasuredStep[] = [];

  constructor(options: StressOutputOptions) {
    this.#options = options;
  }

  /** Operations a second of each step of threads that has ended. */
  get rates(): readonly number[] {
    return this.#steps.map(({ operationsPerSecond }) => operationsPerSecond);
  }

  /** To be called before each statement of the script. */
  begin({ says, load }: ScriptStatement): void {
    const { settings, streams, startedMs } = this.#options;
    for (const line of says) streams.out(`${line}\n`);
    if (load === undefined) return;
    streams.error(`${noJmxLine}\n`);
    if (load.kind === 'warm-up') return;
    this.#hasRun = true;
    this.#load = new MeasuredLoad(settings, streams, load.threads, startedMs());
  }

  /**
   * To be called when a load may have ended: prints what is left of it, and its summary where it `succeeded`. True
   * where one has ended.
   */
  end(succeeded: boolean): boolean {
    const step = this.#load?.end(succeeded);
    this.#load = undefined;
    if (step === undefined) return false;
    this.#print(step);
    return true;
  }

  #print(step: MeasuredStep): void {
    const before = this.#steps.at(-1);
    this.#steps.push(step);
    if (before === undefined) return;
    const [from, to] = [before.operationsPerSecond, step.operationsPerSecond];
    this.#options.streams.out(`${improvementLine(before.threads, from, to)}\n`);
  }

  /** Some operations were sent, and all of them failed. */
  get allFailed(): boolean {
    const totals = this.#steps.map(({ figures }) => figures.at(-1)!);
    return totals.length > 0 && totals.every(({ errors, totalOperations }) => errors === totalOperations);
  }

  /** The last line, after the table of all steps where there were several; none where a load was not come to. */
  finish(succeeded: boolean): void {
    const { streams } = this.#options;
    if (succeeded && this.#steps.length > 1) {
      const rows = this.#steps.flatMap(({ threads, figures }) =>
        figures.map((each) => ({ id: `${threads} threadCount`, figures: each })),
      );
      streams.out(
        comparisonLines(rows)
          .map((line) => `${line}\n`)
          .join(''),
      );
    }
    if (succeeded) streams.out('END\n');
    else if (this.#hasRun) streams.out('FAILURE\n');
  }

  serversFound(servers: readonly ServerInfo[]): void {
    const { settings, streams } = this.#options;
    const { maxPending, connectionsPerHost } = settings.mode;
    const hosts = servers.flatMap(({ node }) =>
      node === undefined ? [] : [{ ...node, address: node.host }],
    );
    const [first] = hosts;
    if (first === undefined) return;
    const lines = connectionLines({ name: first.cluster, maxPending, connectionsPerHost, hosts });
    streams.out(lines.map((line) => `${line}\n`).join(''));
  }

  interval(interval: Interval): void {
    const load = this.#load;
    if (load === undefined) return;
    const shares = interval.statements.filter(({ identity }) => !this.#ended.has(identity.statementId));
    if (shares.length === 0) return;
    if (!load.interval(shares)) return;
    for (const { identity } of shares) this.#options.endLoad(identity.statementId);
  }

  event({ kind, statementId, startNs, endNs }: RunEvent): void {
    const begins = kind === 'statement' && endNs === undefined && statementId !== undefined;
    if (!begins || this.#load === undefined) return;
    this.#load.begin(startNs);
    const { command, rate } = this.#options.settings;
    const limited = rate.kind === 'threads' && rate.operationsPerSecond > 0;
    if (!limited || command.length.kind !== 'duration') return;
    this.#options.endLoadAt(statementId, startNs + durationSeconds(command.length) * 1e9);
  }

  statementEnded(result: StatementResult): void {
    this.#ended.add(result.identity.statementId);
    this.#load?.statementEnded(result);
  }

  failed({ identity, operations, more }: FailedOperations): void {
    const { settings, streams, keysOf } = this.#options;
    const { ignore } = settings.errors;
    if (ignore && settings.log.level === 'MINIMAL') return;
    const line = (operation: FailedOperation): string => {
      const { indexes = [], errorClass, attempts, message } = operation;
      const invalid = errorClass === 'validation';
      const keys = indexes.flatMap((index) => keysOf(identity, index));
      const reason = invalid ? notValidated : errorReason(errorName(errorClass, identity.kind), message);
      return failureLine(invalid ? 0 : attempts, keys, reason);
    };
    for (const operation of operations) {
      if (ignore) streams.error(`${line(operation)}\n\n`);
      else streams.out(`java.io.IOException: ${line(operation)}\n\n`);
    }
    if (more > 0) streams.error(`… and ${more} more failed operations\n`);
  }

  /** Shows a sentence for the user. */
  print(text: string): void {
    this.#options.streams.error(text);
  }

  close(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}
