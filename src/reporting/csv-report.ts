import { timeNames } from '../stress-client/results.ts';
import type { IntervalLine } from './interval-line.ts';
import { loadsOf } from './loads-of.ts';
import type { RunDetail } from './run-detail.ts';
import { stateNames } from './run-facts.ts';
import type { LoadSummary, TallySummary } from './summary.ts';
import { marksOfLoad } from './validity-mark.ts';

type Cell = string | number | undefined;

/**
 * Promises comma-separated values (RFC 4180) with a heading: a row an INSERT or QUERY, or with `intervals` one a
 * statement and interval. Times are nanoseconds, as in summary.json, rates a second; what was not measured is empty.
 * Each row carries the run's state, and the states that make its statement's times invalid.
 */
export async function* csvReport(run: RunDetail, intervals: boolean): AsyncIterable<string> {
  const rows = intervals ? intervalRows(run) : statementRows(run);
  let isFirst = true;
  for await (const row of rows) {
    if (isFirst) yield line(Object.keys(row));
    isFirst = false;
    yield line(Object.values(row));
  }
}

function* statementRows({ summary }: RunDetail): Iterable<Readonly<Record<string, Cell>>> {
  for (const { load, position, kind, background, statementId } of loadsOf(summary)) {
    const { checks } = load;
    yield {
      run_state: stateNames(summary),
      test_id: summary.testId,
      position,
      statement_id: statementId,
      statement: load.name,
      kind,
      background: String(background),
      mix: load.mix,
      model: load.model,
      item: load.itemName,
      state: load.state,
      marks: marksOf(summary, load),
      started_ns: load.startedNs,
      ended_ns: load.endedNs,
      items_per_second: load.throughput.itemsPerSecond,
      operations_per_second: load.throughput.operationsPerSecond,
      ...tallyCells(load),
      expect_asked: checks.map(({ text }) => text).join('; '),
      expect_got: checks.map(({ gotText }) => gotText).join('; '),
      expect_failed: checks.filter(({ passed }) => !passed).length,
    };
  }
}

async function* intervalRows({
  summary,
  intervals,
}: RunDetail): AsyncIterable<Readonly<Record<string, Cell>>> {
  const loads = new Map(loadsOf(summary).map(({ statementId, load }) => [statementId, load]));
  for await (const interval of intervals()) {
    const load = loads.get(interval.statementId);
    yield {
      run_state: stateNames(summary),
      test_id: summary.testId,
      position: interval.position,
      statement_id: interval.statementId,
      statement: interval.name,
      kind: interval.kind,
      background: String(interval.background),
      mix: interval.mix,
      model: interval.model,
      item: interval.itemName,
      marks: load === undefined ? '' : marksOf(summary, load),
      interval: interval.interval,
      start_ns: interval.startNs,
      end_ns: interval.endNs,
      offered_items_per_second: interval.offered,
      items_per_second: perSecond(interval, interval.items.acknowledged),
      operations_per_second: perSecond(interval, interval.operations.acknowledged),
      in_flight: interval.inFlight,
      ...tallyCells(interval),
    };
  }
}

function perSecond({ startNs, endNs }: IntervalLine, count: number): number {
  return endNs > startNs ? count / ((endNs - startNs) / 1e9) : 0;
}

/** States that put `!` behind the statement's times in reports for people. */
function marksOf(summary: RunDetail['summary'], load: LoadSummary): string {
  return [...new Set(marksOfLoad(summary, load).map(({ state }) => state))].join(' ');
}

function tallyCells(tally: TallySummary): Readonly<Record<string, Cell>> {
  const cells: Record<string, Cell> = {};
  for (const what of ['operations', 'items'] as const) {
    for (const [name, count] of Object.entries(tally[what])) cells[`${what}_${name}`] = count;
  }
  cells['retries'] = tally.retries;
  cells['request_bytes'] = tally.requestBytes;
  cells['response_bytes'] = tally.responseBytes;
  cells['rows'] = tally.rows;
  cells['not_applied'] = tally.notApplied;
  cells['errors'] = tally.errors.map(({ errorClass, count }) => `${errorClass}=${count}`).join(' ');
  for (const name of timeNames) {
    const time = tally.times[name];
    const start = name === 'slotWait' ? 'slot_wait' : name;
    cells[`${start}_count`] = time?.count;
    cells[`${start}_censored`] = time?.censored;
    cells[`${start}_min_ns`] = time?.minNs;
    cells[`${start}_mean_ns`] = time?.meanNs;
    cells[`${start}_stdev_ns`] = time?.stdevNs;
    for (const percentile of ['p50', 'p75', 'p90', 'p95', 'p99', 'p99.9', 'p99.99'] as const) {
      cells[`${start}_${percentile.replace('.', '_')}_ns`] = time?.percentilesNs[percentile];
    }
    cells[`${start}_max_ns`] = time?.maxNs;
    cells[`${start}_at_least`] = time?.atLeast.join(' ');
  }
  return cells;
}

function line(cells: readonly Cell[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

/** A text that a spreadsheet would take for a formula (`=`, `+`, `-`, `@`) is told to be a text. */
function quoted(cell: Cell): string {
  if (cell === undefined) return '';
  const text = typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
