import type { Operation } from '../../stress-client/plan.ts';
import { printSlot } from '../../parser/print-words.ts';
import { compositionText, type Composition, type PlacedSlot } from './compose.ts';
import { compositionSource, literalSource, pointTimeSource, slotSource } from './cql/value-sources.ts';
import type { Distribution, InsertPlan, ItemValue, OdometerSlot } from './insert-plan.ts';
import { firstPlace, type Place } from './place.ts';
import type { Places } from './places.ts';
import { timeNs } from './timeline.ts';
import type { ValueSource } from './value-source.ts';

export interface CompiledTag {
  readonly key: string;
  readonly value: Composition;
}

export interface CompiledField extends CompiledTag {
  /** `literal`: as it stands. */
  readonly form: 'integer' | 'float' | 'boolean' | 'string' | 'literal';
}

export interface PointParts {
  readonly places: Places;
  /** Digits of a second that timestamps have. */
  readonly digits: number;
  readonly unboundedTag: boolean;
  readonly measurement: Composition;
  readonly tags: readonly CompiledTag[];
  readonly fields: readonly CompiledField[];
  readonly named: readonly (readonly [string, PlacedSlot])[];
  readonly batchSize: number;
  readonly items: number;
}

interface Names {
  readonly slots: ReadonlyMap<string, PlacedSlot>;
  readonly columns: ReadonlyMap<string, CompiledTag | CompiledField>;
}

/** What the points of a template hold, whichever protocol writes them. */
export abstract class Points implements InsertPlan {
  readonly kind = 'write';
  readonly idempotent = true;
  readonly batchSize: number;
  readonly seriesCardinality: number;
  readonly fieldCount: number;
  readonly itemsOfTurn: number;
  abstract readonly itemName: InsertPlan['itemName'];
  abstract readonly operationBytesAtMost: number;
  abstract readonly timeName: string | undefined;
  readonly places: Places;
  readonly #parts: PointParts;
  #byName: Names | undefined;

  constructor(parts: PointParts) {
    const { fields } = parts;
    const { odometer } = parts.places;
    this.places = parts.places;
    this.#parts = parts;
    this.batchSize = parts.batchSize;
    this.seriesCardinality = parts.places.seriesAtMost(parts.unboundedTag);
    this.fieldCount = fields.length;
    this.itemsOfTurn = odometer.itemsOfTurn;
  }

  get odometer(): readonly OdometerSlot[] {
    const values = this.#values();
    return this.places.odometer.slots.map((slot) => ({
      place: values.find(([, value]) => holds(value, slot))![0],
      text: printSlot(slot.node),
      count: slot.count!,
    }));
  }

  get fieldKeys(): readonly string[] {
    return this.#parts.fields.map((field) => field.key);
  }

  get valueNames(): readonly string[] {
    const { tags, fields, named } = this.#parts;
    return [...new Set([...named.map(([name]) => name), ...[...tags, ...fields].map(({ key }) => key)])];
  }

  /** Made when a value is first asked for by its name: most plans are only looked at. */
  get #names(): Names {
    const { tags, fields, named } = this.#parts;
    this.#byName ??= {
      slots: new Map(named),
      // Where a field has a tag's key, the key means the tag.
      columns: new Map([...fields, ...tags].map((column) => [column.key, column])),
    };
    return this.#byName;
  }

  abstract write(of: Operation, items: number, staging: Uint8Array, offset: number): number;
  abstract item(index: number): string;
  abstract measurementOf(index: number): string;
  abstract averageItemBytes(sampleSize: number): number;

  timestampNs(index: number): bigint {
    return timeNs(this.places.at(index), this.#parts.digits);
  }

  tagsOf(index: number): readonly (readonly [string, ItemValue])[] {
    return this.#parts.tags.map(({ key }) => [key, this.columnOf(key, index)]);
  }

  valueOf(name: string, index: number): ItemValue {
    const placed = this.#names.slots.get(name);
    if (placed === undefined) return this.columnOf(name, index);
    const { type } = placed.slot;
    const text = compositionText([placed], this.places.at(index));
    return { text, isText: type === undefined || type.field === 'string' };
  }

  columnOf(name: string, index: number): ItemValue {
    return this.columnAt(name, this.places.at(index));
  }

  sourceOf(name: string): ValueSource {
    const placed = this.#names.slots.get(name);
    return placed === undefined ? this.columnSource(name)! : slotSource(placed);
  }

  columnSource(name: string): ValueSource | undefined {
    const column = this.#names.columns.get(name);
    if (column !== undefined) return columnSource(column);
    return name === this.timeName ? pointTimeSource(this.#parts.digits) : undefined;
  }

  overwrites(items: number): boolean {
    return this.overwritesAt(items, this.#parts.digits);
  }

  distributions(): readonly Distribution[] {
    return this.#values().flatMap(([where, value]) =>
      value.flatMap((part) => {
        if (typeof part === 'string') return [];
        const { slot, rankOf } = part;
        const { number } = slot.values;
        if (number === undefined || slot.type?.numeric === false) return [];
        const sample = (index: number): number => {
          const place = this.places.at(index);
          return number(rankOf(place), place);
        };
        return [{ place: where, text: printSlot(slot.node), sample }];
      }),
    );
  }

  /** Whether points replace each other where the database keeps so many digits of a second. */
  protected overwritesAt(items: number, digits: number): boolean {
    const { unboundedTag, places } = this.#parts;
    const { odometer, timeline, population } = places;
    // An index makes the same point each time.
    if (population?.repeats(items) === true) return true;
    if (unboundedTag || items < 2) return false;
    if (odometer.series < odometer.itemsOfTurn && items > odometer.series) return true;
    const turns = odometer.turnsOf(items);
    const unitNs = 10 ** (9 - digits);
    if (timeline.stepNs >= unitNs || turns < 2) return false;
    if (timeline.stepNs === 0 || !Number.isFinite(turns)) return true;
    const last = firstPlace();
    const first = places.at(0);
    last.turn = first.turn + turns - 1;
    timeline.set(last);
    return (timeNs(last, digits) - timeNs(first, digits)) / BigInt(unitNs) < BigInt(turns - 1);
  }

  protected columnAt(name: string, place: Place): ItemValue {
    const column = this.#names.columns.get(name)!;
    const text = compositionText(column.value, place);
    if (!('form' in column)) return { text, isText: true };
    // No query language has the i behind whole numbers.
    return {
      text: column.form === 'literal' ? text.replace(/i$/, '') : text,
      isText: column.form === 'string',
    };
  }

  /** Every value of the point with where it stands. */
  #values(): readonly (readonly [string, Composition])[] {
    const { measurement, tags, fields } = this.#parts;
    return [
      ['measurement', measurement],
      ...tags.map(({ key, value }) => [`tag ${key}`, value] as const),
      ...fields.map(({ key, value }) => [`field ${key}`, value] as const),
    ];
  }
}

function holds(value: Composition, slot: PlacedSlot['slot']): boolean {
  return value.some((part) => typeof part !== 'string' && part.slot === slot);
}

/** A slot or a constant as what its column takes, texts around slots as text. */
function columnSource({ value }: CompiledTag): ValueSource {
  const text = value.map((part) => (typeof part === 'string' ? part : printSlot(part.slot.node))).join('');
  const [only] = value;
  if (value.length === 1 && typeof only === 'object') return slotSource(only);
  return value.every((part) => typeof part === 'string')
    ? literalSource({ kind: 'constant', text, quoted: true }, text)
    : compositionSource(value, text);
}
