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
import { roundCount, shareAtMost, warmupShare } from './calibration.ts';
import type { Calibration, Figures, StatementCalibration } from './calibration.ts';

/** Of a processor's time: with less than this a thread that never waits was kept from running. */
const ownTimeAtLeast = 0.9;

/** A calibration to be read at a glance. */
export function renderCalibration(calibration: Calibration): string {
  const { machine, host, version, seconds, statements } = calibration;
  const roundNs = (seconds / roundCount) * 1e9;
  const warmupNs = seconds * warmupShare * 1e9;
  const figures = statements.flatMap(rowsOf);
  const lines = [
    `${host}: ${machine.processor}, ${formatItems(machine.cores, 'core')}, ${machine.system}, Node ${machine.node}, stressql ${version}`,
    `Each statement alone, one thread, as fast as it goes: the median of ${roundCount} rounds of ` +
      `${formatDuration(roundNs)}, after ${formatDuration(warmupNs)} of warm-up.`,
    '',
    ...(figures.length > 0 ? [...alignColumns([head, ...figures], new Set([0, 1])), ''] : []),
    ...alignColumns([offerHead, ...statements.map(offerOf)]),
    ...statements.flatMap(remarksOf).map((remark) => `\n${remark}`),
    ...busyMachine(statements).map((remark) => `\n${remark}`),
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

const offerHead: Row = ['statement', 'one thread offers', 'asked', 'share'];

function offerOf(statement: StatementCalibration): Row {
  const { text, itemName, offeredPerSecond: offered, askedPerSecond: asked } = statement;
  if (offered === undefined) return [text, 'not measured'];
  const perSecond = (rate: number): string => `${formatPerSecond(rate)} ${pluralOf(itemName)}/s`;
  if (asked === undefined) return [text, perSecond(offered), 'as fast as it goes'];
  return [text, perSecond(offered), perSecond(asked), formatShare(asked / offered)];
}

function remarksOf(statement: StatementCalibration): string[] {
  const { text, place, problem, offeredPerSecond = Infinity, askedPerSecond = 0 } = statement;
  const name = `${text} (${place})`;
  if (problem !== undefined) return [`${name}: ${problem}`];
  if (askedPerSecond <= shareAtMost * offeredPerSecond) return [];
  return [`${name} asks for more than 70 % of it: the client’s own delays may show in its figures.`];
}

function busyMachine(statements: readonly StatementCalibration[]): string[] {
  const shares = statements.flatMap(({ sink }) => (sink === undefined ? [] : [sink.processorsBusy]));
  const least = Math.min(...shares);
  if (shares.length === 0 || least >= ownTimeAtLeast) return [];
  return [
    `This machine had other work: against the sink, where nothing is waited for, the thread got as little as ` +
      `${Math.round(least * 100)} % of a processor. What one thread offers is reckoned from processor time; the ` +
      'rates are those of a busy machine.',
  ];
}
