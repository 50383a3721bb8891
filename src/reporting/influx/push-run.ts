import { join } from 'node:path';
import type { IntervalLine } from '../interval-line.ts';
import { linesOf, readJson, readRunFolder } from '../read-run-folder.ts';
import type { RequestLine } from '../request-line.ts';
import { intervalRow } from './interval-rows.ts';
import { ReportingError, type ReportingDatabase } from './reporting-database.ts';
import { requestRows } from './request-rows.ts';
import { runRow, summaryRows } from './run-rows.ts';
import type { MeasurementName } from './schema.ts';

/** What came of sending a run folder. */
export interface Pushed {
  /** Rows sent, by measurement. */
  readonly rows: Readonly<Record<MeasurementName, number>>;
  /** Of them, rows that the database refused. */
  readonly refused: number;
  readonly refusal: string | undefined;
}

const batchCharactersAtMost = 1 << 20;
const batchRowsAtMost = 5000;

/**
 * Sends everything of a run folder, that of a killed process too: the rows that the run itself sends or would
 * have sent, so that doing it twice changes nothing. Rejects with a ReportingError where the database is away.
 */
export async function pushRun(folder: string, database: ReportingDatabase): Promise<Pushed> {
  const rows = { run: 0, summary: 0, interval: 0, write: 0, query: 0 };
  let batch: string[] = [];
  let characters = 0;
  let refused = 0;
  let refusal: string | undefined;
  await database.open();
  const send = async (): Promise<void> => {
    if (batch.length === 0) return;
    try {
      await database.write(batch.join('\n'));
    } catch (error) {
      if (!(error instanceof ReportingError && error.kind === 'refused')) throw error;
      refused += error.refusedRows ?? batch.length;
      refusal ??= error.message;
    }
    batch = [];
    characters = 0;
  };
  for await (const [measurement, row] of rowsOf(folder)) {
    rows[measurement]++;
    batch.push(row);
    characters += row.length;
    if (batch.length >= batchRowsAtMost || characters >= batchCharactersAtMost) await send();
  }
  await send();
  return { rows, refused, refusal };
}

async function* rowsOf(folder: string): AsyncIterable<readonly [MeasurementName, string]> {
  const { record, summary } = await readRunFolder(folder);
  const stored = (await readJson(folder, 'settings.json')) as StoredSettings | undefined;
  for await (const line of linesOf(join(folder, 'intervals.ndjson'))) {
    yield ['interval', intervalRow(record, line as IntervalLine)];
  }
  for await (const each of linesOf(join(folder, 'requests.ndjson'))) {
    const line = each as RequestLine;
    const measurement = line.kind === 'insert' ? 'write' : 'query';
    for (const row of requestRows(record, line)) yield [measurement, row];
  }
  for (const row of summaryRows(record, summary.statements)) yield ['summary', row];
  yield ['run', runRow(record, stored?.settings ?? {}, summary)];
}

/** settings.json. */
export interface StoredSettings {
  readonly settings: Readonly<Record<string, string>>;
}
