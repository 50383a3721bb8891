import { constant, fromFile, shape, type Cell } from './cell.ts';
import { tableValues } from './values.ts';

/** Functions of booleans. */
export const flagFunctions = {
  rand: [
    shape(['share: share = 0.5'], 'true with this probability', ({ stream }, share) => ({
      values: tableValues(['false', 'true'], (rank) => (stream.unit(rank, 0) < share ? 1 : 0)),
      different: undefined,
    })),
  ],
  const: constant(),
  file: fromFile(),
} satisfies Record<string, Cell>;
