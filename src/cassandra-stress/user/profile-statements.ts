import { isBareName } from '../../parser/scalars.ts';
import { hasServerOrder } from '../../statement/template/cql/server-order.ts';
import { rangeOf } from '../../statement/template/stress/distribution.ts';
import { turnsAtMost } from '../../statement/template/stress/partition-visits.ts';
import type { Ratio } from '../../statement/template/stress/ratio.ts';
import { distributionText } from '../distribution-text.ts';
import { Refusal } from '../refusal.ts';
import type { InsertSettings } from '../settings.ts';
import type { StressOperation } from '../workload.ts';
import { boundColumns } from './bound-columns.ts';
import { slotOf, type ProfileColumn } from './column-slots.ts';
import { flatText } from './flat-text.ts';
import { effectiveInsert } from './insert-settings.ts';
import type { Profile, ProfileQuery, TokenRangeQuery } from './profile.ts';
import { nameOf, tokensOf, type TableDefinition } from './table-definition.ts';
import type { TokenRange } from './token-ranges.ts';

/*
 * The statements of a profile, as cassandra-stress prepares them, with slots in place of the markers. `keyspace` stands
 * before names of tables that have none; undefined where it is that of the script.
 */

type Statement = Pick<StressOperation, 'keyword' | 'body' | 'clauses' | 'pageSize'>;

/**
 * Writes every generated column: an UPDATE, or an INSERT where a table has its key alone. `seeds`: how many partitions
 * there are to write; Infinity where seeds are drawn.
 */
export function insertStatement(
  profile: Profile,
  columns: readonly ProfileColumn[],
  settings: InsertSettings,
  seeds: number,
  keyspace: string | undefined,
): Statement {
  const table = tableOf(profile.definition, keyspace);
  const keys = columns.filter(({ role }) => role !== 'other');
  const others = columns.filter(({ role }) => role === 'other');
  const condition = conditionOf(profile, columns);
  const slot = (column: ProfileColumn): string => slotOf(column, condition.slotNames.get(column));
  const assignments = others.map((column) => {
    const name = identifier(column.name);
    const adds = column.type === 'counter' || (column.kind !== 'single' && !column.frozen);
    return `${name} = ${adds ? `${name} + ` : ''}${slot(column)}`;
  });
  const relations = keys.map((column) => `${identifier(column.name)} = ${slot(column)}`);
  const body =
    others.length > 0
      ? `UPDATE ${table} SET ${assignments.join(',')} WHERE ${relations.join(' AND ')}${condition.text}`
      : `INSERT INTO ${table} (${keys.map(({ name }) => identifier(name)).join(',')}) VALUES (${keys.map(slot).join(',')})${condition.text}`;
  const { partitions, select, rowPopulation, batchType } = effectiveInsert(profile, settings);
  const clusters = columns.some(({ role }) => role === 'cluster');
  const isPlain = !clusters && rangeOf(partitions).maximum === 1 && isAll(select) && isAll(rowPopulation);
  const shares = [
    ...(clusters ? visitsOf(settings, seeds) : []),
    ...(isAll(select) ? [] : [`SHARE ${ratioText(select)}`]),
    ...(isAll(rowPopulation) ? [] : [`COLUMNS ${ratioText(rowPopulation)}`]),
  ];
  return {
    keyword: 'INSERT',
    body,
    clauses: isPlain ? [] : [['PARTITIONS', distributionText(partitions), ...shares, batchType].join(' ')],
  };
}

/** In how many visits partitions are written, where it is more than one; no more of them take turns than there are. */
function visitsOf({ visits, revisit }: InsertSettings, seeds: number): readonly string[] {
  if (rangeOf(visits).maximum <= 1) return [];
  const { minimum, maximum } = rangeOf(revisit);
  return [
    `VISITS ${distributionText(visits)} OVER ${Math.min(maximum - minimum + 1, seeds, turnsAtMost(visits))}`,
  ];
}

