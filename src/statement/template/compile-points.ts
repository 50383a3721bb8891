import type { Span } from '../../lexer/source.ts';
import type {
  InsertNode,
  PointField,
  PointTemplate,
  Slot,
  Template,
  TemplatePart,
  Text,
} from '../../parser/ast.ts';
import { printSlot } from '../../parser/print-words.ts';
import type { LoadOptions, TemplateContext } from '../load-options.ts';
import { ambiguousText } from './ambiguity.ts';
import type { BoundSlot } from './bind-slot.ts';
import { PartList, compositionText, type Composition, type PlacedSlot } from './compose.ts';
import { cqlPoints } from './cql-points.ts';
import type { DiagnosticList } from './diagnostic-list.ts';
import { odometerSlots, type SeriesSlot } from './insert-odometer.ts';
import type { InsertPlan } from './insert-plan.ts';
import { escapeKey, escapeMeasurement, escapeString, keyProblem, literalKind } from './line-protocol.ts';
import { Odometer } from './odometer.ts';
import { plainText } from '../../parser/text.ts';
import { PointPlan } from './point-plan.ts';
import { firstPlace } from './place.ts';
import { Places } from './places.ts';
import type { CompiledField, CompiledTag, PointParts, Points } from './points.ts';
import { SlotTable, slotsOf } from './slot-table.ts';
import { precisionDigits, timeNs } from './timeline.ts';

/** Compiles a point template: the odometer, then every part of a line in the order written. */
export function compilePoints(
  node: InsertNode,
  template: PointTemplate,
  options: LoadOptions,
  context: TemplateContext,
  diagnostics: DiagnosticList,
): InsertPlan | undefined {
  return new PointCompiler(node, template, options, context, diagnostics).compile();
}

/** Bytes that requests in flight may hold without a warning. */
const memoryToWarnOf = 2e9;

class PointCompiler {
  readonly #template: PointTemplate;
  readonly #options: LoadOptions;
  readonly #context: TemplateContext;
  readonly #diagnostics: DiagnosticList;
  readonly #slots: SlotTable;
  readonly #compatible: boolean;

