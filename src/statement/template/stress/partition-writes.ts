import type { PartitionsOption } from '../../load-options.ts';
import type { Place } from '../place.ts';
import type { Places } from '../places.ts';
import type { WordStream } from '../word-stream.ts';
import { rangeOf } from './distribution.ts';
import { drawsOf, type Draws } from './draws.ts';
import type { GeneratedValue } from './generated-column.ts';
import type { GeneratedRows } from './generated-rows.ts';
import { averageOf } from './partition.ts';
import { PartitionRows } from './partition-rows.ts';
import { PartitionVisits } from './partition-visits.ts';
import type { Ratio } from './ratio.ts';

/** The protocol has no room for more rows in a batch. */
export const rowsABatchAtMost = 65_535;

interface WrittenPartition {
  readonly item: number;
  readonly index: number;
  readonly keys: readonly GeneratedValue[];
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
  readonly #visits: PartitionVisits | undefined;
  readonly #partitions: Draws;
  readonly #isFixed: boolean;
  readonly #share: () => number;
  readonly #columns: () => number;
  readonly #chance: () => number;
  /** The first item of each block, as far as they have been asked for. */
  readonly #blocks: number[] = [0];
  #lane = 0;
  #drawn = 0;
  /** The operation whose rows are there, each with its partition. */
  #operation = -1;
  readonly #written = new PartitionRows();
  readonly #partitionOf: WrittenPartition[] = [];
  /** The place that was moved last, and whose it is: the next row is of the same mostly. */
  #placed: Place | undefined;
  #placedOf: WrittenPartition | undefined;

  constructor(
    rows: GeneratedRows,
    places: Places,
    items: number,
    { distribution, visits, share, columns, batch }: PartitionsOption,
    stream: WordStream,
  ) {
    this.#rows = rows;
    this.#places = places;
    this.#items = items;
    this.#stream = stream;
    this.batch = batch;
    this.#visits = visits && new PartitionVisits(visits, stream);
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
    this.#make(operation);
    return this.#written.length;
  }

  /** Indexes of the partitions that an operation writes. */
  indexesOf(operation: number): readonly number[] {
    const first = this.#firstItem(operation);
    return Array.from({ length: this.#itemsOf(operation, first) }, (_, at) =>
      this.#places.indexOf(this.#visits?.at(first + at).partition ?? first + at),
    );
  }

  /** Moves a place, and the values of the template, to a row of an operation. */
  use(operation: number, row: number, place: Place): void {
    this.#make(operation);
    const of = this.#partitionOf[row]!;
    const { item, index, keys, columns } = of;
    if (of !== this.#placedOf || place !== this.#placed) this.#places.setIndex(place, index);
    this.#placed = place;
    this.#placedOf = of;
    place.item = item;
    this.#rows.use(place, keys, this.#written.at(row), columns);
  }

  /** Makes the rows of an operation. */
  #make(operation: number): void {
    if (operation === this.#operation) return;
    const { partition, otherColumns } = this.#rows;
    const written = this.#written;
    const first = this.#firstItem(operation);
    const count = this.#itemsOf(operation, first);
    written.clear();
    for (let item = first; item < first + count && written.length < rowsABatchAtMost; item++) {
      const visited = this.#visits?.at(item);
      const index = this.#places.indexOf(visited?.partition ?? item);
      this.#drawn = item;
      this.#lane = 0;
      const share = this.#share();
      const ratio = this.#columns();
      let columns = 0;
      while (columns < otherColumns && (columns + 1) / otherColumns <= ratio) columns++;
      partition.open(index);
      const of: WrittenPartition = { item, index, keys: [...partition.keys], columns };
      const before = written.length;
      partition.written(share, this.#chance, rowsABatchAtMost, written, visited?.visit, visited?.visits);
      this.#partitionOf.length = before;
      for (let row = before; row < written.length; row++) this.#partitionOf.push(of);
    }
    this.#operation = operation;
  }

  #itemsOf(operation: number, first: number): number {
    return this.#isFixed
      ? Math.max(1, Math.min(this.batchSize, this.#items - first))
      : this.#countOf(operation);
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
