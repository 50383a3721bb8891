import { alignColumns } from '../../reporting/columns.ts';
import type { Row } from '../../reporting/columns.ts';
import {
  formatBytes,
  formatDuration,
  formatItems,
  formatPerSecond,
  formatShare,
  pluralOf,
} from '../../stress-client/units.ts';
import { roundCount, warmupShare } from './calibration.ts';
import type { Calibration, Figures, StatementCalibration } from './calibration.ts';

/** A calibration to be read at a glance. */
export function renderCalibration(calibration: Calibration): string {
  const { machine, host, version, seconds, statements } = calibration;
  const [roundMs, warmupMs] = [(seconds / roundCount) * 1e9, seconds * warmupShare * 1e9];
  const lines = [
    `${host}: ${machine.processor}, ${formatItems(machine.cores, 'core')}, ${machine.system}, Node ${machine.node}, stressql ${version}`,
    `each statement alone, one thread, as fast as it goes: the median of ${roundCount} rounds of ` +
      `${formatDuration(roundMs)}, after ${formatDuration(warmupMs)} of warm-up`,
    '',
    ...alignColumns([head, ...statements.flatMap(rowsOf)], new Set([0, 1])),
    '',
    ...alignColumns([['statement', 'one thread offers', 'asked', 'share'], ...statements.map(offerOf)]),
    ...statements.flatMap(problemOf),
  ];
  return `${lines.join('\n')}\n`;
}

const head: Row = [
  'statement',
  'against',
  'requests/s',
  'items/s',
  'bytes/s',
  'CPU/request',
  'CPU/item',
  'CPU busy',
];

function rowsOf({ text, sink, practice }: StatementCalibration): Row[] {
  const rows: Row[] = [];
  if (sink !== undefined) rows.push([text, 'sink', ...cellsOf(sink)]);
  if (practice !== undefined)
    rows.push([sink === undefined ? text : '', 'practice server', ...cellsOf(practice)]);
  return rows;
}

function cellsOf(figures: Figures): Row {
  return [
    formatPerSecond(figures.operationsPerSecond),
    formatPerSecond(figures.itemsPerSecond),
    formatBytes(figures.requestBytesPerSecond),
    formatDuration(figures.cpuNsPerOperation),
    formatDuration(figures.cpuNsPerItem),
    `${Math.round(figures.processorsBusy * 100)} %`,
  ];
}

function offerOf({
  text,
  itemName,
  offeredPerSecond: offered,
  askedPerSecond: asked,
}: StatementCalibration): Row {
  if (offered === undefined) return [text, 'not measured'];
  const perSecond = (rate: number): string => `${formatPerSecond(rate)} ${pluralOf(itemName)}/s`;
  if (asked === undefined) return [text, perSecond(offered), 'as fast as it goes'];
  return [text, perSecond(offered), perSecond(asked), formatShare(asked / offered)];
}

function problemOf({ text, place, problem }: StatementCalibration): string[] {
  return problem === undefined ? [] : ['', `${text} (${place}): ${problem}`];
}
