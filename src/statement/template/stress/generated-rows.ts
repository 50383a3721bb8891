import { writeText, byteLength } from '../bytes.ts';
import { cqlLiteral } from '../cql-literal.ts';
import type { Place } from '../place.ts';
import type { ResolvedType } from '../slot-type.ts';
import type { Values } from '../values.ts';
import type { WordStream } from '../word-stream.ts';
import type { GeneratedColumn, GeneratedValue } from './generated-column.ts';
import { Partition, type ClusterOrder } from './partition.ts';
import { PartitionRows, type PartitionRow } from './partition-rows.ts';

/** What a column is of its table. */
export type ColumnRole = 'key' | 'cluster' | 'other';

/** Values that a column of a profile has. */
export interface GeneratedValues {
  readonly column: GeneratedColumn;
  /** The same column where it is used once more: with another draw, where each value is one of any row. */
  again(): Values;
  /** Undefined where the row has none. */
  at(place: Place): GeneratedValue | undefined;
  /** Writes the value in the protocol's serialization and returns the end; -1 where the row has none. */
  write(place: Place, staging: Uint8Array, offset: number): number;
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
  #uses = 0;
  #item = -1;
  #index = -1;
  /** Rows that the read may take, while none is in use. */
  readonly #rows = new PartitionRows();
  readonly #chance: () => number;
  #lane = 0;
  /** The row in use, the keys of its partition, and how many of its other columns have a value. */
  #row: PartitionRow | undefined;
  #keysOfRow: readonly GeneratedValue[] = [];
  #columns = Infinity;
  /** Whose row is in use. */
  #user: Place | undefined;

  constructor(stream: WordStream) {
    this.#stream = stream;
    this.#chance = () => stream.unit(this.#item, (this.#lane += 2));
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
    return this.#values(role, this.#columnsOf(role).push(column) - 1, type);
  }

  #values(role: ColumnRole, at: number, type: ResolvedType): Values {
    const column = this.#columnsOf(role)[at]!;
    const use = this.#uses++;
    const again = (): Values => this.#values(role, at, type);
    if (role === 'other') return generatedValues({ ...this.#valuesOfOther(column, at, use), again }, type);
    const valueAt: (place: Place) => GeneratedValue =
      role === 'key' ? (place) => this.#keysAt(place)[at]! : (place) => this.#rowAt(place, use).clusters[at]!;
    const write: GeneratedValues['write'] = (place, staging, offset) =>
      column.write(valueAt(place), staging, offset);
    return generatedValues({ column, again, at: valueAt, write }, type);
  }

  /** Has the values at this place be those of a row of a partition with these keys, `columns` of the others having one. */
  use(place: Place, keys: readonly GeneratedValue[], row: PartitionRow, columns: number): void {
    this.#item = place.item;
    this.#index = place.index;
    this.#row = row;
    this.#keysOfRow = keys;
    this.#columns = columns;
    this.#user = place;
  }

  #valuesOfOther(column: GeneratedColumn, at: number, use: number): Omit<GeneratedValues, 'again'> {
    return {
      column,
      at: (place) => {
        const { high, low } = this.#rowAt(place, use);
        if (at >= this.#columns) return undefined;
        column.setSeed(high, low);
        return column.next();
      },
      write: (place, staging, offset) => {
        const { high, low } = this.#rowAt(place, use);
        return at < this.#columns ? column.writeOf(high, low, staging, offset) : -1;
      },
    };
  }

  #columnsOf(role: ColumnRole): GeneratedColumn[] {
    return { key: this.#keys, cluster: this.#clusters, other: this.#others }[role];
  }

  /** Where a place is not that of the row in use, or of what was read last: reads its partition. */
  #find(place: Place): void {
    const isSame = place.item === this.#item && place.index === this.#index;
    if (isSame && (this.#row === undefined || place === this.#user)) return;
    this.#item = place.item;
    this.#index = place.index;
    this.#row = undefined;
    this.#columns = Infinity;
    this.partition.open(place.index);
    this.#keysOfRow = this.partition.keys;
    this.#lane = firstLaneOfRows;
    this.#rows.clear();
    this.partition.read(this.#rowsOfRead, this.#chance, this.#rows);
  }

  #keysAt(place: Place): readonly GeneratedValue[] {
    this.#find(place);
    return this.#keysOfRow;
  }

  #rowAt(place: Place, use: number): PartitionRow {
    this.#find(place);
    if (this.#row !== undefined) return this.#row;
    const { length } = this.#rows;
    return this.#rows.at(length === 1 ? 0 : this.#stream.below(length, place.item, 2 * use));
  }
}

/** Lanes before it choose among the rows of a read, two for each use of a column. */
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
