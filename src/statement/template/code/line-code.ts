import { encode } from '../bytes.ts';
import type { BoundSlot } from '../bind-slot.ts';
import type { LinePart } from '../compose.ts';
import type { Places } from '../places.ts';
import { Code } from './code.ts';
import { PlaceCode } from './place-code.ts';
import { constantBytes, fixedDigits, paddedDigits, wholeDigits } from './text-code.ts';

/** Writes items `first` to `end` as lines, one after the other with a line end between, and returns the end. */
export type BlockWriter = (
  first: number,
  end: number,
  intendedNs: number,
  bytes: Uint8Array,
  offset: number,
) => number;

/** Texts that a slot chooses among are stored by a switch up to so many, else copied from a table. */
const fewTexts = 8;

type Units = NonNullable<BoundSlot['values']['units']>;

/** Straight-line code for lines of line protocol; undefined where Node was told to make no code from text. */
export function lineCode(
  parts: readonly LinePart[],
  places: Places,
  digits: number,
): BlockWriter | undefined {
  const code = new Code();
  const place = new PlaceCode(code, places);
  const body = code.apart(() => {
    for (const part of parts) writePart(code, place, part);
    writeTime(code, digits);
    code.line('bytes[at++] = 10;');
  });
  code.declare('let lastBytes, lastView;');
  code.line(`if (bytes !== lastBytes) {
lastBytes = bytes;
lastView = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
const view = lastView;
let at = offset;
const blockOfFirst = Math.floor(first / 4294967296);
if (blockOfFirst !== block) enter(blockOfFirst);
${place.begin()}
for (let index = first; index < end; index++) {
${body}
${place.advance()}
}
return at - 1;`);
  return code.finish(['first', 'end', 'intendedNs', 'bytes', 'offset']);
}

function writePart(code: Code, place: PlaceCode, part: LinePart): void {
  if (part.kind === 'text') {
    code.line(constantBytes(code, part.bytes));
    return;
  }
  const { slot, escape, write } = part;
  const { values } = slot;
  if (values.texts !== undefined)
    writeChoice(
      code,
      place,
      slot,
      values.texts.map((text) => encode(escape(text))),
    );
  else if (values.units !== undefined) writeNumber(code, place, slot, values.units);
  else if (values.plain) {
    const object = values.ofRank ? 'undefined' : place.object();
    code.line(`at = ${code.constant(values)}.write(${place.rankOf(slot).text}, ${object}, bytes, at);`);
  } else code.line(`at = ${code.constant(write)}(${place.object()}, bytes, at);`);
}

function writeNumber(
  code: Code,
  place: PlaceCode,
  slot: BoundSlot,
  { at, decimals, code: numberCode }: Units,
): void {
  const { values } = slot;
  const rank = place.rankOf(slot);
  const object = values.ofRank ? 'undefined' : place.object();
  const units = code.variable(numberCode?.(code, rank) ?? `${code.constant(at)}(${rank.text}, ${object})`);
  const digits = fixedDigits(code, units, decimals);
  // Beyond 2^53 units are no longer exact, and what is written is a double.
  const isExact = `${units} >= -9007199254740991 && ${units} <= 9007199254740991`;
  const double = `${code.constant(values)}.write(${rank.text}, ${object}, bytes, at)`;
  code.line(`at = ${isExact} ? ${digits} : ${double};`);
}

/** Which of a few texts: stored by a switch, or copied from a table of all. */
function writeChoice(code: Code, place: PlaceCode, slot: BoundSlot, texts: readonly Uint8Array[]): void {
  if (texts.length === 1) {
    code.line(constantBytes(code, texts[0]!));
    return;
  }
  const { draw, ofRank } = slot.values;
  const object = ofRank ? 'undefined' : place.object();
  const chosen = code.variable(`${code.constant(draw)}(${place.rankOf(slot).text}, ${object})`);
  if (texts.length <= fewTexts) {
    const cases = texts.map((bytes, at) => `case ${at}: ${constantBytes(code, bytes)} break;`);
    code.line(`switch (${chosen}) { ${cases.join('\n')} }`);
    return;
  }
  const ends = new Uint32Array(texts.length + 1);
  texts.forEach((bytes, at) => (ends[at + 1] = ends[at]! + bytes.length));
  const all = code.constant(Uint8Array.from(Buffer.concat(texts)));
  const bounds = code.constant(ends);
  code.line(
    `for (let from = ${bounds}[${chosen}], to = ${bounds}[${chosen} + 1]; from < to; from++) bytes[at++] = ${all}[from];`,
  );
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
