import type { BoundSlot } from './bind-slot.ts';
import { byteLength, encode, writeBytes, writeText } from './bytes.ts';
import type { RankOf } from './odometer.ts';
import type { Place } from './place.ts';

/** Writes a part of an item at `offset` and returns the end. */
export type PartWriter = (place: Place, staging: Uint8Array, offset: number) => number;

/** A slot where it stands. */
export interface PlacedSlot {
  readonly slot: BoundSlot;
  readonly rankOf: RankOf;
  /** How many of its values it takes at most, where the number of items tells. */
  readonly ranks?: number;
}

/** A value made of texts and slots. */
export type Composition = readonly (string | PlacedSlot)[];

type Escape = (text: string) => string;

/** A part of an item: bytes as they are sent, or a slot whose values are escaped. */
export type LinePart =
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'slot'; readonly slot: BoundSlot; readonly escape: Escape; readonly write: PartWriter };

/** The value as text, unescaped. */
export function compositionText(parts: Composition, place: Place): string {
  let text = '';
  for (const part of parts)
    text += typeof part === 'string' ? part : part.slot.values.text(part.rankOf(place), place);
  return text;
}

/**
 * What an item consists of, gathered from first to last; neighbouring constant texts become one copy. Its bytes are
 * made when the first item is written: most plans are only looked at.
 */
export class PartList {
  readonly #gathered: (string | (PlacedSlot & { readonly escape: Escape }))[] = [];
  #bytesAtMost = 0;
  #parts: readonly LinePart[] | undefined;
  #writers: readonly PartWriter[] | undefined;

  /** Text as it is sent. */
  text(text: string): void {
    this.#bytesAtMost += byteLength(text);
    const last = this.#gathered.length - 1;
    if (last >= 0 && typeof this.#gathered[last] === 'string') this.#gathered[last] += text;
    else this.#gathered.push(text);
  }

  /** A value, escaped. */
  composition(parts: Composition, escape: Escape): void {
    for (const part of parts) {
      if (typeof part === 'string') this.text(escape(part));
      else this.slot(part, escape);
    }
  }

  slot({ slot, rankOf }: PlacedSlot, escape: Escape): void {
    const { values } = slot;
    // Escaping puts at most one byte before each.
    this.#bytesAtMost += values.plain ? values.bytesAtMost : 2 * values.bytesAtMost;
    this.#gathered.push({ slot, rankOf, escape });
  }

  /** The most bytes that an item has. */
  get bytesAtMost(): number {
    return this.#bytesAtMost;
  }

  get parts(): readonly LinePart[] {
    this.#parts ??= this.#gathered.map((part) => {
      if (typeof part === 'string') return { kind: 'text', bytes: encode(part) };
      const { slot, rankOf, escape } = part;
      return { kind: 'slot', slot, escape, write: slotWriter(slot, rankOf, escape) };
    });
    return this.#parts;
  }

  /** Writes the whole at `offset` and returns the end. */
  write(place: Place, staging: Uint8Array, offset: number): number {
    this.#writers ??= this.parts.map((part) =>
      part.kind === 'slot' ? part.write : (_, bytes, at) => writeBytes(part.bytes, bytes, at),
    );
    let end = offset;
    for (let at = 0; at < this.#writers.length; at++) end = this.#writers[at]!(place, staging, end);
    return end;
  }
}

/** Values of a bounded slot are made once if they are no more than this. */
const tableSize = 4096;

function slotWriter({ values, count }: BoundSlot, rankOf: RankOf, escape: Escape): PartWriter {
  const { draw } = values;
  if (draw !== undefined) {
    const table = values.texts!.map((text) => encode(escape(text)));
    return (place, staging, offset) => writeBytes(table[draw(rankOf(place), place)]!, staging, offset);
  }
  if (count !== undefined && count <= tableSize && values.ofRank && values.bytesAtMost <= 256) {
    const table: Uint8Array[] = [];
    return (place, staging, offset) => {
      const rank = rankOf(place);
      return writeBytes((table[rank] ??= encode(escape(values.text(rank, place)))), staging, offset);
    };
  }
  if (values.plain) return (place, staging, offset) => values.write(rankOf(place), place, staging, offset);
  return (place, staging, offset) => writeText(escape(values.text(rankOf(place), place)), staging, offset);
}
