import { formatCount, formatDuration, formatItems } from '../../stress-client/units.ts';
import { inert } from '../inert.ts';
import { cutToWidth, displayWidth } from './display-width.ts';
import { drawRows, styled } from './draw-rows.ts';
import type { LiveRow, RunHead } from './live-run.ts';

/** All that a frame of the live view shows. */
export interface RunPicture {
  readonly head: RunHead;
  readonly rows: readonly LiveRow[];
  /** What came of those that have ended, a line each. */
  readonly ended: readonly string[];
  /** The row that keys are about. */
  readonly chosen: string | undefined;
  /** The first row that is shown. */
  readonly firstRow: number;
  /** What keys have led to, or could do; absent where there are no keys. */
  readonly prompt?: string;
  /** In place of the rows. */
  readonly keys?: readonly (readonly [key: string, what: string])[];
}

export interface PictureSize {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
}

/** Fewer lines have no room for titles of columns. */
const titledFrom = 6;

/**
 * The lines of a frame: each narrower than the terminal, and fewer than it has rows. Rows are scrolled as little as shows
 * the chosen one: `firstRow` is where the next frame begins.
 */
export function drawRun(
  picture: RunPicture,
  { columns, rows, color }: PictureSize,
): { readonly lines: readonly string[]; readonly firstRow: number } {
  const width = Math.max(1, columns - 1);
  const height = Math.max(1, rows - 1);
  const { head, prompt } = picture;
  const foot = prompt === undefined || height < 3 ? [] : [styled('dim', cutToWidth(prompt, width), color)];
  const { lines, firstRow } = bodyOf(picture, { width, height: height - 1 - foot.length, color });
  return { lines: [headLine(head, picture, width, color), ...lines, ...foot], firstRow };
}

function bodyOf(
  { rows, ended, chosen, firstRow, keys }: RunPicture,
  { width, height, color }: { readonly width: number; readonly height: number; readonly color: boolean },
): { readonly lines: readonly string[]; readonly firstRow: number } {
  if (keys !== undefined) {
    const widest = Math.max(...keys.map(([key]) => displayWidth(key)));
    const lines = keys.map(([key, what]) => cutToWidth(`  ${key.padEnd(widest)}  ${what}`, width));
    return { lines: lines.slice(0, Math.max(0, height)), firstRow };
  }
  if (height < 1) return { lines: [], firstRow };
  const chosenRow = rows.findIndex(({ statementId, role }) => statementId === chosen && role !== 'member');
  const { shown, above, below, titled } = partOf(rows, { firstRow, chosenRow, height });
  const { title, lines } = drawRows(shown, { width, color, chosen });
  const body: string[] = titled && shown.length > 0 ? [styled('dim', cutToWidth(title, width), color)] : [];
  body.push(...lines);
  if (above + below > 0 && body.length < height)
    body.push(styled('dim', cutToWidth(hiddenText(rows, above, below), width), color));
  const last = ended.slice(Math.max(0, ended.length - (height - body.length)));
  body.push(...last.map((text) => styled('dim', cutToWidth(`  ${text}`, width), color)));
  return { lines: body, firstRow: above };
}

/** The rows that a height has room for, and what it says beside them. */
function partOf(
  rows: readonly LiveRow[],
  {
    firstRow,
    chosenRow,
    height,
  }: { readonly firstRow: number; readonly chosenRow: number; readonly height: number },
): {
  readonly shown: readonly LiveRow[];
  readonly above: number;
  readonly below: number;
  readonly titled: boolean;
} {
  const titled = height >= titledFrom;
  const free = height - (titled ? 1 : 0);
  if (rows.length <= free) return { shown: rows, above: 0, below: 0, titled };
  const count = Math.max(1, free - 1);
  const near = chosenRow < 0 ? firstRow : Math.min(Math.max(firstRow, chosenRow - count + 1), chosenRow);
  const above = Math.max(0, Math.min(near, rows.length - count));
  return { shown: rows.slice(above, above + count), above, below: rows.length - above - count, titled };
}

function hiddenText(rows: readonly LiveRow[], above: number, below: number): string {
  const hidden = [...rows.slice(0, above), ...rows.slice(rows.length - below)];
  const errors = hidden.reduce((sum, { figures }) => sum + (figures?.errors ?? 0), 0);
  return `  ↑ ${formatCount(above)} more, ↓ ${formatCount(below)} more, ${formatItems(errors, 'error')}`;
}

/** As many of these as fit, the first of them first. */
function headLine(head: RunHead, { rows, ended }: RunPicture, width: number, color: boolean): string {
  const statements = rows.filter(({ role }) => role !== 'mix');
  const waiting = statements.filter(({ state }) => state === 'waiting').length;
  const counts = [`${formatCount(statements.length - waiting)} running`];
  if (waiting > 0) counts.push(`${formatCount(waiting)} waiting`);
  if (ended.length > 0) counts.push(`${formatCount(ended.length)} ended`);
  const stateStyle = head.states.join() === 'REHEARSAL' ? 'yellow' : 'red';
  const parts: readonly (readonly [text: string, style?: Parameters<typeof styled>[0]])[] = [
    [`run ${head.testId}`, 'bold'],
    [formatElapsed(head.elapsedNs)],
    [head.isHeld ? 'HELD' : '', 'yellow'],
    [head.states.join(' '), head.states.join() === 'VALID' ? 'green' : stateStyle],
    [counts.join(', ')],
    [`in flight ${formatCount(head.inFlight)}`],
    [head.latenessNs === undefined ? '' : `late p99 ${formatDuration(head.latenessNs)}`],
    [head.pauseNs === undefined ? '' : `loop pause ${formatDuration(head.pauseNs)}`],
    [inert(head.target)],
    [inert(head.testName)],
  ];
  let line = '';
  let taken = 0;
  for (const [text, style] of parts) {
    if (text === '') continue;
    const cut = taken === 0 ? cutToWidth(text, width) : text;
    const more = displayWidth(cut) + (taken === 0 ? 0 : 2);
    if (taken + more > width) continue;
    line += (taken === 0 ? '' : '  ') + styled(style, cut, color);
    taken += more;
  }
  return line;
}

/** Whole seconds, which is how often it changes. */
function formatElapsed(ns: number): string {
  const seconds = Math.floor(ns / 1e9);
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1e9);
}
