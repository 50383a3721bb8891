import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { TerminalProgress } from '../../src/reporting/progress.ts';
import type { Interval, StatementInterval } from '../../src/stress-client/results.ts';
import { intervals } from './interval-run.ts';
import { identity } from './sample-run.ts';

/** A stream that keeps what is written; with `columns` it is a terminal. */
class Screen extends Writable {
  readonly isTTY: boolean;
  columns: number | undefined;
  rows: number | undefined;
  written = '';

  constructor(columns?: number, rows?: number) {
    super({ decodeStrings: false });
    this.isTTY = columns !== undefined;
    this.columns = columns;
    this.rows = rows;
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.written += chunk;
    done();
  }

  /** What a terminal of these columns shows of all that was written; it breaks long lines, and scrolls nowhere. */
  get shown(): readonly string[] {
    const lines: string[] = [''];
    let row = 0;
    let column = 0;
    // oxlint-disable-next-line no-control-regex
    const sequence = /\u001b\[(\??[\d;]*)([A-Za-z])|[\s\S]/gu;
    for (const [token, amount, command] of this.written.matchAll(sequence)) {
      const count = Number(amount) || 1;
      if (command === 'A') row -= count;
      else if (command === 'B') row += count;
      else if (command === 'G') column = 0;
      else if (command === 'K') lines[row] = amount === '2' ? '' : lines[row]!.slice(0, column);
      else if (command !== undefined) continue;
      else if (token === '\n') [row, column] = [row + 1, 0];
      else {
        if (column === this.columns) [row, column] = [row + 1, 0];
        const line = (lines[row] ?? '').padEnd(column);
        lines[row] = line.slice(0, column) + token + line.slice(column + 1);
        column++;
      }
      lines[row] ??= '';
    }
    return lines.map((line) => line.trimEnd());
  }
}

function progressOn(screen: Screen, of: { quiet?: boolean; color?: boolean } = {}): TerminalProgress {
  return new TerminalProgress({ stream: screen as never, quiet: false, color: false, ...of });
}

/** The first interval with so many statements. */
function crowd(count: number): Interval {
  const [statement] = intervals[0]!.statements as [StatementInterval];
  const statements = Array.from({ length: count }, (_, index) => ({
    ...statement,
    identity: identity({ name: `load-${index}` }),
  }));
  return { ...intervals[0]!, statements };
}

describe('where there is no terminal', () => {
  test('every interval is a line a statement', async () => {
    const screen = new Screen();
    const progress = progressOn(screen);
    for (const interval of intervals.slice(0, 4)) progress.interval(interval);
    await progress.close();
    expect(screen.written.split('\n')).toEqual([
      '1.00 s  INSERT cpu load, all: 1,000 points/s, p50 2.00 ms, p99 2.00 ms, 0 errors, 10 %, 9 s left',
      '1.00 s  QUERY dash: 5.00 queries/s, p50 3.00 ms, p99 5.00 ms, 0 errors, 50 %, 1 s left',
      '2.00 s  INSERT cpu load, all: 1,100 points/s, p50 2.10 ms, p99 2.10 ms, 0 errors, 20 %, 8 s left',
      '2.00 s  QUERY dash: 5.00 queries/s, p50 3.00 ms, p99 6.00 ms, 0 errors, 100 %, 0 s left',
      '3.00 s  INSERT cpu load, all: 1,200 points/s, p50 2.20 ms, p99 2.20 ms, 0 errors, 30 %, 7 s left',
      '4.00 s  INSERT cpu load, all: 1,300 points/s, p50 2.30 ms, p99 10.0 s, 1 error, 40 %, 6 s left',
      '',
    ]);
  });

  test('what is printed passes as it is', () => {
    const screen = new Screen();
    progressOn(screen).print('a warning\n');
    expect(screen.written).toBe('a warning\n');
  });

  test('what no bound is known of has no end to show', () => {
    const screen = new Screen();
    const [interval] = intervals as [Interval];
    const [statement] = interval.statements as [StatementInterval];
    const endless = { ...statement, progress: { ...statement.progress, durationNs: undefined } };
    progressOn(screen).interval({ ...interval, statements: [endless] });
    expect(screen.written).toMatch(/, 0 errors\n$/);
  });
});

describe('quiet', () => {
  test.each([undefined, 100])('on %s columns nothing is shown but what is printed', async (columns) => {
    const screen = new Screen(columns, 24);
    const progress = progressOn(screen, { quiet: true });
    for (const interval of intervals) progress.interval(interval);
    progress.print('a warning\n');
    await progress.close();
    expect(screen.written).toBe('a warning\n');
  });
});

describe('on a terminal', () => {
  test('one block is redrawn in place', () => {
    const screen = new Screen(120, 24);
    const progress = progressOn(screen);
    progress.interval(intervals[0]!);
    expect(screen.shown).toEqual([
      'INSERT cpu load, all  ━─────────────────  10 %  1,000 points/s  p50 2.00 ms  p99 2.00 ms  0 errors  9 s left',
      'QUERY dash            ━━━━━━━━━─────────  50 %  5.00 queries/s  p50 3.00 ms  p99 5.00 ms  0 errors  1 s left',
      '',
    ]);
    for (const interval of intervals.slice(1, 4)) progress.interval(interval);
    expect(screen.shown.filter((line) => line !== '')).toEqual([
      'INSERT cpu load, all  ━━━━━━━───────────  40 %  1,300 points/s  p50 2.30 ms  p99 10.0 s  1 error  6 s left',
    ]);
  });

  test('printed text stays above it, and nothing is left of it at the end', async () => {
    const screen = new Screen(100, 24);
    const progress = progressOn(screen);
    progress.print('first\n');
    progress.interval(intervals[0]!);
    progress.print('second\nthird');
    expect(screen.shown.map((line) => line.slice(0, 5))).toEqual([
      'first',
      'secon',
      'third',
      'INSER',
      'QUERY',
      '',
    ]);
    await progress.close();
    expect(screen.shown.filter((line) => line !== '')).toEqual(['first', 'second', 'third']);
    progress.interval({ ...intervals[0]!, statements: [] });
    expect(screen.shown.filter((line) => line !== '')).toEqual(['first', 'second', 'third']);
  });

  test.each([30, 60, 80, 100, 200])('no line is as wide as %d columns', (columns) => {
    const screen = new Screen(columns, 24);
    progressOn(screen).interval(intervals[0]!);
    const lines = screen.shown.filter((line) => line !== '');
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line.length).toBeLessThan(columns);
  });

  test.each([
    [80, 'QUERY dash            5.00 queries/s  p99 5.00 ms  0 errors  1 s left'],
    [64, 'QUERY dash            5.00 queries/s  0 errors  1 s left'],
    [50, 'QUERY dash            5.00 queries/s  0 errors'],
    [30, 'QUERY dash            5.00 q…'],
  ])('on %d columns it shows %s', (columns, line) => {
    const screen = new Screen(columns, 24);
    progressOn(screen).interval(intervals[0]!);
    expect(screen.shown[1]).toBe(line);
  });

  test('of 200 statements the first that fit are shown, and the rest counted', () => {
    const screen = new Screen(100, 10);
    const progress = progressOn(screen);
    progress.interval(crowd(200));
    const lines = screen.shown.filter((line) => line !== '');
    expect(lines).toHaveLength(8);
    expect(lines[0]).toMatch(/^INSERT load-0 /);
    expect(lines[7]).toBe('… and 193 more statements, 0 errors');
    progress.interval(crowd(8));
    expect(screen.shown.filter((line) => line !== '')).toHaveLength(8);
    expect(screen.shown.join('\n')).not.toContain('more');
  });

  test.each([
    [120, 60],
    [60, 120],
    [120, 20],
  ])('from %d to %d columns it is drawn again, without remains', async (before, after) => {
    const screen = new Screen(before, 24);
    const progress = progressOn(screen);
    progress.print('first\n');
    progress.interval(intervals[0]!);
    // The terminal breaks the lines that stand on it anew, as `shown` does.
    screen.columns = after;
    screen.emit('resize');
    const starts = screen.shown.filter((line) => line !== '').map((line) => line.slice(0, 5));
    expect(starts).toEqual(['first', 'INSER', 'QUERY']);
    await progress.close();
    expect(screen.shown.filter((line) => line !== '')).toEqual(['first']);
    expect(screen.listenerCount('resize')).toBe(0);
  });

  test('errors are red, where there is colour', () => {
    const screen = new Screen(100, 24);
    progressOn(screen, { color: true }).interval(intervals[3]!);
    expect(screen.written).toContain('\u001b[31m');
    const plain = new Screen(100, 24);
    progressOn(plain).interval(intervals[3]!);
    expect(plain.written).not.toContain('\u001b[31m');
    expect(stripVTControlCharacters(screen.written)).toBe(stripVTControlCharacters(plain.written));
  });
});
