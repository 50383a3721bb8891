import { styleText } from 'node:util';
import { formatCount, formatDuration, formatPerSecond } from '../../stress-client/units.ts';
import { columnsThatFit } from './columns-that-fit.ts';
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

interface Column {
  readonly title: string;
  readonly rank: number;
  readonly isLeft?: boolean;
  /** What a row has there; a function of the width where the width decides. */
  cell(row: LiveRow): string | ((width: number) => string);
  readonly widest?: number;
  style?(row: LiveRow): Style | undefined;
}

const nameAtMost = 40;
const nameAtLeast = 14;
const sparkAtLeast = 10;
const sparkAtMost = 120;

/** From left to right. Ranks say in which order a narrow terminal does without them. */
const columns: readonly Column[] = [
  {
    title: 'state',
    rank: 6,
    isLeft: true,
    cell: ({ state }) => state,
    style: ({ state }) => stateStyles[state],
  },
  figure('achieved/s', 0, ({ achieved }) => formatPerSecond(achieved)),
  figure('offered/s', 5, ({ offered }) => (offered === undefined ? '-' : formatPerSecond(offered))),
  { title: 'of', rank: 9, isLeft: true, cell: ({ figures }) => figures?.unit ?? '' },
  chart('achieved/s, █ is', 8, ({ throughputs }) => throughputs, formatPerSecond),
  figure('p50', 7, ({ p50Ns }) => timeText(p50Ns)),
  figure('p99', 2, ({ p99Ns }) => timeText(p99Ns)),
  chart('p99, █ is', 10, ({ p99sNs }) => p99sNs, formatDuration),
  {
    ...figure('errors', 1, ({ errors }) => formatCount(errors)),
    style: ({ figures }) => ((figures?.errors ?? 0) > 0 ? 'red' : undefined),
  },
  figure('done', 4, ({ share }) => (share === undefined ? '' : formatPercent(share))),
  figure('left', 3, ({ leftNs }) => (leftNs === undefined ? '' : formatLeft(leftNs))),
];

const stateStyles: Readonly<Record<LiveRow['state'], Style | undefined>> = {
  waiting: 'dim',
  running: undefined,
  held: 'yellow',
  draining: 'yellow',
};

function timeText(ns: number | undefined): string {
  return ns === undefined ? '-' : formatDuration(ns);
}

function figure(title: string, rank: number, text: (figures: LiveFigures) => string): Column {
  return { title, rank, cell: ({ figures }) => (figures === undefined ? '' : text(figures)) };
}

/** A sparkline of a row's latest values, and what its full bar stands for. */
function chart(
  title: string,
  rank: number,
  valuesOf: (figures: LiveFigures) => readonly (number | undefined)[],
  format: (value: number) => string,
): Column {
  return {
    title,
    rank,
    widest: sparkAtMost,
    cell({ figures }) {
      const values = figures === undefined ? [] : valuesOf(figures);
      if (values.length === 0) return '';
      return (width) => {
        const bars = Math.max(1, width - scaleWidth - 1);
        const shown = values.slice(-bars);
        const highest = Math.max(0, ...shown.map((value) => value ?? 0));
        return `${sparkline(shown, { width: bars, highest })} ${format(highest).padStart(scaleWidth)}`;
      };
    },
  };
}

/** Of what a full bar stands for. */
const scaleWidth = 9;

export interface DrawnRows {
  /** What the columns are. */
  readonly title: string;
  readonly lines: readonly string[];
}

/**
 * A line of a table each, at most `width` columns wide, with as many of the figures as that has room for. Columns are as
 * wide as the rows that are given need. `chosen` is marked.
 */
export function drawRows(
  rows: readonly LiveRow[],
  {
    width,
    color,
    chosen,
  }: { readonly width: number; readonly color: boolean; readonly chosen: string | undefined },
): DrawnRows {
  const names = rows.map(({ name, isMember }) => (isMember ? `  ${name}` : name));
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const widestName = Math.max(9, ...names.map(displayWidth));
  const widths = columnsThatFit(
    [
      { width: Math.min(widestName, nameAtLeast), widest: Math.min(widestName, nameAtMost), rank: 0 },
      ...columns.map(({ title, rank, widest }, at) => {
        if (cells.every((each) => each[at] === '')) return { width: 0, rank };
        const texts = cells.map((each) => (typeof each[at] === 'string' ? displayWidth(each[at]) : 0));
        const least = widest === undefined ? 0 : sparkAtLeast + scaleWidth + 1;
        return {
          width: Math.max(title.length, least, ...texts),
          rank,
          ...(widest !== undefined && { widest }),
        };
      }),
    ],
    // The mark of the chosen one stands before all.
    width - 2,
  );
  const [nameWidth = 0, ...cellWidths] = widths;
  const lineOf = (name: string, texts: readonly string[]): string => {
    const parts = [name + blanks(name, nameWidth)];
    for (const [at, text] of texts.entries()) if (cellWidths[at]! > 0) parts.push(text);
    return parts.join('  ');
  };
  const fitted = (text: string, at: number): string => {
    const space = blanks(text, cellWidths[at]!);
    return columns[at]!.isLeft === true ? text + space : space + text;
  };
  const title = lineOf(
    'statement',
    columns.map((column, at) => fitted(column.title, at)),
  );
  const lines = rows.map((row, index) => {
    const isChosen = row.statementId === chosen && !row.isMember;
    const texts = cells[index]!.map((cell, at) => {
      if (cellWidths[at] === 0) return '';
      const text = fitted(typeof cell === 'string' ? cell : cell(cellWidths[at]!), at);
      return styled(columns[at]!.style?.(row), text, color);
    });
    const name = cutToWidth(names[index]!, nameWidth);
    const marked = isChosen
      ? styled(['bold', 'inverse'], name, color) + blanks(name, nameWidth)
      : name + blanks(name, nameWidth);
    return `${isChosen ? '› ' : '  '}${[marked, ...texts.filter((_, at) => cellWidths[at]! > 0)].join('  ')}`;
  });
  return { title: `  ${title}`, lines };
}

function blanks(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text)));
}
