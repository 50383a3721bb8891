import { ColumnHash } from './column-hash.ts';
import { rangeOf, type Distribution } from './distribution.ts';
import { valuesOfShares } from './draws.ts';
import type { GeneratedColumn, GeneratedValue } from './generated-column.ts';
import type { PartitionRows } from './partition-rows.ts';

/** The columns of a table, in the order of its key. */
export interface PartitionColumns {
  readonly partitionKey: readonly GeneratedColumn[];
  readonly clusteringKey: readonly GeneratedColumn[];
}

/** In which order the values of a clustering column come. */
export type ClusterOrder = 'arbitrary' | 'sorted' | 'shuffled';

/** A share from which each row is as likely: at least 0, below 1. */
type Chance = () => number;

/** Values of one level, of which those before `at` are done with. */
interface Level {
  values: readonly GeneratedValue[];
  at: number;
  /** With which the levels below, or the columns of the rows, are seeded. */
  readonly seed: ColumnHash;
}

/** A read is not held to any row. */
const noLast = 2 ** 31 - 1;
/** Shares above this are all. */
const almostAll = 0.99998998641967773;

/**
 * The rows of partitions, one partition at a time. Its rows are those of cassandra-stress, oddities included: values of
 * a clustering column are the same below every value of the one before, and a write of three levels or more ends with
 * the first value of the second level.
 */
export class Partition {
  readonly keys: GeneratedValue[] = [];
  /** No partition has more rows, or fewer. */
  readonly rowsAtMost: number;
  readonly rowsAtLeast: number;
  readonly #columns: PartitionColumns;
  readonly #order: ClusterOrder;
  /** Of each level how many rows a value of it has on average. */
  readonly #rowsOfValue: readonly number[];
  readonly #averages: readonly number[];
  readonly #keyHash = new ColumnHash();
  readonly #levels: readonly Level[];
  readonly #current: number[];
  readonly #last: number[];
  /** That a value of a level is taken. */
  readonly #chances: number[];
  #chance: Chance = () => 0;

