import { compareBy } from './compare-values.ts';
import { compareTokens, tokenOf } from './murmur3.ts';
import type { Token } from './murmur3.ts';
import { tupleOf } from './nested-values.ts';
import type { Column } from './schema.ts';
import { SortedItems } from './sorted-items.ts';

/** The values of a row or of a partition's static columns, by the column's cell; what is not there is null. */
type Cells = (Buffer | null | undefined)[];

export interface Row {
  readonly partition: Partition;
  readonly clustering: readonly Buffer[];
  cells: Cells;
  /** INSERT makes a row that is there without values, too. */
  inserted: boolean;
  /** What the bound counts. */
  bytes: number;
}

/** How many rows all tables keep together: beyond it the oldest go. */
export class RowBound {
  readonly #rows: (Row | undefined)[];
  readonly #bytesAtMost: number;
  #first = 0;
  #next = 0;
  #bytes = 0;

  constructor(rowsAtMost: number, bytesAtMost: number) {
    this.#rows = Array<Row | undefined>(rowsAtMost).fill(undefined);
    this.#bytesAtMost = bytesAtMost;
  }

  /** A row is new. */
  added(row: Row): void {
    const size = this.#rows.length;
    if (this.#next - this.#first === size) this.#dropFirst();
    this.#rows[this.#next++ % size] = row;
  }

  /** A row has become longer or, with a negative number, shorter. */
  grown(bytes: number): void {
    this.#bytes += bytes;
    while (this.#bytes > this.#bytesAtMost && this.#next - this.#first > 1) this.#dropFirst();
  }

  #dropFirst(): void {
    const at = this.#first++ % this.#rows.length;
    const row = this.#rows[at]!;
    this.#rows[at] = undefined;
    row.partition.remove(row);
  }
}

/** Rows with the same partition key. */
export class Partition {
  readonly table: TableRows;
  /** The key as the ring hashes it. */
  readonly keyBytes: Buffer;
  readonly key: readonly Buffer[];
  /** Without a clustering key there is one row at most: that needs no map. */
  #only: Row | undefined;
  readonly #rows: Map<string, Row> | undefined;
  /** The values that all rows share, kept and bound like a row. */
  #statics: Row | undefined;
  #sorted: SortedItems<Row> | undefined;
  #token: Token | undefined;

  constructor(table: TableRows, key: readonly Buffer[], keyBytes: Buffer) {
    this.table = table;
    this.key = key;
    this.keyBytes = keyBytes;
    this.#rows = table.hasClusteringKey ? new Map() : undefined;
  }

  get token(): Token {
    return (this.#token ??= tokenOf(this.keyBytes));
  }

  get isEmpty(): boolean {
    return this.size === 0 && this.#statics === undefined;
  }

  get size(): number {
    return this.#rows?.size ?? (this.#only === undefined ? 0 : 1);
  }

  get statics(): Readonly<Cells> {
    return this.#statics?.cells ?? [];
  }

  get hasStatics(): boolean {
    return this.#statics !== undefined;
  }

  /** In clustering order. */
  get rows(): SortedItems<Row> {
    return (this.#sorted ??= new SortedItems(this.#all(), (one, other) =>
      this.table.compareClustering(one.clustering, other.clustering),
    ));
  }

  row(clustering: readonly Buffer[]): Row | undefined {
    return this.#rows === undefined ? this.#only : this.#rows.get(rowKey(clustering));
  }

