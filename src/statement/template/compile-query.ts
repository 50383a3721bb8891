import type { Diagnostic } from '../../lexer/diagnostic.ts';
import { nearestWord } from '../../lexer/nearest-word.ts';
import type {
  Placeholder,
  QueryNode,
  QueryTemplate,
  QuotedTemplate,
  Slot,
  TemplatePart,
} from '../../parser/ast.ts';
import { plainText } from '../../parser/text.ts';
import type { CqlProblem, CqlTableKeys } from '../../stress-client/cql-plan.ts';
import { printSlot } from '../../parser/print-words.ts';
import type { LoadOptions, TemplateContext } from '../load-options.ts';
import type { BoundSlot } from './bind-slot.ts';
import { byteLength } from './bytes.ts';
import { compositionText, type Composition, type PlacedSlot } from './compose.ts';
import { literalTreeText } from './cql/literal-text.ts';
import { literalValues, mapLiteral } from './cql/literal-tree.ts';
import { compositionSource, literalSource, slotSource } from './cql/value-sources.ts';
import { CqlExpectedRow } from './cql-expected-row.ts';
import { cqlLiteral } from './cql-literal.ts';
import { keysOfTable } from './cql-name.ts';
import { cqlQueries } from './cql-query.ts';
import { CqlQueryPlan, choicesOf, queryTextsAtMost } from './cql-query-plan.ts';
import { DiagnosticList } from './diagnostic-list.ts';
import { influxql } from './influxql.ts';
import type { InsertPlan } from './insert-plan.ts';
import { Odometer } from './odometer.ts';
import { picker } from './pick.ts';
import { firstPlace } from './place.ts';
import { Places } from './places.ts';
import type { QueryDialect } from './query-dialect.ts';
import { TextQueryPlan, type QueryPlan } from './query-plan.ts';
import { readReturns, type ReturnedValue } from './read-returns.ts';
import { literalText, type Choice, type Phrase, type QueryPart, type QueryValue } from './query-text.ts';
import { SlotTable } from './slot-table.ts';
import { slotTexts } from './slot-texts.ts';
import type { ValueSource } from './value-source.ts';
import { WordStream } from './word-stream.ts';

