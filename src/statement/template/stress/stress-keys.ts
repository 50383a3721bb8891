import type { RankOf } from '../odometer.ts';
import type { Place } from '../place.ts';
import { writeText } from '../bytes.ts';
import type { Values } from '../values.ts';
import { ColumnHash } from './column-hash.ts';
import type { GeneratedRows } from './generated-rows.ts';
import type { SeededBytes } from './row-data.ts';

interface Key {
  /** What the slot has for values. */
  readonly values: Values;
  readonly column: SeededBytes;
  readonly start: number;
  end: number;
  rankOf: RankOf;
}

const noBytes = new Uint8Array(0);

/**
 * The columns of the key that one template makes as cassandra-stress does, in the order written, and the hash over all of
 * them, from which its other columns follow. They are made once an item, whichever value is asked for first.
 */
export class StressKeys {
  /** The columns that it makes as a profile of cassandra-stress does. */
  readonly rows: GeneratedRows;
  readonly #keys: Key[] = [];
  readonly #hash = new ColumnHash();
  #staging = noBytes;
  /** The index whose keys are in the staging. */
  #index = -1;

  constructor(rows: GeneratedRows) {
    this.rows = rows;
  }

  get isEmpty(): boolean {
    return this.#keys.length === 0;
  }

  /** Adds a column of the key, and makes the values of its slot. */
  add(column: SeededBytes): Values {
    const start = this.#staging.length;
    this.#staging = new Uint8Array(start + column.bytesAtMost);
    const values = bytesValues(column, (place, staging, offset) => {
      this.#make(place);
      return copy(this.#staging, key.start, key.end, staging, offset);
    });
    const key: Key = { values, column, start, end: start, rankOf: ({ index }) => index };
    this.#keys.push(key);
    return values;
  }

  /** Tells which of its values the slot with these values takes at a place; without it, that of the item's index. */
  place(values: Values, rankOf: RankOf): void {
    const key = this.#keys.find((each) => each.values === values);
    if (key !== undefined) key.rankOf = rankOf;
  }

  /** The values of any other column. */
  valuesOf(column: SeededBytes): Values {
    const hash = this.#hash;
    return bytesValues(column, (place, staging, offset) => {
      this.#make(place);
      return column.write(hash.high, hash.low, staging, offset);
    });
  }

  #make(place: Place): void {
    if (place.index === this.#index) return;
    this.#index = place.index;
    this.#hash.clear();
    for (const key of this.#keys) {
      const rank = key.rankOf(place);
      key.end = key.column.write(Math.floor(rank / 0x1_0000_0000), rank | 0, this.#staging, key.start);
      this.#hash.addBytes(this.#staging, key.start, key.end);
    }
  }
}

type WriteAt = (place: Place, staging: Uint8Array, offset: number) => number;

/** `0x` and two digits a byte; as bytes where they are asked for. */
function bytesValues({ bytesAtMost, bytesAtLeast }: SeededBytes, write: WriteAt): Values {
  const text = (place: Place): string => {
    const bytes = Buffer.allocUnsafe(bytesAtMost);
    return `0x${bytes.toString('hex', 0, write(place, bytes, 0))}`;
  };
  return {
    text: (_, place) => text(place),
    write: (_, place, staging, offset) => writeText(text(place), staging, offset),
    bytes: { atMost: bytesAtMost, write: (_, place, staging, offset) => write(place, staging, offset) },
    bytesAtMost: 2 + 2 * bytesAtMost,
    bytesAtLeast: 2 + 2 * bytesAtLeast,
    plain: true,
    ofRank: false,
  };
}

function copy(from: Uint8Array, start: number, end: number, to: Uint8Array, offset: number): number {
  let at = offset;
  for (let next = start; next < end; next++) to[at++] = from[next]!;
  return at;
}
