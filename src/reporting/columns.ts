/** One row of aligned text; the first cell is flush left, the others flush right unless the table says otherwise. */
export type Row = readonly string[];

/**
 * Lays rows out in columns two blanks apart, each as wide as its widest cell, without blanks at a line's end.
 * `left`: columns that are flush left; the first unless given.
 */
export function alignColumns(
  rows: readonly Row[],
  left: ReadonlySet<number> = new Set([0]),
): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
  }
  return rows.map((row) => {
    let line = '';
    for (const [index, cell] of row.entries()) {
      const blanks = ' '.repeat(widths[index]! - widthOf(cell));
      line += (index === 0 ? '' : '  ') + (left.has(index) ? cell + blanks : blanks + cell);
    }
    return line.trimEnd();
  });
}

/** Characters of a cell. */
function widthOf(cell: string): number {
  return /[\ud800-\udfff]/.test(cell) ? [...cell].length : cell.length;
}
