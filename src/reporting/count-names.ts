import type { Counts } from '../stress-client/results.ts';

/** The counts of a tally, in the order in which they are shown. */
export const countNames = [
  'asked',
  'sent',
  'acknowledged',
  'failed',
  'unknown',
  'unsent',
] as const satisfies readonly (keyof Counts)[];
