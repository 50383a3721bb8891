import { rangeOf } from '../../statement/template/stress/distribution.ts';
import { Partition } from '../../statement/template/stress/partition.ts';
import { describeDistribution } from '../describe-distribution.ts';
import { fixed } from '../java-format.ts';
import type { InsertSettings } from '../settings.ts';
import { generatedColumn, type ProfileColumn } from './column-slots.ts';
import { effectiveInsert } from './insert-settings.ts';
import type { ColumnSpec, Profile } from './profile.ts';

/** What cassandra-stress shows of a profile behind its settings. */
export function profileBlock(profile: Profile): string {
  const { extraDefinitions, columns, queries, tokenRangeQueries, insertTexts } = profile;
  const extra = extraDefinitions.length === 0 ? 'null' : `[${extraDefinitions.join(', ')}]`;
  return [
    '******************** Profile ********************',
    `  Keyspace Name: ${profile.keyspace}`,
    `  Keyspace CQL: \n***\n${profile.keyspaceDefinition ?? 'null'}***\n`,
    `  Table Name: ${profile.table}`,
    `  Table CQL: \n***\n${profile.tableText ?? 'null'}***\n`,
    `  Extra Schema Definitions: ${extra}`,
    '  Generator Configs:',
    ...inOrderOfHashes([...columns]).map(([name, spec]) => `    ${name}: ${specText(spec)}`),
    '  Query Definitions:',
    ...queries.map(({ name, cql, fieldsText }) => `    ${name}: CQL:${cql};Fields:${fieldsText ?? 'null'};`),
    '  Token Range Queries:',
    ...tokenRangeQueries.map(({ name, columns: listed }) => `    ${name}: Columns:${listed};`),
    '  Insert Settings:',
    ...insertTexts.map(([name, text]) => `    ${name}: ${text}`),
    '',
  ].join('\n');
}

/** How many partitions and rows an insert has, as cassandra-stress says it before it begins. */
export function batchesLine(
  profile: Profile,
  columns: readonly ProfileColumn[],
  settings: InsertSettings,
): string {
  const { partitions, rows, all } = rowsOfInsert(profile, columns, settings);
  return `Generating batches with [${partitions.minimum}..${partitions.maximum}] partitions and [${ends(rows)}] rows (of [${ends(all)}] total rows in the partitions)`;
}

interface Range {
  readonly minimum: number;
  readonly maximum: number;
}

/** How many partitions an insert has, how many rows it writes, and how many are in those partitions. */
export function rowsOfInsert(
  profile: Profile,
  columns: readonly ProfileColumn[],
  settings: InsertSettings,
): { readonly partitions: Range; readonly rows: Range; readonly all: Range } {
  const { partitions, select } = effectiveInsert(profile, settings);
  const { rowsAtLeast, rowsAtMost } = new Partition({
    partitionKey: [],
    clusteringKey: columns.filter(({ role }) => role === 'cluster').map(generatedColumn),
  });
  const count = rangeOf(partitions);
  const share = rangeOf(select.distribution);
  const visits = rangeOf(settings.visits);
  const all = { minimum: count.minimum * rowsAtLeast, maximum: count.maximum * rowsAtMost };
  return {
    partitions: count,
    all,
    rows: {
      minimum: (Math.min(1, share.minimum / select.divisor) * all.minimum) / visits.maximum,
      maximum: (Math.min(1, share.maximum / select.divisor) * all.maximum) / visits.minimum,
    },
  };
}

function ends({ minimum, maximum }: Range): string {
  return `${fixed(minimum, 0)}..${fixed(maximum, 0)}`;
}

function specText({ cluster, size, population }: ColumnSpec): string {
  return [
    ...(cluster === undefined ? [] : [`Clustering: ${describeDistribution(cluster)};`]),
    ...(size === undefined ? [] : [`Size: ${describeDistribution(size)};`]),
    ...(population === undefined ? [] : [`Identity: ${describeDistribution(population)};`]),
  ].join('');
}

/** As java.util.HashMap has texts: by the lowest bits of their hashes, in a table that doubles when it is 3/4 full. */
function inOrderOfHashes<Value>(entries: readonly (readonly [string, Value])[]): typeof entries {
  let size = 16;
  while (entries.length > 0.75 * size) size *= 2;
  const bucket = (text: string): number => {
    let hash = 0;
    for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
    return (hash ^ (hash >>> 16)) & (size - 1);
  };
  return entries.toSorted(([one], [other]) => bucket(one) - bucket(other));
}
