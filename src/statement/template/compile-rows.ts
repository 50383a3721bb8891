import { nearestWord } from '../../lexer/nearest-word.ts';
import type { CqlTemplate, InsertNode, Slot, TemplatePart } from '../../parser/ast.ts';
import { printSlot } from '../../parser/print-words.ts';
import type { LoadOptions, TemplateContext } from '../load-options.ts';
import { ambiguousText } from './ambiguity.ts';
import { mapLiteral } from './cql/literal-tree.ts';
import { compositionSource, literalSource, slotSource } from './cql/value-sources.ts';
import { compositionText, type Composition, type PlacedSlot } from './compose.ts';
import { cqlLiteral, quoteCqlString } from './cql-literal.ts';
import { cqlTokens, type TemplatePosition } from './cql-tokens.ts';
import { CqlProblem, readCqlWrite, type CqlLiteral, type CqlWrite } from './cql-write.ts';
import type { BoundSlot } from './bind-slot.ts';
import type { DiagnosticList } from './diagnostic-list.ts';
import { wholePartitions } from '../whole-partitions.ts';
import { odometerSlots, type SeriesSlot } from './insert-odometer.ts';
import type { InsertPlan } from './insert-plan.ts';
import { slotTypes } from './matrix.ts';
import { Odometer } from './odometer.ts';
import { plainText } from '../../parser/text.ts';
import type { Place } from './place.ts';
import { Places } from './places.ts';
import { RowPlan, type RowValue } from './row-plan.ts';
import { SlotTable, slotsOf } from './slot-table.ts';
import { PartitionWrites } from './stress/partition-writes.ts';
import { WordStream } from './word-stream.ts';

/** Compiles a CQL write: its shape, the columns of its slots, the odometer of the columns of SERIES. */
export function compileRows(
  node: InsertNode,
  template: CqlTemplate,
  options: LoadOptions,
  context: TemplateContext,
  diagnostics: DiagnosticList,
): InsertPlan | undefined {
  const write = readCqlWrite(cqlTokens(template));
  if (write instanceof CqlProblem)
    return diagnostics.error(
      'T023',
      template.span,
      `the CQL has ${write.found} where it needs ${write.expected}`,
      {
        expected: [write.expected],
      },
    );
  return new RowCompiler(node, template, write, options, context, diagnostics).compile();
}

type Part = CqlTemplate['parts'][number];

interface LiteralPiece {
  readonly literal: CqlLiteral;
  readonly parts: readonly Part[];
}

class RowCompiler {
  readonly #name: string;
  readonly #template: CqlTemplate;
  readonly #write: CqlWrite;
  readonly #options: LoadOptions;
  readonly #context: TemplateContext;
  readonly #diagnostics: DiagnosticList;
  readonly #slots: SlotTable;
  readonly #columnOf = new Map<Slot, string>();

