import type { Argument, Slot, SlotType, Text } from '../../parser/ast.ts';
import { plainText } from '../../parser/text.ts';

function argumentText({ text, quoted }: Argument): string {
  const value = plainText(text);
  return quoted ? `'${value}'` : value;
}

function typeText(type: SlotType): string {
  const size = type.size === undefined ? '' : `(${plainText(type.size)})`;
  const of = type.of.length === 0 ? '' : ` of ${type.of.map(typeText).join(', ')}`;
  return `${type.name}${size}${of}`;
}

function optionText(text: Text, weight: Text | undefined): string {
  const value = plainText(text).replaceAll(/[|\]*\\]/g, (special) => `\\${special}`);
  return weight === undefined ? value : `${value}*${plainText(weight)}`;
}

/** A slot as the author would write it, for messages and previews. */
export function slotText(slot: Slot): string {
  if (slot.kind === 'slot-reference') return `[=${slot.name}]`;
  const name = slot.name === undefined ? '' : `${slot.name}: `;
  if (slot.kind === 'choice-slot')
    return `[${name}${slot.options.map(({ text, weight }) => optionText(text, weight)).join('|')}]`;
  const call = `${slot.function.name}(${slot.function.arguments.map(argumentText).join(', ')})`;
  const count = slot.count === undefined ? '' : ` ${plainText(slot.count)}`;
  return `[${name}${typeText(slot.type)} ${call}${count}]`;
}
