import { linesOf, readEvents, readJson, readRunFolder } from '../read-run-folder.ts';
import { intervalShape, requestShape, settingsShape } from '../run-folder-shapes.ts';
import { eventRow } from './event-rows.ts';
import { commonClockRow, intervalRow } from './interval-rows.ts';
import type { ReportLogin } from './report-login.ts';
import { ReportingDatabase, ReportingError } from './reporting-database.ts';
import { requestRows } from './request-rows.ts';
import { runRow, summaryRows } from './run-rows.ts';
import type { MeasurementName } from './schema.ts';

/** What came of sending a run folder. */
export interface Pushed {
  /** Rows sent, by measurement; those on the common clock are further ones of `interval`. */
  readonly rows: Readonly<Record<MeasurementName, number>>;
  /** Of them, rows that the database refused. */
  readonly refused: number;
  readonly refusal: string | undefined;
  /** Why the rows on the common clock found no place. */
  readonly homeless: string | undefined;
}

const batchCharactersAtMost = 1 << 20;
const batchRowsAtMost = 5000;

/**
 * Sends everything of a run folder, that of a killed process too: the rows that the run itself sends or would
 * have sent, so that doing it twice changes nothing. An exchange may take `deadlineMs`. Rejects with a ReportingError
 * where the database is away.
 */
export async function pushRun(folder: string, login: ReportLogin, deadlineMs?: number): Promise<Pushed> {
  const rows = { run: 0, summary: 0, interval: 0, event: 0, write: 0, query: 0 };
  const refused: Refused = { rows: 0 };
  const database = new ReportingDatabase(login, { deadlineMs });
  const commonClock = new ReportingDatabase(login, { deadlineMs, onCommonClock: true });
  try {
    const wall = new Batch(database, refused);
    await database.open();
    for await (const [measurement, row] of rowsOf(folder)) {
      rows[measurement]++;
      await wall.add(row);
    }
    await wall.send();
    const homeless = await pushCommonClock(folder, commonClock, refused, () => rows.interval++);
    return { rows, refused: refused.rows, refusal: refused.reason, homeless };
  } finally {
    await Promise.all([database.close(), commonClock.close()]);
  }
}

/** Answers with why there is no place for these rows, where there is none. */
async function pushCommonClock(
  folder: string,
  database: ReportingDatabase,
  refused: Refused,
  count: () => void,
): Promise<string | undefined> {
  const { record } = await readRunFolder(folder);
  const batch = new Batch(database, refused);
  try {
    await database.open();
    for await (const line of linesOf(folder, 'intervals.ndjson', intervalShape)) {
      count();
      await batch.add(commonClockRow(record, line));
    }
    await batch.send();
    return undefined;
  } catch (error) {
    if (error instanceof ReportingError && error.kind === 'homeless') return error.message;
    throw error;
  }
}

interface Refused {
  rows: number;
  reason?: string;
}

/** Rows that are sent together. */
class Batch {
  readonly #database: ReportingDatabase;
  readonly #refused: Refused;
  #rows: string[] = [];
  #characters = 0;

  constructor(database: ReportingDatabase, refused: Refused) {
    this.#database = database;
    this.#refused = refused;
  }

  async add(row: string): Promise<void> {
    this.#rows.push(row);
    this.#characters += row.length;
    if (this.#rows.length >= batchRowsAtMost || this.#characters >= batchCharactersAtMost) await this.send();
  }

  async send(): Promise<void> {
    if (this.#rows.length === 0) return;
    try {
      await this.#database.write(this.#rows.join('\n'));
    } catch (error) {
      if (!(error instanceof ReportingError && error.kind === 'refused')) throw error;
      this.#refused.rows += error.refusedRows ?? this.#rows.length;
      this.#refused.reason ??= error.message;
    }
    this.#rows = [];
    this.#characters = 0;
  }
}

async function* rowsOf(folder: string): AsyncIterable<readonly [MeasurementName, string]> {
  const { record, summary } = await readRunFolder(folder);
  const stored = await readJson(folder, 'settings.json', settingsShape);
  for await (const line of linesOf(folder, 'intervals.ndjson', intervalShape)) {
    yield ['interval', intervalRow(record, line)];
  }
  for (const event of await readEvents(folder)) yield ['event', eventRow(record, event)];
  for await (const line of linesOf(folder, 'requests.ndjson', requestShape)) {
    const measurement = line.kind === 'insert' ? 'write' : 'query';
    for (const row of requestRows(record, line)) yield [measurement, row];
  }
  for (const row of summaryRows(record, summary.statements)) yield ['summary', row];
  yield ['run', runRow(record, stored?.settings ?? {}, summary)];
}
