import type {
  CqlPlan,
  CqlProblem,
  CqlTableKeys,
  CqlValues,
  PreparedText,
} from '../../stress-client/cql-plan.ts';
import { itemsOfOperation, type Operation } from '../../stress-client/plan.ts';
import { bindMarkers, markerBytesAtMost, writeMarker } from './bind-markers.ts';
import { rowCode } from './code/row-code.ts';
import { timestampText } from './calendar.ts';
import type { PlacedSlot } from './compose.ts';
import { quoteCqlString } from './cql-literal.ts';
import { cqlName, keysOfTable } from './cql-name.ts';
import type { ItemValue } from './insert-plan.ts';
import { firstPlace, type Place } from './place.ts';
import { Points, type PointParts } from './points.ts';
import { averageLiteralBytes, writeLiterals } from './literal-rows.ts';
import { timeNs } from './timeline.ts';
import type { ValueEncoder } from './value-source.ts';

/** The clustering column of the points' times. */
export const timeColumn = 'time';

/** Which of the tables a point goes to: by the slots of the measurement, first one fastest. */
export interface Tables {
  /** As CQL writes them. */
  readonly names: readonly string[];
  readonly slots: readonly PlacedSlot[];
}

interface CqlPointParts extends PointParts {
  readonly tables: Tables;
  readonly keyspace: string;
  readonly schema: readonly string[];
}

/** Digits of a second that CQL's timestamp keeps: finer times are whole numbers of their unit. */
const timestampDigits = 3;
export function timeType(digits: number): 'timestamp' | 'bigint' {
  return digits <= timestampDigits ? 'timestamp' : 'bigint';
}

const timeBytesAtMost = 32;

/** Points as rows of CQL: a table a measurement, partitioned by the tags, in order of time, a column a field. */
export class CqlPointPlan extends Points {
  readonly itemName = 'row';
  readonly operationBytesAtMost: number;
  readonly timeName = timeColumn;
  readonly tables: readonly string[];
  readonly cql: CqlPlan;
  readonly #parts: CqlPointParts;
  readonly #columns: readonly string[];

