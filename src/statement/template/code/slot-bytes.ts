import type { CqlNativeName } from '../../../stress-client/cql-type.ts';
import type { BoundSlot } from '../bind-slot.ts';
import type { Values } from '../values.ts';
import type { Code, RankName } from './code.ts';
import type { PlaceCode } from './place-code.ts';
import { unitsOf } from './slot-text.ts';

/* Values of slots in CQL's serialization, in straight-line code: `bytes`, `view` and `at` as text has them. */

/** Lines that store a number, named `value`, by the column's type. */
const stores: Partial<Record<CqlNativeName, (value: string) => string>> = {
  tinyint: (value) => `bytes[at] = ${value}; at += 1;`,
  smallint: (value) => `view.setInt16(at, ${value}); at += 2;`,
  int: (value) => `view.setInt32(at, ${value}); at += 4;`,
  bigint: int64,
  counter: int64,
  timestamp: int64,
  time: int64,
  date: (value) => `view.setUint32(at, ${value} + 2147483648); at += 4;`,
  float: (value) => `view.setFloat32(at, ${value}); at += 4;`,
  double: (value) => `view.setFloat64(at, ${value}); at += 8;`,
};

function int64(value: string): string {
  return `{ const high = Math.floor(${value} / 4294967296); view.setInt32(at, high); view.setUint32(at + 4, ${value} - high * 4294967296); at += 8; }`;
}

/** Adds lines that write a number of a slot into a column; answers false where the plain writer must. */
export function numberBytes(
  code: Code,
  place: PlaceCode,
  slot: BoundSlot,
  values: Values,
  column: CqlNativeName,
  factor: number,
): boolean {
  const store = stores[column];
  const { units, number } = values;
  if (store === undefined || number === undefined) return false;
  const value =
    units === undefined
      ? `${code.constant(values)}.number(${place.rankOf(slot).text}, ${place.objectFor(values)})`
      : `${unitsOf(code, place, slot, values, units)} / ${10 ** units.decimals}`;
  code.line(store(code.variable(`${value} * ${factor}`)));
  return true;
}

/** More are written by a loop: each in lines of its own they would fill the stack with their variables. */
const fewWords = 64;

/** Adds lines that write what is bytes by itself: words in place of random digits, else by the plain writer. */
export function valueBytes(
  code: Code,
  place: PlaceCode,
  slot: BoundSlot,
  values: Values,
  bytes: NonNullable<Values['bytes']>,
): boolean {
  const rank = place.rankOf(slot);
  if (values.digits !== undefined) return digitBytes(code, rank, values.digits);
  const object = place.objectFor(values);
  code.line(`at = ${code.constant(bytes)}.write(${rank.text}, ${object}, bytes, at);`);
  return true;
}

/** Two a byte; answers false where the plain writer must. */
function digitBytes(
  code: Code,
  rank: RankName,
  { stream, lane, count }: NonNullable<Values['digits']>,
): boolean {
  let digit = 0;
  const words = Math.floor(count / 8);
  if (words > fewWords) {
    code.line(`for (let lane = ${lane}; lane < ${lane + words}; lane++) {`);
    const word = code.word(stream, rank, 'lane');
    if (word === undefined) return false;
    code.line(`view.setInt32(at, ${word}); at += 4; }`);
    digit = 8 * words;
  }
  for (; digit < count; digit += 8) {
    const word = code.word(stream, rank, lane + digit / 8);
    if (word === undefined) return false;
    switch (count - digit) {
      case 2:
        code.line(`bytes[at] = ${word}; at += 1;`);
        break;
      case 4:
        code.line(`view.setInt16(at, ${word}); at += 2;`);
        break;
      case 6:
        code.line(`{ const word = ${word}; bytes[at] = word >>> 16; view.setInt16(at + 1, word); at += 3; }`);
        break;
      default:
        code.line(`view.setInt32(at, ${word}); at += 4;`);
    }
  }
  return true;
}