  constructor(columns: PartitionColumns, order: ClusterOrder = 'arbitrary') {
    this.#columns = columns;
    this.#order = order;
    const clusters = columns.clusteringKey.map(({ cluster }) => cluster);
    this.#averages = clusters.map(averageOf);
    this.#rowsOfValue = this.#averages.map((_, level) =>
      this.#averages.slice(level + 1).reduce((product, average) => product * average, 1),
    );
    this.rowsAtMost = clusters.reduce((product, each) => product * rangeOf(each).maximum, 1);
    this.rowsAtLeast = clusters.reduce((product, each) => product * rangeOf(each).minimum, 1);
    this.#levels = clusters.map(() => ({ values: [], at: 0, seed: new ColumnHash() }));
    this.#current = clusters.map(() => 0);
    this.#last = clusters.map(() => 0);
    this.#chances = clusters.map(() => 1);
  }

  /** Moves to the partition of an index: its key, and what its rows are seeded with. */
  open(index: number): void {
    this.#keyHash.clear();
    const { partitionKey } = this.#columns;
    for (let at = 0; at < partitionKey.length; at++) {
      const column = partitionKey[at]!;
      column.setSeed(Math.floor(index / 0x1_0000_0000) | 0, index | 0);
      const value = column.next();
      this.keys[at] = value;
      column.hash(value, this.#keyHash);
    }
  }

  /**
   * Adds the rows that a write of this share of the partition writes: at least one, until there are `most`. Of several
   * visits each writes as many rows, the last one what is left; one that has none writes what the one before did.
   */
  written(share: number, chance: Chance, most: number, rows: PartitionRows, visit = 0, visits = 1): void {
    const isWhole = visits === 1 || this.#levels.length === 0;
    const all = isWhole ? Math.min(noLast, 1 + Math.trunc(this.rowsAtMost)) : this.#expectedRows();
    const size = Math.max(1, Math.trunc(all / visits));
    const before = rows.length;
    for (let at = visit; at >= 0 && rows.length === before; at--) {
      const end = at === visits - 1 ? Math.ceil(all / size) * size : (at + 1) * size;
      this.#decompose(end - 1, this.#last);
      this.#addRows(at * size, share, chance, most, rows);
    }
  }

  /** Adds rows that a read of `count` of them takes: at least one, at most `count`. */
  read(count: number, chance: Chance, rows: PartitionRows): void {
    this.#last.fill(noLast);
    const share = this.#levels.length === 0 ? 1 : Math.min(1, count / this.#expectedRows());
    this.#addRows(0, share, chance, rows.length + count, rows);
  }

  #expectedRows(): number {
    const { high, low } = this.#keyHash;
    return this.#columns.clusteringKey[0]!.clusterOf(high, low) * this.#rowsOfValue[0]!;
  }

  #addRows(from: number, share: number, chance: Chance, most: number, rows: PartitionRows): void {
    if (this.#levels.length === 0) {
      rows.add().copy(this.#keyHash);
      return;
    }
    this.#chance = chance;
    this.#setChances(share);
    this.#fill(0);
    this.#current[0] = 0;
    const deepest = this.#levels.length - 1;
    let found = from === 0 ? this.#find(0, true) : this.#seek(from) && this.#find(deepest, true);
    for (; found && rows.length < most; found = this.#advance()) this.#addRow(rows);
  }

  #addRow(rows: PartitionRows): void {
    const row = rows.add();
    const deepest = this.#levels.length - 1;
    for (let level = 0; level <= deepest; level++) {
      const { values, at } = this.#levels[level]!;
      row.clusters[level] = values[at]!;
    }
    row.copy(this.#levels[deepest]!.seed);
    this.#columns.clusteringKey[deepest]!.hash(row.clusters[deepest]!, row);
  }

  /** Makes up for what the levels above have left out; a level without a choice of its own keeps all. */
  #setChances(share: number): void {
    let made = 1;
    for (let level = 0; level < this.#chances.length; level++) {
      this.#chances[level] = share < 1 && level > 0 ? share * this.#rowsOfValue[level]! * made : share;
      made /= Math.min(1, this.#chances[level]!);
    }
  }

  /** Moves to a row of a partition of average size, or where this one has no such row, to the next; false behind the last. */
  #seek(row: number): boolean {
    const current = this.#current;
    this.#decompose(row, current);
    for (let level = 0; level < current.length; level++) {
      if (level > 0) this.#fill(level);
      this.#levels[level]!.at = current[level]!;
      if (this.#rest(level) > 0) continue;
      let above = level;
      do {
        if (above === 0) return false;
        this.#levels[--above]!.at++;
      } while (this.#rest(above) <= 0);
      current[above]!++;
      current.fill(0, above + 1);
      for (let below = above + 1; below <= level; below++) this.#fill(below);
    }
    return this.#compareToLast(current.length - 1) <= 0;
  }

  /** Steps behind the row that was found last. */
  #advance(): boolean {
    const deepest = this.#levels.length - 1;
    this.#levels[deepest]!.at++;
    this.#current[deepest]!++;
    return this.#find(deepest, false);
  }

  /** Finds a row from this level on: its values are at the heads of the levels. */
  #find(from: number, first: boolean): boolean {
    let level = from;
    for (;;) {
      while (this.#rest(level) === 0) {
        if (level === 0) return false;
        level--;
        this.#levels[level]!.at++;
        if (++this.#current[level]! > this.#last[level]!) return false;
      }
      const compared = this.#compareToLast(level);
      if (compared > 0) return false;
      const chance = this.#chances[level]!;
      if ((first && compared === 0) || chance > almostAll || chance >= this.#chance()) {
        level++;
        if (level === this.#levels.length) return true;
        this.#current[level] = 0;
        this.#fill(level);
      } else {
        if (compared === 0) return false;
        this.#levels[level]!.at++;
        this.#current[level]!++;
      }
    }
  }

  #rest(level: number): number {
    const { values, at } = this.#levels[level]!;
    return values.length - at;
  }

  /** Above 0 behind the last row, 0 at it, or where nothing is behind. */
  #compareToLast(level: number): number {
    let before = 0;
    for (let at = 0; at <= level; at++) {
      const rest = this.#rest(at);
      const difference = this.#current[at]! - this.#last[at]!;
      if (before < 0) {
        if (rest > 1) return -1;
      } else if (difference > 0) return 1;
      else if (difference < 0) {
        if (rest > 1) return -1;
        before = difference;
      }
    }
    return 0;
  }

  /** Which value of each level row `row` of a partition of average size has. */
  #decompose(row: number, places: number[]): void {
    let rest = row;
    for (let level = 0; level < places.length; level++) {
      places[level] = Math.trunc(rest / this.#rowsOfValue[level]!);
      rest %= this.#rowsOfValue[level]!;
    }
    for (let level = places.length - 1; level > 0; level--) {
      const average = this.#averages[level]!;
      const value = places[level]!;
      if (value < average) continue;
      places[level - 1]! += Math.trunc(value / average);
      places[level] = value % average;
    }
  }

  /** Makes the values of a level, each once. The first one decides what is below all of them. */
  #fill(at: number): void {
    const level = this.#levels[at]!;
    const column = this.#columns.clusteringKey[at]!;
    const seed = at === 0 ? this.#keyHash : this.#levels[at - 1]!.seed;
    level.values = this.#ordered(valuesOf(column, seed), column);
    level.at = 0;
    level.seed.copy(seed);
    column.hash(level.values[0]!, level.seed);
  }

  #ordered(values: GeneratedValue[], column: GeneratedColumn): readonly GeneratedValue[] {
    if (values.length === 1 || this.#order === 'arbitrary') return values;
    if (this.#order === 'sorted') return column.sorted(values);
    for (let at = 0; at < values.length; at++) {
      const other = at + Math.floor(this.#chance() * (values.length - at));
      [values[at], values[other]] = [values[other]!, values[at]!];
    }
    return values;
  }
}

/** So many are found faster one by one than in a set. */
const fewValues = 32;

/** The values of a clustering column below a seed, each once. */
function valuesOf(column: GeneratedColumn, { high, low }: ColumnHash): GeneratedValue[] {
  const count = column.clusterOf(high, low);
  const values: GeneratedValue[] = [];
  column.setSeed(high, low);
  if (count <= fewValues && column.type.kind === 'single') {
    for (let made = 0; made < count; made++) {
      const value = column.next();
      if (!values.includes(value)) values.push(value);
    }
    return values;
  }
  const seen = new Set<unknown>();
  for (let made = 0; made < count; made++) {
    const value = column.next();
    const size = seen.size;
    seen.add(typeof value === 'object' ? JSON.stringify(value) : value);
    if (seen.size > size) values.push(value);
  }
  return values;
}

/** The mean of the values of the shares 0, 0.02, … as cassandra-stress adds them up, in floats. */
export function averageOf(distribution: Distribution): number {
  const valueOf = valuesOfShares(distribution);
  let sum = 0;
  let count = 0;
  for (let share = 0; share <= 1; share = Math.fround(share + 0.02)) {
    sum += valueOf(share);
    count++;
  }
  return Math.trunc(sum / count);
}
