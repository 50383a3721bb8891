import type { TokenType } from 'chevrotain';
import { clauseAt, beginsStatement, endsMix, findResumption } from './boundary.ts';
import type { DiagnosticCode } from './diagnostic-codes.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Span } from './source.ts';
import { isStatementWord } from './vocabulary.ts';
import type { ParameterPart, Part, PlaceholderPart, Token } from './tokens.ts';

/** What a text is in: decides which clauses may follow it. `nothing` ends with its line. */
export type Follow = 'nothing' | 'clauses' | 'count';

/** Thrown by `Reader.unclosed` to give up a statement; the scanner goes on at `Reader.at`. */
export class Abandoned extends Error {}

const nothing: readonly Part[] = [];
const identifier = /[\p{L}_][\p{L}\p{N}_.-]*/uy;
const restOfName = /[\p{L}\p{N}@_:.-]+/uy;
const name = /[\p{L}_@][\p{L}\p{N}@_:.-]*/uy;

/** A setting's value in quotes; `$$`s and parameters, which may hold quotes, are stepped over. */
const quotedValue = /"[^"$]*(?:(?:""|\$\$|\$\{[^\\}]*(?:\\[^][^\\}]*)*\}|\$(?![{$]))[^"$]*)*"\s*\]/y;

/**
 * A place in a script's text, the tokens read so far of the statement there, and what every kind of text has
 * in common: blanks, comments, parameters, quotes and the ends of statements.
 */
export class Reader {
  readonly text: string;
  readonly source: number;
  at = 0;
  /** Between MIX and its END, which ends the member before it. */
  inMix = false;
  /** Where reading ends: the end of the script, or of a fence. */
  limit: number;
  tokens: Token[] = [];
  /** Comments that are no part of a token, in order. */
  readonly comments: { readonly start: number; readonly end: number }[] = [];
  /** Errors reported so far. */
  errors = 0;
  readonly #report: (diagnostic: Diagnostic) => void;
  #unclosed = 0;
  #suspect: { readonly start: number; readonly what: string } | undefined;
  #continuesUntil = -1;

  constructor(text: string, source: number, report: (diagnostic: Diagnostic) => void) {
    this.text = text;
    this.source = source;
    this.limit = text.length;
    this.#report = report;
  }

  /** Forgets the last statement. */
  begin(): void {
    this.tokens = [];
    this.#suspect = undefined;
    this.#continuesUntil = -1;
    this.inMix = false;
    // Each unclosed quote is searched to the end of the script. After a few, a script is so broken that every
    // place where reading would resume ends what is open, which keeps the time linear.
    this.limit =
      this.#unclosed < 16 ? this.text.length : findResumption(this.text, this.at, this.text.length);
  }

  span(start: number, end: number): Span {
    return { source: this.source, start, end };
  }

  error(
    code: DiagnosticCode,
    message: string,
    start: number,
    end: number,
    more: Pick<Diagnostic, 'expected' | 'suggestion' | 'hint'> = {},
  ): void {
    this.errors++;
    this.#report({ severity: 'error', code, message, span: this.span(start, end), ...more });
  }

  warn(
    code: DiagnosticCode,
    message: string,
    start: number,
    end: number,
    more: Pick<Diagnostic, 'expected' | 'suggestion' | 'hint'> = {},
  ): void {
    this.#report({ severity: 'warning', code, message, span: this.span(start, end), ...more });
  }

  push(
    type: TokenType,
    start: number,
    end: number,
    parts: readonly Part[] = nothing,
    placeholder?: PlaceholderPart,
  ): void {
    const token: Token = {
      image: '',
      startOffset: start,
      end,
      parts,
      tokenType: type,
      tokenTypeIdx: type.tokenTypeIdx!,
      placeholder,
    };
    this.tokens.push(token);
  }

