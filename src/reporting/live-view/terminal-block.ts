import { stripVTControlCharacters } from 'node:util';
import { displayWidth } from './display-width.ts';

/** The part of a terminal's stream that is drawn on. */
export interface TerminalStream extends NodeJS.WritableStream {
  readonly columns?: number;
  readonly rows?: number;
}

/** Terminals that know it show a frame when all of it is there; others leave it out. */
const frameBegins = '\u001b[?2026h';
const frameEnds = '\u001b[?2026l';
const eraseRest = '\u001b[K';
const eraseBelow = '\u001b[J';
const up = (rows: number): string => (rows > 0 ? `\u001b[${rows}A` : '');

/**
 * Lines that stand at the bottom of a terminal and are drawn again in place: one write a frame, of the lines that
 * changed. The cursor stays visible, below them, so that nothing has to be put back whatever ends the process.
 */
export class TerminalBlock {
  readonly #stream: TerminalStream;
  #lines: readonly string[] = [];
  #columns = 0;
  #rows = 0;

  constructor(stream: TerminalStream) {
    this.#stream = stream;
  }

  /** Shows these lines, each narrower than the terminal, and fewer than it has rows. */
  draw(lines: readonly string[]): void {
    const { columns, rows } = sizeOf(this.#stream);
    const moved = columns !== this.#columns || rows !== this.#rows;
    if (!moved && lines.length === this.#lines.length && lines.every((line, at) => line === this.#lines[at]))
      return;
    let frame = this.#toTop();
    if (moved) frame += eraseBelow;
    for (const [at, line] of lines.entries()) {
      const stands = !moved && line === this.#lines[at];
      // Written over, and not erased first: where frames are not waited for, a line is never missing.
      frame += stands ? '\n' : `${line}${moved ? '' : eraseRest}\n`;
    }
    if (!moved && lines.length < this.#lines.length) frame += eraseBelow;
    this.#write(frame);
    this.#lines = lines;
    this.#columns = columns;
    this.#rows = rows;
  }

  /** Writes text that stays, above the lines. */
  print(text: string): void {
    const lines = this.#lines;
    const whole = text.endsWith('\n') ? text : `${text}\n`;
    this.#write(`${this.#toTop()}${eraseBelow}${whole}${lines.map((line) => `${line}\n`).join('')}`);
  }

  /** Draws all of them again below what others have written. */
  forget(): void {
    this.#lines = [];
    this.#columns = 0;
  }

  /** Takes the lines away. */
  clear(): void {
    if (this.#lines.length > 0) this.#write(`${this.#toTop()}${eraseBelow}`);
    this.#lines = [];
  }

  /** From below the lines to the first of them, of which a terminal that became narrower has made more rows. */
  #toTop(): string {
    const { columns, rows } = sizeOf(this.#stream);
    const height =
      columns >= this.#columns
        ? this.#lines.length
        : this.#lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(visibleWidth(line) / columns)), 0);
    return `\r${up(Math.min(height, rows - 1))}`;
  }

  #write(frame: string): void {
    this.#stream.write(`${frameBegins}${frame}${frameEnds}`);
  }
}

/** Some terminals don't know theirs, and say 0. */
export function sizeOf({ columns, rows }: TerminalStream): { columns: number; rows: number } {
  return { columns: columns || 80, rows: rows || 24 };
}

function visibleWidth(line: string): number {
  return displayWidth(stripVTControlCharacters(line));
}
