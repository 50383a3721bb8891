import { clauseAt } from './boundary.ts';
import { appendPart, isBlank, isSpace, type Reader } from './reader.ts';
import { readSlot, slotOpensAt } from './read-slot.ts';
import {
  Blank,
  Chars,
  Comma,
  Equals,
  ParameterText,
  QuoteClose,
  QuoteOpen,
  Unexpected,
  type Part,
} from './tokens.ts';

const literal = /[^\s,=[\\$;]+/y;
const stringLiteral = /[^"$[\\]+/y;

/**
 * Reads the body of a line-protocol INSERT: `measurement,tag=value field=value`. Returns where it ended: with
 * the statement, or before the count or the clauses.
 */
export function readPoint(reader: Reader, fenced: boolean): 'end' | 'clauses' {
  const { text } = reader;
  let inFields = false;
  let afterEquals = false;
  for (;;) {
    if (reader.at >= reader.limit) return 'end';
    const start = reader.at;
    const character = text[start]!;
    if (isSpace(text.charCodeAt(start)) || (character === ';' && !fenced && atLineEnd(reader))) {
      if (skipGap(reader, fenced, inFields)) return 'end';
      if (reader.at >= reader.limit) continue;
      if (!fenced && clauseAt(text, reader.at, inFields)) return 'clauses';
      if (inFields) {
        if (!fenced) return 'clauses';
        const end = reader.wordEnd(reader.at);
        reader.push(Unexpected, reader.at, end);
        reader.at = reader.limit;
        return 'end';
      }
      reader.push(Blank, start, reader.at);
      inFields = true;
    } else if (character === ',') {
      reader.at++;
      reader.push(Comma, start, reader.at);
      if (isSpace(text.charCodeAt(reader.at)) && skipGap(reader, fenced, false)) return 'end';
    } else if (character === '=') {
      reader.at++;
      reader.push(Equals, start, reader.at);
    } else if (character === '[') {
      readSlot(reader, false);
    } else if (character === '"' && inFields && afterEquals) {
      readFieldString(reader);
    } else {
      pushParts(reader, readLiteral(reader, fenced), start);
    }
    afterEquals = character === '=';
  }
}

function atLineEnd(reader: Reader): boolean {
  return /^;[^\S\n]*(?:$|\n|(?:#|--|\/\*)(?:\s|$))/.test(reader.text.slice(reader.at, reader.at + 256));
}

/** Skips blanks, line ends and comments; whether the statement ends there. */
function skipGap(reader: Reader, fenced: boolean, fieldsDone: boolean): boolean {
  const follow = fieldsDone ? 'count' : 'clauses';
  while (reader.at < reader.limit) {
    const character = reader.text[reader.at]!;
    if (!fenced && character === '\n' && reader.endsAtLineEnd(follow)) return true;
    if (!fenced && character === ';') return reader.endsAtSemicolon(follow);
    if (isSpace(reader.text.charCodeAt(reader.at))) reader.at++;
    else if (fenced || !reader.skipComment()) return false;
  }
  return false;
}

/** Reads literal text with the protocol's escapes: `\` before a comma, an equals sign, a blank or a bracket. */
function readLiteral(reader: Reader, fenced: boolean): Part[] {
  const parts: Part[] = [];
  while (reader.at < reader.limit) {
    const character = reader.text[reader.at]!;
    if (character === '$') {
      reader.readDollars(parts);
    } else if (character === '\\') {
      readBackslashes(reader, parts);
    } else {
      const isText = character === ';' && (fenced || !atLineEnd(reader));
      const plain = isText ? ';' : reader.run(literal);
      if (plain === '') break;
      appendPart(parts, plain);
      reader.at += plain.length;
    }
  }
  return parts;
}

/**
 * Reads the `\`s at `at`. Before a bracket each pair is one, and one left over makes the bracket text; before
 * a comma, equals sign or blank the last one is an escape. Others are text, as in the protocol.
 */
function readBackslashes(reader: Reader, parts: Part[]): void {
  const run = reader.run(/\\+/y).length;
  const next = reader.at + run < reader.limit ? reader.text[reader.at + run]! : '';
  reader.at += run;
  if (next === '[') {
    appendPart(parts, '\\'.repeat(run >> 1));
    if (run % 2 === 0) return;
  } else if (next === ',' || next === '=' || isBlank(next.charCodeAt(0))) {
    appendPart(parts, '\\'.repeat(run - 1));
  } else {
    appendPart(parts, '\\'.repeat(run));
    return;
  }
  appendPart(parts, next);
  reader.at++;
}

/** Reads a string field: `\"` and `\\` are escapes, slots are told from other brackets as in a query's text. */
function readFieldString(reader: Reader): void {
  const start = reader.at;
  let partsStart = start + 1;
  let parts: Part[] = [];
  reader.at++;
  reader.push(QuoteOpen, start, reader.at);
  for (;;) {
    if (reader.at >= reader.limit) reader.unclosed(start, 'the quote "');
    const character = reader.text[reader.at]!;
    if (character === '"') break;
    if (character === '$') {
      reader.readDollars(parts);
    } else if (character === '[' && slotOpensAt(reader, reader.at, true)) {
      pushParts(reader, parts, partsStart);
      readSlot(reader, false);
      parts = [];
      partsStart = reader.at;
    } else if (character === '\\') {
      const next = reader.text[reader.at + 1];
      const escapes = next === '"' || next === '\\' || next === '[';
      appendPart(parts, escapes ? next : '\\');
      reader.at += escapes ? 2 : 1;
    } else {
      const plain = character === '[' ? '[' : reader.run(stringLiteral);
      appendPart(parts, plain);
      reader.at += plain.length;
    }
  }
  pushParts(reader, parts, partsStart);
  reader.push(QuoteClose, reader.at, reader.at + 1);
  reader.at++;
  reader.closed(start, reader.at, 'the quote "');
}

/** Pushes what was read since `start` as tokens of text and parameters. */
export function pushParts(reader: Reader, parts: readonly Part[], start: number): void {
  for (const part of parts) {
    if (typeof part === 'string') reader.push(Chars, start, reader.at, [part]);
    else reader.push(ParameterText, part.span.start, part.span.end, [part]);
  }
}
