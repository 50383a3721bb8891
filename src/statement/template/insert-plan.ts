import type { Plan } from '../../stress-client/plan.ts';
import type { Places } from './places.ts';
import type { ValueSource } from './value-source.ts';

/** A slot of the odometer. */
export interface OdometerSlot {
  /** Where it stands, such as `tag host`. */
  readonly place: string;
  /** As written, such as `[int inc(0) 100]`. */
  readonly text: string;
  readonly count: number;
}

/** A slot with numbers for values, to show percentiles of. */
export interface Distribution {
  /** Where it stands, such as `field value`. */
  readonly place: string;
  /** The slot as written. */
  readonly text: string;
  /** Its value in item `index`. */
  sample(index: number): number;
}

/** One value of an item, as a query may ask for it. */
export interface ItemValue {
  readonly text: string;
  /** Compared as a string: quoted in a query. */
  readonly isText: boolean;
}

/** A compiled INSERT. What it tells of an item is computed from the item's index; nothing is stored. */
export interface InsertPlan extends Plan {
  readonly kind: 'write';
  /** First slot fastest. The product of the counts is the number of declared series. */
  readonly odometer: readonly OdometerSlot[];
  /** Items of a turn: after so many the odometer starts anew, and time advances by a step. */
  readonly itemsOfTurn: number;
  /** Keys of the fields, or the value columns. */
  readonly fieldKeys: readonly string[];
  /** What `%(name)` may name: slots by their names, then tags and fields, or columns. */
  readonly valueNames: readonly string[];
  /** The column of the item's time; undefined where the time is no column. */
  readonly timeName: string | undefined;
  /** Every text of `measurementOf`, where a CQL target gets the items in several tables. */
  readonly tables?: readonly string[];
  /** Item `index` exactly as it is sent, without a line end. */
  item(index: number): string;
  /** Time of item `index` in nanoseconds since 1970, at the precision that is written; undefined without times. */
  timestampNs(index: number): bigint | undefined;
  measurementOf(index: number): string;
  /** Tags, or the columns of the odometer, in the order written. */
  tagsOf(index: number): readonly (readonly [key: string, value: ItemValue])[];
  /** What `%(name)` stands for: a slot of that name, else a tag, field or column. */
  valueOf(name: string, index: number): ItemValue;
  /** The value of a tag, field or column, whatever slots are called. */
  columnOf(name: string, index: number): ItemValue;
  /** What fills a bind marker with `valueOf(name, …)`, at a place of `places`. */
  sourceOf(name: string): ValueSource;
  /** What fills a bind marker with `columnOf(name, …)`; undefined where the item has no such column. */
  columnSource(name: string): ValueSource | undefined;
  /** Where items stand. */
  readonly places: Places;
  /**
   * Whether any of the first `items` items replaces another of them in the database. What rows replace is told by
   * the columns of the primary key; without them, none.
   */
  overwrites(items: number, primaryKey?: readonly string[]): boolean;
  /** Partitions of the declared items in a table with this key, where they can be counted: of rows. */
  partitionsOf?(partitionKey: readonly string[]): number | undefined;
  distributions(): readonly Distribution[];
  /** Mean bytes of an item with its line end, over `sampleSize` items spread over the declared ones. */
  averageItemBytes(sampleSize: number): number;
}
