import { styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import type { Interval, ResultSink, StatementInterval } from '../stress-client/results.ts';
import { timeFiguresOf } from '../stress-client/time-figures.ts';
import { formatDuration, formatItems, formatPerSecond, pluralOf } from '../stress-client/units.ts';
import { alignColumns } from './columns.ts';
import { inert } from './inert.ts';

/** The part of a terminal's stream that progress needs. */
export interface ProgressStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export interface ProgressOptions {
  readonly stream: ProgressStream;
  /** Shows nothing; text given to `print` still passes. */
  readonly quiet: boolean;
  readonly color: boolean;
}

const nameAtMost = 24;
const barAtMost = 24;
/** A shorter bar says less than its space is worth. */
const barAtLeast = 12;

/**
 * Shows how running statements come on: on a terminal a block of a line each, redrawn every interval, below
 * everything printed; elsewhere a line each every interval.
 */
export class TerminalProgress implements ResultSink {
  readonly name = 'terminal';
  readonly #stream: ProgressStream;
  readonly #quiet: boolean;
  readonly #color: boolean;
  readonly #live: ReturnType<typeof createLogUpdate> | undefined;
  readonly #resized = (): void => this.#redraw();
  #shown: Interval | undefined;
  /** Visible characters of the lines that stand on the terminal. */
  #lengths: readonly number[] = [];

  constructor(options: ProgressOptions) {
    this.#stream = options.stream;
    this.#quiet = options.quiet;
    this.#color = options.color;
    // The cursor stays: hiding it would take exit handlers, and leave a terminal without one after kill -9.
    if (options.stream.isTTY === true && !options.quiet) {
      this.#live = createLogUpdate(options.stream, { showCursor: true });
      this.#stream.on('resize', this.#resized);
    }
  }

  interval(interval: Interval): void {
    if (this.#quiet) return;
    // In script order, whichever began first.
    const statements = interval.statements.toSorted((a, b) => a.identity.position - b.identity.position);
    this.#shown = { ...interval, statements };
    if (this.#live !== undefined) return this.#redraw();
    for (const statement of statements) {
      this.#stream.write(`${plainLine(interval, statement)}\n`);
    }
  }

  /** The next interval no longer has it. */
  statementEnded(): void {}

  /** Writes lines above the block; they stay. */
  print(text: string): void {
    if (this.#live === undefined) {
      this.#stream.write(text);
      return;
    }
    this.#clear();
    this.#stream.write(text.endsWith('\n') ? text : `${text}\n`);
    this.#redraw();
  }

  close(): Promise<undefined> {
    this.#stream.off('resize', this.#resized);
    this.#clear();
    this.#shown = undefined;
    return Promise.resolve(undefined);
  }

  #redraw(): void {
    if (this.#live === undefined || this.#shown === undefined) return;
    const { columns = 80, rows = 24 } = this.#stream;
    this.#followReflow(columns);
    if (this.#shown.statements.length === 0) return this.#clear();
    // A line as wide as the terminal, or a block as high, would scroll.
    const lines = blockLines(this.#shown, columns - 1, Math.max(1, rows - 2));
    this.#lengths = lines.map(({ text }) => text.length);
    this.#live(lines.map(({ text, failing }) => this.#styled(text, failing)).join('\n'));
  }

  #clear(): void {
    if (this.#live === undefined || this.#lengths.length === 0) return;
    this.#followReflow(this.#stream.columns ?? 80);
    this.#live.clear();
    this.#lengths = [];
  }

  /** A terminal that became narrower has broken our lines into more rows than were written: takes those back first. */
  #followReflow(columns: number): void {
    const extra = this.#lengths.reduce(
      (sum, length) => sum + Math.max(0, Math.ceil(length / columns) - 1),
      0,
    );
    if (extra > 0) this.#stream.write('\u001b[2K\u001b[1A'.repeat(extra));
  }

  #styled(text: string, failing: boolean): string {
    return this.#color && failing ? styleText('red', text, { validateStream: false }) : text;
  }
}

/** What a line shows, from wide terminals to narrow ones. */
const figureSets = [
  ['rate', 'p50', 'p99', 'errors', 'end'],
  ['rate', 'p99', 'errors', 'end'],
  ['rate', 'errors', 'end'],
  ['rate', 'errors'],
] as const;

interface BlockLine {
  readonly text: string;
  readonly failing: boolean;
}

function blockLines(interval: Interval, width: number, height: number): readonly BlockLine[] {
  const { statements } = interval;
  const shown = statements.length <= height ? statements : statements.slice(0, height - 1);
  const rest = statements.slice(shown.length);
  const cells = shown.map((statement) => cellsOf(interval, statement));
  const texts = fittingColumns(cells, width);
  const names = Math.max(0, ...cells.map(({ name }) => name.length));
  const free = width - Math.max(0, ...texts.map((text) => text.length)) - 2;
  const bar = free >= barAtLeast ? Math.min(free, barAtMost) : 0;
  const lines = texts.map((text, index) => {
    const { share, errors } = cells[index]!;
    const drawn = bar === 0 ? '' : `  ${drawBar(share, bar)}`;
    return { text: cut(text.slice(0, names) + drawn + text.slice(names), width), failing: errors > 0 };
  });
  if (rest.length === 0) return lines;
  const errors = rest.reduce((sum, { tally }) => sum + errorsOf(tally), 0);
  const more = `… and ${formatItems(rest.length, 'more statement')}, ${formatItems(errors, 'error')}`;
  return [...lines, { text: cut(more, width), failing: errors > 0 }];
}

function fittingColumns(cells: readonly ReturnType<typeof cellsOf>[], width: number): readonly string[] {
  let texts: readonly string[] = [];
  for (const set of figureSets) {
    const rows = cells.map(({ name, figures }) => [name].concat(set.map((figure) => figures[figure])));
    texts = alignColumns(rows);
    if (texts.every((text) => text.length <= width)) break;
  }
  return texts;
}

function cellsOf(interval: Interval, statement: StatementInterval) {
  const { name, rate, p50, p99, errors, share, leftNs, elapsedNs } = readInterval(interval, statement);
  const end = leftNs === undefined ? formatDuration(elapsedNs) : `${formatLeft(leftNs)} left`;
  return {
    name: name.length > nameAtMost ? `${name.slice(0, nameAtMost - 1)}…` : name,
    figures: { rate, p50: `p50 ${p50}`, p99: `p99 ${p99}`, errors: formatItems(errors, 'error'), end },
    share,
    errors,
  };
}

function plainLine(interval: Interval, statement: StatementInterval): string {
  const { name, rate, p50, p99, errors, share, leftNs } = readInterval(interval, statement);
  const left = leftNs === undefined ? '' : `, ${formatLeft(leftNs)} left`;
  const done = share === undefined ? '' : `, ${formatPercent(share)}${left}`;
  return `${formatDuration(interval.endNs)}  ${name}: ${rate}, p50 ${p50}, p99 ${p99}, ${formatItems(errors, 'error')}${done}`;
}

/** What one statement's interval says, with the times of the interval alone: response time, in a closed model service time. */
function readInterval(interval: Interval, { identity, model, itemName, tally, progress }: StatementInterval) {
  const seconds = (interval.endNs - interval.startNs) / 1e9;
  const clock = model === 'open' ? 'response' : 'service';
  const time = timeFiguresOf(tally.times[clock], tally.censored[clock]);
  const { itemsDone, items, elapsedNs, durationNs } = progress;
  const shares: number[] = [];
  const lefts: number[] = [];
  if (Number.isFinite(items) && items > 0) {
    shares.push(itemsDone / items);
    if (itemsDone > 0) lefts.push((elapsedNs * (items - itemsDone)) / itemsDone);
  }
  if (durationNs !== undefined && durationNs > 0) {
    shares.push(elapsedNs / durationNs);
    lefts.push(durationNs - elapsedNs);
  }
  return {
    name: inert(`${identity.kind.toUpperCase()} ${identity.name}`),
    rate: `${formatPerSecond(seconds > 0 ? tally.items.acknowledged / seconds : 0)} ${pluralOf(itemName)}/s`,
    p50: time === undefined ? '-' : formatDuration(time.percentilesNs.p50),
    p99: time === undefined ? '-' : formatDuration(time.percentilesNs.p99),
    errors: errorsOf(tally),
    share: shares.length === 0 ? undefined : Math.min(1, Math.max(...shares)),
    leftNs: lefts.length === 0 ? undefined : Math.max(0, Math.min(...lefts)),
    elapsedNs,
  };
}

/** 100 only when all is done. */
function formatPercent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

/** An estimate: whole seconds. */
function formatLeft(ns: number): string {
  return ns < 59.5e9 ? `${Math.round(ns / 1e9)} s` : formatDuration(ns);
}

function errorsOf({ operations }: StatementInterval['tally']): number {
  return operations.failed + operations.unknown;
}

/** A statement without an end in sight has no bar to fill. */
function drawBar(share: number | undefined, width: number): string {
  if (share === undefined) return ' '.repeat(width);
  const percent = formatPercent(share).padStart(6);
  const cells = width - percent.length;
  const filled = Math.floor(share * cells);
  return `${'━'.repeat(filled)}${'─'.repeat(cells - filled)}${percent}`;
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