  /** The text at `at` that a sticky expression matches. */
  match(expression: RegExp, at = this.at): RegExpExecArray | undefined {
    expression.lastIndex = at;
    const found = expression.exec(this.text);
    return found !== null && found.index + found[0].length <= this.limit ? found : undefined;
  }

  /** Whether a sticky expression matches at `at`. */
  matches(expression: RegExp, at = this.at): boolean {
    expression.lastIndex = at;
    return expression.test(this.text) && expression.lastIndex <= this.limit;
  }

  /** The run of characters at `at` that a sticky character class matches, up to the limit. */
  run(characters: RegExp, at = this.at): string {
    characters.lastIndex = at;
    return characters.test(this.text)
      ? this.text.slice(at, Math.max(at, Math.min(characters.lastIndex, this.limit)))
      : '';
  }

  /** One past the word that starts at `at`, as a person would read it; for what an error found. */
  wordEnd(at: number): number {
    const found = this.run(/[^\s;,()[\]]+/y, at);
    return found === '' ? Math.min(at + 1, this.limit) : at + found.length;
  }

  lineEnd(at: number): number {
    const found = this.text.indexOf('\n', at);
    const end = found < 0 || found > this.limit ? this.limit : found;
    return end > at && this.text[end - 1] === '\r' ? end - 1 : end;
  }

  /**
   * Gives up the statement: what opened at `start` is not closed. Reading resumes at the next blank line
   * followed by a statement keyword. Where an earlier quote or bracket of the statement reached over such a
   * place, that one was the unclosed one: its end belongs to another statement.
   */
  unclosed(start: number, what: string): never {
    const { start: opened, what: described } = this.#suspect ?? { start, what };
    this.#unclosed++;
    this.error('S010', `${described} is not closed`, opened, Math.min(opened + 1, this.text.length), {
      hint: 'reading goes on at the next blank line that a statement follows',
    });
    this.at = findResumption(this.text, opened, this.text.length);
    throw new Abandoned();
  }

