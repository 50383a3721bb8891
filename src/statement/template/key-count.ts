import type { BoundSlot } from './bind-slot.ts';
import { unbounded } from './cell.ts';
import type { Odometer } from './odometer.ts';
import type { Places } from './places.ts';

/** How many different combinations of values slots have. */
export interface KeyCount {
  /** No more than this. */
  readonly atMost: number;
  /** Undefined where draws may be equal. */
  readonly exactly: number | undefined;
}

/** Counts the different combinations that slots have in the first `items` items. */
export function countKeys(slots: readonly BoundSlot[], places: Places, items: number): KeyCount {
  const { odometer, population } = places;
  const indexes = places.indexesOf(items);
  const end = places.endOf(items);
  // Which indexes there are is known, and that they begin at 0.
  const fromFirst = population === undefined || (population.ascends && population.first === 0);
  const used = new Set(slots);
  const digits = new Set(odometer.slots.filter((slot) => used.has(slot)));
  const others = [...used].filter((slot) => !digits.has(slot) && slot.made.different !== 1);
  const turns = odometer.turnsOf(end);
  const ranksOf = (slot: BoundSlot): number => (slot.ofTurn ? turns : end);
  const combinations = (series: number): number => digitCombinations(odometer, digits, series);
  const { itemsOfTurn, neighbours } = odometer;
  const product = others.reduce(
    (count, slot) => count * Math.min(valuesAtMost(slot), ranksOf(slot)),
    combinations(fromFirst ? Math.ceil(indexes / neighbours) : itemsOfTurn),
  );
  const atMost = Math.min(product, indexes);
  if (population?.draws === true) return { atMost, exactly: undefined };
  if (others.length === 0) return { atMost, exactly: fromFirst ? atMost : undefined };
  const counting = others.filter((slot) => neverRepeats(slot, ranksOf(slot)));
  if (counting.some((slot) => !slot.ofTurn)) return { atMost: indexes, exactly: indexes };
  if (counting.length === 0 || others.some((slot) => !slot.ofTurn) || indexes === Infinity || !fromFirst)
    return { atMost, exactly: undefined };
  // Every turn has keys of its own, as many as its series have combinations.
  const whole = Math.floor(indexes / (itemsOfTurn * neighbours));
  const rest = indexes - whole * itemsOfTurn * neighbours;
  const groups = Math.floor(rest / neighbours);
  const longer = rest - groups * neighbours;
  const exactly =
    whole * neighbours * combinations(itemsOfTurn) +
    longer * combinations(groups + 1) +
    (neighbours - longer) * combinations(groups);
  return { atMost: exactly, exactly };
}

function valuesAtMost({ count, made }: BoundSlot): number {
  const values = count ?? made.different ?? unbounded;
  return values === unbounded ? Infinity : values;
}

function neverRepeats({ count, distinct, made }: BoundSlot, ranks: number): boolean {
  return count === undefined ? made.different === unbounded : distinct && count >= ranks;
}

/** Different combinations of some of the odometer's digits among the first so many series. */
function digitCombinations(odometer: Odometer, digits: ReadonlySet<BoundSlot>, series: number): number {
  let rest = series;
  let stride = odometer.itemsOfTurn;
  let full = [...digits].reduce((count, slot) => count * slot.count!, 1);
  if (rest >= stride) return full;
  let combinations = 0;
  for (const slot of odometer.slots.toReversed()) {
    stride /= slot.count!;
    const begun = Math.floor(rest / stride);
    if (digits.has(slot)) {
      full /= slot.count!;
      combinations += begun * full;
      rest -= begun * stride;
    } else if (begun > 0) {
      // One value of this digit has been with every combination of the faster ones.
      return combinations + full;
    }
  }
  return combinations;
}