  constructor(
    node: InsertNode,
    template: CqlTemplate,
    write: CqlWrite,
    options: LoadOptions,
    context: TemplateContext,
    diagnostics: DiagnosticList,
  ) {
    this.#name = plainText(node.name);
    this.#template = template;
    this.#write = write;
    this.#options = options;
    this.#context = context;
    this.#diagnostics = diagnostics;
    for (const [value, column] of write.columnOf)
      for (const slot of value.kind === 'quoted-template' ? slotsOf(value.parts) : [value])
        this.#columnOf.set(slot, column);
    this.#slots = new SlotTable(
      template.parts.flatMap((part): readonly TemplatePart[] =>
        typeof part !== 'string' && part.kind === 'quoted-template' ? part.parts : [part],
      ),
      {
        statement: plainText(node.name),
        protocol: 'cql',
        context,
        diagnostics,
        placeOf: (slot) => this.#where(slot),
      },
    );
  }

  compile(): InsertPlan | undefined {
    this.#checkPlaces();
    const series = [...this.#seriesSlots()];
    const { digits, unbounded } = odometerSlots(
      series,
      this.#slots,
      this.#diagnostics,
      this.#options.population !== undefined,
    );
    const { settings } = this.#context;
    // Batches that the author wrote are not put into others.
    const generated = this.#slots.generatedRows;
    const option = this.#options.partitions ?? (generated.hasClusters ? wholePartitions : undefined);
    const batchSize = this.#write.isBatch || option !== undefined ? 1 : settings.RowsPerBatch;
    const odometer = new Odometer(digits, { neighbours: batchSize });
    const places = new Places(odometer, this.#options, this.#context);
    this.#slots.place(odometer);
    const parts = [...this.#pieces()].map((piece) => {
      if (typeof piece === 'string') return piece;
      return 'literal' in piece
        ? this.#literal(piece.literal, piece.parts, places)
        : this.#value(piece, places);
    });
    if (this.#diagnostics.failed) return undefined;

    const columns = new Set(series.map(({ slot }) => this.#columnOf.get(slot)!));
    const values = parts.filter((part) => typeof part !== 'string');
    const partitions =
      option === undefined
        ? undefined
        : new PartitionWrites(
            generated,
            places,
            this.#options.items,
            option,
            new WordStream(this.#context.seed, this.#name, 'partitions'),
          );
    const plan = new RowPlan({
      write: this.#write,
      parts,
      places,
      partitions,
      unboundedSeries: unbounded,
      named: this.#slots.named.map(([name, slot]) => [name, this.#placed(slot, places)]),
      seriesColumns: this.#series() ?? [...columns],
      timeColumn: values.find(({ slots }) => slots[0]?.slot.type === slotTypes.timestamp)?.column,
      idempotent:
        !this.#write.conditional &&
        !this.#write.relative &&
        !values.some(({ slots }) => slots.some(({ slot }) => slot.type === slotTypes.counter)),
      batchSize,
      items: this.#options.items,
      keyspace: settings.Keyspace,
    });
    this.#checkRanges(plan);
    return this.#diagnostics.failed ? undefined : plan;
  }

  #where(slot: Slot): string | undefined {
    const column = this.#columnOf.get(slot);
    return column === undefined ? undefined : `column ${column}`;
  }

  #checkPlaces(): void {
    for (const part of this.#template.parts) {
      if (typeof part === 'string' || part.kind === 'parameter' || this.#write.columnOf.has(part)) continue;
      this.#diagnostics.error('T024', part.span, 'a slot stands for a value, and here CQL has none');
    }
  }

  /** The columns of SERIES; an unquoted name means its lower case. */
  #series(): readonly string[] | undefined {
    return this.#options.series?.map((name) =>
      this.#write.columns.includes(name) ? name : name.toLowerCase(),
    );
  }

  /** The slots of the columns of SERIES; without it, the bounded ones before the first unbounded one. */
  *#seriesSlots(): Iterable<SeriesSlot> {
    const series = this.#series();
    for (const name of series ?? []) {
      if (this.#write.columns.includes(name)) continue;
      const suggestion = nearestWord(name, this.#write.columns);
      this.#diagnostics.error(
        'T025',
        this.#template.span,
        `SERIES names ${name}, which is no column of the statement`,
        {
          expected: this.#write.columns,
          ...(suggestion === undefined ? {} : { suggestion }),
        },
      );
    }
    for (const [slot, column] of this.#columnOf) {
      if (series !== undefined && !series.includes(column)) continue;
      const bound = this.#slots.resolve(slot);
      if (series === undefined && bound?.count === undefined) return;
      yield { slot, where: `column ${column}` };
    }
  }

  /** The template's texts and slots, literals with slots as one piece each. */
  *#pieces(): Iterable<Part | LiteralPiece> {
    const { parts } = this.#template;
    let at: TemplatePosition = { part: 0, offset: 0 };
    for (const literal of this.#write.literals) {
      yield* partsBetween(parts, at, literal.from);
      yield { literal, parts: partsBetween(parts, literal.from, literal.to) };
      at = literal.to;
    }
    yield* partsBetween(parts, at, { part: parts.length, offset: 0 });
  }

  #literal(literal: CqlLiteral, parts: readonly Part[], places: Places): RowValue {
    const values = new Map<Part, RowValue>();
    const pieces = parts.map((part) => {
      if (typeof part === 'string') return part;
      const value = this.#value(part, places);
      values.set(part, value);
      return value;
    });
    const text = (place: Place): string =>
      pieces.map((piece) => (typeof piece === 'string' ? piece : piece.literal(place))).join('');
    const tree = mapLiteral(literal.tree, (value) => values.get(value)!.source);
    return {
      column: literal.column,
      slots: [...values.values()].flatMap(({ slots }) => slots),
      source: literalSource(
        tree,
        pieces.map((piece) => (typeof piece === 'string' ? piece : piece.source.text)).join(''),
      ),
      text,
      literal: text,
      isText: false,
      literalBytesAtMost: pieces.reduce(
        (bytes, piece) =>
          bytes + (typeof piece === 'string' ? Buffer.byteLength(piece) : piece.literalBytesAtMost),
        0,
      ),
    };
  }

  #value(part: Exclude<Part, string>, places: Places): RowValue {
    if (part.kind === 'parameter') throw new Error(`parameter ${part.name} is not bound`);
    const column = this.#write.columnOf.get(part) ?? '';
    const place = (slot: Slot): readonly PlacedSlot[] => {
      const bound = this.#slots.resolve(slot);
      return bound === undefined ? [] : [this.#placed(bound, places)];
    };
    if (part.kind === 'quoted-template') {
      const composition: Composition = part.parts.flatMap((each): Composition => {
        if (typeof each === 'string') return [each];
        if (each.kind === 'parameter') throw new Error(`parameter ${each.name} is not bound`);
        return place(each);
      });
      const ambiguous = ambiguousText(composition, places.odometer.slots);
      if (ambiguous !== undefined)
        this.#diagnostics.error(
          'T010',
          part.span,
          `column ${column} is ${ambiguous} for different values of its slots`,
          {
            hint: 'put a character between the slots that they do not have themselves',
          },
        );
      const slots = composition.filter((each) => typeof each !== 'string');
      return {
        column,
        slots,
        source: compositionSource(composition, `'${composition.map(textOf).join('')}'`),
        text: (at) => compositionText(composition, at),
        literal: (at) => quoteCqlString(compositionText(composition, at)),
        isText: true,
        literalBytesAtMost: composition.reduce(
          (bytes, each) =>
            bytes + 2 * (typeof each === 'string' ? Buffer.byteLength(each) : each.slot.values.bytesAtMost),
          2,
        ),
      };
    }
    const slots = place(part);
    const [only] = slots;
    const type = only?.slot.type;
    const text: RowValue['text'] = (at) => compositionText(slots, at);
    return {
      column,
      slots,
      source: only === undefined ? compositionSource([], '') : slotSource(only),
      text,
      literal: (at) => cqlLiteral(type, text(at)),
      isText: type === undefined || type.literal === 'quoted',
      literalBytesAtMost: 2 * (only?.slot.values.bytesAtMost ?? 0) + 2,
    };
  }

  #placed(slot: BoundSlot, places: Places): PlacedSlot {
    return { slot, rankOf: places.odometer.rankOf(slot), ranks: places.ranksOf(slot, this.#options.items) };
  }

  /** Counters that pass their type's end, as far as the number of items tells. */
  #checkRanges(plan: RowPlan): void {
    const { items } = this.#options;
    if (!Number.isFinite(plan.places.endOf(items))) return;
    for (const [slot, column] of this.#columnOf) {
      const bound = this.#slots.resolve(slot);
      const problem = bound?.overflow(bound.count ?? plan.places.ranksOf(bound, items));
      if (problem !== undefined)
        this.#diagnostics.error('T011', slot.span, `column ${column}: ${printSlot(bound!.node)} ${problem}`);
    }
  }
}

/** What stands between two positions, which are within texts or between parts. */
function partsBetween(parts: readonly Part[], from: TemplatePosition, to: TemplatePosition): readonly Part[] {
  const between: Part[] = [];
  for (let at = from.part; at <= Math.min(to.part, parts.length - 1); at++) {
    const part = parts[at]!;
    if (typeof part !== 'string') between.push(part);
    else between.push(part.slice(at === from.part ? from.offset : 0, at === to.part ? to.offset : undefined));
  }
  return between;
}

function textOf(part: Composition[number]): string {
  return typeof part === 'string' ? part : printSlot(part.slot.node);
}