  /** Remembers a closed quote or bracket that reaches over a place where reading would resume. */
  closed(start: number, end: number, what: string): void {
    if (this.#suspect !== undefined || !this.text.slice(start, end).includes('\n')) return;
    if (findResumption(this.text, start, end) < end) {
      this.#suspect = { start, what };
    }
  }

  /** The end of the comment that starts at `at`, or -1. Reports one that is not closed. */
  commentAt(at: number): number {
    const { text } = this;
    const first = text[at];
    const mark = first === '#' ? '#' : text.slice(at, at + 2);
    if (mark !== '#' && mark !== '--' && mark !== '/*') return -1;
    let back = at - 1;
    while (back >= 0 && isBlank(text.charCodeAt(back))) back--;
    const ownLine = back < 0 || text[back] === '\n';
    if (!ownLine) {
      const after = text[at + mark.length];
      const blankAfter = after === undefined || /\s/.test(after);
      if (back === at - 1 || !blankAfter) return -1;
    }
    if (mark !== '/*') return this.lineEnd(at);
    const close = text.indexOf('*/', at + 2);
    if (close < 0 || close + 2 > this.limit) this.unclosed(at, 'the comment `/*`');
    return close + 2;
  }

  /** Skips blanks of the line. */
  skipBlanks(): void {
    while (this.at < this.limit && isBlank(this.text.charCodeAt(this.at))) this.at++;
  }

  /** Skips blanks, line ends and comments. */
  skipSpace(): void {
    for (;;) {
      while (this.at < this.limit && isSpace(this.text.charCodeAt(this.at))) this.at++;
      if (this.at >= this.limit || !this.skipComment()) return;
    }
  }

  /** Skips the comment at `at`, if one is there. */
  skipComment(): boolean {
    const end = this.commentAt(this.at);
    if (end < 0) return false;
    this.comments.push({ start: this.at, end });
    this.at = end;
    return true;
  }

  /** At a line end inside a statement that is not open: whether the statement ends here. */
  endsAtLineEnd(follow: Follow): boolean {
    if (this.at < this.#continuesUntil) return false;
    const { next, blank } = this.#nextText(this.at);
    if (next >= this.limit) return true;
    const goesOn = blank
      ? follow !== 'nothing' && clauseAt(this.text, next, follow === 'count')
      : !beginsStatement(this.text, next) && !(this.inMix && endsMix(this.text, next));
    if (goesOn) this.#continuesUntil = next;
    return !goesOn;
  }

  /** At a `;`: whether it ends the statement, as one at a line's end does. */
  endsAtSemicolon(follow: Follow): boolean {
    let at = this.at + 1;
    while (at < this.limit && isBlank(this.text.charCodeAt(at))) at++;
    if (at < this.limit && this.text[at] !== '\n' && this.commentAt(at) < 0) return false;
    const { next } = this.#nextText(at);
    if (next < this.limit && follow !== 'nothing' && clauseAt(this.text, next, follow === 'count')) {
      this.at++;
      this.#continuesUntil = next;
      return false;
    }
    this.at++;
    return true;
  }

  /** The first text after `at` that is no comment, and whether a blank line stands before it. */
  #nextText(at: number): { next: number; blank: boolean } {
    let blank = false;
    let lineIsEmpty = false;
    let next = at;
    while (next < this.limit) {
      const character = this.text[next]!;
      if (character === '\n') {
        if (lineIsEmpty) blank = true;
        lineIsEmpty = true;
        next++;
      } else if (isSpace(this.text.charCodeAt(next))) {
        next++;
      } else {
        const comment = this.commentAt(next);
        if (comment < 0) break;
        lineIsEmpty = false;
        next = comment;
      }
    }
    return { next, blank };
  }

  /**
   * Reads the `$`s at `at` and what they begin: `${NAME}` is a parameter, a doubled `$` before a brace one `$`,
   * any other `$` text. Moves on, and appends to `parts`.
   */
  readDollars(parts: Part[]): void {
    const start = this.at;
    while (this.at < this.limit && this.text[this.at] === '$') this.at++;
    const dollars = this.at - start;
    if (this.text[this.at] !== '{' || this.at >= this.limit) {
      appendPart(parts, '$'.repeat(dollars));
      return;
    }
    appendPart(parts, '$'.repeat(dollars >> 1));
    if (dollars % 2 === 0) {
      appendPart(parts, '{');
      this.at++;
      return;
    }
    this.at--;
    const parameter = this.#readParameter();
    if (parameter === undefined) {
      appendPart(parts, '${');
      this.at += 2;
    } else {
      appendPart(parts, parameter);
    }
  }

  #readParameter(): ParameterPart | undefined {
    const start = this.at;
    let at = start + 2;
    const environment = this.matches(/env:/y, at);
    if (environment) at += 4;
    const found = this.match(identifier, at);
    at += found?.[0].length ?? 0;
    let fallback: string | undefined;
    if (found !== undefined && this.text.startsWith(':-', at)) {
      const read = this.match(/[^\\}]*(?:\\[^][^\\}]*)*/y, at + 2);
      fallback = (read?.[0] ?? '').replace(/\\([\\}])/g, '$1');
      at += 2 + (read?.[0].length ?? 0);
    }
    if (found === undefined || this.text[at] !== '}' || at >= this.limit) {
      this.error('S011', 'this is no parameter', start, Math.min(start + 2, this.limit), {
        expected: ['${NAME}', '${NAME:-default}', '${env:NAME}'],
        hint: 'write $${ for a literal ${',
      });
      return undefined;
    }
    this.at = at + 1;
    return {
      kind: 'parameter',
      name: found[0],
      environment,
      ...(fallback === undefined ? {} : { fallback }),
      span: this.span(start, this.at),
    };
  }

  /** Reads a run of `plain` characters and parameters; `plain` must be sticky and leave `$` out. */
  readWord(plain: RegExp): Part[] {
    const first = this.at < this.limit ? this.run(plain) : '';
    this.at += first.length;
    // A list of one is as small as can be; one that is grown by push holds room for many.
    const parts: Part[] = first === '' ? [] : [first];
    while (this.text[this.at] === '$' && this.at < this.limit) {
      this.readDollars(parts);
      const more = this.run(plain);
      appendPart(parts, more);
      this.at += more.length;
    }
    return parts;
  }

  /** Reads a text of our own between double or single quotes, in which the quote is doubled. */
  readQuoted(): Part[] {
    const start = this.at;
    const quote = this.text[start]!;
    const plain = quote === '"' ? /[^"$]+/y : /[^'$]+/y;
    const parts: Part[] = [];
    this.at++;
    for (;;) {
      for (const part of this.readWord(plain)) appendPart(parts, part);
      if (this.at >= this.limit) this.unclosed(start, `the quote ${quote}`);
      this.at++;
      if (this.text[this.at] !== quote || this.at >= this.limit) break;
      appendPart(parts, quote);
      this.at++;
    }
    if (parts.length === 0) parts.push('');
    this.closed(start, this.at, `the quote ${quote}`);
    return parts;
  }

  /** Reads a value in brackets: to the matching bracket, or anything in `["…"]`. Outer blanks are dropped. */
  readBracketed(): Part[] {
    const start = this.at;
    this.at++;
    this.#skipWhite();
    if (this.text[this.at] === '"' && this.at < this.limit) {
      const restart = this.at;
      // Whether the value is quoted as a whole shows only at its end: `["a", "b"]` is not.
      const close = this.match(quotedValue);
      if (close !== undefined) {
        const parts = this.readQuoted();
        this.#skipWhite();
        this.at++;
        this.closed(start, this.at, 'the bracket [');
        return parts;
      }
      this.at = restart;
    }
    const parts: Part[] = [];
    let depth = 0;
    for (;;) {
      for (const part of this.readWord(/[^[\]$]+/y)) appendPart(parts, part);
      if (this.at >= this.limit) this.unclosed(start, 'the bracket [');
      const bracket = this.text[this.at]!;
      if (bracket === ']' && depth === 0) break;
      depth += bracket === '[' ? 1 : -1;
      appendPart(parts, bracket);
      this.at++;
    }
    this.at++;
    this.closed(start, this.at, 'the bracket [');
    const last = parts.length - 1;
    if (typeof parts[last] === 'string') parts[last] = parts[last].trimEnd();
    return parts.length === 0 ? [''] : parts;
  }

  /** Reads a name, quoted or not; undefined (and nothing read) where none stands. Statement words need quotes. */
  readName(): Part[] | undefined {
    const first = this.text[this.at];
    if (this.at >= this.limit) return undefined;
    if (first === '"') return this.readQuoted();
    const bare = this.match(name)?.[0];
    if (bare === undefined && !this.text.startsWith('${', this.at)) return undefined;
    if (bare !== undefined && isStatementWord(bare)) return undefined;
    return this.readWord(restOfName);
  }

  #skipWhite(): void {
    while (this.at < this.limit && isSpace(this.text.charCodeAt(this.at))) this.at++;
  }
}

/** Adds a part, joined to the one before where both are strings. */
export function appendPart(parts: Part[], part: Part): void {
  const last = parts.length - 1;
  if (part === '') return;
  // An index of -1 would be looked up as a name.
  if (last >= 0 && typeof part === 'string' && typeof parts[last] === 'string') parts[last] += part;
  else parts.push(part);
}

/** Blanks and line ends, as `\s` in expressions has them: a pasted no-break space is a blank like any other. */
export function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || (code >= 0xa0 && /\s/.test(String.fromCharCode(code)));
}

/** A blank within a line. */
export function isBlank(code: number): boolean {
  return code !== 10 && isSpace(code);
}
