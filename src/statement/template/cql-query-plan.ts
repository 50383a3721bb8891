import type {
  CqlPlan,
  CqlProblem,
  CqlTableKeys,
  CqlValues,
  PreparedText,
} from '../../stress-client/cql-plan.ts';
import { bindMarkers, markerBytesAtMost, writeMarker } from './bind-markers.ts';
import { rowCode, type RowWriter } from './code/row-code.ts';
import type { InsertPlan } from './insert-plan.ts';
import { firstPlace } from './place.ts';
import type { Places } from './places.ts';
import type { Choice, QueryPart, QueryValue } from './query-text.ts';
import type { ValueEncoder } from './value-source.ts';

/** A query is prepared once for each combination of its choices; more than these are too many. */
export const queryTextsAtMost = 256;

interface CqlQueryParts {
  readonly parts: readonly QueryPart[];
  readonly places: Places;
  readonly companion: InsertPlan | undefined;
  /** Tables whose keys the parts ask for. */
  readonly tables: readonly string[];
}

/** One of the texts of a query, with what fills its markers. */
interface QueryText {
  readonly text: string;
  readonly values: readonly QueryValue[];
}

/** A text whose values are fitted to its markers. */
interface BoundText {
  readonly encoders: readonly ValueEncoder[];
  readonly values: readonly QueryValue[];
  /** Undefined where Node was told to make no code from text. */
  readonly code: readonly { readonly of: QueryValue['of']; readonly write: RowWriter }[] | undefined;
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
  readonly #query: CqlQueryParts;
  readonly #choices: readonly Choice[];

  constructor(query: CqlQueryParts) {
    this.#query = query;
    this.tables = query.tables;
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
      bound.push({ encoders, values, code: this.#code(encoders, values) });
    }
    const { places, companion } = this.#query;
    const choices = this.#choices;
    const place = firstPlace();
    const textAt = (pick: number): number => {
      let text = 0;
      for (let at = choices.length - 1; at >= 0; at--)
        text = text * choices[at]!.count + choices[at]!.at(place, pick);
      return text;
    };
    return {
      itemBytesAtMost: Math.max(...bound.map(({ encoders }) => markerBytesAtMost(encoders))),
      warnings: [],
      textOf(index, pick) {
        places.set(place, index);
        return textAt(pick);
      },
      write(index, pick, intendedNs, staging, offset) {
        let end = offset;
        if (choices.length > 0) places.set(place, index);
        const { encoders, values, code } = bound[textAt(pick)]!;
        if (code !== undefined) {
          for (const { of, write } of code)
            end = write(of === 'query' ? index : pick, intendedNs, staging, end);
          return end;
        }
        places.set(place, index);
        place.intendedNs = intendedNs;
        const picked = pick < 0 ? undefined : companion?.places.at(pick);
        for (let at = 0; at < encoders.length; at++)
          end = writeMarker(encoders[at]!, values[at]!.of === 'query' ? place : picked!, staging, end);
        return end;
      },
    };
  }

  /** Straight-line code for each run of values of one place. */
  #code(encoders: readonly ValueEncoder[], values: readonly QueryValue[]): BoundText['code'] {
    const runs: { readonly of: QueryValue['of']; readonly write: RowWriter }[] = [];
    for (let from = 0, to = 0; from < values.length; from = to) {
      const { of } = values[from]!;
      while (values[to]?.of === of) to++;
      const places = of === 'query' ? this.#query.places : this.#query.companion!.places;
      const write = rowCode(encoders.slice(from, to), places);
      if (write === undefined) return undefined;
      runs.push({ of, write });
    }
    return runs;
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
