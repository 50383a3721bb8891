import type { IntervalLine } from '../interval-line.ts';
import { rebuildSummary } from '../read-run-folder.ts';
import type { RunRecord } from '../run-record.ts';
import type { RunDetail } from '../run-detail.ts';
import type { Summary } from '../summary.ts';
import { eventOf } from './event-rows.ts';
import { intervalLineOf } from './interval-rows.ts';
import { longText } from './line-protocol.ts';
import { ReportingError } from './reporting-database.ts';
import type { ReportingDatabase } from './reporting-database.ts';
import { loadStatementOf, summaryOf } from './run-rows.ts';

const rowsAPage = 1000;

/**
 * Collates the summary of a run from the database alone: the one that its run folder has, or, while the run
 * goes on or after its process was killed, one up to its last interval. Undefined where there is no such run;
 * rejects with a ReportingError only.
 */
export async function readRun(database: ReportingDatabase, testId: string): Promise<Summary | undefined> {
  return (await readRunDetail(database, testId))?.summary;
}

/** All that the database knows of a run, in the same way; its intervals are asked for when they are read. */
export async function readRunDetail(
  database: ReportingDatabase,
  testId: string,
): Promise<RunDetail | undefined> {
  try {
    return await collate(database, testId);
  } catch (error) {
    throw asReportingError(error, testId);
  }
}

async function collate(database: ReportingDatabase, testId: string): Promise<RunDetail | undefined> {
  const of = `WHERE test_id = '${testId.replace(/['\\]/g, '\\$&')}'`;
  // The same identity may have been given twice; the latest run is meant.
  const [run] = await database.query(`SELECT * FROM "run" ${of} ORDER BY time DESC LIMIT 1`);
  if (run === undefined) return undefined;
  const started = `${String(run['time'])}ms`;
  const at = `${of} AND time = ${started}`;
  const ended = (await database.query(`SELECT * FROM "summary" ${at}`)).map(loadStatementOf);
  const report = longText('report', run);
  const record = JSON.parse(longText('record', run)!) as RunRecord;
  const events = (await database.query(`SELECT * FROM "event" ${of} AND time >= ${started}`)).map(eventOf);
  const intervals = (): AsyncIterable<IntervalLine> =>
    intervalsOf(database, `${of} AND time >= ${started}`, testId);
  return {
    record,
    summary:
      report === undefined
        ? await rebuildSummary(record, ended, intervals(), events)
        : summaryOf(report, ended),
    settings: JSON.parse(longText('settings', run) ?? '{}') as RunDetail['settings'],
    script: undefined,
    events,
    intervals,
  };
}

async function* intervalsOf(
  database: ReportingDatabase,
  of: string,
  testId: string,
): AsyncIterable<IntervalLine> {
  try {
    for (let page = 0; ; page++) {
      const limit = `LIMIT ${rowsAPage} OFFSET ${page * rowsAPage}`;
      const rows = await database.query(`SELECT * FROM "interval" ${of} ${limit}`);
      for (const row of rows) yield intervalLineOf(row);
      if (rows.length < rowsAPage) return;
    }
  } catch (error) {
    throw asReportingError(error, testId);
  }
}

function asReportingError(error: unknown, testId: string): ReportingError {
  if (error instanceof ReportingError) return error;
  return new ReportingError(
    'refused',
    `what it has of run ${testId} was not written by stressql, or not all of it`,
  );
}
