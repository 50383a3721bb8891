import type { CqlPlan } from '../../stress-client/cql-plan.ts';
import { itemsOfOperation, type Operation } from '../../stress-client/plan.ts';
import { printSlot } from '../../parser/print-words.ts';
import type { BoundSlot } from './bind-slot.ts';
import type { PlacedSlot } from './compose.ts';
import { CqlRows } from './cql-rows.ts';
import type { CqlWrite } from './cql-write.ts';
import { literalSource, slotSource } from './cql/value-sources.ts';
import type { Distribution, InsertPlan, ItemValue, OdometerSlot } from './insert-plan.ts';
import { countKeys, type KeyCount } from './key-count.ts';
import { firstPlace, type Place } from './place.ts';
import type { Places } from './places.ts';
import type { PartitionWrites } from './stress/partition-writes.ts';
import { averageLiteralBytes, writeLiterals } from './literal-rows.ts';
import type { ValueSource } from './value-source.ts';

/** A value of a row: one bind marker. */
export interface RowValue {
  readonly column: string;
  /** The slots that it is made from. */
  readonly slots: readonly PlacedSlot[];
  readonly source: ValueSource;
  /** The value, unquoted. */
  text(place: Place): string;
  /** The value as a CQL literal. */
  literal(place: Place): string;
  /** Its literal is a string. */
  readonly isText: boolean;
  readonly literalBytesAtMost: number;
}

export interface RowParts {
  readonly write: CqlWrite;
  /** The statement: texts, and values in their places. */
  readonly parts: readonly (string | RowValue)[];
  readonly places: Places;
  /** Where items are partitions: what their rows are. */
  readonly partitions: PartitionWrites | undefined;
  readonly unboundedSeries: boolean;
  readonly named: readonly (readonly [string, PlacedSlot])[];
  readonly seriesColumns: readonly string[];
  /** The column whose slot is a timestamp. */
  readonly timeColumn: string | undefined;
  readonly idempotent: boolean;
  readonly batchSize: number;
  readonly items: number;
  readonly keyspace: string;
}

/** Rows of a CQL write. Its bytes are the statement with literals in place of bind markers. */
export class RowPlan implements InsertPlan {
  readonly kind = 'write';
  readonly itemName: 'row' | 'partition';
  readonly idempotent: boolean;
  readonly batchSize: number;
  readonly operationBytesAtMost: number;
  readonly seriesCardinality: number;
  readonly fieldCount: number;
  readonly odometer: readonly OdometerSlot[];
  readonly itemsOfTurn: number;
  readonly fieldKeys: readonly string[];
  readonly valueNames: readonly string[];
  readonly timeName: string | undefined;
  readonly tables: readonly string[];
  readonly cql: CqlPlan;
  readonly places: Places;
  readonly #parts: RowParts;
  readonly #rows: readonly RowValue[];
  readonly #named: ReadonlyMap<string, PlacedSlot>;
  readonly #columns = new Map<string, RowValue>();

