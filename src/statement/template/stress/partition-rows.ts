import { ColumnHash } from './column-hash.ts';
import type { GeneratedValue } from './generated-column.ts';

/** One row of a partition, as its columns are generated from it: the seed of those that are not of the key. */
export class PartitionRow extends ColumnHash {
  /** Values of the clustering columns. */
  readonly clusters: GeneratedValue[] = [];
}

/** Rows one after the other; those that were taken off are used again, since there are as many as are written. */
export class PartitionRows {
  length = 0;
  readonly #rows: PartitionRow[] = [];

  clear(): void {
    this.length = 0;
  }

  /** One more, with what it had before. */
  add(): PartitionRow {
    const row = (this.#rows[this.length] ??= new PartitionRow());
    this.length++;
    return row;
  }

  at(row: number): PartitionRow {
    return this.#rows[row]!;
  }
}
