import { Partition, averageOf } from '../../statement/template/stress/partition.ts';
import { rowsABatchAtMost } from '../../statement/template/stress/partition-writes.ts';
import { distributionText } from '../distribution-text.ts';
import { Refusal } from '../refusal.ts';
import type { PopulationSettings, StressSettings } from '../settings.ts';
import type { StressOperation, Workload } from '../workload.ts';
import { generatedColumn, profileColumns, type ProfileColumn } from './column-slots.ts';
import { effectiveInsert } from './insert-settings.ts';
import { batchesLine, profileBlock, rowsOfInsert } from './profile-lines.ts';
import type { Profile, TokenRangeQuery } from './profile.ts';
import {
  definitionStatement,
  identifier,
  insertStatement,
  queryStatement,
  tokenRangeStatement,
  validateStatement,
} from './profile-statements.ts';
import type { TokenRange } from './token-ranges.ts';

/**
 * What the user command does with its profiles, the first of which is that of operations without a specname. `ranges`:
 * where there are operations that read ranges of tokens, those that they go round.
 */
export function userWorkload(
  settings: StressSettings,
  profiles: readonly Profile[],
  ranges: readonly TokenRange[] = [],
): Workload {
  const [main] = profiles;
  if (main === undefined) throw new Refusal('Must specify a profile', 'Usage: user profile=? ops(?)');
  const ratios = usedRatios(settings);
  const weights = ratios.reduce((sum, [, weight]) => sum + weight, 0);
  const operations = ratios.map(([name, weight]) => operationOf(settings, profiles, ranges, name, weight));
  const partitions = ratios.map(([name, weight]) => {
    const { profile, operation } = named(profiles, name);
    const isInsert = operation.toLowerCase() === 'insert';
    return (
      weight * (isInsert ? Math.max(1, averageOf(effectiveInsert(profile, settings.insert).partitions)) : 1)
    );
  });
  const schema = profiles.flatMap((profile) => [
    ...(profile.keyspaceDefinition === undefined
      ? []
      : [definitionStatement(profile.keyspaceDefinition, undefined)]),
    ...(profile.tableText === undefined
      ? []
      : [definitionStatement(profile.tableText, keyspaceBeside(main, profile))]),
  ]);
  const extraSchema = profiles.flatMap((profile) =>
    profile.extraDefinitions.map((text) => definitionStatement(text, keyspaceBeside(main, profile))),
  );
  return {
    keyspace: main.keyspace,
    schema: [...new Set(schema)],
    extraSchema: [...new Set(extraSchema)],
    created: 'schema',
    settingsText: profiles.map(profileBlock).join(''),
    announcements: [
      ...profiles.map((profile) =>
        batchesLine(
          profile,
          profileColumns(profile, settings.errors.skipUnsupportedColumns),
          settings.insert,
        ),
      ),
      '',
    ],
    truncations: profiles.map(
      ({ keyspace, definition }) => `TRUNCATE ${identifier(keyspace)}.${identifier(definition.name)}`,
    ),
    operations,
    ...(ratios.every(([name]) => tokenRangeQueryOf(profiles, name) !== undefined)
      ? { population: undefined, ...(settings.tokenRange.wrap ? {} : { operationsAtMost: ranges.length }) }
      : { population: populationText(settings.population) }),
    writes: operations.some(
      ({ keyword, body }) => keyword === 'INSERT' || /^(?:INSERT|UPDATE|DELETE|BEGIN)\s/i.test(body),
    ),
    visitsOfPartition: profiles.some(({ definition }) => definition.clusteringKey.length > 0)
      ? Math.max(1, averageOf(settings.insert.visits))
      : 1,
    partitionsOfOperation: partitions.reduce((sum, each) => sum + each, 0) / weights,
    keysOf: (name, seed) => {
      if (tokenRangeQueryOf(profiles, name) === undefined)
        return keysOf(named(profiles, name).profile, settings, seed);
      const { start, end } = ranges[seed % ranges.length]!;
      return [`${start}, ${end}`];
    },
  };
}

