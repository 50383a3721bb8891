import { beginsStatement, endsMix } from './boundary.ts';
import type { Diagnostic } from './diagnostic.ts';
import { gap } from './gap.ts';
import { nearestWord } from './nearest-word.ts';
import { readClauses } from './read-clauses.ts';
import { readPoint } from './read-point.ts';
import { Abandoned, Reader } from './reader.ts';
import { readText } from './read-text.ts';
import type { Source } from './source.ts';
import {
  Argument,
  Cql,
  CqlBody,
  End,
  Exec,
  FenceClose,
  FenceOpen,
  Go,
  Influxql,
  Insert,
  Mix,
  Name,
  Of,
  PointBody,
  Query,
  Set as SetWord,
  SettingValue,
  Unexpected,
  Wait,
  type Token,
} from './tokens.ts';
import { passThroughWords, statementWords } from './vocabulary.ts';

/** The tokens of one statement; spans cover it from its first word to its last character. */
export interface ScannedStatement {
  /** `bare`: a pass-through text without INFLUXQL or CQL before it. */
  readonly kind: 'statement' | 'bare';
  readonly tokens: readonly Token[];
  readonly start: number;
  readonly end: number;
  /** Something in it has been reported; it is not to be used. */
  readonly failed: boolean;
}

/** A comment that is no part of a text for the target. */
export interface CommentSpan {
  readonly start: number;
  readonly end: number;
}

const fenceMark = /"{3,}/y;
const firstWord = /[^\s;]+/y;
const bareWord = new RegExp(`(?:${passThroughWords.join('|')})(?![\\p{L}\\p{N}_])`, 'iuy');
const setPassword = /SET[^\S\n]+PASSWORD[^\S\n]+FOR(?=\s)/iy;
const insertInto = /INTO(?![\p{L}\p{N}@_:.-])/iuy;
const ofName = new RegExp(String.raw`OF(?=${gap}["@_$\p{L}])`, 'iuy');
const cqlWrite =
  /(?:INSERT\s+INTO\s|UPDATE\s+(?:"[^"]*"|[^\s"=])+\s+(?:SET|USING)\s|DELETE\s+(?!(?:\\[^]|[^\s,(\\])+=)|BEGIN\s+(?:(?:UNLOGGED|COUNTER|LOGGED)\s+)?BATCH\s)/iuy;

/**
 * Finds the statements of a script from `from` on and makes tokens of each. What is wrong with the text itself goes
 * to `report`; a statement of which that is true is left out or has fewer tokens. `onComment` is told of the comments
 * before and in a statement before the statement is given.
 */
export function* scan(
  source: Source,
  index: number,
  report: (diagnostic: Diagnostic) => void,
  {
    from = 0,
    onComment = () => {},
  }: { from?: number; onComment?: ((comment: CommentSpan) => void) | undefined } = {},
): Generator<ScannedStatement> {
  const reader = new Reader(source.text, index, report);
  reader.at = from;
  for (;;) {
    reader.limit = source.text.length;
    try {
      skipBetween(reader);
    } catch (error) {
      if (!(error instanceof Abandoned)) throw error;
    }
    if (reader.comments.length > 0) for (const comment of reader.comments.splice(0)) onComment(comment);
    if (reader.at >= source.text.length) return;
    const start = reader.at;
    reader.begin();
    const { errors } = reader;
    let kind: ScannedStatement['kind'] | undefined;
    try {
      kind = readStatement(reader);
    } catch (error) {
      if (!(error instanceof Abandoned)) throw error;
    }
    if (reader.comments.length > 0) for (const comment of reader.comments.splice(0)) onComment(comment);
    if (kind === undefined) continue;
    const { tokens } = reader;
    yield { kind, tokens, start, end: tokens.at(-1)!.end, failed: reader.errors > errors };
  }
}

function skipBetween(reader: Reader): void {
  for (;;) {
    reader.skipSpace();
    if (reader.text[reader.at] !== ';') return;
    reader.at++;
  }
}

function readStatement(reader: Reader): ScannedStatement['kind'] | undefined {
  if (reader.matches(setPassword)) return readBare(reader);
  const word = reader.run(firstWord);
  const start = reader.at;
  const end = start + word.length;
  switch (word.length > 16 ? '' : word.toUpperCase()) {
    case 'GO':
      reader.push(Go, start, end);
      reader.at = end;
      return readGo(reader);
    case 'SET':
      reader.push(SetWord, start, end);
      reader.at = end;
      return readSet(reader);
    case 'WAIT':
      reader.push(Wait, start, end);
      reader.at = end;
      return readWait(reader);
    case 'INFLUXQL':
    case 'CQL': {
      const dialect = word.toUpperCase() === 'CQL' ? 'cql' : 'influxql';
      reader.push(dialect === 'cql' ? Cql : Influxql, start, end);
      reader.at = end;
      return readPassThrough(reader, dialect);
    }
    case 'INSERT':
    case 'QUERY':
    case 'MIX':
    case 'EXEC':
      return readOperation(reader);
  }
  if (reader.matches(bareWord)) return readBare(reader);
  const near = nearestWord(word, [...statementWords, ...passThroughWords]);
  reader.error('S002', `\`${shorten(word)}\` begins no statement`, start, end, {
    expected: [`a statement: ${statementWords.join(', ')}, or ${passThroughWords.join(', ')}`],
    ...(near === undefined ? {} : { suggestion: near }),
  });
  skipStatement(reader);
  return undefined;
}