export type { QueryPlan } from './query-plan.ts';

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
  readonly #places: Places;
  readonly #returns: QueryTemplate | undefined;
  readonly #stream: WordStream;
  /** ROWS: each value of the text is one of any row. */
  readonly #drawsRows: boolean;
  /** The target is CQL, and gets prepared texts. */
  readonly #cql: boolean;
  /** By slot, or by letter. */
  readonly #choices = new Map<BoundSlot | string, Choice>();
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
    this.#cql = context.settings.Target === 'cql';
    this.#places = new Places(new Odometer([]), options, context);
    const isCql = this.#cql || companion?.itemName === 'row';
    this.#dialect = isCql ? cqlQueries : influxql;
    this.#stream = new WordStream(context.seed, this.#name, 'placeholders');
    this.#returns = node.clauses.find((clause) => clause.kind === 'returns')?.values;
    // Those of ROW stand before the query's own, those of RETURNS behind.
    const row = node.clauses.find((clause) => clause.kind === 'row');
    const own = [...(row?.values.parts ?? []), ...node.template.parts, ...(this.#returns?.parts ?? [])];
    const parts = own.flatMap((part): readonly TemplatePart[] => {
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
    this.#drawsRows = row?.any === true;
    if (this.#drawsRows)
      this.#slots.generatedRows.rowsOfRead = node.template.parts.filter(
        (part) => typeof part !== 'string' && part.kind !== 'placeholder',
      ).length;
  }

  compile(): QueryPlan | undefined {
    this.#slots.place(this.#places.odometer);
    const parts = this.#parts();
    if (this.#cql) this.#checkTexts(parts);
    const returned = this.#returned();
    if (this.diagnostics.failed) return undefined;
    const places = this.#places;
    const place = firstPlace();
    const text = (index: number, pick: number, intendedNs: number): string => {
      places.set(place, index);
      place.intendedNs = intendedNs;
      return literalText(parts, place, pick);
    };
    const filled = [...this.#node.template.parts, ...(this.#returns?.parts ?? [])].some(
      (part) => typeof part !== 'string' && part.kind === 'placeholder',
    );
    const pick = filled
      ? picker(this.#options.pick, new WordStream(this.#context.seed, this.#name, 'pick'))
      : undefined;
    const companion = this.#companion;
    const keyed = parts.some((part) => part.keyed !== undefined);
    const tables = keyed && companion !== undefined ? tablesOf(companion) : [];
    const expected =
      returned === 'any' ? returned : returned && new CqlExpectedRow(returned, { places, companion });
    const cql = this.#cql ? new CqlQueryPlan({ parts, places, companion, tables, expected }) : undefined;
    const answer =
      returned === undefined
        ? undefined
        : (index: number, pick: number): string => {
            if (returned === 'any') return '*';
            places.set(place, index);
            return returned.map(({ literal }) => literal(place, pick)).join(', ');
          };
    return new TextQueryPlan(text, places, this.#bytesAtMost, pick, cql, answer);
  }

  /** Each combination of the choices is a text to prepare. */
  #checkTexts(parts: readonly QueryPart[]): void {
    const choices = choicesOf(parts);
    const texts = choices.reduce((product, { count }) => product * count, 1);
    if (texts <= queryTextsAtMost) return;
    const factors = choices.map(({ text, count }) => `${text} ${count}`).join(', ');
    this.diagnostics.error(
      'T026',
      this.#node.template.span,
      `the query has ${texts} texts to prepare, and ${queryTextsAtMost} is the most: ${factors}`,
      {
        hint: "a choice of values is a value within quotes, '[a|b]', and needs no text of its own; else split the query",
      },
    );
  }

  #parts(): readonly QueryPart[] {
    let insideName = false;
    const { parts } = this.#node.template;
    return parts.flatMap((part, at): QueryPart[] => {
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
          return this.#slot(part, insideName, touchesWord(parts[at - 1], parts[at + 1]));
      }
    });
  }

  #constant(text: string): QueryPart {
    this.#bytesAtMost += byteLength(text);
    return { phrases: [[text]] };
  }

  #quoted(template: QuotedTemplate): QueryPart[] {
    const composition: Composition = template.parts.flatMap((part): Composition => {
      if (typeof part === 'string') return [part];
      if (part.kind === 'parameter') throw new Error(`parameter ${part.name} is not bound`);
      const slot = this.#slotAt(part);
      return slot === undefined ? [] : [this.#placed(slot)];
    });
    for (const part of composition)
      this.#bytesAtMost += 2 * (typeof part === 'string' ? byteLength(part) : part.slot.values.bytesAtMost);
    this.#bytesAtMost += 2;
    const text = `'${composition.map((part) => (typeof part === 'string' ? part : printSlot(part.slot.node))).join('')}'`;
    return [
      this.#value({
        literal: (place) => `'${this.#dialect.string(compositionText(composition, place))}'`,
        source: () => compositionSource(composition, text),
        of: 'query',
      }),
    ];
  }

  /** A literal of the slot's type; choices outside quotes, and what stands in a name, are text. */
  #slot(node: Slot, insideName: boolean, touching: boolean): QueryPart[] {
    const slot = this.#slotAt(node);
    if (slot === undefined) return [];
    const { values, type } = slot;
    const placed = this.#placed(slot);
    this.#bytesAtMost += 2 * values.bytesAtMost + 2;
    const write = (text: string): string =>
      insideName ? this.#dialect.name(text, true) : this.#dialect.slot(type, text);
    const isText = insideName || touching || type === undefined;
    if (!this.#cql || !isText)
      return [
        this.#value({
          literal: (place) => write(values.text(placed.rankOf(place), place)),
          source: () => slotSource(placed),
          of: 'query',
        }),
      ];
    const texts = slotTexts(slot, queryTextsAtMost);
    if (texts === undefined) {
      this.diagnostics.error(
        'T026',
        node.span,
        `${printSlot(slot.node)} is part of a word or name, where it may have ${queryTextsAtMost} values at most`,
        { hint: 'CQL prepares the query once for each of them: give the slot a count' },
      );
      return [];
    }
    const { draw } = values;
    const choice = this.#choice(slot, {
      text: printSlot(slot.node),
      count: texts.length,
      at: draw === undefined ? placed.rankOf : (place) => draw(placed.rankOf(place), place),
    });
    return [{ choice, phrases: texts.map((text) => [write(text)]) }];
  }

  /** The values of RETURNS, 'any' for its `*`; undefined without it, and after an error. */
  #returned(): readonly QueryValue[] | 'any' | undefined {
    const template = this.#returns;
    if (template === undefined || this.#context.settings.Target === 'sink') return undefined;
    if (!this.#cql)
      return this.diagnostics.error('C022', template.span, 'RETURNS is checked by Target [cql] alone');
    const trees = readReturns(template);
    if (trees === 'any') return trees;
    if ('found' in trees)
      return this.diagnostics.error(
        'T029',
        template.span,
        `RETURNS has ${trees.found} where it needs a value`,
        {
          expected: ["a slot, a string in '…', a constant, %(name), or a collection of these; or * alone"],
        },
      );
    const operationBytes = this.#bytesAtMost;
    const values = trees.flatMap((tree) => this.#returnedValue(tree, template));
    // They are not sent.
    this.#bytesAtMost = operationBytes;
    return values;
  }

  #returnedValue(tree: ReturnedValue, template: QueryTemplate): readonly QueryValue[] {
    if (tree.kind === 'value') return this.#returnedPart(tree.value);
    const values = new Map<Slot | QuotedTemplate | Placeholder, QueryValue>();
    for (const part of literalValues(tree)) {
      const [value] = this.#returnedPart(part);
      if (value === undefined) return [];
      values.set(part, value);
    }
    const places = new Set([...values.values()].map(({ of }) => of));
    if (places.size > 1)
      this.diagnostics.error(
        'T029',
        template.span,
        'a collection in RETURNS has values of the query and of its INSERT',
        { hint: 'take all of its values from one of them' },
      );
    const source = literalSource(
      mapLiteral(tree, (part) => values.get(part)!.source!),
      literalTreeText(tree, (part) => values.get(part)!.source!.text),
    );
    const literal: QueryValue['literal'] = (place, pick) =>
      literalTreeText(tree, (part) => values.get(part)!.literal(place, pick));
    return [{ literal, source, of: [...places][0] ?? 'query' }];
  }

  /** A slot, a string with slots, or what a placeholder stands for; nothing after an error. */
  #returnedPart(part: Slot | QuotedTemplate | Placeholder): readonly QueryValue[] {
    if (part.kind === 'quoted-template' || part.kind === 'placeholder') {
      const parts = part.kind === 'placeholder' ? this.#placeholder(part, false) : this.#quoted(part);
      const [made] = parts;
      const [value, ...more] = made?.choice === undefined ? (made?.phrases[0] ?? []) : [];
      if (typeof value === 'object' && value.source !== undefined && more.length === 0) return [value];
      if (part.kind === 'placeholder' && made !== undefined)
        this.#without(part, 'RETURNS has values', '%(name) is the value of a slot or column');
      return [];
    }
    const slot = this.#slots.resolve(part);
    if (slot === undefined) return [];
    const placed = this.#placed(slot);
    return [
      {
        literal: (place) => cqlLiteral(slot.type, slot.values.text(placed.rankOf(place), place)),
        source: slotSource(placed),
        of: 'query',
      },
    ];
  }

  #slotAt(part: Slot): BoundSlot | undefined {
    const slot = this.#slots.resolve(part);
    const again = this.#drawsRows ? slot?.values.generated?.again() : undefined;
    if (slot === undefined || again === undefined) return slot;
    return { ...slot, values: again, made: { ...slot.made, values: again } };
  }

  #placed(slot: BoundSlot): PlacedSlot {
    const { odometer } = this.#places;
    return { slot, rankOf: odometer.rankOf(slot), ranks: this.#places.ranksOf(slot, this.#options.items) };
  }

  #value({ literal, source, of }: Omit<QueryValue, 'source'> & { source: () => ValueSource }): QueryPart {
    return { phrases: [[this.#cql ? { literal, source: source(), of } : { literal, of }]] };
  }

  /** The one choice of a slot, or of a letter. */
  #choice(of: BoundSlot | string, made: Choice): Choice {
    const known = this.#choices.get(of) ?? made;
    this.#choices.set(of, known);
    return known;
  }

  #placeholder(node: Placeholder, insideName: boolean): QueryPart[] {
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
    switch (node.what) {
      case 'measurement':
        return [this.#measurement(companion, insideName)];
      case 'field': {
        const keys = companion.fieldKeys;
        if (keys.length === 0) return this.#without(node, 'the INSERT has no fields');
        const choice = this.#drawn(text, keys.length, 0);
        return [{ choice, phrases: keys.map((key) => [dialect.name(key, insideName)]) }];
      }
      case 'timestamp': {
        if (companion.timestampNs(0) === undefined) return this.#without(node, 'the INSERT has no timestamp');
        const { timeName } = companion;
        if (timeName !== undefined) return [{ phrases: [[this.#column(companion, timeName)]] }];
        return [
          {
            phrases: [
              [{ literal: (_, pick) => dialect.time(companion.timestampNs(pick)!), of: 'companion' }],
            ],
          },
        ];
      }
      case 'tag':
      case 'tags':
      case 'partition-key':
      case 'primary-key':
        return this.#comparisons(node, node.what, companion);
      case 'value':
        return this.#named(node, insideName, companion);
    }
  }

  /** A table is no value: where the items go to several, each makes a text. */
  #measurement(companion: InsertPlan, insideName: boolean): QueryPart {
    const write = (text: string): string => this.#dialect.measurement(text, insideName);
    if (!this.#cql)
      return {
        phrases: [[{ literal: (_, pick) => write(companion.measurementOf(pick)), of: 'companion' }]],
      };
    const phrases = tablesOf(companion).map((table) => [write(table)]);
    const choice = this.#table(companion);
    return choice === undefined ? { phrases } : { choice, phrases };
  }

  /** Which table the item picked is in, where there are several. */
  #table(companion: InsertPlan): Choice | undefined {
    const tables = tablesOf(companion);
    if (tables.length === 1) return undefined;
    const numbers = new Map(tables.map((table, number) => [table, number]));
    return this.#choice('%m', {
      text: '%m',
      count: tables.length,
      at: (_, pick) => numbers.get(companion.measurementOf(pick))!,
    });
  }

  /** One of so many by the index of the query; `lane` tells such draws apart. */
  #drawn(text: string, count: number, lane: number): Choice {
    return this.#choice(text, {
      text,
      count,
      at: (place) => this.#stream.below(count, place.index, lane),
    });
  }

  #named(node: Placeholder, insideName: boolean, companion: InsertPlan): QueryPart[] {
    const wanted = node.name ?? '';
    if (!companion.valueNames.includes(wanted)) {
      const suggestion = nearestWord(wanted, companion.valueNames);
      this.diagnostics.error('T022', node.span, `the INSERT has no value named ${wanted}`, {
        expected: companion.valueNames,
        ...(suggestion === undefined ? {} : { suggestion }),
      });
      return [];
    }
    if (insideName && this.#cql)
      return this.#without(node, 'CQL takes no value in a name', '%m and %f are names');
    const dialect = this.#dialect;
    return [
      this.#value({
        literal: (_, pick) => {
          const value = companion.valueOf(wanted, pick);
          return insideName ? dialect.name(value.text, true) : dialect.value(value);
        },
        source: () => companion.sourceOf(wanted),
        of: 'companion',
      }),
    ];
  }

  /** The value of a column, or a tag, of the item picked. */
  #column(companion: InsertPlan, column: string): QueryValue {
    return {
      literal: (_, pick) => this.#dialect.value(companion.columnOf(column, pick)),
      ...(this.#cql ? { source: companion.columnSource(column)! } : {}),
      of: 'companion',
    };
  }

  /** Comparisons with the tags, the columns of the odometer, or the key columns of the item. */
  #comparisons(
    node: Placeholder,
    what: 'tag' | 'tags' | 'partition-key' | 'primary-key',
    companion: InsertPlan,
  ): QueryPart[] {
    const dialect = this.#dialect;
    const isKey = what === 'partition-key' || what === 'primary-key';
    if (isKey && dialect.protocol === 'line') return this.#without(node, 'keys are of CQL', '%T is all tags');
    const { timeName } = companion;
    const tags = companion.tagsOf(0).map(([key]) => key);
    const columns = what === 'primary-key' && timeName !== undefined ? [...tags, timeName] : tags;
    this.#bytesAtMost += 12 * columns.length;
    const comparison = (column: string): Phrase => [
      `${dialect.name(column, false)} = `,
      this.#column(companion, column),
    ];
    const all = (names: readonly string[]): Phrase =>
      names.flatMap((column, at) => (at === 0 ? comparison(column) : [' AND ', ...comparison(column)]));
    if (isKey && this.#cql) {
      const preview = columns.length === 0 ? [placeholderText(node)] : all(columns);
      return [this.#keys(what, companion, preview, all)];
    }
    if (tags.length === 0) return this.#without(node, 'the INSERT has no tags');
    if (what !== 'tag') return [{ phrases: [all(columns)] }];
    return [{ choice: this.#drawn('%t', tags.length, 2), phrases: tags.map(comparison) }];
  }

  /** Comparisons with the columns of the key, which only the schema tells; until then the preview stands. */
  #keys(
    what: 'partition-key' | 'primary-key',
    companion: InsertPlan,
    preview: Phrase,
    all: (columns: readonly string[]) => Phrase,
  ): QueryPart {
    const tables = tablesOf(companion);
    const keyspace = this.#context.settings.Keyspace;
    const keyed = (keys: readonly CqlTableKeys[]): readonly Phrase[] | CqlProblem => {
      const phrases: Phrase[] = [];
      for (const table of tables) {
        const known = keysOfTable(table, keyspace, keys);
        const placeholder = `%${letters[what]}`;
        if (known === undefined)
          return {
            problem: `${placeholder} stands for key columns of ${table}, and there is no such table`,
            hint: `the text is prepared in keyspace ${keyspace}: a table of another one is written with it`,
            isMissingTable: true,
          };
        const columns =
          what === 'partition-key' ? known.partitionKey : [...known.partitionKey, ...known.clusteringKey];
        const missing = columns.find((column) => companion.columnSource(column) === undefined);
        if (missing !== undefined)
          return {
            problem: `${placeholder} needs column ${missing} of the key of ${table}, and the INSERT makes no value of it`,
            hint: 'a slot for the column in the INSERT, or the comparisons that you need with %(column)',
          };
        phrases.push(all(columns));
      }
      return phrases;
    };
    const choice = this.#table(companion);
    return { ...(choice === undefined ? {} : { choice }), phrases: tables.map(() => preview), keyed };
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

/** The tables that the items are in. */
function tablesOf(companion: InsertPlan): readonly string[] {
  return companion.tables ?? [companion.measurementOf(0)];
}

/** A slot that touches a word is a part of it, and no value. */
function touchesWord(
  before: QueryNode['template']['parts'][number] | undefined,
  after: QueryNode['template']['parts'][number] | undefined,
): boolean {
  return (
    (typeof before === 'string' && /\w$/.test(before)) || (typeof after === 'string' && /^\w/.test(after))
  );
}
