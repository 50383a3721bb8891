import { readDistribution, type Distribution } from '../../statement/template/stress/distribution.ts';
import type { Ratio } from '../../statement/template/stress/ratio.ts';
import type { InsertSettings } from '../settings.ts';
import type { BatchType, Profile } from './profile.ts';

const one = readDistribution('fixed(1)');
const all: Ratio = { distribution: one, divisor: 1 };

/** How inserts are made: -insert goes before the profile. */
export interface EffectiveInsert {
  readonly partitions: Distribution;
  readonly select: Ratio;
  readonly rowPopulation: Ratio;
  readonly batchType: BatchType;
}

export function effectiveInsert({ insert }: Profile, settings: InsertSettings): EffectiveInsert {
  return {
    partitions: settings.partitions ?? insert.partitions ?? one,
    select: settings.selectRatio ?? insert.select ?? all,
    // -insert always has one, so that cassandra-stress never looks at the profile's.
    rowPopulation: settings.rowPopulationRatio,
    batchType: settings.batchType ?? insert.batchType ?? 'LOGGED',
  };
}
