import type { BoundSlot } from './bind-slot.ts';
import { firstPlace } from './place.ts';

/** Every text that a slot has, by rank (or by draw, where it draws); undefined where they are more than so many. */
export function slotTexts({ values, count }: BoundSlot, atMost: number): readonly string[] | undefined {
  const { texts } = values;
  if (texts !== undefined) return texts.length <= atMost ? texts : undefined;
  if (count === undefined || count > atMost || !values.ofRank) return undefined;
  const place = firstPlace();
  return Array.from({ length: count }, (_, rank) => values.text(rank, place));
}
