import {
  rangeOf,
  readDistribution,
  type Distribution,
} from '../../statement/template/stress/distribution.ts';
import { GeneratedColumn, type GeneratedTypeName } from '../../statement/template/stress/generated-column.ts';
import { distributionText } from '../distribution-text.ts';
import { Refusal } from '../refusal.ts';
import type { Profile } from './profile.ts';
import type { TableColumn } from './table-definition.ts';

/** What a column of a profile's table is generated with. */
export interface ProfileColumn {
  readonly name: string;
  readonly role: 'key' | 'cluster' | 'other';
  readonly kind: 'single' | 'list' | 'set';
  /** The type of its values, or of the elements of its collection. */
  readonly type: GeneratedTypeName | 'counter';
  /** A list or set that is one value. */
  readonly frozen: boolean;
  readonly size: Distribution;
  readonly population: Distribution;
  readonly cluster: Distribution;
}

const names: ReadonlyMap<string, ProfileColumn['type']> = new Map([
  ...(['text', 'ascii', 'varchar'] as const).map((name) => [name, 'text'] as const),
  ...(
    [
      'bigint',
      'blob',
      'boolean',
      'counter',
      'date',
      'decimal',
      'double',
      'float',
      'inet',
      'int',
      'smallint',
      'time',
      'timestamp',
      'timeuuid',
      'tinyint',
      'uuid',
      'varint',
    ] as const
  ).map((name) => [name, name] as const),
]);

const defaults = {
  size: readDistribution('uniform(4..8)'),
  population: readDistribution('uniform(1..100b)'),
  times: readDistribution('uniform(1..1576800000000)'),
  cluster: readDistribution('fixed(1)'),
};

/**
 * The columns of a profile's table that are generated, in the order of the table. Columns of types that
 * cassandra-stress knows not are left out where `skipsUnknown`, else refused; those of the key always are.
 */
export function profileColumns(profile: Profile, skipsUnknown: boolean): readonly ProfileColumn[] {
  const { columns, partitionKey, clusteringKey } = profile.definition;
  return columns.flatMap((column): readonly ProfileColumn[] => {
    const role = partitionKey.includes(column.name)
      ? 'key'
      : clusteringKey.includes(column.name)
        ? 'cluster'
        : 'other';
    const type = typeOf(column);
    if (type === undefined) {
      if (skipsUnknown && role === 'other') return [];
      throw new Refusal(
        `${profile.file}: column ${column.name} is ${column.type}, which cassandra-stress generates no values of`,
      );
    }
    const { size, population, cluster } = profile.columns.get(column.name) ?? {};
    const isTime = type.type === 'timestamp' || type.type === 'timeuuid';
    return [
      {
        name: column.name,
        role,
        ...type,
        size: size ?? defaults.size,
        population: population ?? (isTime ? defaults.times : defaults.population),
        cluster: cluster ?? defaults.cluster,
      },
    ];
  });
}

function typeOf({ type }: TableColumn): Pick<ProfileColumn, 'kind' | 'type' | 'frozen'> | undefined {
  const [, inner] = /^frozen<(.*)>$/.exec(type) ?? [];
  const [, kind, of] = /^(list|set)<(.*)>$/.exec(inner ?? type) ?? [];
  const name = names.get(of ?? inner ?? type);
  if (name === undefined || (kind !== undefined && name === 'counter')) return undefined;
  return { kind: (kind as 'list' | 'set' | undefined) ?? 'single', type: name, frozen: inner !== undefined };
}

/** The slot that generates a column, with a name of its own where it is given one. */
export function slotOf(column: ProfileColumn, name?: string): string {
  const { kind, type, role, size, population, cluster } = column;
  const isSized = kind !== 'single' || type === 'text' || type === 'blob';
  const drawn = [...(isSized ? [size] : []), population, ...(role === 'cluster' ? [cluster] : [])];
  const elements = Math.max(1, rangeOf(size).maximum);
  const typeText = kind === 'single' ? type : `${kind}(${elements}) of ${type}`;
  const called = { key: 'stresskey', cluster: 'stresscluster', other: 'stress' }[role];
  const given = [column.name, ...drawn.map(distributionText)].map(
    (each) => `'${each.replaceAll("'", "''")}'`,
  );
  return `[${name === undefined ? '' : `${name}: `}${typeText} ${called}(${given.join(', ')})]`;
}

/** The same, to generate its values here. */
export function generatedColumn({ name, kind, type, ...specification }: ProfileColumn): GeneratedColumn {
  return new GeneratedColumn({ name, type: { kind, name: type }, ...specification });
}
