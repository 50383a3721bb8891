import { parseDuration, printDuration } from '../../lexer/scalar.ts';
import type { ArgumentKind } from './arguments.ts';
import { dateText, dayNs, timestampText, timeText } from './calendar.ts';
import {
  ArgumentProblem,
  constant,
  eachOf,
  fromFile,
  shape,
  type Cell,
  type Made,
  type Makings,
} from './cell.ts';
import { formattedValues, type Real } from './values.ts';
import { counting, wholeDraw } from './whole-functions.ts';

/** A type whose values are whole numbers of some unit, with a text of their own. */
interface Unit {
  readonly smallest: number;
  readonly largest: number;
  readonly print: (value: number) => string;
  readonly bytesAtLeast: number;
  readonly bytesAtMost: number;
  /** Nanoseconds of one. */
  readonly ns: number;
}

function format(made: Made | ArgumentProblem, unit: Unit): Made | ArgumentProblem {
  if (made instanceof ArgumentProblem) return made;
  const { values } = made;
  return {
    ...made,
    values: formattedValues(values.number!, unit.print, { ...unit, plain: true, ofRank: values.ofRank }),
  };
}

function within(makings: Makings, { smallest, largest }: Unit): Makings {
  return { ...makings, smallest, largest };
}

/** The functions of a calendar type whose values are read as `value` and whose steps are read as `step`. */
function calendarFunctions<Value extends ArgumentKind, Step extends ArgumentKind>(
  value: Value,
  step: Step,
  stepDefault: string,
  unit: Unit,
): Record<'inc' | 'seq' | 'rand' | 'const' | 'each' | 'file', Cell> {
  const count = (makings: Makings, start: number, stepNs: number): Made | ArgumentProblem =>
    format(counting(within(makings, unit), start, stepNs / unit.ns), unit);
  const parameters = [`start: ${value}`, `step: ${step} = ${stepDefault}`] as const;
  return {
    inc: [
      shape(parameters, 'start, start + step, … at every item', (makings, ...[start, by]) =>
        count(makings, start as number, by as number),
      ),
    ],
    seq: [
      shape(parameters, 'start, start + step, … at every turn', (makings, ...[start, by]) =>
        count(makings, start as number, by as number),
      ),
    ],
    rand: [
      shape(
        [`min: ${value}`, `max: ${value}`] as const,
        'a draw from min to max, both included',
        (makings, ...[from, to]) =>
          format(wholeDraw(within(makings, unit), from as number, to as number), unit),
      ),
    ],
    const: constant(),
    each: eachOf(),
    file: fromFile(),
  };
}

/** `now`: a number of the unit from the milliseconds of the run's start and the operation's nanoseconds after it. */
function now(unit: Unit, at: (startMs: number, intendedNs: number) => number): Cell {
  return [
    shape([], 'the time when the operation was meant to start', ({ startMs }) => {
      const value: Real = (_, place) => at(startMs, place.intendedNs);
      return {
        values: formattedValues(value, unit.print, { ...unit, plain: true, ofRank: false }),
        different: undefined,
      };
    }),
  ];
}

const milliseconds: Unit = {
  // The years 0001 to 9999.
  smallest: -62_135_596_800_000,
  largest: 253_402_300_799_999,
  print: timestampText,
  bytesAtLeast: 24,
  bytesAtMost: 24,
  ns: 1e6,
};

export const timestampFunctions = {
  ...calendarFunctions('timestamp', 'milliseconds', '1s', milliseconds),
  now: now(milliseconds, (startMs, intendedNs) => startMs + Math.floor(intendedNs / 1e6)),
} satisfies Record<string, Cell>;

const days: Unit = {
  smallest: -719_162,
  largest: 2_932_896,
  print: dateText,
  bytesAtLeast: 10,
  bytesAtMost: 10,
  ns: dayNs,
};

export const dateFunctions = {
  ...calendarFunctions('date', 'days', '1d', days),
  now: now(days, (startMs, intendedNs) => Math.floor((startMs + intendedNs / 1e6) / (dayNs / 1e6))),
} satisfies Record<string, Cell>;

const timeOfDay: Unit = {
  smallest: 0,
  largest: dayNs - 1,
  print: timeText,
  bytesAtLeast: 18,
  bytesAtMost: 18,
  ns: 1,
};

const clockFunctions = calendarFunctions('time', 'duration', '1s', timeOfDay);

export const timeFunctions = {
  ...clockFunctions,
  rand: [
    shape([], 'a draw from the whole day', (makings) =>
      format(wholeDraw(within(makings, timeOfDay), 0, timeOfDay.largest), timeOfDay),
    ),
    ...clockFunctions.rand,
  ],
  now: now(timeOfDay, (startMs, intendedNs) => {
    const dayMs = dayNs / 1e6;
    return ((((startMs % dayMs) + dayMs) % dayMs) * 1e6 + Math.floor(intendedNs)) % dayNs;
  }),
} satisfies Record<string, Cell>;

export const durationFunctions = calendarFunctions('duration', 'duration', '1s', {
  smallest: 0,
  largest: Number.MAX_SAFE_INTEGER,
  print: printDuration,
  bytesAtLeast: 2,
  bytesAtMost: 40,
  ns: 1,
}) satisfies Record<string, Cell>;

/** A duration as CQL takes it. */
export function readDuration(text: string): string | undefined {
  const ns = parseDuration(text);
  return ns === undefined ? undefined : printDuration(ns);
}
