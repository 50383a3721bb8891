import type { StatementCharts } from '../../reporting/html/report-data.ts';

/** What the script of a comparison's page reads: what charts are drawn from. Everything else is markup. */
export interface ComparisonData {
  /** In the order of the page's sections. */
  readonly sections: readonly ComparedCharts[];
}

export interface ComparedCharts {
  readonly id: string;
  /** The baseline first. */
  readonly runs: readonly { readonly label: string; readonly charts: StatementCharts }[];
}
