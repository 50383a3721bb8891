import { itemsOfOperation, type Operation } from '../../stress-client/plan.ts';
import { writePadded, writeWhole } from './bytes.ts';
import { compositionText, type Composition, type PartWriter, type PlacedSlot } from './compose.ts';
import type { Distribution, InsertPlan, ItemValue, OdometerSlot } from './insert-plan.ts';
import { firstPlace, type Place } from './place.ts';
import type { Places } from './places.ts';
import { sampleIndexes } from './sample-indexes.ts';
import { timeNs } from './timeline.ts';

export interface CompiledTag {
  readonly key: string;
  readonly value: Composition;
}

export interface CompiledField extends CompiledTag {
  /** `literal`: as it stands. */
  readonly form: 'integer' | 'float' | 'boolean' | 'string' | 'literal';
}

interface PointParts {
  /** Everything before the timestamp. */
  readonly line: { readonly write: PartWriter; readonly bytesAtMost: number };
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

const timestampBytesAtMost = 21;
const lineEnd = 10;

/** Points of line protocol. */
export class PointPlan implements InsertPlan {
  readonly kind = 'write';
  readonly itemName = 'point';
  readonly idempotent = true;
  readonly batchSize: number;
  readonly operationBytesAtMost: number;
  readonly seriesCardinality: number;
  readonly fieldCount: number;
  readonly odometer: readonly OdometerSlot[];
  readonly itemsOfTurn: number;
  readonly turns: number;
  readonly fieldKeys: readonly string[];
  readonly valueNames: readonly string[];
  readonly timeName = undefined;
  readonly #parts: PointParts;
  readonly #values = new Map<string, (place: Place) => ItemValue>();
  /** Written by `write`; everything else takes a place of its own. */
  readonly #place = firstPlace();

