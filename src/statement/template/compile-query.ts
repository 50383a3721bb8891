import type { Diagnostic } from '../../lexer/diagnostic.ts';
import { nearestWord } from '../../lexer/nearest-word.ts';
import type { Placeholder, QueryNode, QuotedTemplate, Slot, TemplatePart } from '../../parser/ast.ts';
import type { LoadOptions, TemplateContext } from '../load-options.ts';
import { encode } from './bytes.ts';
import { DiagnosticList } from './diagnostic-list.ts';
import { cqlQueries } from './cql-query.ts';
import { influxql } from './influxql.ts';
import type { InsertPlan } from './insert-plan.ts';
import { Odometer } from './odometer.ts';
import { picker } from './pick.ts';
import { firstPlace, type Place } from './place.ts';
import { Places } from './places.ts';
import { plainText } from '../../parser/text.ts';
import type { QueryDialect } from './query-dialect.ts';
import { TextQueryPlan, type QueryPlan } from './query-plan.ts';
import { SlotTable } from './slot-table.ts';
import { WordStream } from './word-stream.ts';

export type { QueryPlan } from './query-plan.ts';

/** A part of a query's text, from the query's place and the item picked. */
type Part = (place: Place, pick: number) => string;

/** Compiles a QUERY whose parameters are bound; the plan is undefined after an error. */
export function compileQuery(
  node: QueryNode,
  companion: InsertPlan | undefined,
  options: LoadOptions,
  context: TemplateContext,
): { plan: QueryPlan | undefined; diagnostics: readonly Diagnostic[] } {
  const compiler = new QueryCompiler(node, companion, options, context);
  return { plan: compiler.compile(), diagnostics: compiler.diagnostics.items };
}

class QueryCompiler {
  readonly diagnostics = new DiagnosticList();
  readonly #node: QueryNode;
  readonly #companion: InsertPlan | undefined;
  readonly #options: LoadOptions;
  readonly #context: TemplateContext;
  readonly #name: string;
  readonly #dialect: QueryDialect;
  readonly #slots: SlotTable;
  readonly #odometer = new Odometer([]);
  readonly #stream: WordStream;
  #bytesAtMost = 0;

