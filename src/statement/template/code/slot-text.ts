import type { BoundSlot } from '../bind-slot.ts';
import { encode } from '../bytes.ts';
import type { Values } from '../values.ts';
import type { Code } from './code.ts';
import type { PlaceCode } from './place-code.ts';
import { constantBytes, fixedDigits } from './text-code.ts';

/** Texts that a slot chooses among are stored by a switch up to so many, else copied from a table. */
const fewTexts = 8;

/**
 * Adds lines that write a slot's value as text. `write`, which escapes by itself, is taken where only the plain
 * writer knows the text and it may need escaping.
 */
export function slotText(
  code: Code,
  place: PlaceCode,
  slot: BoundSlot,
  escape: (text: string) => string = (text) => text,
  write?: unknown,
): void {
  const { values } = slot;
  if (values.texts !== undefined)
    chosenBytes(
      code,
      place,
      slot,
      values,
      values.texts.map((text) => encode(escape(text))),
    );
  else if (values.units !== undefined) numberText(code, place, slot, values, values.units);
  else if (values.plain || write === undefined) {
    const object = place.objectFor(values);
    code.line(`at = ${code.constant(values)}.write(${place.rankOf(slot).text}, ${object}, bytes, at);`);
  } else code.line(`at = ${code.constant(write)}(${place.object()}, bytes, at);`);
}

function numberText(
  code: Code,
  place: PlaceCode,
  slot: BoundSlot,
  values: Values,
  numbers: NonNullable<Values['units']>,
): void {
  const rank = place.rankOf(slot).text;
  const units = unitsOf(code, place, slot, values, numbers);
  const digits = fixedDigits(code, units, numbers.decimals);
  // Beyond 2^53 units are no longer exact, and what is written is a double.
  const isExact = `${units} >= -9007199254740991 && ${units} <= 9007199254740991`;
  const double = `${code.constant(values)}.write(${rank}, ${place.objectFor(values)}, bytes, at)`;
  code.line(`at = ${isExact} ? ${digits} : ${double};`);
}

/** A variable with the units of a slot's value. */
export function unitsOf(
  code: Code,
  place: PlaceCode,
  slot: BoundSlot,
  values: Values,
  { at, code: numberCode }: NonNullable<Values['units']>,
): string {
  const rank = place.rankOf(slot);
  const call = (): string => `${code.constant(at)}(${rank.text}, ${place.objectFor(values)})`;
  return code.variable(numberCode?.(code, rank) ?? call());
}

/** Adds lines that write one of a few values, each as its bytes: stored by a switch, or copied from a table of all. */
export function chosenBytes(
  code: Code,
  place: PlaceCode,
  slot: BoundSlot,
  values: Values,
  table: readonly Uint8Array[],
): void {
  if (table.length === 1) {
    code.line(constantBytes(code, table[0]!));
    return;
  }
  const draw = code.constant(values.draw);
  const chosen = code.variable(`${draw}(${place.rankOf(slot).text}, ${place.objectFor(values)})`);
  if (table.length <= fewTexts) {
    const cases = table.map((bytes, at) => `case ${at}: ${constantBytes(code, bytes)} break;`);
    code.line(`switch (${chosen}) { ${cases.join('\n')} }`);
    return;
  }
  const ends = new Uint32Array(table.length + 1);
  table.forEach((bytes, at) => (ends[at + 1] = ends[at]! + bytes.length));
  const all = code.constant(Uint8Array.from(Buffer.concat(table)));
  const bounds = code.constant(ends);
  code.line(
    `for (let from = ${bounds}[${chosen}], to = ${bounds}[${chosen} + 1]; from < to; from++) bytes[at++] = ${all}[from];`,
  );
}
