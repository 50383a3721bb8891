import { clauseAt } from './boundary.ts';
import { gap } from './gap.ts';
import { nearestWord } from './nearest-word.ts';
import { Abandoned, appendPart, isSpace, Reader } from './reader.ts';
import { readSlot, slotOpensAt } from './read-slot.ts';
import {
  Chars,
  ParameterText,
  Placeholder,
  QuoteClose,
  QuoteOpen,
  type Part,
  type PlaceholderPart,
} from './tokens.ts';
import { clauseWords } from './vocabulary.ts';

/** How a text for the target is read. */
export interface TextKind {
  /** Whose quotes count; `either`: not yet known. */
  readonly dialect: 'influxql' | 'cql' | 'either';
  /** Slots and clauses count, and comments are no part of the text. */
  readonly template: boolean;
  /** `%t` and the like count. */
  readonly placeholders: boolean;
  /** Comments are none of the text's characters; in a template they are left out, elsewhere sent along. */
  readonly comments: boolean;
  /** Between `"""`: nothing ends it, nothing is a comment, and what is not closed is text. */
  readonly fenced: boolean;
}

/** Reads a text for the target. Returns where it ended: with the statement, or before its clauses. */
export function readText(reader: Reader, kind: TextKind): 'end' | 'clauses' {
  return new TextReader(reader, kind).read();
}

/** Where `$`, `%` and `[` can have a meaning in a text, as against those in quotes, expressions and `$$…$$` that hide them. */
export function meaningfulMarks(
  text: string,
  kind: Omit<TextKind, 'fenced' | 'template'>,
): ReadonlyMap<number, 'text' | 'quotes'> {
  const reader = new Reader(text, 0, () => {});
  const marks = new Map<number, 'text' | 'quotes'>();
  try {
    new TextReader(reader, { ...kind, template: false, fenced: true }, (at, where) =>
      marks.set(at, where),
    ).read();
  } catch (error) {
    // A comment that is not closed hides the rest.
    if (!(error instanceof Abandoned)) throw error;
  }
  return marks;
}

/** Words after which a text goes on whatever follows. */
const openingWords = new Set(['', 'AS', 'EXPLAIN', 'ANALYZE', 'GRANT', 'REVOKE']);
const batchAhead = new RegExp(
  String.raw`${gap}(?:(?:UNLOGGED|LOGGED|COUNTER)${gap})?BATCH(?![\p{L}\p{N}_])`,
  'iuy',
);
const closers = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
]);

const placeholders: ReadonlyMap<string, PlaceholderPart['what']> = new Map([
  ['t', 'tag'],
  ['T', 'tags'],
  ['f', 'field'],
  ['m', 'measurement'],
  ['a', 'timestamp'],
  ['k', 'partition-key'],
  ['K', 'primary-key'],
]);

class TextReader {
  readonly #reader: Reader;
  readonly #kind: TextKind;
  readonly #onMark: (at: number, where: 'text' | 'quotes') => void;
  /** Text that is not yet a token: `#parts`, then the source from `#mark`. */
  #parts: Part[] = [];
  #mark: number;
  #partsStart: number;
  readonly #start: number;
  /** One past the last character that is neither blank nor comment. */
  #textEnd: number;
  readonly #brackets: { readonly start: number; readonly character: string }[] = [];
  /** Comments since the last text: part of the text if more of it follows. */
  #heldComments: { readonly start: number; readonly end: number }[] = [];
  #block: { readonly start: number; readonly end: 'END' | 'BATCH' } | undefined;
  #updateBeforeSet = false;
  #lastWord = '';
  #regexMayStart = false;
  #lineHasText = false;
  /** Where the last comment that was left out ended. */
  #leftOut = -1;

