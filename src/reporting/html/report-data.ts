import type { RunEvent } from '../../stress-client/results.ts';

/** What the script of a run's report reads: what charts are drawn from. Everything else is markup. */
export interface ReportData {
  readonly durationNs: number;
  readonly events: readonly RunEvent[];
  /** In the order of the page's sections. */
  readonly statements: readonly StatementCharts[];
}

/** The charts of an INSERT or QUERY. */
export interface StatementCharts {
  readonly statementId: string;
  readonly itemName: string;
  /** Requests that were sent and are in no stored interval. */
  readonly missing: number;
  /** Where the first point begins; the others begin where the one before ends. */
  readonly startNs: number;
  /** What follows a time of an invalid statement. */
  readonly mark: string;
  /** Over time, a value a point; a column without any value is not there. Packed by `packColumns`. */
  readonly series: PackedColumns;
  /** Error classes that have a column, such as `error:timeout`. */
  readonly errorClasses: readonly string[];
  readonly spectra: readonly Spectrum[];
  readonly heatMap?: PackedHeatMap;
}

/** Columns of whole numbers, of the same length. */
export interface PackedColumns {
  readonly names: readonly string[];
  readonly length: number;
  /** Base64 of the columns, one after the other: zigzag differences as LEB128, 0 for no value. */
  readonly bytes: string;
}

/** The percentiles of one time. Point i is the percentile 1 - 2^(-i/8), the last one the maximum. */
export interface Spectrum {
  readonly time: 'response' | 'service' | 'failed';
  /** Upper ends of buckets. */
  readonly valuesNs: readonly number[];
  readonly count: number;
}

/** How many operations took how long, when: columns of time, rows of times on a logarithmic scale. */
export interface PackedHeatMap {
  readonly time: 'response' | 'service';
  /** Columns lie side by side, each as long. */
  readonly startNs: number;
  readonly columnNs: number;
  readonly columnCount: number;
  /** `column`, `row` and `count` of every cell that is not empty. */
  readonly cells: PackedColumns;
}
