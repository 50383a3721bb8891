import { writeText, byteLength } from '../bytes.ts';
import { cqlLiteral } from '../cql-literal.ts';
import type { Place } from '../place.ts';
import type { ResolvedType } from '../slot-type.ts';
import type { Values } from '../values.ts';
import type { WordStream } from '../word-stream.ts';
import type { GeneratedColumn, GeneratedValue } from './generated-column.ts';
import { Partition, type ClusterOrder, type PartitionRow } from './partition.ts';

/** What a column is of its table. */
export type ColumnRole = 'key' | 'cluster' | 'other';

/** Values that a column of a profile has. */
export interface GeneratedValues {
  readonly column: GeneratedColumn;
  /** Undefined where the row has none. */
  at(place: Place): GeneratedValue | undefined;
}

/** The row that a template is about. */
export interface CurrentRow {
  /** Of the partition key. */
  readonly keys: readonly GeneratedValue[];
  readonly row: PartitionRow;
  /** Of the other columns so many have a value. */
  readonly columns: number;
}

/**
 * The columns that one template makes as a user profile of cassandra-stress does, in the order written, and the row that
 * they are about: by itself one of the partition's that is as likely as cassandra-stress makes it.
 */
export class GeneratedRows {
  readonly #keys: GeneratedColumn[] = [];
  readonly #clusters: GeneratedColumn[] = [];
  readonly #others: GeneratedColumn[] = [];
  readonly #stream: WordStream;
  #order: ClusterOrder = 'arbitrary';
  #partition: Partition | undefined;
  /** Values of how many rows a read takes, each of any; 1: all of one. */
  #rowsOfRead = 1;
  #item = -1;
  #index = -1;
  #rows: readonly PartitionRow[] = [];
  #current: CurrentRow | undefined;
  /** Whose row is in use. */
  #user: Place | undefined;

  constructor(stream: WordStream) {
    this.#stream = stream;
  }

  get isEmpty(): boolean {
    return this.#keys.length === 0 && this.#clusters.length === 0 && this.#others.length === 0;
  }

  get hasClusters(): boolean {
    return this.#clusters.length > 0;
  }

  get hasKeys(): boolean {
    return this.#keys.length > 0;
  }

  get otherColumns(): number {
    return this.#others.length;
  }

  get partition(): Partition {
    this.#partition ??= new Partition(
      { partitionKey: this.#keys, clusteringKey: this.#clusters },
      this.#order,
    );
    return this.#partition;
  }

  set order(order: ClusterOrder) {
    this.#order = order;
  }

  /** Has each value be one of any of so many rows. */
  set rowsOfRead(count: number) {
    this.#rowsOfRead = count;
  }

  /** Adds a column, and makes the values of its slot. */
  add(role: ColumnRole, column: GeneratedColumn, type: ResolvedType): Values {
    const at = this.#columnsOf(role).push(column) - 1;
    const values: GeneratedValues =
      role === 'key'
        ? {
            column,
            at: (place) => {
              this.#find(place);
              return (this.#current ?? this.partition).keys[at];
            },
          }
        : role === 'cluster'
          ? { column, at: (place) => this.#rowAt(place, at).row.clusters[at] }
          : {
              column,
              at: (place) => {
                const { row, columns } = this.#rowAt(place, this.#clusters.length + at);
                if (at >= columns) return undefined;
                column.setSeed(row.high, row.low);
                return column.next();
              },
            };
    return generatedValues(values, type);
  }

  /** Has the values at this place be those of a row. */
  use(place: Place, row: CurrentRow): void {
    this.#item = place.item;
    this.#index = place.index;
    this.#current = row;
    this.#user = place;
  }

  #columnsOf(role: ColumnRole): GeneratedColumn[] {
    return { key: this.#keys, cluster: this.#clusters, other: this.#others }[role];
  }

  /** Where a place is not that of the row in use, or of what was read last: reads its partition. */
  #find(place: Place): void {
    const isSame = place.item === this.#item && place.index === this.#index;
    if (isSame && (this.#current === undefined || place === this.#user)) return;
    this.#item = place.item;
    this.#index = place.index;
    this.#current = undefined;
    this.partition.open(place.index);
    let lane = firstLaneOfRows;
    const chance = (): number => this.#stream.unit(place.item, (lane += 2));
    this.#rows = this.partition.read(this.#rowsOfRead, chance);
  }

  #rowAt(place: Place, ordinal: number): Pick<CurrentRow, 'row' | 'columns'> {
    this.#find(place);
    if (this.#current !== undefined) return this.#current;
    const which =
      this.#rows.length === 1 ? 0 : this.#stream.below(this.#rows.length, place.item, 2 * ordinal);
    return { row: this.#rows[which]!, columns: Infinity };
  }
}

/** Lanes before it choose among the rows of a read, two for each column. */
const firstLaneOfRows = 1 << 16;

/** Texts: single values as they are, collections as CQL literals. */
function generatedValues(generated: GeneratedValues, type: ResolvedType): Values {
  const { column } = generated;
  const brackets = type.definition.elements?.brackets;
  const text = (place: Place): string => {
    const value = generated.at(place);
    if (value === undefined) return 'null';
    const texts = column.texts(value);
    if (brackets === undefined) return texts[0]!;
    const literals = texts.map((each) => cqlLiteral(type.of[0]!.definition, each));
    return `${brackets[0]}${literals.join(', ')}${brackets[1]}`;
  };
  return {
    text: (_, place) => text(place),
    write: (_, place, staging, offset) => writeText(text(place), staging, offset),
    generated,
    // Digits of bytes are two each; no number or time has more than 64.
    bytesAtMost: Math.max(64, 6 * column.bytesAtMost + byteLength('[]')),
    bytesAtLeast: 0,
    plain: false,
    ofRank: false,
  };
}
