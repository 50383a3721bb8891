import { writeMarker } from './bind-markers.ts';
import { rowCode, type RowWriter } from './code/row-code.ts';
import type { InsertPlan } from './insert-plan.ts';
import { firstPlace } from './place.ts';
import type { Places } from './places.ts';
import type { QueryValue } from './query-text.ts';
import type { ValueEncoder } from './value-source.ts';

/** Where the values of a query are read: at its own place, and at that of its companion's item. */
export interface QueryPlaces {
  readonly places: Places;
  readonly companion: InsertPlan | undefined;
}

/** Writes values of query `item`, filled from item `pick` of its companion, each as [bytes] of the protocol. */
export type QueryValuesWriter = (
  item: number,
  pick: number,
  intendedNs: number,
  staging: Uint8Array,
  offset: number,
) => number;

/** Makes straight-line code for each run of values of one place; where there is none, the evaluator writes. */
export function queryValuesWriter(
  encoders: readonly ValueEncoder[],
  values: readonly Pick<QueryValue, 'of'>[],
  { places, companion }: QueryPlaces,
): QueryValuesWriter {
  const runs: { readonly of: QueryValue['of']; readonly write: RowWriter | undefined }[] = [];
  for (let from = 0, to = 0; from < values.length; from = to) {
    const { of } = values[from]!;
    while (values[to]?.of === of) to++;
    runs.push({ of, write: rowCode(encoders.slice(from, to), of === 'query' ? places : companion!.places) });
  }
  const codes = runs.flatMap(({ of, write }) => (write === undefined ? [] : [{ of, write }]));
  if (codes.length === runs.length)
    return (item, pick, intendedNs, staging, offset) => {
      let end = offset;
      for (const { of, write } of codes) end = write(of === 'query' ? item : pick, intendedNs, staging, end);
      return end;
    };
  const place = firstPlace();
  return (item, pick, intendedNs, staging, offset) => {
    places.set(place, item);
    place.intendedNs = intendedNs;
    const picked = pick < 0 ? undefined : companion?.places.at(pick);
    let end = offset;
    for (let at = 0; at < encoders.length; at++)
      end = writeMarker(encoders[at]!, values[at]!.of === 'query' ? place : picked!, staging, end);
    return end;
  };
}
