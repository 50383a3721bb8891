import type { RunRecord } from '../run-record.ts';
import { totalsOf, type LoadStatement, type StatementSummary, type Summary } from '../summary.ts';
import { counterNames } from '../tally-counters.ts';
import {
  booleanField,
  floatField,
  integerField,
  longText,
  longTextFields,
  printRow,
  printTags,
  textField,
  wallNs,
} from './line-protocol.ts';
import { scriptTagKey } from './schema.ts';
import { tallyFields, tallyOf } from './tally-fields.ts';

/** What every row says of its run. */
export type RunIdentity = Pick<RunRecord, 'testId' | 'testName' | 'target'>;

/** What names a statement in the reporting database. */
export interface StatementOfRow {
  readonly name: string;
  readonly kind: 'insert' | 'query';
  readonly position: number;
  readonly statementId: string;
  readonly tags: Readonly<Record<string, string>>;
}

export function runTags({ testId, testName, target }: RunIdentity) {
  return { test_id: testId, test_name: testName, target };
}

/** Tags of every row about a statement; none of them grows with time. */
export function statementTags(run: RunIdentity, statement: StatementOfRow): Record<string, string | number> {
  const own = Object.entries(statement.tags).map(([key, value]) => [scriptTagKey(key), value]);
  return {
    ...Object.fromEntries(own),
    ...runTags(run),
    statement: statement.name,
    statement_id: statement.statementId,
    kind: statement.kind,
    position: statement.position,
  };
}

/** The row of a run: at its start without a summary, at its end with one, in the same place. */
export function runRow(
  record: RunRecord,
  settings: Readonly<Record<string, string>>,
  summary?: Summary,
): string {
  const fields = [
    textField('run_label', labelOf(record)),
    textField('state', record.state),
    integerField('started_ms', record.startedMs),
    textField('script_sha256', record.scriptSha256),
    integerField('seed', record.seed),
    textField('version', record.version),
    textField('servers', record.servers.map(({ product, address }) => `${product} at ${address}`).join(', ')),
    booleanField('rehearsal', record.rehearsal),
    ...longTextFields('record', JSON.stringify(record)),
    ...longTextFields('settings', JSON.stringify(settings)),
  ];
  if (record.endedMs !== undefined) fields.push(integerField('ended_ms', record.endedMs));
  if (summary !== undefined) {
    const { totals: _, statements, ...rest } = summary;
    const others = statements.filter((statement) => !hasLoad(statement));
    fields.push(
      textField('states', [...new Set(summary.states.map(({ state }) => state))].join(',')),
      integerField('exit_code', summary.exitCodes[0]!.code),
      integerField('duration_ns', summary.durationNs),
      ...longTextFields('report', JSON.stringify({ ...rest, statements: others })),
    );
  }
  return printRow('run', printTags(runTags(record)), fields, wallNs(record.startedMs, 0));
}

/** Its last word is the identity, by which a list finds the run. */
function labelOf({ startedMs, testName, testId }: RunRecord): string {
  const started = new Date(startedMs).toISOString().slice(0, 19).replace('T', ' ');
  return [started, testName, testId].filter((word) => word !== '').join(' ');
}

/** The whole summary, from the `report` of a `run` row and the statements of the `summary` rows. */
export function summaryOf(report: string, loads: readonly LoadStatement[]): Summary {
  const { statements: others, ...rest } = JSON.parse(report) as Omit<Summary, 'totals'>;
  const statements = [...others, ...loads].toSorted((left, right) => left.position - right.position);
  return { ...rest, totals: totalsOf(statements), statements };
}

function hasLoad(
  statement: StatementSummary,
): statement is LoadStatement & Required<Pick<LoadStatement, 'load'>> {
  return 'load' in statement && statement.load !== undefined;
}

/** What of a load `tallyFields` has. */
const inFields: ReadonlySet<string> = new Set(['operations', 'items', 'errors', 'times', ...counterNames]);

/** The `summary` rows of the statements that have sent. */
export function summaryRows(
  run: RunIdentity & Pick<RunRecord, 'startedMs'>,
  statements: readonly StatementSummary[],
): readonly string[] {
  return statements.filter(hasLoad).map((statement) => {
    const { load, ...place } = statement;
    const rest = Object.entries(load).filter(([name]) => !inFields.has(name));
    const named = { ...place, name: load.name, tags: load.tags };
    const fields = [
      textField('model', load.model),
      textField('item', load.itemName),
      booleanField('background', statement.background),
      textField('state', load.state),
      textField('marks', [...new Set(load.marks.map(({ state }) => state))].join(',')),
      integerField('checks', load.checks.length),
      integerField('checks_failed', load.checks.filter(({ passed }) => !passed).length),
      integerField('started_ns', load.startedNs),
      integerField('ended_ns', load.endedNs),
      floatField('operations_per_second', load.throughput.operationsPerSecond),
      floatField('items_per_second', load.throughput.itemsPerSecond),
      ...tallyFields(load),
      ...longTextFields('detail', JSON.stringify({ ...place, load: Object.fromEntries(rest) })),
    ];
    if (load.mix !== undefined) fields.push(textField('mix', load.mix));
    return printRow('summary', printTags(statementTags(run, named)), fields, wallNs(run.startedMs, 0));
  });
}

/** The statement of a `summary` row that was read. */
export function loadStatementOf(row: Readonly<Record<string, unknown>>): LoadStatement {
  const statement = JSON.parse(longText('detail', row)!) as LoadStatement;
  return { ...statement, load: { ...statement.load!, ...tallyOf(row) } };
}
