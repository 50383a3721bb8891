import type {
  CqlPlan,
  CqlProblem,
  CqlTableKeys,
  CqlValues,
  PreparedText,
} from '../../stress-client/cql-plan.ts';
import type { CqlExpectedRow } from './cql-expected-row.ts';
import { bindMarkers, markerBytesAtMost } from './bind-markers.ts';
import { firstPlace } from './place.ts';
import type { Choice, QueryPart, QueryValue } from './query-text.ts';
import { queryValuesWriter, type QueryPlaces, type QueryValuesWriter } from './query-values.ts';

/** A query is prepared once for each combination of its choices; more than these are too many. */
export const queryTextsAtMost = 256;

interface CqlQueryParts extends QueryPlaces {
  readonly parts: readonly QueryPart[];
  /** Tables whose keys the parts ask for. */
  readonly tables: readonly string[];
  /** What RETURNS says. */
  readonly expected: CqlExpectedRow | 'any' | undefined;
}

/** One of the texts of a query, with what fills its markers. */
interface QueryText {
  readonly text: string;
  readonly values: readonly QueryValue[];
}

/** A text whose values are fitted to its markers. */
interface BoundText {
  readonly bytesAtMost: number;
  readonly write: QueryValuesWriter;
}

/** The choices of the parts, each once. */
export function choicesOf(parts: readonly QueryPart[]): readonly Choice[] {
  return [...new Set(parts.flatMap(({ choice }) => (choice === undefined ? [] : [choice])))];
}

/**
 * A QUERY as prepared texts. What is no value makes texts of its own: they are numbered by the choices in
 * order of appearance, first one fastest.
 */
export class CqlQueryPlan implements CqlPlan {
  readonly batch = 'none';
  readonly schema = [];
  readonly tables: readonly string[];
  readonly expected?: CqlExpectedRow | 'any';
  readonly #query: CqlQueryParts;
  readonly #choices: readonly Choice[];

  constructor(query: CqlQueryParts) {
    this.#query = query;
    this.tables = query.tables;
    if (query.expected !== undefined) this.expected = query.expected;
    this.#choices = choicesOf(query.parts);
  }

  texts(keys: readonly CqlTableKeys[]): readonly string[] | CqlProblem {
    const all = this.#texts(keys);
    return 'problem' in all ? all : all.map(({ text }) => text);
  }

  bind(prepared: readonly PreparedText[], keys: readonly CqlTableKeys[]): CqlValues | CqlProblem {
    const all = this.#texts(keys);
    if ('problem' in all) return all;
    const bound: BoundText[] = [];
    for (const [at, { values }] of all.entries()) {
      const sources = values.map(({ source }) => source!);
      const encoders = bindMarkers(sources, prepared[at]!);
      if ('problem' in encoders) return encoders;
      bound.push({
        bytesAtMost: markerBytesAtMost(encoders),
        write: queryValuesWriter(encoders, values, this.#query),
      });
    }
    const { places } = this.#query;
    const choices = this.#choices;
    const place = firstPlace();
    const textAt = (pick: number): number => {
      let text = 0;
      for (let at = choices.length - 1; at >= 0; at--)
        text = text * choices[at]!.count + choices[at]!.at(place, pick);
      return text;
    };
    return {
      itemBytesAtMost: Math.max(...bound.map(({ bytesAtMost }) => bytesAtMost)),
      warnings: [],
      textOf(index, pick) {
        places.set(place, index);
        return textAt(pick);
      },
      write(index, pick, intendedNs, staging, offset) {
        if (choices.length > 0) places.set(place, index);
        return bound[textAt(pick)]!.write(index, pick, intendedNs, staging, offset);
      },
    };
  }

  /** In the order of `textOf`. */
  #texts(keys: readonly CqlTableKeys[]): readonly QueryText[] | CqlProblem {
    const parts: Pick<QueryPart, 'choice' | 'phrases'>[] = [];
    for (const { choice, phrases, keyed } of this.#query.parts) {
      const known = keyed === undefined ? phrases : keyed(keys);
      if ('problem' in known) return known;
      parts.push({ ...(choice === undefined ? {} : { choice }), phrases: known });
    }
    const count = this.#choices.reduce((product, choice) => product * choice.count, 1);
    return Array.from({ length: count }, (_, text) => {
      const chosen = new Map<Choice, number>();
      let rest = text;
      for (const choice of this.#choices) {
        chosen.set(choice, rest % choice.count);
        rest = Math.floor(rest / choice.count);
      }
      const pieces = parts.flatMap(
        ({ choice, phrases }) => phrases[choice === undefined ? 0 : chosen.get(choice)!]!,
      );
      return {
        text: pieces.map((piece) => (typeof piece === 'string' ? piece : '?')).join(''),
        values: pieces.filter((piece) => typeof piece !== 'string'),
      };
    });
  }
}