/** Text of the script as a message quotes it. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

/** Goes to the end of a statement that can't be read: a blank line, or a line that begins a statement. */
function skipStatement(reader: Reader): void {
  while (reader.at < reader.limit) {
    reader.at = reader.text.indexOf('\n', reader.at);
    if (reader.at < 0 || reader.at > reader.limit) reader.at = reader.limit;
    else if (reader.endsAtLineEnd('nothing')) return;
    else reader.at++;
  }
}

function readBare(reader: Reader): 'bare' {
  readText(reader, {
    dialect: 'either',
    template: false,
    placeholders: false,
    comments: true,
    fenced: false,
  });
  return 'bare';
}

function readGo(reader: Reader): 'statement' | undefined {
  const before = reader.at;
  reader.skipSpace();
  const word = reader.match(/INSERT|QUERY|MIX|EXEC/iy)?.[0];
  if (word !== undefined && reader.matches(/[\s;]|$/y, reader.at + word.length)) return readOperation(reader);
  if (reader.at >= reader.limit || beginsStatement(reader.text, reader.at)) {
    reader.at = Math.min(reader.at, reader.limit);
    return 'statement';
  }
  if (reader.text.slice(before, reader.at).includes('\n')) return 'statement';
  return unexpected(reader);
}

/** Reads INSERT, QUERY, MIX or EXEC. */
function readOperation(reader: Reader): 'statement' | undefined {
  const start = reader.at;
  const word = reader.run(firstWord);
  reader.at += word.length;
  switch (word.toUpperCase()) {
    case 'EXEC':
      reader.push(Exec, start, reader.at);
      return readExec(reader);
    case 'MIX':
      reader.push(Mix, start, reader.at);
      return readMix(reader, start);
    case 'QUERY':
      reader.push(Query, start, reader.at);
      return readQuery(reader);
    default:
      reader.push(Insert, start, reader.at);
      return readInsert(reader, start);
  }
}

/** Pushes the rest of the line as a token that no rule takes, and goes to the statement's end. */
function unexpected(reader: Reader): 'statement' {
  reader.push(Unexpected, reader.at, reader.wordEnd(reader.at));
  skipStatement(reader);
  return 'statement';
}

/** After what ends with its line: goes there, and reports anything else. */
function readLineEnd(reader: Reader): 'statement' {
  reader.skipBlanks();
  const character = reader.text[reader.at];
  if (reader.at >= reader.limit || character === '\n' || reader.skipComment()) return 'statement';
  if (character === ';' && reader.endsAtSemicolon('nothing')) return 'statement';
  return unexpected(reader);
}

function readNameToken(reader: Reader): boolean {
  const start = reader.at;
  const parts = reader.readName();
  if (parts === undefined) return false;
  reader.push(Name, start, reader.at, parts);
  return true;
}

function readSet(reader: Reader): 'statement' {
  const afterSet = reader.at;
  reader.skipSpace();
  if (readNameToken(reader)) {
    const afterName = reader.at;
    reader.skipSpace();
    if (reader.text[reader.at] !== '[' && reader.text.slice(afterName, reader.at).includes('\n')) {
      reader.at = afterName;
      return 'statement';
    }
  } else if (reader.text.slice(afterSet, reader.at).includes('\n') && reader.text[reader.at] !== '[') {
    return 'statement';
  }
  if (reader.at >= reader.limit) return 'statement';
  const start = reader.at;
  if (reader.text[start] !== '[') return unexpected(reader);
  const parts = reader.readBracketed();
  reader.push(SettingValue, start, reader.at, parts);
  return 'statement';
}

