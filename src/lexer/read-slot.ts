import { appendPart, isSpace, type Reader } from './reader.ts';
import type { Part } from './tokens.ts';
import {
  ArgumentString,
  Bar,
  Comma,
  Equals,
  LeftParenthesis,
  OfType,
  Option,
  RightParenthesis,
  SlotClose,
  SlotName,
  SlotOpen,
  SlotWord,
  Unexpected,
  OptionWeight,
} from './tokens.ts';

const word = String.raw`[\p{L}_][\p{L}\p{N}_]*`;
const parameter = String.raw`\$\{[^\\}]*(?:\\[^][^\\}]*)*\}`;
/** `type function(`, `list(3) of`, `vector(8) function(`; a parameter in the type's place is for the parser to refuse. */
const valueShape = new RegExp(
  String.raw`\s*(?:(?:${word}|${parameter})\s+${word}\s*\(|${word}\s*\(\s*(?:[^()[\]\s$]+|${parameter})\s*\)\s*(?:of\b|${word}\s*\())`,
  'iuy',
);
const nameShape = new RegExp(String.raw`\s*(${word})\s*:(?=\s)`, 'uy');
const referenceShape = /\s*=/y;
/** Up to the first bar of a choice; outside quotes strings may stand before it. */
const choiceShape = new RegExp(
  String.raw`[^\\|[\]'"$]*(?:(?:\\[^]|'[^']*'|${parameter}|\$\$|\$(?![{$]))[^\\|[\]'"$]*){0,100}\|`,
  'uy',
);
const quotedChoiceShape = new RegExp(
  String.raw`[^\\|[\]'"$]*(?:(?:\\[^]|${parameter}|\$\$|\$(?![{$]))[^\\|[\]'"$]*){0,100}\|`,
  'uy',
);
/** A single option, which only line protocol has. */
const loneShape = new RegExp(
  String.raw`\s*(?:\\[^]|${parameter}|\$\$|\$(?![{$])|[^\s[\]\\$]){1,1000}\s*\]`,
  'uy',
);

const unquotedShapes = [valueShape, nameShape, referenceShape, choiceShape];
const quotedShapes = [valueShape, nameShape, referenceShape, quotedChoiceShape];

const valueWord = /[^\s()[\],'"$|=]+/y;
const optionWord = /[^\s|*[\]\\$]+/y;
const escape = /\\([\s!-/:-@[-`{-~])/y;
const blankRun = /\s+/y;

/** Nested types (`list of list of …`) go so deep at most. */
const deepestType = 16;

/** Whether the `[` at `at` opens a slot, in text where brackets have meanings of their own. */
export function slotOpensAt(reader: Reader, at: number, inQuotes: boolean): boolean {
  for (const shape of inQuotes ? quotedShapes : unquotedShapes)
    if (reader.matches(shape, at + 1)) return true;
  return false;
}

/** Whether the `[` that the text starts with would open a slot. */
export function slotOpens(text: string, inQuotes: boolean): boolean {
  return (inQuotes ? quotedShapes : unquotedShapes).some((shape) => {
    shape.lastIndex = 1;
    return shape.test(text);
  });
}

/** Reads the slot at `at`; `inText`: its options may stand in quotes, as the strings around it do. */
export function readSlot(reader: Reader, inText: boolean): void {
  const start = reader.at;
  reader.push(SlotOpen, start, start + 1);
  reader.at++;
  const named = reader.match(nameShape);
  if (named !== undefined) {
    const at = reader.at + named[0].indexOf(named[1]!);
    reader.push(SlotName, at, at + named[1]!.length, [named[1]!]);
    reader.at += named[0].length;
  }
  if (reader.matches(valueShape) || reader.matches(referenceShape)) {
    readValue(reader, start);
  } else if (reader.matches(choiceShape) || reader.matches(loneShape)) {
    readChoice(reader, start, inText);
  } else {
    readValue(reader, start);
  }
  reader.push(SlotClose, reader.at, reader.at + 1);
  reader.at++;
  reader.closed(start, reader.at, 'the slot [');
}

/** Reads `type function(arguments) count`, or `=name`, up to the closing bracket. */
function readValue(reader: Reader, slotStart: number): void {
  let types = 0;
  for (;;) {
    while (reader.at < reader.limit && isSpace(reader.text.charCodeAt(reader.at))) reader.at++;
    const start = reader.at;
    const character = reader.at < reader.limit ? reader.text[start]! : '[';
    if (character === ']') return;
    if (character === '[') reader.unclosed(slotStart, 'the slot [');
    const mark = marks.get(character);
    if (mark !== undefined) {
      reader.at++;
      reader.push(mark, start, reader.at);
    } else if (character === "'" || character === '"') {
      const parts = reader.readQuoted();
      reader.push(ArgumentString, start, reader.at, parts);
    } else {
      const parts = reader.readWord(valueWord);
      const isOf = parts.length === 1 && String(parts[0]).toLowerCase() === 'of';
      if (isOf && ++types > deepestType) {
        reader.error('S034', `types are nested more than ${deepestType} deep`, start, reader.at);
        reader.unclosed(slotStart, 'the slot [');
      }
      reader.push(isOf ? OfType : SlotWord, start, reader.at, parts);
    }
  }
}

const marks = new Map([
  ['(', LeftParenthesis],
  [')', RightParenthesis],
  [',', Comma],
  ['=', Equals],
  ['|', Unexpected],
]);

/** Reads `a|b*2|c` up to the closing bracket. */
function readChoice(reader: Reader, slotStart: number, inText: boolean): void {
  for (;;) {
    while (reader.at < reader.limit && isSpace(reader.text.charCodeAt(reader.at))) reader.at++;
    const start = reader.at;
    const quoted = inText ? reader.match(/'[^']*(?:''[^']*)*'\s*(?=[|\]*])/y) : undefined;
    const option = quoted === undefined ? readOption(reader, slotStart) : reader.readQuoted();
    if (option.length > 0) reader.push(Option, start, reader.at, option);
    if (quoted !== undefined) reader.at = start + quoted[0].length;
    if (reader.text[reader.at] === '*') {
      const star = reader.at++;
      reader.push(OptionWeight, star, reader.at, readOption(reader, slotStart));
    }
    if (reader.text[reader.at] === ']') return;
    reader.push(Bar, reader.at, reader.at + 1);
    reader.at++;
  }
}

/** Reads up to an unescaped `|`, `*` or `]`; outer blanks are dropped. */
function readOption(reader: Reader, slotStart: number): Part[] {
  const parts: Part[] = [];
  let trailing = '';
  for (;;) {
    if (reader.at >= reader.limit) reader.unclosed(slotStart, 'the slot [');
    const character = reader.text[reader.at]!;
    if (character === '|' || character === '*' || character === ']') return parts;
    if (character === '[') reader.unclosed(slotStart, 'the slot [');
    const blanks = reader.match(blankRun);
    if (blanks !== undefined) {
      trailing += blanks[0];
      reader.at += blanks[0].length;
      continue;
    }
    if (parts.length > 0) appendPart(parts, trailing);
    trailing = '';
    const escaped = reader.match(escape);
    if (escaped !== undefined) {
      appendPart(parts, escaped[1]!);
      reader.at += 2;
    } else if (character === '\\') {
      appendPart(parts, character);
      reader.at++;
    } else {
      for (const part of reader.readWord(optionWord)) appendPart(parts, part);
    }
  }
}
