import type { LinePart } from '../compose.ts';
import type { Places } from '../places.ts';
import { Code } from './code.ts';
import { hasCode, PlaceCode } from './place-code.ts';
import { slotText } from './slot-text.ts';
import { constantBytes, openView, paddedDigits, wholeDigits } from './text-code.ts';

/** Writes items of the indexes `first` to `end` as lines, one after the other with a line end between, and returns the end. */
export type BlockWriter = (
  first: number,
  end: number,
  intendedNs: number,
  bytes: Uint8Array,
  offset: number,
) => number;

/** Straight-line code for lines of line protocol; undefined where the plain writer has to do. */
export function lineCode(
  parts: readonly LinePart[],
  places: Places,
  digits: number,
): BlockWriter | undefined {
  if (!hasCode(places)) return undefined;
  const code = new Code();
  const place = new PlaceCode(code, places, true);
  const body = code.apart(() => {
    for (const part of parts) {
      if (part.kind === 'text') code.line(constantBytes(code, part.bytes));
      else slotText(code, place, part.slot, part.escape, part.write);
    }
    writeTime(code, digits);
    code.line('bytes[at++] = 10;');
  });
  code.line(`${openView(code)}
let at = offset;
${code.enterBlock('first')}
${place.begin()}
for (let index = first; index < end; index++) {
${body}
${place.advance()}
}
return at - 1;`);
  return code.finish(['first', 'end', 'intendedNs', 'bytes', 'offset']);
}

/** The item's time in units of 10^-digits seconds; before 1970 the plain writer does it. */
function writeTime(code: Code, digits: number): void {
  if (digits === 0) {
    code.line(`at = ${wholeDigits(code, 'seconds')};`);
    return;
  }
  const padded = paddedDigits(code, 'part', digits);
  const part = digits === 9 ? 'nanoseconds' : `(nanoseconds / ${10 ** (9 - digits)}) | 0`;
  code.line(`at = ${wholeDigits(code, 'seconds')}; { const part = ${part}; ${padded} }`);
}
