import type { PartitionsOption } from '../../load-options.ts';
import type { Place } from '../place.ts';
import type { Places } from '../places.ts';
import type { WordStream } from '../word-stream.ts';
import { rangeOf } from './distribution.ts';
import { drawsOf, type Draws } from './draws.ts';
import type { GeneratedValue } from './generated-column.ts';
import type { GeneratedRows } from './generated-rows.ts';
import { averageOf, type PartitionRow } from './partition.ts';
import type { Ratio } from './ratio.ts';

/** The protocol has no room for more rows in a batch. */
export const rowsABatchAtMost = 65_535;

interface WrittenRow {
  readonly item: number;
  readonly index: number;
  readonly keys: readonly GeneratedValue[];
  readonly row: PartitionRow;
  /** So many of the other columns have a value. */
  readonly columns: number;
}

/** Partitions whose number is drawn are added up in blocks of so many operations. */
const operationsABlock = 1024;

/**
 * What the operations of an INSERT write where it writes partitions: each operation the next ones of the population,
 * and of each the share of its rows that is drawn for it. All is a pure function of the operation's number.
 */
export class PartitionWrites {
  /** Partitions of an operation: on average, where their number is drawn. */
  readonly batchSize: number;
  /** No operation has more. */
  readonly rowsAtMost: number;
  readonly batch: PartitionsOption['batch'];
  readonly #rows: GeneratedRows;
  readonly #places: Places;
  readonly #items: number;
  readonly #stream: WordStream;
  readonly #partitions: Draws;
  readonly #isFixed: boolean;
  readonly #share: () => number;
  readonly #columns: () => number;
  readonly #chance: () => number;
  /** The first item of each block, as far as they have been asked for. */
  readonly #blocks: number[] = [0];
  #lane = 0;
  #drawn = 0;
  #operation = -1;
  #written: readonly WrittenRow[] = [];

  constructor(
    rows: GeneratedRows,
    places: Places,
    items: number,
    { distribution, share, columns, batch }: PartitionsOption,
    stream: WordStream,
  ) {
    this.#rows = rows;
    this.#places = places;
    this.#items = items;
    this.#stream = stream;
    this.batch = batch;
    this.#partitions = drawsOf(distribution);
    this.#isFixed = distribution.kind === 'fixed';
    this.#share = this.#ratio(share);
    this.#columns = this.#ratio(columns);
    this.#chance = () => stream.unit(this.#drawn, (this.#lane += 2));
    this.batchSize = Math.max(1, averageOf(distribution));
    this.rowsAtMost = Math.min(
      rowsABatchAtMost,
      Math.max(1, rangeOf(distribution).maximum) * Math.max(1, rows.partition.rowsAtMost),
    );
  }

  /** How many rows an operation writes: from 1 to 65,535. */
  rowsOf(operation: number): number {
    return this.#rowsAt(operation).length;
  }

  /** Moves a place, and the values of the template, to a row of an operation. */
  use(operation: number, row: number, place: Place): void {
    const { item, index, ...written } = this.#rowsAt(operation)[row]!;
    this.#places.setIndex(place, index);
    place.item = item;
    this.#rows.use(place, written);
  }

  #rowsAt(operation: number): readonly WrittenRow[] {
    if (operation === this.#operation) return this.#written;
    const { partition, otherColumns } = this.#rows;
    const first = this.#firstItem(operation);
    const count = this.#isFixed
      ? Math.max(1, Math.min(this.batchSize, this.#items - first))
      : this.#countOf(operation);
    const written: WrittenRow[] = [];
    for (let item = first; item < first + count && written.length < rowsABatchAtMost; item++) {
      const index = this.#places.indexOf(item);
      this.#drawn = item;
      this.#lane = 0;
      const share = this.#share();
      const ratio = this.#columns();
      let columns = 0;
      while (columns < otherColumns && (columns + 1) / otherColumns <= ratio) columns++;
      partition.open(index);
      const keys = [...partition.keys];
      for (const row of partition.written(share, this.#chance, rowsABatchAtMost - written.length))
        written.push({ item, index, keys, row, columns });
    }
    this.#operation = operation;
    this.#written = written;
    return written;
  }

  #firstItem(operation: number): number {
    if (this.#isFixed) return operation * this.batchSize;
    const block = Math.floor(operation / operationsABlock);
    while (this.#blocks.length <= block) {
      const last = this.#blocks.length - 1;
      const end = this.#sum(last * operationsABlock, (last + 1) * operationsABlock);
      this.#blocks.push(this.#blocks[last]! + end);
    }
    return this.#blocks[block]! + this.#sum(block * operationsABlock, operation);
  }

  #sum(from: number, to: number): number {
    let sum = 0;
    for (let operation = from; operation < to; operation++) sum += this.#countOf(operation);
    return sum;
  }

  #countOf(operation: number): number {
    this.#partitions.setSeed(this.#stream.word(operation, 1) | 0, this.#stream.word(operation, 3) | 0);
    return Math.max(1, this.#partitions.next());
  }

  /** Draws shares, a word of the item each half of their seed. */
  #ratio({ distribution, divisor }: Ratio): () => number {
    const draws = drawsOf(distribution);
    return () => {
      draws.setSeed(
        this.#stream.word(this.#drawn, (this.#lane += 2)) | 0,
        this.#stream.word(this.#drawn, (this.#lane += 2)) | 0,
      );
      return Math.max(0, Math.min(1, draws.nextReal() / divisor));
    };
  }
}
