import { constant, eachOf, fromFile, shape, type Cell } from './cell.ts';
import { permutation } from './permutation.ts';
import { tableValues } from './values.ts';

/** Functions of booleans. */
export const flagFunctions = {
  rand: [
    shape(['share: share = 0.5'], 'true with this probability', ({ stream, count }, share) =>
      count === undefined
        ? {
            values: tableValues(['false', 'true'], (rank) => (stream.unit(rank, 0) < share ? 1 : 0)),
            different: undefined,
          }
        : { values: tableValues(['false', 'true'], permutation(2, stream)), different: 2 },
    ),
  ],
  const: constant(),
  each: eachOf(),
  file: fromFile(),
} satisfies Record<string, Cell>;
