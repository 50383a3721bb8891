/** A column of a table that is as wide as a terminal allows. */
export interface FittingColumn {
  /** Columns of the terminal that it takes at least. */
  readonly width: number;
  /** What it takes at most, where more is there to be had. */
  readonly widest?: number;
  /** Of what does not fit, the highest goes first; 0 stays. */
  readonly rank: number;
}

const gap = 2;

/**
 * How wide each column is in so many columns of a terminal, two blanks between them; 0 where it is left out. What is
 * left over goes to those that can be wider, in equal parts.
 */
export function columnsThatFit(columns: readonly FittingColumn[], width: number): readonly number[] {
  const kept = new Set(columns.filter((column) => column.width > 0));
  const taken = (): number =>
    [...kept].reduce((sum, column) => sum + column.width, 0) + gap * Math.max(0, kept.size - 1);
  for (const column of columns.toSorted((one, other) => other.rank - one.rank)) {
    if (taken() <= width || column.rank === 0) break;
    kept.delete(column);
  }
  let spare = Math.max(0, width - taken());
  const widths = new Map([...kept].map((column) => [column, column.width]));
  const growing = [...kept]
    .filter(({ width: least, widest = 0 }) => widest > least)
    .toSorted((one, other) => one.widest! - one.width - (other.widest! - other.width));
  for (const [at, column] of growing.entries()) {
    const more = Math.min(column.widest! - column.width, Math.floor(spare / (growing.length - at)));
    widths.set(column, column.width + more);
    spare -= more;
  }
  return columns.map((column) => widths.get(column) ?? 0);
}