function readWait(reader: Reader): 'statement' {
  reader.skipBlanks();
  const start = reader.at;
  if (reader.matches(/"/y)) reader.push(Argument, start, reader.at, reader.readQuoted());
  else if (reader.commentAt(start) < 0) {
    const parts = reader.readWord(/[^\s;"$]+/y);
    if (parts.length > 0) reader.push(Argument, start, reader.at, parts);
  }
  return readLineEnd(reader);
}

function readExec(reader: Reader): 'statement' {
  for (;;) {
    reader.skipBlanks();
    const start = reader.at;
    const character = reader.text[start];
    if (reader.at >= reader.limit || character === '\n') return 'statement';
    if (character === '#' && reader.commentAt(start) >= 0) return readLineEnd(reader);
    if (character === '#' && /[^\S\n]/.test(reader.text[start - 1]!)) {
      const end = reader.lineEnd(start);
      reader.comments.push({ start, end });
      reader.at = end;
      return 'statement';
    }
    if (character === ';' && reader.endsAtSemicolon('nothing')) return 'statement';
    const parts =
      character === '"' || character === "'"
        ? reader.readQuoted()
        : reader.readWord(/(?:[^\s"'$;]|;(?![^\S\n]*(?:\n|$)))+/y);
    if (parts.length === 0) return unexpected(reader);
    reader.push(Argument, start, reader.at, parts);
  }
}

/** Reads `"""` (or more quotes), if it stands here, what is between, and the same again. */
function readFence(reader: Reader, body: () => void): boolean {
  const fence = reader.run(fenceMark);
  if (fence === '') return false;
  const start = reader.at;
  const close = reader.text.indexOf(fence, start + fence.length);
  if (close < 0 || close > reader.limit) reader.unclosed(start, `the fence ${fence}`);
  reader.push(FenceOpen, start, start + fence.length);
  const limit = reader.limit;
  reader.at = start + fence.length;
  reader.limit = close;
  while (reader.at < close && /\s/.test(reader.text[reader.at]!)) reader.at++;
  body();
  reader.limit = limit;
  reader.push(FenceClose, close, close + fence.length);
  reader.at = close + fence.length;
  reader.closed(start, reader.at, `the fence ${fence}`);
  return true;
}

function readPassThrough(reader: Reader, dialect: 'influxql' | 'cql'): 'statement' {
  reader.skipSpace();
  const kind = { dialect, template: false, placeholders: false } as const;
  if (readFence(reader, () => readText(reader, { ...kind, comments: false, fenced: true })))
    return readLineEnd(reader);
  if (reader.at < reader.limit) readText(reader, { ...kind, comments: true, fenced: false });
  return 'statement';
}

function readQuery(reader: Reader): 'statement' {
  reader.skipSpace();
  if (!readNameToken(reader)) return unexpectedHead(reader);
  reader.skipSpace();
  if (reader.matches(ofName)) {
    reader.push(Of, reader.at, reader.at + 'OF'.length);
    reader.at += 'OF'.length;
    reader.skipSpace();
    readNameToken(reader);
    reader.skipSpace();
  }
  const kind = { dialect: 'either', template: true, placeholders: true } as const;
  if (readFence(reader, () => readText(reader, { ...kind, comments: false, fenced: true })))
    readClauses(reader, false);
  else if (
    reader.at < reader.limit &&
    readText(reader, { ...kind, comments: true, fenced: false }) === 'clauses'
  )
    readClauses(reader, false);
  return 'statement';
}

function readInsert(reader: Reader, start: number): 'statement' | undefined {
  reader.skipSpace();
  if (reader.matches(insertInto)) {
    reader.error('S003', 'INSERT INTO is CQL, which is passed on after the word CQL', start, reader.at + 4, {
      suggestion: 'CQL INSERT INTO',
      hint: 'to write many rows: INSERT name, and the CQL on the next line',
    });
    readText(reader, { dialect: 'cql', template: false, placeholders: false, comments: true, fenced: false });
    return undefined;
  }
  if (!readNameToken(reader)) return unexpectedHead(reader);
  reader.skipSpace();
  let isPoint = true;
  let how: 'end' | 'clauses' = 'end';
  const body = (fenced: boolean): void => {
    isPoint = !reader.matches(cqlWrite);
    reader.push(isPoint ? PointBody : CqlBody, reader.at, reader.at);
    how = isPoint
      ? readPoint(reader, fenced)
      : readText(reader, { dialect: 'cql', template: true, placeholders: false, comments: !fenced, fenced });
  };
  if (readFence(reader, () => body(true))) {
    readClauses(reader, isPoint);
  } else if (reader.at < reader.limit) {
    body(false);
    if ((how as 'end' | 'clauses') === 'clauses') readClauses(reader, isPoint);
  }
  return 'statement';
}

const member = /(?:INSERT|QUERY)(?=\s|$)/iy;

/** Reads the members of a MIX, to its END, and its clauses. */
function readMix(reader: Reader, start: number): 'statement' | undefined {
  reader.skipSpace();
  if (!readNameToken(reader)) return unexpectedHead(reader);
  reader.inMix = true;
  for (;;) {
    skipBetween(reader);
    const { at } = reader;
    if (endsMix(reader.text, at)) break;
    if (reader.matches(member)) {
      if (readOperation(reader) === undefined) return undefined;
    } else if (at >= reader.limit || beginsStatement(reader.text, at)) {
      reader.error('S010', 'the MIX is not closed', start, start + 'MIX'.length, {
        hint: 'write END, first on a line, below its last INSERT or QUERY',
      });
      return undefined;
    } else unexpected(reader);
  }
  reader.inMix = false;
  reader.push(End, reader.at, reader.at + 'END'.length);
  reader.at += 'END'.length;
  readClauses(reader, false);
  return 'statement';
}

/** Where a name should stand. */
function unexpectedHead(reader: Reader): 'statement' {
  if (reader.at >= reader.limit) return 'statement';
  return unexpected(reader);
}
