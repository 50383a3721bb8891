import { Readable } from 'node:stream';
import { compareRuns } from '../../comparison/compare-runs.ts';
import { comparedRunOf } from '../../comparison/compared-run.ts';
import type { ComparedRun } from '../../comparison/compared-run.ts';
import { readFailureCondition } from '../../comparison/failure-condition.ts';
import type { FailureCondition, FailureRule } from '../../comparison/failure-condition.ts';
import { renderComparisonPage } from '../../comparison/html/render-comparison-page.ts';
import { renderMarkdownComparison } from '../../comparison/markdown-comparison.ts';
import { renderTextComparison } from '../../comparison/text-comparison.ts';
import { collectCharts } from '../../reporting/html/collect-charts.ts';
import type { ReportData } from '../../reporting/html/report-data.ts';
import { readRunDetail } from '../../reporting/read-run-detail.ts';
import type { RunDetail } from '../../reporting/run-detail.ts';
import { orUsageError } from '../or-usage-error.ts';
import { withRunsInDatabase } from '../runs-in-database.ts';
import { wantsColor } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { writeOutput, type OutputFlags } from '../write-output.ts';

export interface CompareOptions extends OutputFlags {
  readonly format: 'text' | 'md' | 'json' | 'html';
  readonly color: boolean;
  readonly failIf: readonly string[];
  readonly failWhen: FailureRule;
  readonly allowInvalid: boolean;
  readonly from?: 'influx';
  readonly report?: string;
}

/**
 * Compares runs with the first of them: run folders, or test ids of the reporting InfluxDB. 1 where a condition of
 * --fail-if is met, 5 where none is but some could not be judged, because a run is invalid.
 */
export async function compareCommand(names: readonly string[], options: CompareOptions): Promise<number> {
  if (names.length < 2) throw new UsageError('compare needs two runs or more, the baseline first');
  const conditions = options.failIf.map(conditionOf);
  if (options.from === 'influx') {
    return withRunsInDatabase(names, options.report, (runs) => compareDetails(runs, conditions, options));
  }
  if (options.report !== undefined) {
    throw new UsageError('--report names the reporting InfluxDB: add --from influx');
  }
  const details: (RunDetail & { readonly path: string })[] = [];
  for (const path of names) details.push(await orUsageError(readRunDetail(path)));
  return compareDetails(details, conditions, options);
}

async function compareDetails(
  details: readonly (RunDetail & { readonly path?: string })[],
  conditions: readonly FailureCondition[],
  options: CompareOptions,
): Promise<number> {
  const runs: ComparedRun[] = [];
  for (const detail of details) {
    runs.push(await orUsageError(comparedRunOf(detail, detail.path), detail.path));
  }
  checkNames(conditions, runs);
  const comparison = compareRuns(runs, conditions, {
    rule: options.failWhen,
    allowInvalid: options.allowInvalid,
  });
  await writeOutput(Readable.from([await render()]), options);
  const failed = comparison.conditions.filter((each) => each.failed);
  if (failed.length === 0) return 0;
  return failed.every(({ invalid }) => invalid) ? 5 : 1;

  async function render(): Promise<string> {
    const { format, color, output } = options;
    switch (format) {
      case 'json':
        return `${JSON.stringify(comparison, null, 2)}\n`;
      case 'md':
        return renderMarkdownComparison(comparison);
      case 'html': {
        const charts: ReportData[] = [];
        for (const { summary, intervals, events, path } of details) {
          charts.push(await orUsageError(collectCharts(summary, intervals(), events), path));
        }
        return renderComparisonPage(comparison, charts);
      }
      case 'text':
        return renderTextComparison(comparison, {
          color: output === undefined && wantsColor(process.stdout, color),
          width: (output === undefined ? process.stdout.columns : undefined) ?? 100,
        });
    }
  }
}

/** A condition on a statement that no run has would never be met. */
function checkNames(conditions: readonly FailureCondition[], runs: readonly ComparedRun[]): void {
  const names = new Set(runs.flatMap(({ loads }) => loads.map(({ load }) => load.name)));
  for (const { text, statement } of conditions) {
    if (statement === undefined || names.has(statement)) continue;
    const known = [...names].join(', ');
    throw new UsageError(`--fail-if '${text}': no run has a statement ${statement}; there are ${known}`);
  }
}

function conditionOf(text: string): FailureCondition {
  const condition = readFailureCondition(text);
  if ('expected' in condition) throw new UsageError(`--fail-if '${text}': expected ${condition.expected}`);
  return condition;
}
