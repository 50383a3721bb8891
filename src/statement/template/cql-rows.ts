import type {
  CqlPlan,
  CqlProblem,
  CqlTableKeys,
  CqlValues,
  PreparedText,
} from '../../stress-client/cql-plan.ts';
import { bindMarkers, markerBytesAtMost, writeMarker } from './bind-markers.ts';
import { rowCode } from './code/row-code.ts';
import { keysOfTable } from './cql-name.ts';
import { firstPlace, type Place } from './place.ts';
import type { ValueEncoder } from './value-source.ts';
import type { RowParts, RowValue } from './row-plan.ts';

/** What rows say about the keys of their table. */
interface RowKeys {
  /** How many partitions the declared items make; undefined where draws decide. */
  partitionsOf(partitionKey: readonly string[]): number | undefined;
  overwrites(items: number, primaryKey: readonly string[]): boolean;
}

/** Rows as a prepared text, with bind markers in place of the values. */
export class CqlRows implements CqlPlan {
  readonly tables: readonly string[];
  readonly batch: CqlPlan['batch'];
  readonly conditional: boolean;
  readonly schema = [];
  readonly #parts: RowParts;
  readonly #keys: RowKeys;
  readonly #values: readonly RowValue[];

  constructor(parts: RowParts, keys: RowKeys) {
    const { write, batchSize } = parts;
    this.#parts = parts;
    this.#keys = keys;
    this.#values = parts.parts.filter((part) => typeof part !== 'string');
    this.tables = write.tables;
    this.conditional = write.conditional;
    this.batch =
      parts.partitions?.batch ?? (batchSize === 1 ? 'none' : write.counter ? 'counter' : 'unlogged');
  }

  texts(): readonly string[] {
    return [this.#parts.parts.map((part) => (typeof part === 'string' ? part : '?')).join('')];
  }

  bind(prepared: readonly PreparedText[], keys: readonly CqlTableKeys[]): CqlValues | CqlProblem {
    const encoders = bindMarkers(
      this.#values.map(({ source }) => source),
      prepared[0]!,
    );
    if ('problem' in encoders) return encoders;
    const { places, partitions } = this.#parts;
    const place = firstPlace();
    const code = rowCode(encoders, places);
    return {
      itemBytesAtMost: markerBytesAtMost(encoders),
      warnings: this.#warnings(keys),
      ...(partitions === undefined
        ? {}
        : {
            rows: {
              atMost: partitions.rowsAtMost,
              countOf: (operation) => partitions.rowsOf(operation),
              write: (operation, row, intendedNs, staging, offset) => {
                partitions.use(operation, row, place);
                place.intendedNs = intendedNs;
                return writeMarkers(encoders, place, staging, offset);
              },
            },
          }),
      textOf: () => 0,
      write: (index, _, intendedNs, staging, offset) => {
        if (code !== undefined) return code(index, intendedNs, staging, offset);
        places.set(place, index);
        place.intendedNs = intendedNs;
        return writeMarkers(encoders, place, staging, offset);
      },
    };
  }

  /** What the table's keys make of the rows otherwise than the declared series say. */
  #warnings(keys: readonly CqlTableKeys[]): readonly string[] {
    const { write, keyspace, seriesColumns, items, places, unboundedSeries } = this.#parts;
    const known = keysOfTable(write.table, keyspace, keys);
    if (known === undefined || write.tables.length > 1) return [];
    const { partitionKey, clusteringKey } = known;
    const warnings: string[] = [];
    const varying = new Set(
      this.#values.filter(({ slots }) => slots.some(varies)).map(({ column }) => column),
    );
    const outside = partitionKey.filter((column) => varying.has(column) && !seriesColumns.includes(column));
    const shared = seriesColumns.filter((column) => varying.has(column) && !partitionKey.includes(column));
    if (seriesColumns.length > 0 && outside.length + shared.length > 0) {
      const series = unboundedSeries ? 'unbounded' : places.odometer.series.toLocaleString('en');
      const meaning =
        outside.length > 0
          ? `a series has a partition for each ${outside.join(', ')}`
          : `series that differ only in ${shared.join(', ')} share a partition`;
      const partitions = this.#keys.partitionsOf(partitionKey);
      const count =
        partitions === undefined || !Number.isFinite(partitions)
          ? ''
          : `, ${partitions.toLocaleString('en')} in all`;
      warnings.push(
        `${series} series by (${seriesColumns.join(', ')}), but the partition key of ${write.table} is (${partitionKey.join(', ')}): ${meaning}${count}`,
      );
    }
    const primaryKey = [...partitionKey, ...clusteringKey];
    if (this.#keys.overwrites(items, primaryKey))
      warnings.push(
        `rows replace each other: the primary key of ${write.table} is (${primaryKey.join(', ')}), and it has fewer values than there are rows`,
      );
    return warnings;
  }
}

function writeMarkers(
  encoders: readonly ValueEncoder[],
  place: Place,
  staging: Uint8Array,
  offset: number,
): number {
  let end = offset;
  for (let at = 0; at < encoders.length; at++) end = writeMarker(encoders[at]!, place, staging, end);
  return end;
}

function varies({ slot }: RowValue['slots'][number]): boolean {
  return slot.count !== 1 && slot.made.different !== 1;
}
