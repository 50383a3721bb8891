import type { CqlType } from '../../stress-client/cql-type.ts';
import type { Code } from './code/code.ts';
import type { PlaceCode } from './code/place-code.ts';
import type { Place } from './place.ts';

/** What fills a bind marker: a slot, texts with slots in quotes, a literal with slots inside, a time. */
export interface ValueSource {
  /** As written, such as `[int inc(0) 100]`, for messages. */
  readonly text: string;
  /** Fits its values to a type; else says why not, in words that follow `text`. */
  encoder(type: CqlType): ValueEncoder | { readonly problem: string; readonly hint?: string };
}

/** Writes values of one type in the protocol's serialization, without a length: native_protocol_v4.spec, section 6. */
export interface ValueEncoder {
  /** No value is longer. */
  readonly bytesAtMost: number;
  /** Writes the value at a place and returns the end; -1: null, and nothing was written. */
  write(place: Place, staging: Uint8Array, offset: number): number;
  /** Goes by the item's number too, which straight-line code does not tell. */
  readonly ofItem?: true;
  /** Adds lines to straight-line code that write the same; answers false where `write` is to be called. */
  code?(code: Code, place: PlaceCode): boolean;
}