  constructor(parts: PointParts) {
    const { fields, batchSize, items } = parts;
    const { odometer } = parts.places;
    this.#parts = parts;
    this.batchSize = batchSize;
    this.operationBytesAtMost = batchSize * (parts.line.bytesAtMost + timestampBytesAtMost);
    this.seriesCardinality = parts.unboundedTag ? Infinity : odometer.series;
    this.fieldCount = fields.length;
    this.itemsOfTurn = odometer.itemsOfTurn;
    this.turns = Math.ceil(items / odometer.itemsOfTurn);
    this.fieldKeys = fields.map((field) => field.key);
    const places = this.#places();
    this.odometer = odometer.slots.map((slot) => ({
      place: places.find(([, value]) => holds(value, slot))![0],
      text: slot.text,
      count: slot.count!,
    }));
    const know = (name: string, text: (place: Place) => string, isText: boolean): void => {
      if (!this.#values.has(name)) this.#values.set(name, (place) => ({ text: text(place), isText }));
    };
    for (const [name, placed] of parts.named) {
      const { type } = placed.slot;
      know(name, (place) => compositionText([placed], place), type === undefined || type.field === 'string');
    }
    for (const { key, value } of parts.tags) know(key, (place) => compositionText(value, place), true);
    for (const { key, value, form } of fields) {
      const text = (place: Place): string => compositionText(value, place);
      // InfluxQL has no i behind whole numbers.
      know(key, form === 'literal' ? (place) => text(place).replace(/i$/, '') : text, form === 'string');
    }
    this.valueNames = [...this.#values.keys()];
  }

  write(of: Operation, items: number, staging: Uint8Array, offset: number): number {
    const first = of.operation * this.batchSize;
    const end = first + itemsOfOperation(of.operation, items, this.batchSize);
    const place = this.#place;
    place.intendedNs = of.intendedNs;
    let at = offset;
    for (let index = first; index < end; index++) {
      if (index !== first) staging[at++] = lineEnd;
      at = this.#line(index, place, staging, at);
    }
    return at;
  }

  item(index: number): string {
    const staging = Buffer.allocUnsafe(this.operationBytesAtMost / this.batchSize);
    return staging.toString('utf8', 0, this.#line(index, firstPlace(), staging, 0));
  }

  timestampNs(index: number): bigint {
    return timeNs(this.#parts.places.at(index), this.#parts.digits);
  }

  measurementOf(index: number): string {
    return compositionText(this.#parts.measurement, this.#parts.places.at(index));
  }

  tagsOf(index: number): readonly (readonly [string, ItemValue])[] {
    const place = this.#parts.places.at(index);
    return this.#parts.tags.map(({ key, value }) => [
      key,
      { text: compositionText(value, place), isText: true },
    ]);
  }

  valueOf(name: string, index: number): ItemValue {
    return this.#values.get(name)!(this.#parts.places.at(index));
  }

  overwrites(items: number): boolean {
    const { digits, unboundedTag } = this.#parts;
    const { odometer, timeline } = this.#parts.places;
    if (unboundedTag || items < 2) return false;
    if (odometer.series < odometer.itemsOfTurn && items > odometer.series) return true;
    const turns = Math.ceil(items / this.itemsOfTurn);
    const unitNs = 10 ** (9 - digits);
    if (timeline.stepNs >= unitNs || turns < 2) return false;
    if (timeline.stepNs === 0 || !Number.isFinite(turns)) return true;
    const units = (this.timestampNs((turns - 1) * this.itemsOfTurn) - this.timestampNs(0)) / BigInt(unitNs);
    return units < BigInt(turns - 1);
  }

  distributions(): readonly Distribution[] {
    return this.#places().flatMap(([where, value]) =>
      value.flatMap((part) => {
        if (typeof part === 'string') return [];
        const { slot, rankOf } = part;
        const { number } = slot.values;
        if (number === undefined || slot.type?.numeric === false) return [];
        const sample = (index: number): number => {
          const place = this.#parts.places.at(index);
          return number(rankOf(place), place);
        };
        return [{ place: where, text: slot.text, sample }];
      }),
    );
  }

  averageItemBytes(sampleSize: number): number {
    const staging = Buffer.allocUnsafe(this.operationBytesAtMost / this.batchSize);
    const place = firstPlace();
    const indexes = sampleIndexes(this.#parts.items, sampleSize);
    return indexes.reduce((sum, index) => sum + this.#line(index, place, staging, 0) + 1, 0) / indexes.length;
  }

  /** Every value of the line with where it stands. */
  #places(): readonly (readonly [string, Composition])[] {
    const { measurement, tags, fields } = this.#parts;
    return [
      ['measurement', measurement],
      ...tags.map(({ key, value }) => [`tag ${key}`, value] as const),
      ...fields.map(({ key, value }) => [`field ${key}`, value] as const),
    ];
  }

  #line(index: number, place: Place, staging: Uint8Array, offset: number): number {
    const { places, line, digits } = this.#parts;
    places.set(place, index);
    return writeTime(place, digits, staging, line.write(place, staging, offset));
  }
}

function holds(value: Composition, slot: PlacedSlot['slot']): boolean {
  return value.some((part) => typeof part !== 'string' && part.slot === slot);
}

/** The place's time in units of 10^-digits seconds. */
function writeTime(place: Place, digits: number, staging: Uint8Array, offset: number): number {
  const { seconds } = place;
  if (digits === 0) return writeWhole(seconds, staging, offset);
  const scale = 10 ** digits;
  const part = Math.floor(place.nanoseconds / 10 ** (9 - digits));
  if (seconds > 0) return writePadded(part, digits, staging, writeWhole(seconds, staging, offset));
  if (seconds === 0) return writeWhole(part, staging, offset);
  // Before 1970 the parts have opposite signs: -1 s and 250 ms are -750 ms.
  const whole = part === 0 ? -seconds : -seconds - 1;
  const rest = part === 0 ? 0 : scale - part;
  if (whole === 0) return writeWhole(-rest, staging, offset);
  staging[offset] = 45;
  return writePadded(rest, digits, staging, writeWhole(whole, staging, offset + 1));
}
