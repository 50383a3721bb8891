import { compareRuns } from '../../comparison/compare-runs.ts';
import { comparedRunOf, type ComparedRun } from '../../comparison/compared-run.ts';
import type { Comparison } from '../../comparison/comparison.ts';
import { readFailureCondition } from '../../comparison/failure-condition.ts';
import type { FailureCondition, FailureRule } from '../../comparison/failure-condition.ts';
import { renderMarkdownComparison } from '../../comparison/markdown-comparison.ts';
import { renderTextComparison } from '../../comparison/text-comparison.ts';
import { readRunDetail } from '../../reporting/read-run-detail.ts';
import { wantsColor } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export interface CompareOptions {
  readonly format: 'text' | 'md' | 'json';
  readonly color: boolean;
  readonly failIf: readonly string[];
  readonly failWhen: FailureRule;
}

/** Compares runs with the first of them; 1 where a condition of --fail-if is met. */
export async function compareCommand(paths: readonly string[], options: CompareOptions): Promise<number> {
  if (paths.length < 2) throw new UsageError('compare needs two run folders or more, the baseline first');
  const conditions = options.failIf.map(conditionOf);
  const runs: ComparedRun[] = [];
  for (const path of paths) {
    const detail = await orUsageError(readRunDetail(path));
    runs.push(await comparedRunOf(detail, detail.path));
  }
  for (const { text, statement } of conditions) {
    if (statement === undefined) continue;
    const names = new Set(runs.flatMap(({ loads }) => loads.map(({ load }) => load.name)));
    if (!names.has(statement)) {
      throw new UsageError(
        `--fail-if '${text}': no run has a statement ${statement}; there are ${[...names].join(', ')}`,
      );
    }
  }
  const comparison = compareRuns(runs, conditions, options.failWhen);
  process.stdout.write(render(comparison, options));
  return comparison.conditions.some(({ failed }) => failed) ? 1 : 0;
}

function render(comparison: Comparison, { format, color }: CompareOptions): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(comparison, null, 2)}\n`;
    case 'md':
      return renderMarkdownComparison(comparison);
    case 'text':
      return renderTextComparison(comparison, {
        color: wantsColor(process.stdout, color),
        width: process.stdout.columns ?? 100,
      });
  }
}

function conditionOf(text: string): FailureCondition {
  const condition = readFailureCondition(text);
  if ('expected' in condition) throw new UsageError(`--fail-if '${text}': expected ${condition.expected}`);
  return condition;
}

async function orUsageError<Value>(reading: Promise<Value>): Promise<Value> {
  try {
    return await reading;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
