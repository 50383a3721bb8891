/** The counters of a tally beside its operations and items. */
export const counterNames = [
  'retries',
  'lateAnswers',
  'reprepared',
  'requestBytes',
  'responseBytes',
  'rows',
  'notApplied',
  'clamped',
] as const;
export type CounterName = (typeof counterNames)[number];

/** The counters of a tally; 0 where it is of an earlier version that had none. */
export function countersOf(tally: Partial<Record<CounterName, number>>): Record<CounterName, number> {
  const counters = {} as Record<CounterName, number>;
  for (const name of counterNames) counters[name] = tally[name] ?? 0;
  return counters;
}