  constructor(parts: CqlPointParts) {
    super(parts);
    const { tags, fields, tables, batchSize, schema } = parts;
    this.#parts = parts;
    this.tables = tables.names;
    this.#columns = [...tags.map(({ key }) => key), timeColumn, ...fields.map(({ key }) => key)];
    const rowBytes = [...tags, ...fields].reduce(
      (bytes, { value }) =>
        value.reduce(
          (sum, part) =>
            sum + 2 * (typeof part === 'string' ? Buffer.byteLength(part) : part.slot.values.bytesAtMost),
          bytes + 4,
        ),
      Math.max(...tables.names.map((_, table) => Buffer.byteLength(this.#text(table, '')))) + timeBytesAtMost,
    );
    this.operationBytesAtMost = batchSize * rowBytes;
    this.cql = {
      tables: tables.names,
      batch: batchSize === 1 ? 'none' : 'unlogged',
      schema,
      texts: () => tables.names.map((_, table) => this.#text(table, this.#columns.map(() => '?').join(', '))),
      bind: (prepared, keys) => this.#bind(prepared, keys),
    };
  }

  write(of: Operation, items: number, staging: Uint8Array, offset: number): number {
    const place = firstPlace();
    place.intendedNs = of.intendedNs;
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

  measurementOf(index: number): string {
    return this.tables[this.#table(this.places.at(index))]!;
  }

  averageItemBytes(sampleSize: number): number {
    return averageLiteralBytes(
      (index) => this.item(index),
      this.places.sampleOf(this.#parts.items, sampleSize),
    );
  }

  protected override columnAt(name: string, place: Place): ItemValue {
    if (name !== timeColumn) return super.columnAt(name, place);
    const { digits } = this.#parts;
    const ns = timeNs(place, digits);
    return timeType(digits) === 'timestamp'
      ? { text: timestampText(Number(ns / 1_000_000n)), isText: true }
      : { text: String(ns / 10n ** BigInt(9 - digits)), isText: false };
  }

  /** The INSERT into a table with such values. */
  #text(table: number, values: string): string {
    return `INSERT INTO ${this.tables[table]!} (${this.#columns.map(cqlName).join(', ')}) VALUES (${values})`;
  }

  #row(index: number, place: Place): string {
    this.#parts.places.set(place, index);
    const literals = this.#columns.map((column) => {
      const { text, isText } = this.columnAt(column, place);
      return isText ? quoteCqlString(text) : text;
    });
    return this.#text(this.#table(place), literals.join(', '));
  }

  #table(place: Place): number {
    const { slots } = this.#parts.tables;
    let table = 0;
    for (let at = slots.length - 1; at >= 0; at--)
      table = table * slots[at]!.slot.count! + slots[at]!.rankOf(place);
    return table;
  }

  #bind(prepared: readonly PreparedText[], keys: readonly CqlTableKeys[]): CqlValues | CqlProblem {
    const sources = this.#columns.map((column) => this.columnSource(column)!);
    const bound: (readonly ValueEncoder[])[] = [];
    for (const text of prepared) {
      const encoders = bindMarkers(sources, text);
      if ('problem' in encoders) return encoders;
      bound.push(encoders);
    }
    const { places } = this.#parts;
    const codes = bound.map((encoders) => rowCode(encoders, places));
    const tableOf = (index: number): number => {
      if (bound.length === 1) return 0;
      places.set(place, index);
      return this.#table(place);
    };
    const place = firstPlace();
    return {
      itemBytesAtMost: Math.max(...bound.map(markerBytesAtMost)),
      warnings: this.tables.flatMap((table, at) => [
        ...this.#keyWarnings(table, keys),
        ...this.#timeWarnings(table, prepared[at]!),
      ]),
      textOf: tableOf,
      write: (index, _, intendedNs, staging, offset) => {
        const table = tableOf(index);
        const code = codes[table];
        if (code !== undefined) return code(index, intendedNs, staging, offset);
        places.set(place, index);
        place.intendedNs = intendedNs;
        const encoders = bound[table]!;
        let end = offset;
        for (let at = 0; at < encoders.length; at++) end = writeMarker(encoders[at]!, place, staging, end);
        return end;
      },
    };
  }

  /** What a table of the author's own makes of the points otherwise than the declared series say. */
  #keyWarnings(table: string, keys: readonly CqlTableKeys[]): readonly string[] {
    const known = keysOfTable(table, this.#parts.keyspace, keys);
    if (known === undefined) return [];
    const { partitionKey, clusteringKey } = known;
    const tags = this.#parts.tags.map(({ key }) => key);
    const all = [...partitionKey, ...clusteringKey];
    const lost = [...tags, timeColumn].filter((column) => !all.includes(column));
    const warnings: string[] = [];
    if (lost.length > 0)
      warnings.push(
        `the primary key of ${table} is (${all.join(', ')}), without ${lost.join(', ')}: points that differ only there replace each other`,
      );
    const wanted = tags.length === 0 ? [timeColumn] : tags;
    if (partitionKey.length !== wanted.length || !wanted.every((column) => partitionKey.includes(column)))
      warnings.push(
        `the partition key of ${table} is (${partitionKey.join(', ')}), and the tags are (${tags.join(', ')}): partitions are not the series`,
      );
    return warnings;
  }

  #timeWarnings(table: string, { markers }: PreparedText): readonly string[] {
    const { digits, items } = this.#parts;
    const time = markers[this.#columns.indexOf(timeColumn)]!;
    const cut = digits > timestampDigits && time.type.kind === 'native' && time.type.name === 'timestamp';
    if (!cut || !this.overwritesAt(items, timestampDigits)) return [];
    return [
      `column ${timeColumn} of ${table} is a timestamp, which keeps milliseconds: points of a series within one replace each other`,
    ];
  }
}
