import { formatCount, formatPerSecond, pluralOf } from '../stress-client/units.ts';
import { figureText } from './figure-text.ts';
import { loadsOf, type LoadedStatement } from './loads-of.ts';
import type { Summary } from './summary.ts';
import { markOf } from './validity-mark.ts';

/** What stands above the columns of an overview. */
export const overviewHeading = [
  'Statement',
  'Kind',
  'Throughput',
  'Acknowledged',
  'Unacknowledged',
  'Time',
  'p50',
  'p99',
  'p99.9',
  'max',
  'EXPECT',
] as const;

/** What is looked at first of an INSERT or QUERY, as texts. */
export interface OverviewRow {
  readonly statement: LoadedStatement;
  readonly throughput: string;
  /** Requests. */
  readonly acknowledged: string;
  /** Requests that failed, stayed unknown or were never sent. */
  readonly unacknowledged: string;
  readonly hasUnacknowledged: boolean;
  /** Which time the figures are of. */
  readonly time: 'response' | 'service';
  readonly figures: readonly string[];
  /** How many of its EXPECTs have passed; empty where it has none. */
  readonly checks: string;
  readonly hasFailed: boolean;
}

/** One row an INSERT or QUERY, in script order. */
export function overviewRows(summary: Summary): readonly OverviewRow[] {
  return loadsOf(summary).map((statement) => {
    const { load } = statement;
    const { checks, model, operations, throughput, times } = load;
    const mark = markOf(summary, load);
    const { acknowledged, failed, unknown, unsent } = operations;
    const unacknowledged = failed + unknown + unsent;
    const passed = checks.filter((check) => check.passed).length;
    const hasFailed = passed < checks.length;
    return {
      statement,
      throughput: `${formatPerSecond(throughput.itemsPerSecond)} ${pluralOf(load.itemName)}/s`,
      acknowledged: formatCount(acknowledged),
      unacknowledged: formatCount(unacknowledged),
      hasUnacknowledged: unacknowledged > 0,
      time: model === 'open' ? 'response' : 'service',
      figures: (['p50', 'p99', 'p99.9', 'max'] as const).map((figure) =>
        figureText(times.response ?? times.service, figure, mark),
      ),
      checks: checks.length === 0 ? '' : `${hasFailed ? '✗' : '✓'} ${passed} of ${checks.length} met`,
      hasFailed,
    };
  });
}