/** What an insert is conditional on, with a blank before it; values are those of the row. */
function conditionOf(
  profile: Profile,
  columns: readonly ProfileColumn[],
): { readonly text: string; readonly slotNames: ReadonlyMap<ProfileColumn, string> } {
  const { condition } = profile.insert;
  if (condition === undefined) return { text: '', slotNames: new Map() };
  const text = ` ${flatText(condition)}`;
  const markers = boundMarkers(text, `${profile.file}: condition ${condition.trim()}`, profile, columns);
  const bound = new Set(markers.map(({ column }) => column));
  const slotNames = namesOf(columns.filter((column) => bound.has(column)));
  return { text: withValues(text, markers, (column) => `[=${slotNames.get(column)!}]`), slotNames };
}

interface ColumnMarker {
  readonly offset: number;
  readonly column: ProfileColumn;
}

/** The columns that a text's markers are values of. `what`: what has the text. */
function boundMarkers(
  text: string,
  what: string,
  profile: Profile,
  columns: readonly ProfileColumn[],
): readonly ColumnMarker[] {
  return boundColumns(text).map(({ offset, column: name }) => {
    const column = columns.find((each) => each.name === name);
    if (column !== undefined) return { offset, column };
    if (name === undefined) throw new Refusal(`${what} has a ? that is the value of no column`);
    throw new Refusal(`${what} has a value of ${name}, which is no column of ${profile.table}`);
  });
}

/** The text with a value in the place of each marker. */
function withValues(
  text: string,
  markers: readonly ColumnMarker[],
  valueOf: (column: ProfileColumn) => string,
): string {
  let made = text;
  for (const { offset, column } of markers.toReversed())
    made = `${made.slice(0, offset)}${valueOf(column)}${made.slice(offset + 1)}`;
  return made;
}

/** What slots of these columns are called, where their values are used once more. */
function namesOf(columns: readonly ProfileColumn[]): ReadonlyMap<ProfileColumn, string> {
  return new Map(
    columns.map((column, at) => [column, isBareName(column.name) ? column.name : `column${at + 1}`]),
  );
}

/** Reads a row back that the insert writes, and looks at each of its values. */
export function validateStatement(
  profile: Profile,
  columns: readonly ProfileColumn[],
  keyspace: string | undefined,
): Statement {
  const unsorted = columns.find(({ kind, type }) => kind === 'set' && !hasServerOrder(type));
  if (unsorted !== undefined)
    throw new Refusal(
      `${profile.file}: validate knows no order of the values of ${unsorted.name}, a set of ${unsorted.type}`,
    );
  const keys = columns.filter(({ role }) => role !== 'other');
  const others = columns.filter(({ role }) => role === 'other');
  const looksAt = others.length > 0 ? others : keys;
  const names = namesOf(columns);
  const value = (column: ProfileColumn): string => `[=${names.get(column)!}]`;
  const relations = keys.map((column) => `${identifier(column.name)} = ${value(column)}`);
  return {
    keyword: 'QUERY',
    body: `SELECT ${looksAt.map(({ name }) => identifier(name)).join(',')} FROM ${tableOf(profile.definition, keyspace)} WHERE ${relations.join(' AND ')}`,
    clauses: [
      `ROW ${columns.map((column) => slotOf(column, names.get(column))).join(', ')}`,
      `RETURNS ${looksAt.map(value).join(', ')}`,
    ],
  };
}

/** A query of the profile, about one row, or about values of any rows, of a partition. */
export function queryStatement(
  profile: Profile,
  query: ProfileQuery,
  columns: readonly ProfileColumn[],
  keyspace: string | undefined,
): Statement {
  const text = keyspace === undefined ? flatText(query.cql) : qualified(flatText(query.cql), keyspace);
  const markers = boundMarkers(text, `${query.place}: query ${query.name}`, profile, columns);
  const bound = new Set(markers.map(({ column }) => column));
  const ofKey = bound.size === markers.length && markers.every(({ column }) => column.role === 'key');
  const row = columns.filter((column) => column.role !== 'other' || bound.has(column));
  const slotNames = namesOf(row);
  const body = withValues(text, markers, (column) =>
    ofKey ? slotOf(column) : `[=${slotNames.get(column)!}]`,
  );
  const word = query.fields === 'samerow' ? 'ROW' : 'ROWS';
  const clause = `${word} ${row.map((column) => slotOf(column, slotNames.get(column))).join(', ')}`;
  return { keyword: 'QUERY', body, clauses: ofKey ? [] : [clause] };
}

