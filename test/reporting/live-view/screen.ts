import { KeptStream } from './kept-stream.ts';

/** A terminal of these columns and rows, as far as the live view uses one. */
export class Screen extends KeptStream {
  readonly isTTY = true;
  columns: number;
  rows: number;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  /** All that it shows and that went up out of sight, without blank lines at the end; it breaks long lines. */
  get shown(): readonly string[] {
    const lines: string[] = [''];
    let row = 0;
    let column = 0;
    // oxlint-disable-next-line no-control-regex
    const sequence = /\u001b\[(\??[\d;]*)([A-Za-z])|[\s\S]/gu;
    for (const [token, amount, command] of this.written.matchAll(sequence)) {
      if (command === 'A') row = Math.max(0, lines.length - this.rows, row - (Number(amount) || 1));
      else if (command === 'K') lines[row] = lines[row]!.slice(0, column);
      else if (command === 'J') lines.splice(row, Infinity, lines[row]!.slice(0, column));
      else if (command !== undefined) continue;
      else if (token === '\r') column = 0;
      else if (token === '\n') [row, column] = [row + 1, 0];
      else {
        if (column === this.columns) [row, column] = [row + 1, 0];
        const line = (lines[row] ?? '').padEnd(column);
        lines[row] = line.slice(0, column) + token + line.slice(column + 1);
        column++;
      }
      lines[row] ??= '';
    }
    return lines
      .map((line) => line.trimEnd())
      .slice(0, lines.findLastIndex((line) => line.trim() !== '') + 1);
  }
}