  constructor(parts: RowParts) {
    const { batchSize, seriesColumns, write, timeColumn } = parts;
    const { odometer } = parts.places;
    this.places = parts.places;
    this.#parts = parts;
    this.#rows = parts.parts.filter((part) => typeof part !== 'string');
    this.idempotent = parts.idempotent;
    this.itemName = parts.partitions === undefined ? 'row' : 'partition';
    this.batchSize = parts.partitions?.batchSize ?? batchSize;
    const rowBytes = parts.parts.reduce(
      (bytes, part) => bytes + (typeof part === 'string' ? Buffer.byteLength(part) : part.literalBytesAtMost),
      1,
    );
    const rows = parts.partitions?.rowsAtMost ?? batchSize;
    this.operationBytesAtMost = Math.min(2 ** 31 - 1, rows * rowBytes);
    this.seriesCardinality = parts.places.seriesAtMost(parts.unboundedSeries);
    this.itemsOfTurn = odometer.itemsOfTurn;
    this.timeName = timeColumn;
    this.tables = [write.table];
    this.fieldKeys = write.columns.filter(
      (column) => !seriesColumns.includes(column) && column !== timeColumn,
    );
    this.fieldCount = this.fieldKeys.length;
    this.odometer = odometer.slots.map((slot) => ({
      place: `column ${this.#rows.find((value) => uses(value, slot))!.column}`,
      text: printSlot(slot.node),
      count: slot.count!,
    }));
    this.#named = new Map(parts.named);
    const constants = [...write.constants].map(([column, literal]) => constantValue(column, literal));
    for (const value of [...this.#rows, ...constants])
      if (!this.#columns.has(value.column)) this.#columns.set(value.column, value);
    this.valueNames = [...new Set([...this.#named.keys(), ...this.#columns.keys()])];
    this.cql = new CqlRows(parts, this);
  }

  write(of: Operation, items: number, staging: Uint8Array, offset: number): number {
    const place = firstPlace();
    place.intendedNs = of.intendedNs;
    const { partitions } = this.#parts;
    if (partitions !== undefined)
      return writeLiterals(
        (row) => {
          partitions.use(of.operation, row, place);
          return this.#literals(place);
        },
        0,
        partitions.rowsOf(of.operation),
        staging,
        offset,
      );
    const end = of.operation * this.batchSize + itemsOfOperation(of.operation, items, this.batchSize);
    return writeLiterals(
      (index) => this.#row(index, place),
      of.operation * this.batchSize,
      end,
      staging,
      offset,
    );
  }

  item(index: number): string {
    return this.#row(index, firstPlace());
  }

  timestampNs(index: number): bigint | undefined {
    if (this.timeName === undefined) return undefined;
    return BigInt(Date.parse(this.columnOf(this.timeName, index).text)) * 1_000_000n;
  }

  measurementOf(): string {
    return this.#parts.write.table;
  }

  tagsOf(index: number): readonly (readonly [string, ItemValue])[] {
    // What a function of the server makes is not known here.
    const known = this.#parts.seriesColumns.filter((column) => this.#columns.has(column));
    return known.map((column) => [column, this.columnOf(column, index)]);
  }

  valueOf(name: string, index: number): ItemValue {
    const named = this.#named.get(name);
    if (named === undefined) return this.columnOf(name, index);
    const { slot, rankOf } = named;
    const place = this.places.at(index);
    return {
      text: slot.values.text(rankOf(place), place),
      isText: slot.type === undefined || slot.type.literal === 'quoted',
    };
  }

  columnOf(name: string, index: number): ItemValue {
    const value = this.#columns.get(name)!;
    return { text: value.text(this.places.at(index)), isText: value.isText };
  }

  sourceOf(name: string): ValueSource {
    const named = this.#named.get(name);
    return named === undefined ? this.#columns.get(name)!.source : slotSource(named);
  }

  columnSource(name: string): ValueSource | undefined {
    return this.#columns.get(name)?.source;
  }

  overwrites(items: number, primaryKey?: readonly string[]): boolean {
    // What replaces what is a matter of the table's primary key, which the statement does not tell.
    const count = primaryKey === undefined ? undefined : this.#countKeys(primaryKey, items);
    return count !== undefined && !this.#parts.write.conditional && count.atMost < items;
  }

  partitionsOf(partitionKey: readonly string[]): number | undefined {
    return this.#countKeys(partitionKey, this.#parts.items)?.exactly;
  }

  distributions(): readonly Distribution[] {
    return this.#rows.flatMap(({ column, slots }) =>
      slots.flatMap(({ slot, rankOf }) => {
        const { number } = slot.values;
        if (number === undefined || slot.type?.numeric === false) return [];
        const sample = (index: number): number => {
          const place = this.places.at(index);
          return number(rankOf(place), place);
        };
        return [{ place: `column ${column}`, text: printSlot(slot.node), sample }];
      }),
    );
  }

  indexesOf(operation: number): readonly number[] {
    const { partitions, items } = this.#parts;
    if (partitions !== undefined) return partitions.indexesOf(operation);
    return Array.from({ length: itemsOfOperation(operation, items, this.batchSize) }, (_, at) =>
      this.places.indexOf(operation * this.batchSize + at),
    );
  }

  averageItemBytes(sampleSize: number): number {
    return averageLiteralBytes(
      (index) => this.item(index),
      this.places.sampleOf(this.#parts.items, sampleSize),
    );
  }

  #row(index: number, place: Place): string {
    this.#parts.places.set(place, index);
    return this.#literals(place);
  }

  #literals(place: Place): string {
    return this.#parts.parts.map((part) => (typeof part === 'string' ? part : part.literal(place))).join('');
  }

  /** Of the rows of an INSERT, where it says all of their values; those without slots are one value. */
  #countKeys(columns: readonly string[], items: number): KeyCount | undefined {
    const { write } = this.#parts;
    if (!write.inserts || columns.some((name) => !write.columns.includes(name) || write.generated.has(name)))
      return undefined;
    const slots = this.#rows.flatMap((value) =>
      columns.includes(value.column) ? value.slots.map(({ slot }) => slot) : [],
    );
    return countKeys(slots, this.#parts.places, items);
  }
}

/** A column whose value is a literal of the statement's text. */
function constantValue(column: string, literal: string): RowValue {
  const isText = literal.startsWith("'");
  const text = isText ? literal.slice(1, -1).replaceAll("''", "'") : literal;
  return {
    column,
    slots: [],
    source: literalSource({ kind: 'constant', text, quoted: isText }, literal),
    text: () => text,
    literal: () => literal,
    isText,
    literalBytesAtMost: Buffer.byteLength(literal),
  };
}

function uses(value: RowValue, slot: BoundSlot): boolean {
  return value.slots.some((placed) => placed.slot === slot);
}
