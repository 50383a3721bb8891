import { commonClock } from './common-clock.ts';

/** The bucket of an InfluxDB 2.x for rows on the common clock, beside the one of the reports. */
export function commonBucketOf(bucket: string): string {
  return `${bucket}_${commonClock.retentionPolicy}`;
}

/** Asks the server: a POST where there is a body. Rejects where it answers with an error. */
type Ask = (path: string, body?: object) => Promise<unknown>;

/**
 * Makes the bucket where it is missing, and maps it so that InfluxQL finds it as the retention policy of the reports'
 * database. That has a mapping of its own first: of a database with only one mapping that one is the default.
 */
export async function makeCommonBucket(ask: Ask, org: string, bucket: string): Promise<void> {
  const found = async (name: string): Promise<Bucket | undefined> => {
    const answer = await ask(`/api/v2/buckets?${new URLSearchParams({ org, name })}`);
    return (answer as { readonly buckets?: readonly Bucket[] }).buckets?.[0];
  };
  const main = await found(bucket);
  // What is missing is told where the reports themselves are written.
  if (main === undefined) return;
  const { orgID } = main;
  const name = commonBucketOf(bucket);
  const common =
    (await found(name)) ?? ((await ask('/api/v2/buckets', { orgID, name, retentionRules: [] })) as Bucket);
  const answer = await ask(`/api/v2/dbrps?${new URLSearchParams({ orgID, db: bucket })}`);
  const mappings = ((answer as { readonly content?: readonly Mapping[] }).content ?? []).filter(
    (mapping) => mapping.virtual !== true,
  );
  const map = (bucketID: string, retention_policy: string, isDefault: boolean): Promise<unknown> =>
    ask('/api/v2/dbrps', { orgID, bucketID, database: bucket, retention_policy, default: isDefault });
  if (mappings.length === 0) await map(main.id, 'autogen', true);
  const { retentionPolicy } = commonClock;
  if (mappings.some(({ retention_policy: policy }) => policy === retentionPolicy)) return;
  await map(common.id, retentionPolicy, false);
}

interface Bucket {
  readonly id: string;
  readonly orgID: string;
}

interface Mapping {
  readonly retention_policy: string;
  readonly virtual?: boolean;
}
