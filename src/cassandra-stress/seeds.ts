import { rangeOf, type Range } from '../statement/template/stress/distribution.ts';
import type { PopulationSettings } from './settings.ts';

/** The smallest seed that operations may have, and the largest. */
export function seedsOf(population: PopulationSettings): Range {
  return population.kind === 'sequence'
    ? { minimum: population.first, maximum: population.last }
    : rangeOf(population.distribution);
}
