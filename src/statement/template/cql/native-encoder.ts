import type { CqlNativeName } from '../../../stress-client/cql-type.ts';
import type { BoundSlot } from '../bind-slot.ts';
import { writeBytes } from '../bytes.ts';
import { dayNs, parseTimestamp } from '../calendar.ts';
import type { Made } from '../cell.ts';
import { numberBytes, valueBytes } from '../code/slot-bytes.ts';
import { chosenBytes, slotText } from '../code/slot-text.ts';
import type { RankOf } from '../odometer.ts';
import type { ValueEncoder } from '../value-source.ts';
import type { Values } from '../values.ts';
import { columnFits, fitsColumn, takenBy, type ValueKind } from './column-fits.ts';
import { isAscii, readConstant, wholeRanges } from './read-constant.ts';
import {
  writeDays,
  writeDecimal,
  writeDuration,
  writeFloat32,
  writeFloat64,
  writeInt16,
  writeInt32,
  writeInt64,
  writeInt8,
  writeVarint,
} from './serialization.ts';

/** Why values don't fit a column, in words that follow what they are called. */
export interface Misfit {
  readonly problem: string;
  readonly hint?: string;
}

type WriteNumber = (value: number, staging: Uint8Array, offset: number) => number;

/** How numbers are written into columns, and the most bytes that it takes. */
const numberWriters: Partial<Record<CqlNativeName, readonly [bytesAtMost: number, WriteNumber]>> = {
  tinyint: [1, writeInt8],
  smallint: [2, writeInt16],
  int: [4, writeInt32],
  bigint: [8, writeInt64],
  counter: [8, writeInt64],
  varint: [8, writeVarint],
  float: [4, writeFloat32],
  double: [8, writeFloat64],
  timestamp: [8, writeInt64],
  time: [8, writeInt64],
  date: [4, writeDays],
  inet: [4, writeInt32],
  duration: [
    27,
    (ns, staging, offset) => {
      const days = Math.floor(ns / dayNs);
      return writeDuration(0, days, ns - days * dayNs, staging, offset);
    },
  ],
};

/** Fits values of one kind to a column of a native type. `ranks`: how many of them there are at most. */
export function nativeEncoder(
  kind: ValueKind,
  slot: BoundSlot,
  made: Made,
  rankOf: RankOf,
  ranks: number,
  column: CqlNativeName,
): ValueEncoder | Misfit {
  const { values } = made;
  if (!fitsColumn(kind, column) || ((kind === 'text' || kind === 'choice') && !isTextIn(column, values)))
    return {
      problem: `is ${columnFits[kind].noun}, which can not become ${column}`,
      hint: `${column} takes ${takenBy(column)}`,
    };
  if (values.texts !== undefined && values.draw !== undefined)
    return knownEncoder(kind, slot, values, rankOf, column);
  if (column === 'text' || column === 'ascii')
    return {
      bytesAtMost: values.bytesAtMost,
      write: (place, staging, offset) => values.write(rankOf(place), place, staging, offset),
      code: (code, place) => {
        // An element of a collection has other values than the slot.
        if (values !== slot.values) return false;
        slotText(code, place, slot);
        return true;
      },
    };
  if (kind === 'whole' && column in wholeRanges) {
    const range = wholeRanges[column as keyof typeof wholeRanges];
    const outside = made.extent!(ranks).find((value) => value < Number(range[0]) || value > Number(range[1]));
    if (outside !== undefined) return outOfRange(outside, range, column, ranks);
  }
  if (kind === 'real' && column === 'float') {
    const far = made.range?.(ranks).find((value) => !Number.isFinite(Math.fround(value)));
    if (far !== undefined) return { problem: `reaches ${far}, which is more than float holds` };
  }
  return generatedEncoder(kind, slot, values, rankOf, column);
}

/** Texts that are not all known are texts alone. */
function isTextIn(column: CqlNativeName, { texts }: Values): boolean {
  return texts !== undefined || column === 'text' || column === 'ascii';
}

function outOfRange(
  value: number | string,
  [smallest, largest]: readonly [bigint, bigint],
  column: CqlNativeName,
  ranks: number,
): Misfit {
  const problem = `reaches ${value}, outside ${smallest} to ${largest}, which is what ${column} holds`;
  return ranks === Infinity && typeof value === 'number'
    ? { problem, hint: 'a count, DO, or a function with a bound keeps the values within' }
    : { problem };
}

/** A table of the texts' bytes. */
function knownEncoder(
  kind: ValueKind,
  slot: BoundSlot,
  values: Values,
  rankOf: RankOf,
  column: CqlNativeName,
): ValueEncoder | Misfit {
  const { texts, draw } = values;
  const table: Uint8Array[] = [];
  for (const text of texts!) {
    const bytes = readConstant(
      column,
      kind === 'timestamp' && column === 'bigint' ? milliseconds(text) : text,
    );
    if (bytes !== undefined) table.push(bytes);
    else if (column in wholeRanges && /^[+-]?\d+$/.test(text))
      return outOfRange(text, wholeRanges[column as keyof typeof wholeRanges], column, Infinity);
    else
      return {
        problem:
          column === 'ascii' && !isAscii(text)
            ? `has '${text}', which is not ASCII`
            : `has '${text}', which can not become ${column}`,
      };
  }
  return {
    bytesAtMost: Math.max(...table.map((bytes) => bytes.length)),
    write: (place, staging, offset) => writeBytes(table[draw!(rankOf(place), place)]!, staging, offset),
    code: (code, place) => {
      chosenBytes(code, place, slot, values, table);
      return true;
    },
  };
}

function milliseconds(text: string): string {
  return String(parseTimestamp(text));
}

function generatedEncoder(
  kind: ValueKind,
  slot: BoundSlot,
  values: Values,
  rankOf: RankOf,
  column: CqlNativeName,
): ValueEncoder {
  const { bytes, number, units } = values;
  if (bytes !== undefined)
    return {
      bytesAtMost: bytes.atMost,
      write: (place, staging, offset) => bytes.write(rankOf(place), place, staging, offset),
      code: (code, place) => valueBytes(code, place, slot, values, bytes),
    };
  if (column === 'decimal') {
    if (units !== undefined) return decimalEncoder(values, units, rankOf);
  } else if (number !== undefined) {
    const [bytesAtMost, write] = numberWriters[column]!;
    const unit = kind === 'date' && column === 'timestamp' ? dayNs / 1e6 : 1;
    return {
      bytesAtMost,
      write: (place, staging, offset) => write(unit * number(rankOf(place), place), staging, offset),
      code: (code, place) => numberBytes(code, place, slot, values, column, unit),
    };
  }
  return {
    // Texts of numbers: no digit takes a byte, and a scale takes four.
    bytesAtMost: 4 + values.bytesAtMost,
    write: (place, staging, offset) =>
      writeBytes(readConstant(column, values.text(rankOf(place), place))!, staging, offset),
  };
}

function decimalEncoder(
  values: Values,
  { at, decimals }: NonNullable<Values['units']>,
  rankOf: RankOf,
): ValueEncoder {
  return {
    bytesAtMost: 4 + values.bytesAtMost,
    write: (place, staging, offset) => {
      const rank = rankOf(place);
      const value = at(rank, place);
      return Number.isSafeInteger(value)
        ? writeDecimal(value, decimals, staging, offset)
        : writeBytes(readConstant('decimal', values.text(rank, place))!, staging, offset);
    },
  };
}