/** Whether operations read ranges of tokens. */
export function readsTokenRanges(settings: StressSettings, profiles: readonly Profile[]): boolean {
  return usedRatios(settings).some(([name]) => tokenRangeQueryOf(profiles, name) !== undefined);
}

function usedRatios({ command }: StressSettings): StressSettings['command']['ratios'] {
  return command.ratios.filter(([, weight]) => weight > 0);
}

function tokenRangeQueryOf(profiles: readonly Profile[], name: string): TokenRangeQuery | undefined {
  const { profile, operation } = named(profiles, name);
  return profile.tokenRangeQueries.find((each) => each.name.toLowerCase() === operation.toLowerCase());
}

/** How many seeds there are; Infinity where they are drawn. */
function seedsOf(population: PopulationSettings): number {
  return population.kind === 'sequence' ? population.last - population.first + 1 : Infinity;
}

function populationText(population: PopulationSettings): string {
  return population.kind === 'sequence'
    ? `${population.first}..${population.last}`
    : distributionText(population.distribution);
}

/** Its own, where it is not that of the script. */
function keyspaceBeside(main: Profile, { keyspace }: Profile): string | undefined {
  return keyspace === main.keyspace ? undefined : keyspace;
}

/** `operation`, or `specname.operation`. */
function named(profiles: readonly Profile[], name: string): { profile: Profile; operation: string } {
  const dot = name.lastIndexOf('.');
  const specname = dot < 0 ? undefined : name.slice(0, dot).toLowerCase();
  const own = profiles.find((profile) => profile.specname.toLowerCase() === specname);
  if (own !== undefined) return { profile: own, operation: name.slice(dot + 1) };
  if (specname !== undefined && profiles.length > 1)
    throw new Refusal(
      `No profile has the specname ${specname}: there are ${profiles.map((profile) => profile.specname).join(', ')}`,
    );
  return { profile: profiles[0]!, operation: name };
}

function operationOf(
  settings: StressSettings,
  profiles: readonly Profile[],
  ranges: readonly TokenRange[],
  name: string,
  weight: number,
): StressOperation {
  const { profile, operation } = named(profiles, name);
  const columns = profileColumns(profile, settings.errors.skipUnsupportedColumns);
  const keyspace = keyspaceBeside(profiles[0]!, profile);
  const lower = operation.toLowerCase();
  if (lower === 'insert') {
    checkBatches(profile, columns, settings);
    return {
      name,
      weight,
      ...insertStatement(profile, columns, settings.insert, seedsOf(settings.population), keyspace),
    };
  }
  if (lower === 'validate') return { name, weight, ...validateStatement(profile, columns, keyspace) };
  const query = profile.queries.find((each) => each.name.toLowerCase() === lower);
  if (query !== undefined) return { name, weight, ...queryStatement(profile, query, columns, keyspace) };
  const rangeQuery = tokenRangeQueryOf(profiles, name);
  if (rangeQuery === undefined) throw new Refusal(`No query defined with name ${lower}`);
  return { name, weight, ...tokenRangeStatement(profile, rangeQuery, ranges, keyspace) };
}

/** What is to be in one batch, or not at all, must have room in one. */
function checkBatches(profile: Profile, columns: readonly ProfileColumn[], { insert }: StressSettings): void {
  const { maximum } = rowsOfInsert(profile, columns, insert).rows;
  if (effectiveInsert(profile, insert).batchType !== 'LOGGED' || maximum <= rowsABatchAtMost) return;
  throw new Refusal(
    `ERROR: You have defined a workload that generates batches with more than 65k rows (${maximum.toFixed(0)}), but have required the use of LOGGED batches. There is a 65k row limit on a single batch.`,
  );
}

/** The parts of a partition's key as texts, with bars between, as cassandra-stress shows them. */
function keysOf(profile: Profile, settings: StressSettings, seed: number): readonly string[] {
  const columns = profileColumns(profile, settings.errors.skipUnsupportedColumns);
  const partitionKey = columns.filter(({ role }) => role === 'key').map(generatedColumn);
  const partition = new Partition({ partitionKey, clusteringKey: [] });
  partition.open(seed);
  return [partition.keys.map((value, at) => partitionKey[at]!.texts(value).join(', ')).join('|')];
}