  constructor(
    node: InsertNode,
    template: PointTemplate,
    options: LoadOptions,
    context: TemplateContext,
    diagnostics: DiagnosticList,
  ) {
    this.#template = template;
    this.#options = options;
    this.#context = context;
    this.#diagnostics = diagnostics;
    this.#compatible = context.compatibility === 'influx-v2';
    this.#slots = new SlotTable(partsOf(template), {
      statement: plainText(node.name),
      protocol: 'line',
      context,
      diagnostics,
      placeOf: (slot) => this.#where(slot),
    });
  }

  compile(): InsertPlan | undefined {
    const { measurement, tags, fields } = this.#template;
    const { digits, unbounded } = odometerSlots(
      this.#seriesSlots(),
      this.#slots,
      this.#diagnostics,
      this.#options.population !== undefined,
    );
    const { settings } = this.#context;
    const isCql = settings.Target === 'cql';
    const batchSize = isCql ? settings.RowsPerBatch : settings.BatchSize;
    const odometer = new Odometer(digits, {
      lockstep: this.#compatible,
      neighbours: isCql ? batchSize : 1,
    });
    const places = new Places(odometer, this.#options, this.#context);
    this.#slots.place(odometer);
    const bind = (value: Template): Composition => this.#composition(value.parts, places);

    const measurementParts = bind(measurement);
    this.#checkAmbiguity('the measurement', measurementParts, digits, measurement.span);
    this.#checkKeyTexts('the measurement', measurementParts, measurement);
    this.#checkComment(measurementParts, measurement.span);

    const boundTags: CompiledTag[] = tags.map((tag) => {
      const key = this.#key('a tag key', tag.key);
      const value = bind(tag.value);
      this.#checkKeyTexts(`the value of tag ${key}`, value, tag.value);
      this.#checkAmbiguity(`tag ${key}`, value, digits, tag.value.span);
      return { key, value };
    });
    const boundFields = fields.map((field) => this.#field(field, bind(field.value)));
    this.#checkTwice(
      tags.map((tag) => tag.key),
      'tag',
    );
    this.#checkTwice(
      fields.map((field) => field.key),
      'field',
    );
    if (this.#diagnostics.failed) return undefined;

    const parts: PointParts = {
      places,
      digits: precisionDigits[settings.Precision],
      unboundedTag: unbounded,
      measurement: measurementParts,
      tags: boundTags,
      fields: boundFields,
      named: this.#slots.named.map(([name, slot]) => [name, this.#placed(slot, places)]),
      batchSize,
      items: this.#options.items,
    };
    const plan = isCql
      ? cqlPoints(parts, this.#template, this.#context, this.#diagnostics)
      : new PointPlan({ ...parts, line: this.#line(parts) });
    if (plan === undefined) return undefined;
    this.#checkRanges(plan);
    if (plan.operationBytesAtMost > 2 ** 31 - 1) {
      const bytes = Math.round(plan.operationBytesAtMost / 1e6);
      this.#diagnostics.error(
        'T015',
        this.#template.span,
        `a request of ${batchSize} ${plan.itemName}s may have ${bytes} MB`,
        { hint: `a smaller ${isCql ? 'RowsPerBatch' : 'BatchSize'}, or shorter values` },
      );
    }
    const inFlight = settings.WriteConcurrency * plan.operationBytesAtMost;
    if (inFlight > memoryToWarnOf)
      this.#diagnostics.warning(
        'W106',
        this.#template.span,
        `${settings.WriteConcurrency} requests in flight may hold ${(inFlight / 1e9).toFixed(1)} GB`,
        { hint: `fewer slots (WriteConcurrency), or a smaller ${isCql ? 'RowsPerBatch' : 'BatchSize'}` },
      );
    return this.#diagnostics.failed ? undefined : plan;
  }

  /** Everything of a line before the timestamp. */
  #line({ measurement, tags, fields }: PointParts): PartList {
    const line = new PartList();
    line.composition(measurement, escapeMeasurement);
    for (const { key, value } of tags) {
      line.text(`,${escapeKey(key)}=`);
      this.#tagValue(line, value);
    }
    fields.forEach(({ key, value, form }, index) => {
      line.text(`${index === 0 ? ' ' : ','}${escapeKey(key)}=`);
      if (form === 'string') {
        line.text('"');
        line.composition(value, escapeString);
        line.text('"');
      } else {
        line.composition(value, (text) => text);
        if (form === 'integer') line.text('i');
      }
    });
    line.text(' ');
    return line;
  }

  /** The slots of measurement and tags, with where they stand. */
  *#seriesSlots(): Iterable<SeriesSlot> {
    const { measurement, tags } = this.#template;
    for (const slot of slotsOf(measurement.parts)) yield { slot, where: 'the measurement' };
    for (const { key, value } of tags)
      for (const slot of slotsOf(value.parts)) yield { slot, where: `tag ${plainText(key)}` };
  }

  #where(slot: Slot): string | undefined {
    const { measurement, tags, fields } = this.#template;
    if (measurement.parts.includes(slot)) return 'the measurement';
    const tag = tags.find(({ value }) => value.parts.includes(slot));
    if (tag !== undefined) return `tag ${plainText(tag.key)}`;
    const field = fields.find(({ value }) => value.parts.includes(slot));
    return field === undefined ? undefined : `field ${plainText(field.key)}`;
  }

  #composition(parts: readonly TemplatePart[], places: Places): Composition {
    const composition: (string | PlacedSlot)[] = [];
    for (const part of parts) {
      if (typeof part === 'string') composition.push(part);
      else if (part.kind === 'parameter') throw new Error(`parameter ${part.name} is not bound`);
      else {
        const slot = this.#slots.resolve(part);
        if (slot !== undefined) composition.push(this.#placed(slot, places));
      }
    }
    return composition;
  }

  #placed(slot: BoundSlot, places: Places): PlacedSlot {
    return { slot, rankOf: places.odometer.rankOf(slot), ranks: places.ranksOf(slot, this.#options.items) };
  }

  #tagValue(line: PartList, value: Composition): void {
    for (const part of value) {
      if (typeof part === 'string') line.text(escapeKey(part));
      else {
        line.slot(part, escapeKey);
        if (this.#compatible && part.slot.type?.field === 'integer') line.text('i');
      }
    }
  }

  #key(what: string, key: Text): string {
    const text = plainText(key);
    const problem = text === 'time' ? 'is time, a name that InfluxDB refuses' : keyProblem(text);
    if (problem !== undefined) this.#diagnostics.error('T013', key.span, `${what} ${problem}`);
    return text;
  }

  /** Every text that the value may become must be one that line protocol can write. */
  #checkKeyTexts(what: string, value: Composition, template: Template): void {
    // Slots that could not be bound have been reported already.
    if (value.length < template.parts.length) return;
    const empty = value.every((part) =>
      typeof part === 'string' ? part === '' : part.slot.values.bytesAtLeast === 0,
    );
    const problem = empty
      ? 'may be empty'
      : value.some((part) => knownTexts(part).some((text) => /[\n\r]/.test(text)))
        ? 'has a line end'
        : knownTexts(value.at(-1)).some((text) => text.endsWith('\\'))
          ? 'ends with a backslash'
          : undefined;
    if (problem !== undefined)
      this.#diagnostics.error('T013', template.span, `${what} ${problem}, which line protocol can not write`);
  }

  #checkAmbiguity(what: string, value: Composition, digits: readonly BoundSlot[], span: Span): void {
    const text = ambiguousText(value, digits);
    if (text !== undefined)
      this.#diagnostics.error('T010', span, `${what} is ${text} for different values of its slots`, {
        hint: 'put a character between the slots that they do not have themselves',
      });
  }

  #checkComment(measurement: Composition, span: Span): void {
    if (knownTexts(measurement[0]).some((text) => text.startsWith('#')))
      this.#diagnostics.error(
        'T013',
        span,
        'a line whose measurement starts with # is a comment in line protocol',
      );
  }

  #checkTwice(keys: readonly Text[], what: string): void {
    if (keys.length < 2) return;
    const seen = new Set<string>();
    for (const key of keys) {
      const text = plainText(key);
      if (seen.has(text)) this.#diagnostics.error('T014', key.span, `there are two ${what}s ${text}`);
      seen.add(text);
    }
  }

  #field(field: PointField, value: Composition): CompiledField {
    const key = this.#key('a field key', field.key);
    return { key, value, form: this.#form(key, field, value) };
  }

  #form(key: string, field: PointField, value: Composition): CompiledField['form'] {
    if (field.quoted) return 'string';
    const span = field.value.span;
    const [only] = value;
    if (value.length === 0) {
      // Slots that could not be bound have been reported already.
      if (field.value.parts.length === 0)
        this.#diagnostics.error('T012', span, `field ${key} has no value`, { hint: 'an empty string is ""' });
      return 'string';
    }
    if (value.every((part) => typeof part === 'string')) {
      const text = value.join('');
      if (literalKind(text) === undefined)
        this.#diagnostics.error('T012', span, `field ${key} can not be ${text}`, {
          expected: ['a number', 'a whole number with i', 'true or false', 'a string in double quotes'],
          hint: `as a string: "${escapeString(text)}"`,
        });
      return 'literal';
    }
    if (value.length === 1 && typeof only === 'object') {
      const { slot } = only;
      if (slot.type !== undefined) return slot.type.field;
      const kinds = new Set(slot.values.texts!.map(literalKind));
      if (kinds.has(undefined)) return 'string';
      // A column of CQL has one type, which all of them fit.
      if (kinds.size > 1 && this.#context.settings.Target !== 'cql')
        this.#diagnostics.warning('W103', span, `field ${key} is ${[...kinds].join(' or ')} by chance`, {
          hint: 'InfluxDB refuses a point whose field has another type than before: write all with i, or none',
        });
      return 'literal';
    }
    if (value.length === field.value.parts.length) {
      const sample = compositionText(value, firstPlace());
      if (literalKind(sample) !== undefined)
        this.#diagnostics.warning('W104', span, `field ${key} is a string such as "${sample}"`, {
          hint: 'a slot with text around it is a string; a number is a slot alone, to which i is added where its type is int',
        });
    }
    return 'string';
  }

  /** What only the number of items tells: counters that pass their type's end, times that pass 64 bits. */
  #checkRanges(plan: Points): void {
    const { items } = this.#options;
    const { places } = plan;
    const end = places.endOf(items);
    if (!Number.isFinite(end) || end === 0) return;
    const { tags, fields } = this.#template;
    for (const { key, value } of [...tags, ...fields])
      for (const part of value.parts) {
        if (typeof part === 'string' || part.kind === 'parameter') continue;
        const slot = this.#slots.resolve(part);
        const problem = slot?.overflow(slot.count ?? places.ranksOf(slot, items));
        if (problem !== undefined)
          this.#diagnostics.error(
            'T011',
            part.span,
            `${plainText(key)}: ${printSlot(slot!.node)} ${problem}`,
          );
      }
    // Only what is near the end of 64 bits is worth an exact look.
    const place = firstPlace();
    places.setIndex(place, end - 1);
    if (Math.abs(place.seconds) < 9e9) return;
    const last = timeNs(place, precisionDigits[this.#context.settings.Precision]);
    if (last !== BigInt.asIntN(64, last))
      this.#diagnostics.error('T016', this.#template.span, 'the last points are after the year 2262', {
        hint: 'fewer points, or a shorter step',
      });
  }
}

/** In the order written. */
function* partsOf({ measurement, tags, fields }: PointTemplate): Generator<TemplatePart> {
  yield* measurement.parts;
  for (const { value } of tags) yield* value.parts;
  for (const { value } of fields) yield* value.parts;
}

/** The texts that a part of a value may be, where they are known. */
function knownTexts(part: Composition[number] | undefined): readonly string[] {
  return typeof part === 'string' ? [part] : (part?.slot.values.texts ?? []);
}