/** The pages that a token range query has where the profile does not say. */
const rowsOfPage = 5000;

/** Reads all rows of a range of tokens, of the next one in each operation. */
export function tokenRangeStatement(
  { definition }: Profile,
  { columns, pageSize = rowsOfPage }: TokenRangeQuery,
  ranges: readonly TokenRange[],
  keyspace: string | undefined,
): Statement {
  const key = definition.partitionKey.map(identifier).join(',');
  const listed = columns === '*' ? definition.columns.map(({ name }) => identifier(name)).join(',') : columns;
  const each = (of: (range: TokenRange) => bigint): string => `[bigint each('${ranges.map(of).join(',')}')]`;
  const [above, upTo] = [each(({ start }) => start), each(({ end }) => end)];
  return {
    keyword: 'QUERY',
    body: `SELECT ${key},${listed} FROM ${tableOf(definition, keyspace)} WHERE token(${key}) > ${above} AND token(${key}) <= ${upTo}`,
    clauses: [],
    ...(pageSize === rowsOfPage ? {} : { pageSize }),
  };
}

function tableOf({ name }: TableDefinition, keyspace: string | undefined): string {
  return `${keyspace === undefined ? '' : `${identifier(keyspace)}.`}${identifier(name)}`;
}

/** Makes something only where it is not there yet: that it is there is no error to cassandra-stress. */
export function definitionStatement(text: string, keyspace: string | undefined): string {
  const flat = flatText(text);
  const made = keyspace === undefined ? flat : qualified(flat, keyspace);
  const soft = made.replace(
    /^(CREATE\s+(?:CUSTOM\s+)?(?:KEYSPACE|TABLE|COLUMNFAMILY|INDEX|TYPE|MATERIALIZED\s+VIEW|FUNCTION|AGGREGATE))\s+(?!IF\s)/i,
    '$1 IF NOT EXISTS ',
  );
  return /^(?:CREATE|ALTER|DROP)\s/i.test(soft) ? soft : `CQL ${soft}`;
}

const beforeTable = new Set([
  'from',
  'into',
  'update',
  'table',
  'columnfamily',
  'type',
  'view',
  'exists',
  'on',
]);
/** An index has no keyspace but that of its table. */
const indexed = /^CREATE\s+(?:CUSTOM\s+)?INDEX\s/i;

/** The text with a keyspace before names of tables that have none. */
function qualified(text: string, keyspace: string): string {
  const tokens = tokensOf(text);
  let made = text;
  for (let at = tokens.length - 2; at >= 0; at--) {
    const next = tokens[at + 1]!;
    const word = tokens[at]!.text.toLowerCase();
    const isTable =
      tokens[at]!.kind === 'word' &&
      (word !== 'exists' || !indexed.test(text)) &&
      beforeTable.has(word) &&
      nameOf(next) !== undefined &&
      !['if', 'keyspace', 'on'].includes(next.text.toLowerCase()) &&
      tokens[at + 2]?.text !== '.';
    if (!isTable) continue;
    made = `${made.slice(0, next.from.offset)}${identifier(keyspace)}.${made.slice(next.from.offset)}`;
  }
  return made;
}

/** As cassandra-stress writes names. */
export function identifier(name: string): string {
  return /^[a-z0-9_]+$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function isAll({ distribution, divisor }: Ratio): boolean {
  return rangeOf(distribution).minimum >= divisor;
}

function ratioText({ distribution, divisor }: Ratio): string {
  return `${distributionText(distribution)}/${divisor}`;
}
