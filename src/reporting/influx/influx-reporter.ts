import type { Interval, ResultSink, RunEvent, StatementResult } from '../../stress-client/results.ts';
import { formatItems } from '../../stress-client/units.ts';
import { intervalLineLater } from '../interval-line.ts';
import { requestLinesLater } from '../request-line.ts';
import type { RunRecord } from '../run-record.ts';
import { SpreadWork } from '../spread-work.ts';
import { summariseEnded, type Summary } from '../summary.ts';
import { Delivery } from './delivery.ts';
import { eventRow } from './event-rows.ts';
import { commonClockRow, intervalRow } from './interval-rows.ts';
import type { ReportLogin } from './report-login.ts';
import { ReportingDatabase } from './reporting-database.ts';
import { requestRows } from './request-rows.ts';
import { runRow, summaryRows } from './run-rows.ts';

export interface InfluxReporterOptions {
  readonly login: ReportLogin;
  /** As run.json of the run folder has it. */
  readonly record: RunRecord;
  /** As SET takes them, secrets redacted. */
  readonly settings: Readonly<Record<string, string>>;
  /** The run folder's path. */
  readonly folder: string;
  /** Someone has named the database: where it is not there, trying goes on, and the end says what is missing. */
  readonly asked: boolean;
  /** Hears, in a sentence each, what the user should know. */
  readonly onProblem: (sentence: string) => void;
}

/** So long the end of a run waits for the database. */
const closeWithinMs = 3000;

/**
 * Sends results to the reporting InfluxDB: the run as it starts and ends, each interval and, where there are
 * any, each request as it passes, each statement as it ends. Nothing here waits for the database or fails with
 * it: what it did not take stays in the run folder, and is counted.
 */
export class InfluxReporter implements ResultSink {
  readonly name = 'reporting InfluxDB';
  readonly #options: InfluxReporterOptions;
  readonly #delivery: Delivery;
  /** Of the rows on the common clock. */
  readonly #commonClock: Delivery;
  readonly #work = new SpreadWork();
  #record: RunRecord;
  #absent = false;
  /** Requests that came too fast to be kept, one by one, until the end of their interval. */
  #rowless = 0;

  constructor(options: InfluxReporterOptions) {
    const { login, folder, asked, onProblem } = options;
    const place = login.address.name;
    this.#options = options;
    this.#record = options.record;
    const database = new ReportingDatabase(login);
    this.#delivery = new Delivery(database, {
      absent: (reason) => {
        this.#absent = true;
        onProblem(
          `no reporting InfluxDB at ${place} (${reason}): results stay in the run folder; ` +
            `"stressql push ${folder}" sends them later`,
        );
        return asked;
      },
      lost: (reason) =>
        onProblem(
          `the reporting InfluxDB at ${place} does not answer (${reason}); the run goes on, results wait`,
        ),
      refused: (reason) =>
        onProblem(`the reporting InfluxDB at ${place} refuses results (${reason}); the run goes on`),
    });
    // What is true of the one is true of the other, and told by the one.
    this.#commonClock = new Delivery(new ReportingDatabase(login, { onCommonClock: true }), {
      absent: () => asked,
      lost: () => {},
      refused: () => {},
      homeless: (reason) =>
        onProblem(
          `the reporting InfluxDB at ${place} has no place for runs to be laid over each other (${reason}); ` +
            'everything else is reported',
        ),
    });
    this.#delivery.add(runRow(this.#record, options.settings));
  }

  /** Nobody has named the database, and there is none. */
  get idle(): boolean {
    return this.#absent && !this.#options.asked;
  }

  /** Writes the run again, with what has become known of it. */
  recordChanged(record: RunRecord): void {
    this.#record = record;
    this.#delivery.add(runRow(record, this.#options.settings));
  }

  interval(interval: Interval): void {
    this.#work.finish();
    if (this.idle) return;
    for (const statement of interval.statements) {
      const line = intervalLineLater(interval, statement);
      this.#work.add(() => {
        this.#delivery.add(intervalRow(this.#record, line()));
        this.#commonClock.add(commonClockRow(this.#record, line()));
      });
      for (const { dropped } of statement.requests?.columns ?? []) this.#rowless += dropped;
      for (const requests of requestLinesLater(interval, statement)) {
        this.#work.add(() => {
          for (const row of requestRows(this.#record, requests())) this.#delivery.add(row);
        });
      }
    }
  }

  statementEnded(result: StatementResult): void {
    if (this.idle) return;
    this.#work.add(() => {
      for (const row of summaryRows(this.#record, [summariseEnded(result)])) this.#delivery.add(row);
    });
  }

  event(event: RunEvent): void {
    if (!this.idle) this.#delivery.add(eventRow(this.#record, event));
  }

  /** What is missing here is no loss: the run folder has it. */
  close(): Promise<undefined> {
    this.#work.finish();
    return Promise.resolve(undefined);
  }

  /** Writes the end of the run. Tells in a sentence what did not reach the database. */
  async finish(record: RunRecord, summary: Summary): Promise<string | undefined> {
    for (const row of summaryRows(record, summary.statements)) this.#delivery.add(row);
    this.#delivery.add(runRow(record, this.#options.settings, summary));
    await Promise.all([this.#delivery.close(closeWithinMs), this.#commonClock.close(closeWithinMs)]);
    if (this.idle) return undefined;
    const { login, folder } = this.#options;
    const missing: string[] = [];
    const deliveries = [this.#delivery, this.#commonClock];
    const undelivered = deliveries.reduce((sum, delivery) => sum + delivery.undelivered, 0);
    const refused = deliveries.reduce((sum, delivery) => sum + delivery.refused, 0);
    const place = `the reporting InfluxDB at ${login.address.name}`;
    if (undelivered > 0) {
      missing.push(
        `${formatItems(undelivered, 'row')} did not reach ${place}: "stressql push ${folder}" sends them`,
      );
    }
    if (refused > 0) {
      missing.push(`${formatItems(refused, 'row')} refused by ${place}: the run folder has what they say`);
    }
    if (this.#rowless > 0) {
      missing.push(`${formatItems(this.#rowless, 'request')} came too fast to have a row each`);
    }
    return missing.length === 0 ? undefined : missing.join('; ');
  }
}
