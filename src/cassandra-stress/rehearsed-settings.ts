import { rangeOf } from '../statement/template/stress/distribution.ts';
import { readsRows } from './predefined-workload.ts';
import { seedsOf } from './seeds.ts';
import type { PopulationSettings, StressSettings } from './settings.ts';

/* A practice server keeps the latest 100,000 rows of all tables, or fewer where they fill 256 MiB. */
const seedsAtMost = 25_000;
const bytesAtMost = 64 * 2 ** 20;

/** The settings for a practice server, which has no rows yet: of those that are read, no more than can be written first. */
export function rehearsedSettings(settings: StressSettings): StressSettings {
  const { command, population, notices, columns } = settings;
  const { minimum, maximum } = seedsOf(population);
  const rowBytes = command.keySize + columns.names.length * rangeOf(columns.size).maximum;
  const seeds = Math.min(seedsAtMost, Math.ceil(bytesAtMost / rowBytes));
  const last = minimum + seeds - 1;
  if (command.name === 'user' || !readsRows(command) || maximum <= last) return settings;
  const fewer: PopulationSettings =
    population.kind === 'sequence'
      ? { ...population, last }
      : { ...population, distribution: { kind: 'uniform', minimum, maximum: last } };
  const notice = `--rehearse: the rows that are read are written first, of seeds ${minimum} to ${last} only`;
  return { ...settings, population: fewer, notices: [...notices, notice] };
}
