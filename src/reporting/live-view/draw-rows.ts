import { styleText } from 'node:util';
import { formatCount, formatDuration, formatPerSecond } from '../../stress-client/units.ts';
import { columnsThatFit, type FittingColumn } from './columns-that-fit.ts';
import { cutToWidth, displayWidth } from './display-width.ts';
import { formatLeft, formatPercent } from './left-text.ts';
import type { LiveFigures, LiveRow } from './live-run.ts';
import { sparkline } from './sparkline.ts';

type Style = Parameters<typeof styleText>[0];

/** Text for a terminal, styled where that is wanted. */
export function styled(style: Style | undefined, text: string, color: boolean): string {
  return color && style !== undefined && text !== ''
    ? styleText(style, text, { validateStream: false })
    : text;
}

/** A cell that can be of any width: a sparkline, and behind it what its full bar stands for. */
interface Chart {
  /** Columns of the terminal that the latter takes. */
  readonly scaleWidth: number;
  draw(width: number, scaleWidth: number): string;
}

interface Column {
  readonly title: string;
  /** Of what a terminal has no room for, the highest goes first. */
  readonly rank: number;
  readonly isLeft?: boolean;
  cell(row: LiveRow): string | Chart;
  style?(row: LiveRow): Style | undefined;
}

const nameAtMost = 40;
const nameAtLeast = 14;
const barsAtMost = 120;
const barsAtLeast = 8;
/** Most scales have room in it, so that columns stay where they are. */
const scaleAtLeast = 7;

const stateStyles: Readonly<Record<LiveRow['state'], Style | undefined>> = {
  waiting: 'dim',
  running: undefined,
  held: 'yellow',
  draining: 'yellow',
};

/** From left to right. */
const columns: readonly Column[] = [
  {
    title: 'state',
    rank: 7,
    isLeft: true,
    cell: ({ state }) => state,
    style: ({ state }) => stateStyles[state],
  },
  figure('achieved/s', 1, ({ achieved }) => formatPerSecond(achieved)),
  figure('offered/s', 6, ({ offered }) => (offered === undefined ? '-' : formatPerSecond(offered))),
  { title: 'of', rank: 11, isLeft: true, cell: ({ figures }) => figures?.unit ?? '' },
  chart('achieved, █ =', 4, ({ throughputs }) => throughputs, formatPerSecond),
  figure('p50', 10, ({ p50Ns }) => timeText(p50Ns)),
  figure('p99', 3, ({ p99Ns }) => timeText(p99Ns)),
  chart('p99, █ =', 9, ({ p99sNs }) => p99sNs, formatDuration),
  {
    ...figure('errors', 2, ({ errors }) => formatCount(errors)),
    style: ({ figures }) => ((figures?.errors ?? 0) > 0 ? 'red' : undefined),
  },
  figure('done', 8, ({ share }) => (share === undefined ? '' : formatPercent(share))),
  figure('left', 5, ({ leftNs }) => (leftNs === undefined ? '' : formatLeft(leftNs))),
];

function timeText(ns: number | undefined): string {
  return ns === undefined ? '-' : formatDuration(ns);
}

function figure(title: string, rank: number, text: (figures: LiveFigures) => string): Column {
  return { title, rank, cell: ({ figures }) => (figures === undefined ? '' : text(figures)) };
}

function chart(
  title: string,
  rank: number,
  valuesOf: (figures: LiveFigures) => readonly (number | undefined)[],
  format: (value: number) => string,
): Column {
  return {
    title,
    rank,
    cell({ figures }) {
      const values = figures === undefined ? [] : valuesOf(figures);
      if (values.every((value) => value === undefined)) return '';
      return {
        scaleWidth: format(highestOf(values)).length,
        draw(width, scaleWidth) {
          const bars = width - scaleWidth - 1;
          const highest = highestOf(values.slice(-bars));
          return `${sparkline(values, { width: bars, highest })} ${format(highest).padStart(scaleWidth)}`;
        },
      };
    },
  };
}

function highestOf(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((highest, value = 0) => Math.max(highest, value), 0);
}

/**
 * Rows of a table, each at most `width` columns wide, with as many figures as that has room for, and the line above them
 * that names the columns. Columns are as wide as the rows that are given need; `chosen` is marked.
 */
export function drawRows(
  rows: readonly LiveRow[],
  {
    width,
    color,
    chosen,
  }: { readonly width: number; readonly color: boolean; readonly chosen: string | undefined },
): { readonly title: string; readonly lines: readonly string[] } {
  const names = rows.map(({ name, role }) => (role === 'member' ? `  ${name}` : name));
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const measured = columns.map((column, at) =>
    measure(
      column,
      cells.map((each) => each[at]!),
    ),
  );
  const widestName = Math.max('statement'.length, ...names.map(displayWidth));
  // The mark of the chosen one stands before all.
  const free = Math.max(0, width - 2);
  const [nameWidth, ...widths] = columnsThatFit(
    [
      { width: Math.min(widestName, nameAtLeast, free), widest: Math.min(widestName, nameAtMost), rank: 0 },
      ...measured,
    ],
    free,
  );
  const shown = columns.flatMap((column, at) =>
    widths[at]! > 0 ? [{ column, at, width: widths[at]!, scaleWidth: measured[at]!.scaleWidth }] : [],
  );
  const lineOf = (
    mark: string,
    name: string,
    nameStyle: Style | undefined,
    texts: readonly string[],
  ): string => {
    const cut = cutToWidth(name, nameWidth!);
    const padded = styled(nameStyle, cut, color) + blanks(cut, nameWidth!);
    return cutToWidth(mark, width) + [padded, ...texts].join('  ').trimEnd();
  };
  const lines = rows.map((row, index) => {
    const texts = shown.map(({ column, at, width: cellWidth, scaleWidth }) => {
      const cell = cells[index]![at]!;
      const text = typeof cell === 'string' ? cell : cell.draw(cellWidth, scaleWidth);
      return styled(column.style?.(row), fitted(text, cellWidth, column.isLeft), color);
    });
    const isChosen = row.statementId === chosen && row.role !== 'member';
    return lineOf(isChosen ? '› ' : '  ', names[index]!, isChosen ? ['bold', 'inverse'] : undefined, texts);
  });
  const titles = shown.map(({ column, width: cellWidth }) => fitted(column.title, cellWidth, column.isLeft));
  return { title: lineOf('  ', 'statement', undefined, titles), lines };
}

/** What a column takes of the terminal; nothing where no row has anything in it. */
function measure(
  { title, rank }: Column,
  cells: readonly (string | Chart)[],
): FittingColumn & { readonly scaleWidth: number } {
  if (cells.every((cell) => cell === '')) return { width: 0, rank, scaleWidth: 0 };
  const widest = Math.max(title.length, ...cells.map((cell) => (typeof cell === 'string' ? cell.length : 0)));
  const scales = cells.map((cell) => (typeof cell === 'string' ? 0 : cell.scaleWidth));
  if (scales.every((scale) => scale === 0)) return { width: widest, rank, scaleWidth: 0 };
  const scaleWidth = Math.max(scaleAtLeast, ...scales);
  return { width: barsAtLeast + 1 + scaleWidth, widest: barsAtMost + 1 + scaleWidth, rank, scaleWidth };
}

function fitted(text: string, width: number, isLeft = false): string {
  const space = blanks(text, width);
  return isLeft ? text + space : space + text;
}

function blanks(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text)));
}
