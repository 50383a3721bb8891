import type { TokenType } from 'chevrotain';
import { gap } from './gap.ts';
import { readText } from './read-text.ts';
import { appendPart, isSpace, type Reader } from './reader.ts';
import {
  clauseKeywords,
  Comma,
  Count,
  Equals,
  LeftParenthesis,
  Operator,
  PlainWord,
  QuotedWord,
  Returns,
  RightParenthesis,
  Row,
  Rows,
  SettingValue,
  Unexpected,
} from './tokens.ts';

const marks: ReadonlyMap<string, TokenType> = new Map([
  [',', Comma],
  ['(', LeftParenthesis],
  [')', RightParenthesis],
  [']', Unexpected],
  [';', Unexpected],
]);
const slotAhead = new RegExp(String.raw`${gap}\[`, 'uy');
/** Clauses of values. */
const valueClauses: ReadonlySet<TokenType> = new Set([Returns, Row, Rows]);
const comparison = /[<>!]=?|=/y;
const word = /[^\s,()[\]=<>!";$]+/y;

/** Reads the clauses of a statement, to its end. `count`: a bare count may stand first. */
export function readClauses(reader: Reader, count: boolean): void {
  let depth = 0;
  let first = count;
  while (reader.at < reader.limit) {
    const start = reader.at;
    const character = reader.text[start]!;
    if (character === '\n' && depth === 0 && reader.endsAtLineEnd('clauses')) return;
    if (isSpace(reader.text.charCodeAt(start))) {
      reader.at++;
      continue;
    }
    if (reader.skipComment()) continue;
    if (character === ';') {
      if (reader.endsAtSemicolon('clauses')) return;
      if (reader.at > start) continue;
    }
    depth += character === '(' ? 1 : character === ')' && depth > 0 ? -1 : 0;
    readToken(reader, character, first);
    first = false;
    if (valueClauses.has(reader.tokens.at(-1)!.tokenType) && readValues(reader) === 'end') return;
  }
  if (depth > 0)
    reader.unclosed(
      reader.tokens.find((token) => token.tokenType === LeftParenthesis)!.startOffset,
      'the bracket (',
    );
}

/** Reads values, which CQL writes, up to the next clause. */
function readValues(reader: Reader): 'end' | 'clauses' {
  reader.skipSpace();
  return readText(reader, {
    dialect: 'cql',
    template: true,
    placeholders: true,
    comments: true,
    fenced: false,
  });
}

function readToken(reader: Reader, character: string, first: boolean): void {
  const start = reader.at;
  const mark = marks.get(character);
  const operator = reader.run(comparison);
  if (mark !== undefined) {
    reader.at++;
    reader.push(mark, start, reader.at);
  } else if (operator !== '') {
    reader.at += operator.length;
    reader.push(operator === '=' ? Equals : Operator, start, reader.at, [operator]);
  } else if (character === '[') {
    const parts = reader.readBracketed();
    reader.push(SettingValue, start, reader.at, parts);
  } else if (character === '"' || character === "'") {
    const parts = reader.readQuoted();
    reader.push(QuotedWord, start, reader.at, parts);
  } else {
    const parts = reader.readWord(word);
    if (parts.length === 0) {
      appendPart(parts, character);
      reader.at++;
    }
    const said =
      parts.length === 1 && typeof parts[0] === 'string'
        ? clauseKeywords.get(parts[0].toUpperCase())
        : undefined;
    // Both are ordinary words, too: rows are a measure.
    const isOther = (said === Row || said === Rows) && reader.run(slotAhead) === '';
    const keyword = isOther ? undefined : said;
    const counts = first && (typeof parts[0] !== 'string' || /^\d/.test(parts[0]));
    reader.push(counts ? Count : (keyword ?? PlainWord), start, reader.at, parts);
  }
}
