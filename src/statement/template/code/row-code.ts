import type { Places } from '../places.ts';
import type { ValueEncoder } from '../value-source.ts';
import { Code } from './code.ts';
import { hasCode, PlaceCode } from './place-code.ts';
import { openView } from './text-code.ts';

/** Writes the values of an item, each as [bytes] of the protocol, and returns the end. */
export type RowWriter = (item: number, intendedNs: number, bytes: Uint8Array, offset: number) => number;

/** Straight-line code for the values of a row; undefined where the plain writer has to do. */
export function rowCode(encoders: readonly ValueEncoder[], places: Places): RowWriter | undefined {
  if (!hasCode(places) || encoders.some(({ ofItem }) => ofItem === true)) return undefined;
  const code = new Code();
  const place = new PlaceCode(code, places, false);
  const body = code.apart(() => {
    for (const encoder of encoders) writeValue(code, place, encoder);
  });
  code.line(`${openView(code)}
let at = offset;
const first = ${places.population === undefined ? 'item' : `${code.constant(places.population)}.indexOf(item)`};
${code.enterBlock('first')}
${place.begin()}
const index = first;
${body}
return at;`);
  return code.finish(['item', 'intendedNs', 'bytes', 'offset']);
}

function writeValue(code: Code, place: PlaceCode, encoder: ValueEncoder): void {
  let written = false;
  const lines = code.apart(() => (written = encoder.code?.(code, place) ?? false));
  if (written) {
    code.line(`{ const start = at; at += 4;\n${lines}\nview.setInt32(start, at - start - 4); }`);
    return;
  }
  code.line(`{ const end = ${code.constant(encoder)}.write(${place.object()}, bytes, at + 4);
if (end < 0) { view.setInt32(at, -1); at += 4; } else { view.setInt32(at, end - at - 4); at = end; } }`);
}
