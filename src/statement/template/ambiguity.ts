import type { BoundSlot } from './bind-slot.ts';
import type { Composition } from './compose.ts';
import { firstPlace } from './place.ts';

/** Combinations that are tried: all of a small value, the first of each slot of a large one. */
const combinationsAtMost = 65_536;

/**
 * A text that a value of several slots of the odometer has for two different combinations of theirs, as
 * `[int inc(0) 12][int inc(0) 12]` has `111` twice; undefined where there is none.
 */
export function ambiguousText(value: Composition, digits: readonly BoundSlot[]): string | undefined {
  if (value.filter((part) => typeof part !== 'string').length < 2) return undefined;
  const slots = [...new Set(value.flatMap((part) => (typeof part === 'string' ? [] : [part.slot])))].filter(
    (slot) => digits.includes(slot),
  );
  if (slots.length < 2) return undefined;
  const each = Math.floor(combinationsAtMost ** (1 / slots.length));
  const place = firstPlace();
  const ranks = new Map<BoundSlot, number>();
  const seen = new Set<string>();
  const walk = (depth: number): string | undefined => {
    const slot = slots[depth];
    if (slot === undefined) {
      const text = value
        .map((part) =>
          typeof part === 'string' ? part : part.slot.values.text(ranks.get(part.slot) ?? 0, place),
        )
        .join('');
      if (seen.has(text)) return text;
      seen.add(text);
      return undefined;
    }
    for (let rank = 0; rank < Math.min(slot.count!, each); rank++) {
      ranks.set(slot, rank);
      const found = walk(depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(0);
}
