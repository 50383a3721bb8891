import { meaningfulMarks } from '../lexer/read-text.ts';
import { slotOpens } from '../lexer/read-slot.ts';
import type {
  CqlTemplate,
  Parameter,
  Placeholder,
  PointField,
  PointTag,
  QueryTemplate,
  QuotedTemplate,
  Template,
  TemplatePart,
  Text,
} from './ast.ts';
import { escapeDollars, printSlot } from './print-words.ts';
import { printParameter } from './text.ts';

type AnyPart = TemplatePart | QuotedTemplate | Placeholder;
type Dialect = 'influxql' | 'cql' | 'either';

const placeholders: Readonly<Record<Exclude<Placeholder['what'], 'value'>, string>> = {
  tag: '%t',
  tags: '%T',
  field: '%f',
  measurement: '%m',
  timestamp: '%a',
  'partition-key': '%k',
  'primary-key': '%K',
};

/** A measurement, key or value of line protocol, with the protocol's escapes. */
export function printLiteral({ parts }: Template | Text): string {
  return parts
    .map((part: TemplatePart, index) => {
      if (typeof part !== 'string') return part.kind === 'parameter' ? printParameter(part) : printSlot(part);
      const next = parts[index + 1];
      const escaped = part.replace(/(\\*)\[/g, '$1$1\\[').replace(/[,=]|[^\S\n]/g, '\\$&');
      return escapeDollars(beforeSlot(escaped, next), isParameter(next));
    })
    .join('');
}

/** Doubles the `\`s at the end where a slot follows. */
function beforeSlot(text: string, next: AnyPart | undefined): string {
  const slot =
    typeof next === 'object' &&
    (next.kind === 'value-slot' || next.kind === 'choice-slot' || next.kind === 'slot-reference');
  return slot ? text.replace(/\\+$/, '$&$&') : text;
}

function isParameter(part: AnyPart | undefined): boolean {
  return typeof part === 'object' && part.kind === 'parameter';
}

export function printTag({ key, value }: PointTag): string {
  return `${printLiteral(key)}=${printLiteral(value)}`;
}

export function printField({ key, value, quoted }: PointField): string {
  return `${printLiteral(key)}=${quoted ? printFieldString(value) : printLiteral(value)}`;
}

function printFieldString({ parts }: Template): string {
  const inside = parts.map((part, index) => {
    if (typeof part !== 'string') return part.kind === 'parameter' ? printParameter(part) : printSlot(part);
    return escapeDollars(part.replace(/[\\"[]/g, '\\$&'), isParameter(parts[index + 1]));
  });
  return `"${inside.join('')}"`;
}

/** Stand-ins for what is not text, while the text around it is looked at. */
const parameterMark = '\uE000';
const partMark = '\uE001';

/**
 * A text for the target, or a template of one. `fenced` matters only for quoted strings with slots in the text
 * of a query, where `\` escapes inside a fence.
 */
export function printText(
  { parts }: Text | CqlTemplate | QueryTemplate,
  {
    dialect,
    template,
    placeholders: percents,
    fenced,
  }: { dialect: Dialect; template: boolean; placeholders: boolean; fenced: boolean },
): string {
  const pieces: readonly AnyPart[] = parts;
  const outline = pieces
    .map((part) => (typeof part === 'string' ? part : part.kind === 'parameter' ? parameterMark : partMark))
    .join('');
  const marks = meaningfulMarks(outline, { dialect, placeholders: percents, comments: !template && !fenced });
  const written: string[] = [];
  /** Where in `written` brackets stand that open no slot. */
  const brackets: Bracket[] = [];
  let offset = 0;
  for (const [index, part] of pieces.entries()) {
    if (typeof part !== 'string') {
      if (template && typeof part === 'object' && written.length > 0) written.push(doubled(written, part));
      written.push(printPart(part, fenced && dialect === 'either'));
      offset += 1;
      continue;
    }
    for (let at = 0; at < part.length; at++) {
      const character = part[at]!;
      const marked = marks.get(offset + at);
      if (marked && character === '[') brackets.push({ at: written.length, inQuotes: marked === 'quotes' });
      written.push(marked && character !== '[' ? escapeMark(part, at, pieces[index + 1]) : character);
      if (marked && character === '$') at += run(part, at) - 1;
    }
    offset += part.length;
  }
  return template ? closeSlots(written, brackets) : written.join('');
}

function run(text: string, at: number): number {
  let end = at;
  while (text[end] === '$') end++;
  return end - at;
}

function escapeMark(text: string, at: number, next: AnyPart | undefined): string {
  if (text[at] === '%') {
    const follows = text[at + 1] ?? (next === undefined ? ' ' : '[');
    return /[\s\d]/.test(follows) ? '%' : '%%';
  }
  const dollars = '$'.repeat(run(text, at));
  const end = at + dollars.length;
  const special = text[end] === '{' || (end === text.length && isParameter(next));
  return special ? dollars + dollars : dollars;
}

/** The `\`s just written, once more where a slot follows them. */
function doubled(written: readonly string[], part: Exclude<AnyPart, string>): string {
  if (part.kind === 'parameter' || part.kind === 'placeholder' || part.kind === 'quoted-template') return '';
  let count = 0;
  while (written[written.length - 1 - count] === '\\') count++;
  return '\\'.repeat(count);
}

function printPart(part: Exclude<AnyPart, string>, backslashesEscape: boolean): string {
  switch (part.kind) {
    case 'parameter':
      return printParameter(part);
    case 'placeholder':
      return part.what === 'value' ? `%(${printPlaceholderName(part.name!)})` : placeholders[part.what];
    case 'quoted-template':
      return printQuotedTemplate(part, backslashesEscape);
    default:
      return printSlot(part);
  }
}

function printPlaceholderName(name: string): string {
  return /^[\p{L}\p{N}_@:.-]+$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function printQuotedTemplate({ parts }: QuotedTemplate, backslashesEscape: boolean): string {
  const written: string[] = [];
  const brackets: Bracket[] = [];
  for (const [index, part] of parts.entries()) {
    if (typeof part !== 'string') {
      if (part.kind !== 'parameter') written.push(doubled(written, part));
      written.push(part.kind === 'parameter' ? printParameter(part as Parameter) : printSlot(part));
      continue;
    }
    for (const character of escapeDollars(part, isParameter(parts[index + 1]))) {
      if (character === '[') brackets.push({ at: written.length, inQuotes: true });
      if (character === '\\' && backslashesEscape) written.push('\\');
      written.push(character === "'" ? "''" : character);
    }
  }
  return `'${closeSlots(written, brackets, "'")}'`;
}

/** A bracket that opens no slot, by its place among what was written. */
interface Bracket {
  readonly at: number;
  readonly inQuotes: boolean;
}

/** Puts a `\` before each bracket that would open a slot, and doubles those that stand before it. */
function closeSlots(written: string[], brackets: readonly Bracket[], after = ''): string {
  let text = after;
  let end = written.length;
  for (const { at, inQuotes } of brackets.toReversed()) {
    text = written.slice(at, end).join('') + text;
    end = at;
    if (!slotOpens(text, inQuotes)) continue;
    text = `\\${text}`;
    for (let back = at - 1; written[back] === '\\'; back--) text = `\\${text}`;
  }
  const whole = written.slice(0, end).join('') + text;
  return after === '' ? whole : whole.slice(0, -after.length);
}
