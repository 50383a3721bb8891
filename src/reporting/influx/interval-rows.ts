import type { IntervalLine } from '../interval-line.ts';
import { commonClock } from './common-clock.ts';
import {
  booleanField,
  floatField,
  integerField,
  printRow,
  printTags,
  textField,
  wallNs,
  type Field,
} from './line-protocol.ts';
import { statementTags, type RunIdentity } from './run-rows.ts';
import { scriptTagOf, wallClockOnly } from './schema.ts';
import { tallyFields, tallyOf } from './tally-fields.ts';

/** The row of a statement's share of an interval. */
export function intervalRow(run: RunIdentity, line: IntervalLine): string {
  return rowAt(run, line, intervalFields(line), line.startedMs);
}

/** The same once more, without what only a program reads, as if the run had started at the common clock's origin. */
export function commonClockRow(run: RunIdentity, line: IntervalLine): string {
  const shown = intervalFields(line).filter((field) => !isText(field));
  return rowAt(run, line, shown, commonClock.originMs);
}

function rowAt(run: RunIdentity, line: IntervalLine, fields: readonly Field[], originMs: number): string {
  return printRow('interval', printTags(statementTags(run, line)), fields, wallNs(originMs, line.endNs));
}

/** Whether a field, or a further part of one, is a text that only a program reads. */
function isText(field: Field): boolean {
  const name = field.slice(0, field.indexOf('='));
  return wallClockOnly.has(name) || wallClockOnly.has(name.replace(/_\d+$/, ''));
}

function intervalFields(line: IntervalLine): Field[] {
  const { progress } = line;
  const seconds = (line.endNs - line.startNs) / 1e9;
  const perSecond = (count: number): number => (seconds > 0 ? count / seconds : 0);
  const fields = [
    textField('model', line.model),
    textField('item', line.itemName),
    booleanField('background', line.background),
    integerField('interval', line.interval),
    integerField('started_ms', line.startedMs),
    integerField('wall_ms', line.wallMs),
    integerField('start_ns', line.startNs),
    integerField('end_ns', line.endNs),
    integerField('in_flight', line.inFlight),
    integerField('items_done', progress.itemsDone),
    integerField('elapsed_ns', progress.elapsedNs),
    floatField('operations_per_second', perSecond(line.operations.acknowledged)),
    floatField('items_per_second', perSecond(line.items.acknowledged)),
    ...tallyFields(line),
  ];
  if (line.offered !== undefined) fields.push(floatField('offered_items_per_second', line.offered));
  if (progress.items !== null) fields.push(integerField('items_declared', progress.items));
  if (progress.durationNs !== undefined) {
    fields.push(integerField('declared_duration_ns', progress.durationNs));
  }
  if (line.mix !== undefined) fields.push(textField('mix', line.mix));
  if (line.clientPauseNs !== undefined) fields.push(integerField('client_pause_ns', line.clientPauseNs));
  return fields;
}

/** The line of intervals.ndjson that an `interval` row was made of. */
export function intervalLineOf(row: Readonly<Record<string, unknown>>): IntervalLine {
  const number = (name: string): number => Number(row[name]);
  const given = (name: string): boolean => row[name] !== null && row[name] !== undefined;
  const tags = Object.entries(row).flatMap(([column, value]) => {
    const key = scriptTagOf(column);
    return key === undefined || value === null ? [] : [[key, String(value)] as const];
  });
  return {
    schemaVersion: 1,
    interval: number('interval'),
    startedMs: number('started_ms'),
    startNs: number('start_ns'),
    endNs: number('end_ns'),
    wallMs: number('wall_ms'),
    statementId: String(row['statement_id']),
    name: String(row['statement']),
    kind: row['kind'] === 'query' ? 'query' : 'insert',
    position: number('position'),
    background: row['background'] === true,
    ...(given('mix') && { mix: String(row['mix']) }),
    tags: Object.fromEntries(tags),
    model: row['model'] === 'open' ? 'open' : 'closed',
    itemName: row['item'] as IntervalLine['itemName'],
    ...(given('offered_items_per_second') && { offered: number('offered_items_per_second') }),
    inFlight: number('in_flight'),
    ...(given('client_pause_ns') && { clientPauseNs: number('client_pause_ns') }),
    progress: {
      itemsDone: number('items_done'),
      items: given('items_declared') ? number('items_declared') : null,
      elapsedNs: number('elapsed_ns'),
      ...(given('declared_duration_ns') && { durationNs: number('declared_duration_ns') }),
    },
    ...tallyOf(row),
  };
}
