import type { Cluster } from '../cluster.ts';
import { Refusal } from '../refusal.ts';
import type { Profile, ReadProfile } from './profile.ts';
import { readName, tableOf } from './table-definition.ts';

/** A profile with the columns of its table: as it defines them, else as the server has them. Throws Refusal. */
export async function withDefinition(profile: ReadProfile, cluster: Cluster): Promise<Profile> {
  const { definition, tablePlace, table } = profile;
  if (definition !== undefined) return { ...profile, definition };
  const keyspace = readName(profile.keyspace);
  const columns = await cluster.tableColumns(keyspace, table);
  if (columns.length === 0)
    throw new Refusal(
      `${tablePlace}: there is no table ${keyspace}.${table}: make it, or say table_definition here`,
    );
  const ofKind = (wanted: string): string[] =>
    columns.filter(({ kind }) => kind === wanted).map(({ name }) => name);
  const typed = columns.map(({ name, type }) => ({ name, type: type.replaceAll(/\s/g, '') }));
  return {
    ...profile,
    definition: tableOf(table, typed, ofKind('partition_key'), ofKind('clustering')),
  };
}
