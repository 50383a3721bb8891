import { rangeOfBucket, type Buckets } from '../../stress-client/buckets.ts';
import { rowsADoubling } from './heat-rows.ts';
import { packColumns } from './pack-columns.ts';
import type { PackedHeatMap } from './report-data.ts';

/** More would be narrower than what a screen shows. */
const columnsAtMost = 360;

/**
 * Counts operations by when they ended and how long they took. It has as many columns as a chart can show, however
 * long the run is: when there are more, each two become one.
 */
export class HeatMap {
  readonly #startNs: number;
  #columnNs: number;
  #columns: Map<number, number>[] = [];

  /** `columnNs`: how long an interval is. */
  constructor(startNs: number, columnNs: number) {
    this.#startNs = startNs;
    this.#columnNs = columnNs;
  }

  add(atNs: number, { indexes, counts }: Buckets): void {
    let column = Math.max(0, Math.floor((atNs - this.#startNs) / this.#columnNs));
    while (column >= columnsAtMost) {
      this.#halve();
      column = Math.floor(column / 2);
    }
    while (this.#columns.length <= column) this.#columns.push(new Map());
    const rows = this.#columns[column]!;
    for (const [at, index] of indexes.entries()) {
      const row = rowOf(rangeOfBucket(index).lowestNs);
      rows.set(row, (rows.get(row) ?? 0) + counts[at]!);
    }
  }

  /** Undefined where nothing was counted. */
  pack(time: PackedHeatMap['time']): PackedHeatMap | undefined {
    const cells = this.#columns.flatMap((rows, column) =>
      [...rows].toSorted(([a], [b]) => a - b).map(([row, count]) => ({ column, row, count })),
    );
    if (cells.length === 0) return undefined;
    return {
      time,
      startNs: this.#startNs,
      columnNs: this.#columnNs,
      columnCount: this.#columns.length,
      cells: packColumns(
        {
          column: cells.map(({ column }) => column),
          row: cells.map(({ row }) => row),
          count: cells.map(({ count }) => count),
        },
        cells.length,
      ),
    };
  }

  #halve(): void {
    const halves: Map<number, number>[] = [];
    for (const [at, rows] of this.#columns.entries()) {
      const half = (halves[at >> 1] ??= new Map());
      for (const [row, count] of rows) half.set(row, (half.get(row) ?? 0) + count);
    }
    this.#columns = halves;
    this.#columnNs *= 2;
  }
}

function rowOf(ns: number): number {
  return Math.floor(Math.log2(Math.max(ns, 1)) * rowsADoubling);
}