  /** The row, made where it is missing. */
  rowOrNew(clustering: readonly Buffer[]): Row {
    const known = this.row(clustering);
    if (known !== undefined) return known;
    const row = this.#newRow(clustering);
    if (this.#rows === undefined) this.#only = row;
    else this.#rows.set(rowKey(clustering), row);
    this.#sorted?.add(row);
    this.table.bound.added(row);
    return row;
  }

  /** The values that all rows share, made where they are missing; as a row. */
  staticsOrNew(): Row {
    if (this.#statics === undefined) {
      this.#statics = this.#newRow([]);
      this.table.bound.added(this.#statics);
    }
    return this.#statics;
  }

  remove(row: Row): void {
    if (row === this.#statics) this.#statics = undefined;
    // A row that was deleted and written again is another one.
    else if (this.row(row.clustering) !== row) return;
    else {
      this.#only = undefined;
      this.#rows?.delete(rowKey(row.clustering));
      this.#sorted?.remove(row);
    }
    this.table.bound.grown(-row.bytes);
    if (this.isEmpty) this.table.removePartition(this);
  }

  clear(): void {
    const all = [...this.#all(), ...(this.#statics === undefined ? [] : [this.#statics])];
    for (const row of all) this.table.bound.grown(-row.bytes);
    this.#only = undefined;
    this.#rows?.clear();
    this.#sorted = undefined;
    this.#statics = undefined;
  }

  /** Has the bound count what the row's values take, and removes a row without any. */
  settle(row: Row): void {
    let bytes = this.keyBytes.length;
    for (const value of row.clustering) bytes += value.length;
    let empty = !row.inserted;
    for (const cell of row.cells) {
      if (cell === null || cell === undefined) continue;
      bytes += cell.length;
      empty = false;
    }
    if (empty) {
      this.remove(row);
      return;
    }
    const more = bytes - row.bytes;
    row.bytes = bytes;
    this.table.bound.grown(more);
  }

  /** The row that a partition of nothing but static values is read as. */
  staticRow(): Row {
    return this.#newRow([]);
  }

  #newRow(clustering: readonly Buffer[]): Row {
    return { partition: this, clustering, cells: [], inserted: false, bytes: 0 };
  }

  #all(): Iterable<Row> {
    return this.#rows?.values() ?? (this.#only === undefined ? [] : [this.#only]);
  }
}

/** What a table holds. */
export class TableRows {
  readonly bound: RowBound;
  readonly #partitions = new Map<string, Partition>();
  readonly #clustering: readonly { readonly compare: ReturnType<typeof compareBy>; readonly sign: number }[];
  #sorted: SortedItems<Partition> | undefined;

  constructor(clusteringKey: readonly Column[], bound: RowBound) {
    this.bound = bound;
    this.#clustering = clusteringKey.map(({ type, descending }) => ({
      compare: compareBy(type),
      sign: descending ? -1 : 1,
    }));
  }

  get hasClusteringKey(): boolean {
    return this.#clustering.length > 0;
  }

  /** In the order of their tokens. */
  get partitions(): SortedItems<Partition> {
    return (this.#sorted ??= new SortedItems(this.#partitions.values(), comparePartitions));
  }

  partition(keyBytes: Buffer): Partition | undefined {
    return this.#partitions.get(keyBytes.toString('latin1'));
  }

  /** The partition, made where it is missing. */
  partitionOrNew(key: readonly Buffer[]): Partition {
    const keyBytes = partitionKeyBytes(key);
    const name = keyBytes.toString('latin1');
    const known = this.#partitions.get(name);
    if (known !== undefined) return known;
    const partition = new Partition(this, key, keyBytes);
    this.#partitions.set(name, partition);
    this.#sorted?.add(partition);
    return partition;
  }

  /** A partition that is not one of the table's, to be compared with those. */
  detached(key: readonly Buffer[]): Partition {
    return new Partition(this, key, partitionKeyBytes(key));
  }

  removePartition(partition: Partition): void {
    const name = partition.keyBytes.toString('latin1');
    if (this.#partitions.get(name) !== partition) return;
    this.#partitions.delete(name);
    this.#sorted?.remove(partition);
  }

  clear(): void {
    for (const partition of this.#partitions.values()) partition.clear();
    this.#partitions.clear();
    this.#sorted = undefined;
  }

  /** How two clustering keys are in order; the shorter one stands for all that begin with it. */
  compareClustering(one: readonly Buffer[], other: readonly Buffer[]): number {
    const { length } = one.length < other.length ? one : other;
    for (let index = 0; index < length; index++) {
      const { compare, sign } = this.#clustering[index]!;
      const order = compare(one[index]!, other[index]!);
      if (order !== 0) return order * sign;
    }
    return 0;
  }
}

export function comparePartitions(one: Partition, other: Partition): number {
  return compareTokens(one.token, other.token) || Buffer.compare(one.keyBytes, other.keyBytes);
}

/** A partition key as the ring hashes it: a single value as it is, several each with their length and a zero. */
export function partitionKeyBytes(key: readonly Buffer[]): Buffer {
  if (key.length === 1) return key[0]!;
  const parts: Buffer[] = [];
  for (const value of key) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(value.length);
    parts.push(length, value, Buffer.alloc(1));
  }
  return Buffer.concat(parts);
}

function rowKey(clustering: readonly Buffer[]): string {
  if (clustering.length === 0) return '';
  return clustering.length === 1 ? clustering[0]!.toString('latin1') : tupleOf(clustering).toString('latin1');
}
