/** One row of aligned text; the first cell is flush left, the others flush right unless the table says otherwise. */
export type Row = readonly string[];

const firstColumn: ReadonlySet<number> = new Set([0]);

/** The lines of a table, all at once. */
export function alignColumns(rows: Iterable<Row>, left = firstColumn): readonly string[] {
  return [...alignedLines(rows, left)];
}

/**
 * Lays rows out in columns two blanks apart, each as wide as its widest cell, without blanks at a line's end. Walks
 * through the rows twice, so that those of a long table can be made as they are asked for. `left`: columns that are
 * flush left; the first unless given.
 */
export function* alignedLines(rows: Iterable<Row>, left = firstColumn): Generator<string> {
  const widths: number[] = [];
  for (const row of rows) {
    for (let at = 0; at < row.length; at++) widths[at] = Math.max(widths[at] ?? 0, widthOf(row[at]!));
  }
  for (const row of rows) {
    let line = '';
    for (let at = 0; at < row.length; at++) {
      const cell = row[at]!;
      const blanks = ' '.repeat(widths[at]! - widthOf(cell));
      line += (at === 0 ? '' : '  ') + (left.has(at) ? cell + blanks : blanks + cell);
    }
    yield line.trimEnd();
  }
}

/** Characters of a cell. */
function widthOf(cell: string): number {
  return /[\ud800-\udfff]/.test(cell) ? [...cell].length : cell.length;
}
