import type { CqlProblem, CqlTableKeys } from '../../stress-client/cql-plan.ts';
import type { Place } from './place.ts';
import type { ValueSource } from './value-source.ts';

/** A value in a query. */
export interface QueryValue {
  /** As the query's language writes it, from the query's place and the companion's item picked. */
  literal(place: Place, pick: number): string;
  /** What fills a bind marker in its place; there where the target is CQL. */
  readonly source?: ValueSource;
  /** Whose place the source is read at. */
  readonly of: 'query' | 'companion';
}

/** A piece of a query: texts as they are sent, and values. */
export type Phrase = readonly (string | QueryValue)[];

/** What chooses between phrases: names, words and tables are no values. */
export interface Choice {
  /** As written, such as `[mean|max]` or `%f`. */
  readonly text: string;
  readonly count: number;
  /** Which, from 0. */
  at(place: Place, pick: number): number;
}

/** A part of a query; parts of the same choice choose alike. */
export interface QueryPart {
  /** Undefined where there is one phrase. */
  readonly choice?: Choice;
  readonly phrases: readonly Phrase[];
  /** The phrases where the keys of the tables tell them, as for %k. */
  readonly keyed?: (keys: readonly CqlTableKeys[]) => readonly Phrase[] | CqlProblem;
}

/** The query with its values as literals. */
export function literalText(parts: readonly QueryPart[], place: Place, pick: number): string {
  let text = '';
  for (const { choice, phrases } of parts) {
    const phrase = phrases[choice === undefined ? 0 : choice.at(place, pick)]!;
    for (const piece of phrase) text += typeof piece === 'string' ? piece : piece.literal(place, pick);
  }
  return text;
}
