import type { Distribution } from '../statement/template/stress/distribution.ts';
import type { PopulationSettings } from './settings.ts';

/** Which seeds operations take. */
export function seedDistribution(population: PopulationSettings): Distribution {
  if (population.kind === 'distribution') return population.distribution;
  const { first, last } = population;
  return first === last
    ? { kind: 'fixed', value: first }
    : { kind: 'sequence', minimum: first, maximum: last };
}
