import type { Parameter, Slot, SlotType, Text } from './ast.ts';
import { isBareName } from './scalars.ts';
import { isPlain, plainText, printParameter } from './text.ts';

type Parts = readonly (string | Parameter)[];

/** The parts as text; `escape` takes care of what the place they stand in makes special. */
export function printParts(parts: Parts, escape: (text: string) => string = (text) => text): string {
  let text = '';
  for (const [index, part] of parts.entries()) {
    if (typeof part !== 'string') text += printParameter(part);
    else text += escapeDollars(escape(part), index + 1 < parts.length);
  }
  return text;
}

/** Doubles each `$` before a brace, and at the end where a parameter follows. */
export function escapeDollars(text: string, parameterFollows: boolean): string {
  if (!text.includes('$')) return text;
  const escaped = text.replace(/\$+(?=\{)/g, '$&$&');
  return parameterFollows ? escaped.replace(/\$+$/, '$&$&') : escaped;
}

function printQuoted(parts: Parts, quote: '"' | "'" = '"'): string {
  return quote + printParts(parts, (text) => text.replaceAll(quote, quote + quote)) + quote;
}

/** A name, in quotes where it needs them. */
export function printName(text: Pick<Text, 'parts'>): string {
  const bare = isPlain(text)
    ? isBareName(plainText(text)) && plainText(text).toUpperCase() !== 'INTO'
    : text.parts.every(
        (part, index) =>
          typeof part !== 'string' || (index === 0 ? isBareName(part) : /^[\p{L}\p{N}@_:.-]+$/u.test(part)),
      );
  return bare ? printParts(text.parts) : printQuoted(text.parts);
}

/** A word of a clause, in quotes where it needs them. */
export function printWord(text: Text): string {
  const bare = printParts(text.parts);
  return /^(?!#|--|\/\*|')[^\s,()[\]=<>!";]+$/.test(bare) ? bare : printQuoted(text.parts);
}

/** A count, duration, rate or the like, which has no quotes. */
export function printScalar(text: Text): string {
  return printParts(text.parts);
}

/** A word of EXEC or WAIT. */
export function printArgument(text: Text): string {
  const bare = printParts(text.parts);
  return /^(?!#|--(?:$|\s)|\/\*)[^\s"';]+$/.test(bare) ? bare : printQuoted(text.parts);
}

/** A setting's value, in its brackets. */
export function printBracketed(text: Text): string {
  const outline = text.parts.map((part) => (typeof part === 'string' ? part : 'x')).join('');
  const bare = outline === outline.trim() && !outline.startsWith('"') && isBalanced(outline);
  return bare ? `[${printParts(text.parts)}]` : `[${printQuoted(text.parts)}]`;
}

function isBalanced(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]]/g)) {
    depth += bracket === '[' ? 1 : -1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** A slot with its brackets. */
export function printSlot(slot: Slot): string {
  if (slot.kind === 'slot-reference') return `[=${slot.name}]`;
  const name = slot.name === undefined ? '' : `${slot.name}: `;
  if (slot.kind === 'choice-slot') {
    const options = slot.options.map(({ text, weight }, index) => {
      const option = printOption(text, index === 0, slot.options.length === 1);
      return weight === undefined ? option : `${option}*${printParts(weight.parts)}`;
    });
    return `[${name}${options.join('|')}]`;
  }
  const values = slot.function.arguments.map(({ text, quoted }) =>
    quoted ? printQuoted(text.parts, "'") : printParts(text.parts),
  );
  const count = slot.count === undefined ? '' : ` ${printParts(slot.count.parts)}`;
  return `[${name}${printType(slot.type)} ${slot.function.name}(${values.join(', ')})${count}]`;
}

function printType({ name, size, of }: SlotType): string {
  const sized = size === undefined ? name : `${name}(${printParts(size.parts)})`;
  return of.length === 0 ? sized : `${sized} of ${of.map(printType).join(', ')}`;
}

/**
 * An option as it stands between bars. The first one must not look like a name, a reference or a type, and a
 * lone one is a single word.
 */
function printOption({ parts }: Text, first: boolean, lone: boolean): string {
  const outer = lone ? /\s/g : /^\s+|\s+$/g;
  const said = parts.map((part, index) => {
    if (typeof part !== 'string') return part;
    const atEdge = index === 0 || index === parts.length - 1;
    let option = part.replace(/[\\|[\]*'"]/g, '\\$&');
    if (lone || atEdge) option = option.replace(outer, (blanks) => blanks.replace(/\s/g, '\\$&'));
    if (index > 0) return option;
    option = option.replace(/^=/, '\\=');
    return first ? option.replace(/:(?=\s)/g, '\\:').replace(firstParenthesis, '$1\\(') : option;
  });
  return printParts(said);
}

const firstParenthesis = /^([\p{L}\p{N}_]+\s*[\p{L}\p{N}_]*\s*)\(/u;
