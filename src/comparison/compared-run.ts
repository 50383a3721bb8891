import { loadsOf } from '../reporting/loads-of.ts';
import type { RunDetail } from '../reporting/run-detail.ts';
import type { LoadStatement, LoadSummary } from '../reporting/summary.ts';
import { markOf } from '../reporting/validity-mark.ts';
import { LoadSeries } from './load-series.ts';

/** A run as comparing needs it. */
export interface ComparedRun extends Pick<RunDetail, 'summary' | 'settings' | 'script'> {
  /** Its folder; undefined where it came from the reporting InfluxDB. */
  readonly path: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  /** INSERTs and QUERYs that began to send, in script order. */
  readonly loads: readonly ComparedLoad[];
}

export interface ComparedLoad {
  readonly statement: LoadStatement;
  readonly load: LoadSummary;
  readonly series: LoadSeries;
  /** Its times may not be shown as they stand. */
  readonly marked: boolean;
}

/** Reads the intervals of a run, once, and keeps of them what comparing needs. */
export async function comparedRunOf(run: RunDetail, path?: string): Promise<ComparedRun> {
  const loads = new Map(
    loadsOf(run.summary).map((statement): readonly [string, ComparedLoad] => {
      const { load, statementId } = statement;
      const marked = markOf(run.summary, load) !== '';
      return [statementId, { statement, load, series: new LoadSeries(load), marked }];
    }),
  );
  for await (const line of run.intervals()) loads.get(line.statementId)?.series.add(line);
  const { summary, settings, script, record } = run;
  return { summary, settings, script, path, parameters: record.parameters, loads: [...loads.values()] };
}
