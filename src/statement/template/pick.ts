import type { AcknowledgedIndexes } from '../../stress-client/acknowledged.ts';
import type { LoadOptions } from '../load-options.ts';
import type { WordStream } from './word-stream.ts';
import { zipf } from './zipf.ts';

/** Draws before the nearest acknowledged index is looked for instead. */
const draws = 64;
const lanesOfDraw = 64;

/**
 * Chooses the companion's item that a query is about, among those acknowledged; -1 while there are none. A
 * draw that hits a hole is drawn again, so that holes do not make their neighbours popular. `latest` is the
 * largest index; `each` goes through them in order, and anew after the last; `zipf(s)` makes small indexes popular.
 */
export function picker(
  pick: LoadOptions['pick'],
  stream: WordStream,
): (query: number, acknowledged: AcknowledgedIndexes) => number {
  if (pick.distribution === 'latest')
    return (_, acknowledged) => (acknowledged.count === 0 ? -1 : nearest(acknowledged, acknowledged.end - 1));
  if (pick.distribution === 'each')
    return (query, acknowledged) =>
      acknowledged.count === 0 ? -1 : nearest(acknowledged, query % acknowledged.end);
  return (query, acknowledged) => {
    const { count, end } = acknowledged;
    if (count === 0) return -1;
    let index = 0;
    for (let attempt = 0; attempt < draws; attempt++) {
      const lane = attempt * lanesOfDraw;
      index =
        pick.distribution === 'zipf'
          ? zipf(end, pick.exponent, stream, lane)(query)
          : stream.below(end, query, lane);
      if (acknowledged.has(index)) return index;
    }
    return nearest(acknowledged, index);
  };
}

/** The acknowledged index next below `from`, or else next above; there is one. */
function nearest(acknowledged: AcknowledgedIndexes, from: number): number {
  for (let index = from; index >= 0; index--) if (acknowledged.has(index)) return index;
  for (let index = from + 1; index < acknowledged.end; index++) if (acknowledged.has(index)) return index;
  return -1;
}