  constructor(
    reader: Reader,
    kind: TextKind,
    onMark: (at: number, where: 'text' | 'quotes') => void = () => {},
  ) {
    this.#onMark = onMark;
    this.#reader = reader;
    this.#kind = kind;
    this.#mark = reader.at;
    this.#partsStart = reader.at;
    this.#start = reader.at;
    this.#textEnd = reader.at;
    if (this.#heldComments.length > 0) this.#heldComments = [];
  }

  read(): 'end' | 'clauses' {
    const reader = this.#reader;
    const { text } = reader;
    let wordMayStart = true;
    for (;;) {
      if (reader.at >= reader.limit) {
        this.#checkClosed();
        return this.#finish('end');
      }
      const code = text.charCodeAt(reader.at);
      if (isSpace(code)) {
        if (code === 10) {
          if (!this.#isOpen() && reader.endsAtLineEnd(this.#kind.template ? 'clauses' : 'nothing')) {
            return this.#finish('end');
          }
          this.#lineHasText = false;
        }
        if (text[reader.at] === '\n' || isSpace(text.charCodeAt(reader.at))) reader.at++;
        wordMayStart = true;
        continue;
      }
      if (this.#kind.comments && this.#skipComment()) continue;
      const character = text[reader.at]!;
      if (wordMayStart && this.#clauseStarts()) return this.#finish('clauses');
      wordMayStart = false;
      if (character === ';' && !this.#kind.fenced && !this.#isOpen()) {
        const at = reader.at;
        if (reader.endsAtSemicolon(this.#kind.template ? 'clauses' : 'nothing')) return this.#finish('end');
        if (reader.at > at) {
          this.#flush(this.#textEnd);
          this.#mark = reader.at;
          continue;
        }
      }
      this.#readItem(character);
      this.#lineHasText = true;
    }
  }

  #isOpen(): boolean {
    return (
      this.#kind.fenced ||
      this.#brackets.length > 0 ||
      this.#block !== undefined ||
      this.#updateBeforeSet ||
      openingWords.has(this.#lastWord)
    );
  }

  /** At the end of the script: what is still open was never closed. */
  #checkClosed(): void {
    if (this.#kind.fenced) return;
    const bracket = this.#brackets[0];
    const block = this.#block;
    if (bracket !== undefined && (block === undefined || bracket.start < block.start)) {
      this.#reader.unclosed(bracket.start, `the bracket ${bracket.character}`);
    }
    if (block !== undefined) {
      this.#reader.unclosed(
        block.start,
        block.end === 'END' ? 'BEGIN (with END)' : 'BEGIN BATCH (with APPLY BATCH)',
      );
    }
    if (this.#updateBeforeSet) this.#reader.unclosed(this.#partsStart, 'UPDATE (with SET)');
  }

  #clauseStarts(): boolean {
    const { fenced, template } = this.#kind;
    if (fenced || !template || this.#brackets.length > 0 || this.#block !== undefined) return false;
    const reader = this.#reader;
    if (this.#textEnd === this.#start) return false;
    if (clauseAt(reader.text, reader.at)) return true;
    if (!this.#lineHasText) this.#warnOfMisspeltClause();
    return false;
  }

  /** A line that would be a clause, were its first word spelt right, is text: say so. */
  #warnOfMisspeltClause(): void {
    const reader = this.#reader;
    const found = reader.match(
      /([\p{L}_]{2,})\s+[-+]?(?:[\d$(]|[^\s[\]=<>;,]+\s*(?:[[=<>]|!=)|uniform\b|latest\b|each\b)/uy,
    )?.[1];
    if (found === undefined) return;
    const near = nearestWord(found, clauseWords);
    if (near === undefined || near === found.toUpperCase()) return;
    const corrected = near + reader.text.slice(reader.at + found.length, reader.at + found.length + 256);
    if (!clauseAt(corrected, 0)) return;
    reader.warn(
      'S060',
      `\`${found}\` begins no clause, so this line is part of the text`,
      reader.at,
      reader.at + found.length,
      {
        suggestion: near,
      },
    );
  }

  #skipComment(): boolean {
    const reader = this.#reader;
    const end = reader.commentAt(reader.at);
    if (end < 0) return false;
    const comment = { start: reader.at, end };
    if (this.#kind.template) {
      reader.comments.push(comment);
      this.#flush(this.#textEnd);
      this.#mark = end;
      this.#leftOut = end;
    } else {
      this.#heldComments.push(comment);
    }
    reader.at = end;
    return true;
  }

  /** Appends the source from the mark to `end` to the pending text. */
  #flush(end: number): void {
    if (end > this.#mark) appendPart(this.#parts, this.#reader.text.slice(this.#mark, end));
    this.#mark = Math.max(this.#mark, end);
  }

  /** Makes tokens of the pending text. */
  #pushText(end: number): void {
    this.#flush(end);
    for (const part of this.#parts) {
      if (typeof part === 'string') this.#reader.push(Chars, this.#partsStart, end, [part]);
      else this.#reader.push(ParameterText, part.span.start, part.span.end, [part]);
    }
    this.#parts = [];
    this.#partsStart = end;
    this.#mark = end;
  }

  #finish(how: 'end' | 'clauses'): 'end' | 'clauses' {
    this.#reader.comments.push(...this.#heldComments);
    if (this.#textEnd > this.#mark || this.#parts.length > 0) {
      const to = Math.max(this.#textEnd, this.#mark);
      this.#flush(this.#textEnd);
      this.#mark = to;
      this.#pushText(to);
    }
    return how;
  }

  /** Reads what starts with `character`, no blank and no comment. */
  #readItem(character: string): void {
    const reader = this.#reader;
    const start = reader.at;
    const { dialect } = this.#kind;
    // Behind a comment's end: words on both sides of it stay apart.
    if (start === this.#leftOut) appendPart(this.#parts, ' ');
    const regexMayStart = this.#regexMayStart;
    this.#regexMayStart = false;
    if (character === "'" || character === '"') {
      this.#readQuote(character);
      this.#lastWord = character;
    } else if (character === '$') {
      this.#readDollar();
      this.#lastWord = character;
    } else if (character === '%' && this.#kind.placeholders) {
      this.#readPercent();
      this.#lastWord = character;
    } else if (character === '\\') {
      this.#readBackslashes();
    } else if (character === '/' && regexMayStart && dialect !== 'cql' && this.#readRegex()) {
      this.#lastWord = character;
    } else if (character === '[' && this.#kind.template && slotOpensAt(reader, reader.at, false)) {
      this.#pushText(reader.at);
      readSlot(reader, true);
      this.#partsStart = this.#mark = reader.at;
      this.#lastWord = character;
    } else if (character === '(' || character === '[' || character === '{') {
      if (character === '[') this.#onMark(start, 'text');
      this.#brackets.push({ start, character });
      this.#regexMayStart = character === '(';
      reader.at++;
      this.#lastWord = character;
    } else if (closers.has(character)) {
      this.#closeBracket(character);
      reader.at++;
      this.#lastWord = character;
    } else {
      this.#readWordOrMark(character);
    }
    this.#textEnd = reader.at;
  }

  #closeBracket(character: string): void {
    const open = this.#brackets.at(-1);
    if (open?.character !== closers.get(character)) return;
    this.#brackets.pop();
    if (this.#brackets.length === 0) {
      this.#reader.closed(open!.start, this.#reader.at, `the bracket ${open!.character}`);
    }
  }

  #readWordOrMark(character: string): void {
    const reader = this.#reader;
    const start = reader.at;
    const word = reader.run(/[\p{L}\p{N}_]+/uy);
    if (word === '') {
      const comparison = reader.matches(/[=!]~/y);
      reader.at += comparison ? 2 : 1;
      this.#regexMayStart = comparison || character === ',';
      this.#lastWord = character;
      return;
    }
    reader.at += word.length;
    const upper = word.length > 16 ? word : word.toUpperCase();
    if (this.#kind.fenced) {
      this.#regexMayStart = upper === 'FROM';
      return;
    }
    if (upper === 'UPDATE' && this.#lastWord === '') this.#updateBeforeSet = true;
    else if (upper === 'SET' && this.#brackets.length === 0) this.#updateBeforeSet = false;
    else if (upper === 'BEGIN' && this.#block === undefined && reader.text[start - 1] !== '.') {
      const batch = reader.matches(batchAhead);
      this.#block = { start, end: batch ? 'BATCH' : 'END' };
    } else if (
      this.#block !== undefined &&
      upper === this.#block.end &&
      (upper === 'END' || this.#lastWord === 'APPLY')
    ) {
      this.#reader.closed(this.#block.start, reader.at, 'BEGIN');
      this.#block = undefined;
    }
    this.#regexMayStart = upper === 'FROM';
    this.#lastWord = upper;
  }

  /** Reads `/…/`, which ends on its line; false where the slash is only a slash. */
  #readRegex(): boolean {
    const reader = this.#reader;
    const found = reader.match(/\/[^/\\\n$]*(?:(?:\\.|\$)[^/\\\n$]*)*\//y);
    if (found === undefined) return false;
    const end = reader.at + found[0].length;
    this.#readParametersTo(end);
    return true;
  }

  /** Goes on to `end` over text in which only parameters count. */
  #readParametersTo(end: number): void {
    const reader = this.#reader;
    for (;;) {
      const dollar = reader.text.slice(reader.at, end).indexOf('$');
      if (dollar < 0) break;
      reader.at += dollar;
      this.#readParameter();
    }
    reader.at = Math.max(end, reader.at);
  }

  #readDollar(): void {
    const reader = this.#reader;
    const start = reader.at;
    if (this.#kind.dialect !== 'influxql' && reader.text.startsWith('$$', start)) {
      const close = reader.text.indexOf('$$', start + 2);
      if (close >= 0 && close + 2 <= reader.limit) {
        reader.at = close + 2;
        reader.closed(start, reader.at, 'the quote $$');
        return;
      }
      if (!this.#kind.fenced) reader.unclosed(start, 'the quote $$');
    }
    this.#readParameter();
  }

  /** Reads the `$`s at `at` and the parameter that they may begin. */
  #readParameter(): void {
    const reader = this.#reader;
    this.#onMark(reader.at, 'text');
    this.#flush(reader.at);
    reader.readDollars(this.#parts);
    this.#mark = reader.at;
  }

  #readPercent(): void {
    const reader = this.#reader;
    const start = reader.at;
    this.#onMark(start, 'text');
    const next = reader.run(/\S/y, start + 1);
    if (next === '' || /\d/.test(next)) {
      reader.at++;
      return;
    }
    if (next === '%') {
      this.#onMark(start + 1, 'text');
      this.#flush(start + 1);
      reader.at = this.#mark = start + 2;
      return;
    }
    const value = reader.match(/%\(\s*("[^"]*(?:""[^"]*)*"|[\p{L}\p{N}_@:.-]+)\s*\)/uy);
    const letter = reader.match(/%([\p{L}\p{N}_]+)/uy);
    const what = value !== undefined ? 'value' : placeholders.get(letter?.[1] ?? '');
    if (what === undefined) {
      const found = letter?.[0] ?? reader.text.slice(start, start + 2);
      const lower = letter?.[1]?.slice(0, 1) ?? '';
      const near = placeholders.has(lower)
        ? lower
        : placeholders.has(lower.toUpperCase())
          ? lower.toUpperCase()
          : placeholders.has(lower.toLowerCase())
            ? lower.toLowerCase()
            : undefined;
      reader.error('S040', `\`${found}\` is no placeholder`, start, start + found.length, {
        expected: ['%t', '%T', '%f', '%m', '%a', '%k', '%K', '%(name)', '%% for a percent sign'],
        ...(near === undefined ? {} : { suggestion: `%${near}` }),
      });
      reader.at += found.length;
      return;
    }
    const found = (value ?? letter)!;
    this.#pushText(start);
    reader.at = start + found[0].length;
    const written = value?.[1];
    const name = written?.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written;
    reader.push(Placeholder, start, reader.at, [], {
      kind: 'placeholder',
      what,
      ...(name === undefined ? {} : { name }),
      span: reader.span(start, reader.at),
    });
    this.#partsStart = this.#mark = reader.at;
  }

  /**
   * Outside quotes `\` means something only before a slot's bracket, where each pair is one and one left over
   * makes the bracket text, and before a quote whose dialect is not known.
   */
  #readBackslashes(): void {
    const reader = this.#reader;
    const start = reader.at;
    const run = reader.run(/\\+/y).length;
    reader.at += run;
    const next = reader.text[reader.at];
    if (
      reader.at < reader.limit &&
      next === '[' &&
      this.#kind.template &&
      slotOpensAt(reader, reader.at, false)
    ) {
      this.#flush(start);
      appendPart(this.#parts, '\\'.repeat(run >> 1));
      this.#mark = reader.at;
      if (run % 2 === 1) reader.at++;
    } else {
      this.#refuseEscapedQuote(reader.at - 1);
    }
  }

  /** Reports a `\` before a quote where the dialect is not known, and steps over the quote. */
  #refuseEscapedQuote(backslash: number): boolean {
    const reader = this.#reader;
    const { dialect, fenced, template } = this.#kind;
    const next = reader.text[backslash + 1];
    if (dialect !== 'either' || fenced || (next !== "'" && next !== '"')) return false;
    reader.error(
      'S041',
      `\`\\${next}\` can be read in two ways, as InfluxQL and as CQL`,
      backslash,
      backslash + 2,
      {
        hint: template ? 'put the text between """ and """' : 'write INFLUXQL or CQL before the text',
      },
    );
    reader.at = backslash + 2;
    return true;
  }

  #readQuote(quote: string): void {
    const reader = this.#reader;
    const start = reader.at;
    const found = this.#findQuoteEnd(quote);
    if (found === undefined) {
      if (!this.#kind.fenced) reader.unclosed(start, `the quote ${quote}`);
      reader.at = start + 1;
      return;
    }
    reader.closed(start, found.end, `the quote ${quote}`);
    if (found.slots && quote === "'") {
      this.#pushText(start);
      reader.push(QuoteOpen, start, start + 1);
      this.#partsStart = this.#mark = reader.at = start + 1;
      this.#readInside(quote, found.end - 1, true);
      this.#pushText(reader.at);
      reader.push(QuoteClose, reader.at, reader.at + 1);
      reader.at++;
      this.#partsStart = this.#mark = reader.at;
    } else {
      reader.at = start + 1;
      this.#readInside(quote, found.end - 1, false);
      reader.at = found.end;
    }
  }

  /** Finds the end of the quote at `at`; reading stays where it is. */
  #findQuoteEnd(quote: string): { end: number; slots: boolean } | undefined {
    const reader = this.#reader;
    const { text } = reader;
    const start = reader.at;
    let slots = false;
    let at = start + 1;
    const tokens = reader.tokens;
    const plain = quote === "'" ? /[^'\\[]+/y : /[^"\\[]+/y;
    for (;;) {
      at += reader.run(plain, at).length;
      if (at >= reader.limit) return undefined;
      if (text[at] === quote) {
        if (text[at + 1] !== quote || this.#kind.dialect === 'influxql') return { end: at + 1, slots };
        at += 2;
      } else if (text[at] === '\\') {
        at += this.#escapeLength(at);
      } else if (this.#kind.template && slotOpensAt(reader, at, true)) {
        slots = true;
        reader.tokens = [];
        reader.at = at;
        readSlot(reader, true);
        at = reader.at;
        reader.at = start;
        reader.tokens = tokens;
      } else {
        at++;
      }
    }
  }

  /** How far the `\` at `at` inside a quote reaches. */
  #escapeLength(at: number): number {
    const reader = this.#reader;
    const { dialect, fenced, template } = this.#kind;
    const next = reader.text[at + 1];
    if (next === undefined) return 1;
    if (dialect === 'influxql') return 2;
    if (template && next === '[' && slotOpensAt(reader, at + 1, true)) return 2;
    const quotes = next === "'" || next === '"';
    if (dialect === 'either' && (quotes || (fenced && next === '\\'))) return 2;
    return template && next === '\\' && /^\\+\[/.test(reader.text.slice(at, at + 64)) ? 2 : 1;
  }

  /** Reads the inside of a quote, up to its closing quote at `close`. */
  #readInside(quote: string, close: number, unescape: boolean): void {
    const reader = this.#reader;
    const { text } = reader;
    const { template, dialect, fenced } = this.#kind;
    while (reader.at < close) {
      const at = reader.at;
      const character = text[at]!;
      if (character === '$') {
        this.#readParameter();
      } else if (character === '%' && quote === '"' && this.#kind.placeholders) {
        this.#readPercent();
      } else if (character === '[' && template && slotOpensAt(reader, at, true)) {
        this.#pushText(at);
        readSlot(reader, true);
        this.#partsStart = this.#mark = reader.at;
      } else if (character === quote && dialect !== 'influxql') {
        reader.at += 2;
        if (unescape) {
          this.#flush(at + 1);
          this.#mark = at + 2;
        }
      } else if (character === '\\') {
        const length = this.#escapeLength(at);
        if (this.#refuseEscapedQuote(at)) continue;
        const slotEscape =
          template && length === 2 && (text[at + 1] === '[' || /^\\+\[/.test(text.slice(at, at + 64)));
        if (length === 2 && (slotEscape || (unescape && fenced && dialect === 'either'))) {
          this.#flush(at);
          this.#mark = at + 1;
        }
        reader.at += length;
      } else {
        if (character === '[') this.#onMark(at, 'quotes');
        reader.at++;
      }
    }
    this.#flush(reader.at);
  }
}