  constructor(
    node: QueryNode,
    companion: InsertPlan | undefined,
    options: LoadOptions,
    context: TemplateContext,
  ) {
    this.#node = node;
    this.#companion = companion;
    this.#options = options;
    this.#context = context;
    this.#name = plainText(node.name);
    const isCql = context.settings.Target === 'cql' || companion?.itemName === 'row';
    this.#dialect = isCql ? cqlQueries : influxql;
    this.#stream = new WordStream(context.seed, this.#name, 'placeholders');
    const parts = node.template.parts.flatMap((part): readonly TemplatePart[] => {
      if (typeof part === 'string') return [part];
      if (part.kind === 'placeholder') return [];
      return part.kind === 'quoted-template' ? part.parts : [part];
    });
    this.#slots = new SlotTable(parts, {
      statement: this.#name,
      protocol: this.#dialect.protocol,
      context,
      diagnostics: this.diagnostics,
      placeOf: () => undefined,
    });
  }

  compile(): QueryPlan | undefined {
    const parts = this.#parts();
    if (this.diagnostics.failed) return undefined;
    const places = new Places(this.#odometer, this.#options, this.#context);
    const place = firstPlace();
    const text = (index: number, pick: number, intendedNs: number): string => {
      places.set(place, index);
      place.intendedNs = intendedNs;
      return parts.map((part) => part(place, pick)).join('');
    };
    const filled = this.#node.template.parts.some(
      (part) => typeof part !== 'string' && part.kind === 'placeholder',
    );
    const pick = filled
      ? picker(this.#options.pick, new WordStream(this.#context.seed, this.#name, 'pick'))
      : undefined;
    return new TextQueryPlan(text, this.#bytesAtMost, pick);
  }

  #parts(): readonly Part[] {
    let insideName = false;
    return this.#node.template.parts.flatMap((part): Part[] => {
      if (typeof part === 'string') {
        insideName = this.#dialect.endsInsideName(part, insideName);
        return [this.#constant(part)];
      }
      switch (part.kind) {
        case 'parameter':
          throw new Error(`parameter ${part.name} is not bound`);
        case 'quoted-template':
          return this.#quoted(part);
        case 'placeholder':
          return this.#placeholder(part, insideName);
        default:
          return this.#slot(part, insideName ? (text) => this.#dialect.name(text, true) : undefined);
      }
    });
  }

  #constant(text: string): Part {
    this.#bytesAtMost += encode(text).length;
    return () => text;
  }

  #quoted(template: QuotedTemplate): Part[] {
    const inside = template.parts.flatMap((part): Part[] => {
      if (typeof part === 'string') return [this.#constant(this.#dialect.string(part))];
      if (part.kind === 'parameter') throw new Error(`parameter ${part.name} is not bound`);
      return this.#slot(part, (text) => this.#dialect.string(text));
    });
    return [this.#constant("'"), ...inside, this.#constant("'")];
  }

  /** A value within quotes, escaped; else a literal of the slot's type. Choices outside quotes stand as they are. */
  #slot(node: Slot, escape: ((text: string) => string) | undefined): Part[] {
    const slot = this.#slots.resolve(node);
    if (slot === undefined) return [];
    const { values, type } = slot;
    const rankOf = this.#odometer.rankOf(slot);
    const write = escape ?? ((text: string) => this.#dialect.slot(type, text));
    this.#bytesAtMost += 2 * values.bytesAtMost + 2;
    return [(place) => write(values.text(rankOf(place), place))];
  }

  #placeholder(node: Placeholder, insideName: boolean): Part[] {
    const companion = this.#companion;
    const text = placeholderText(node);
    if (companion === undefined) {
      this.diagnostics.error(
        'T020',
        node.span,
        `${text} stands for a value of an INSERT, and there is none`,
        {
          hint: `an INSERT of the name ${this.#name}, or QUERY ${this.#name} OF its name`,
        },
      );
      return [];
    }
    const itemBytes = companion.operationBytesAtMost / companion.batchSize;
    this.#bytesAtMost += 2 * itemBytes + 16;
    const dialect = this.#dialect;
    const name = (text: string): string => dialect.name(text, insideName);
    switch (node.what) {
      case 'measurement':
        return [(_, pick) => dialect.measurement(companion.measurementOf(pick), insideName)];
      case 'field': {
        const keys = companion.fieldKeys;
        if (keys.length === 0) return this.#without(node, 'the INSERT has no fields');
        return [(place) => name(keys[this.#stream.below(keys.length, place.index, 0)]!)];
      }
      case 'timestamp':
        if (companion.timestampNs(0) === undefined) return this.#without(node, 'the INSERT has no timestamp');
        return [(_, pick) => dialect.time(companion.timestampNs(pick)!)];
      case 'tag':
      case 'tags':
      case 'partition-key':
      case 'primary-key':
        return this.#comparisons(node, node.what, companion);
      case 'value': {
        const wanted = node.name ?? '';
        if (!companion.valueNames.includes(wanted)) {
          const suggestion = nearestWord(wanted, companion.valueNames);
          this.diagnostics.error('T022', node.span, `the INSERT has no value named ${wanted}`, {
            expected: companion.valueNames,
            ...(suggestion === undefined ? {} : { suggestion }),
          });
          return [];
        }
        return [
          (_, pick) => {
            const value = companion.valueOf(wanted, pick);
            return insideName ? dialect.name(value.text, true) : dialect.value(value);
          },
        ];
      }
    }
  }

  /** Comparisons with the tags, or the columns of the odometer, of the item. */
  #comparisons(
    node: Placeholder,
    what: 'tag' | 'tags' | 'partition-key' | 'primary-key',
    companion: InsertPlan,
  ): Part[] {
    const dialect = this.#dialect;
    const isKey = what === 'partition-key' || what === 'primary-key';
    if (isKey && dialect.protocol === 'line') return this.#without(node, 'keys are of CQL', '%T is all tags');
    const count = companion.tagsOf(0).length;
    if (count === 0) return this.#without(node, 'the INSERT has no tags');
    this.#bytesAtMost += 12 * count;
    const pair = ([key, value]: ReturnType<InsertPlan['tagsOf']>[number]): string =>
      `${dialect.name(key, false)} = ${dialect.value(value)}`;
    if (what === 'tag')
      return [(place, pick) => pair(companion.tagsOf(pick)[this.#stream.below(count, place.index, 2)]!)];
    const all = (pick: number): string => companion.tagsOf(pick).map(pair).join(' AND ');
    const time = what === 'primary-key' ? companion.timeName : undefined;
    if (time === undefined) return [(_, pick) => all(pick)];
    return [(_, pick) => `${all(pick)} AND ${pair([time, companion.valueOf(time, pick)])}`];
  }

  #without(node: Placeholder, reason: string, hint?: string): [] {
    this.diagnostics.error(
      'T021',
      node.span,
      `${placeholderText(node)} has no meaning here: ${reason}`,
      hint === undefined ? {} : { hint },
    );
    return [];
  }
}

const letters = {
  tag: 't',
  tags: 'T',
  field: 'f',
  measurement: 'm',
  timestamp: 'a',
  'partition-key': 'k',
  'primary-key': 'K',
} as const;

function placeholderText(node: Placeholder): string {
  return `%${node.what === 'value' ? `(${node.name})` : letters[node.what]}`;
}
