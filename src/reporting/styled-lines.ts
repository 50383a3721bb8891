import { styleText } from 'node:util';
import { alignColumns, type Row } from './columns.ts';
import { inert } from './inert.ts';
import { wrap } from './wrap.ts';

export interface StyledLinesOptions {
  readonly color: boolean;
  /** Columns of the terminal; long sentences are wrapped to it, tables are as wide as they are. */
  readonly width: number;
}

export type Style = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

/** Lines of a text for a terminal, one after the other. Tables and sentences are made inert; lines are taken as they are. */
export class StyledLines {
  readonly #options: StyledLinesOptions;
  readonly #lines: string[] = [];

  constructor(options: StyledLinesOptions) {
    this.#options = options;
  }

  /** All lines, without spaces at their ends. Ends with a line end. */
  get text(): string {
    return `${this.#lines.map((line) => line.trimEnd()).join('\n')}\n`;
  }

  line(text: string): void {
    this.#lines.push(text);
  }

  section(title: string): void {
    this.line('');
    this.line(`  ${title}`);
  }

  /** Rows of which the first is a heading; `left` are the columns that begin at the left. */
  table(rows: readonly Row[], indent = 2, left?: ReadonlySet<number>): void {
    for (const [index, line] of alignColumns(rows, left).entries()) {
      const text = ' '.repeat(indent) + inert(line);
      this.line(index === 0 ? this.style('dim', text) : text);
    }
  }

  sentence(text: string, indent: number, style?: Style): void {
    const first = ' '.repeat(indent);
    for (const [index, line] of wrap(inert(text), this.#options.width - indent - 2).entries()) {
      const whole = `${index === 0 ? first : `${first}  `}${line}`;
      this.line(style === undefined ? whole : this.style(style, whole));
    }
  }

  /** The text in a style, where there are colours. */
  style(style: Style | Style[], text: string): string {
    return this.#options.color ? styleText(style, text, { validateStream: false }) : text;
  }
}
