import type { CqlToken } from './cql-tokens.ts';

/** Reads the tokens of a CQL text one after the other: takes what it finds, or says what it expected. */
export abstract class CqlCursor<Token extends CqlToken<unknown>> {
  protected readonly tokens: readonly Token[];
  protected at = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  /** Throws that something else is expected where it stands. */
  protected abstract fail(expected: string): never;

  /** The token where it stands; undefined at the end. */
  protected get token(): Token | undefined {
    return this.tokens[this.at];
  }

  /** Takes a word, given in lower case, where it stands there. */
  protected word(word: string): boolean {
    const token: CqlToken<unknown> | undefined = this.token;
    if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.at++;
    return true;
  }

  protected expectWord(word: string): void {
    if (!this.word(word)) this.fail(word.toUpperCase());
  }

  protected symbol(symbol: string): boolean {
    const token: CqlToken<unknown> | undefined = this.token;
    if (token?.kind !== 'symbol' || token.text !== symbol) return false;
    this.at++;
    return true;
  }

  protected expectSymbol(symbol: string): void {
    if (!this.symbol(symbol)) this.fail(symbol);
  }

  /** A name as it is written, with its quotes. */
  protected name(expected: string): CqlName {
    const token: CqlToken<unknown> | undefined = this.token;
    if (token?.kind !== 'word' && token?.kind !== 'name') return this.fail(expected);
    this.at++;
    return { kind: token.kind, text: token.text };
  }
}

interface CqlName {
  /** `word`, or `name` where it has quotes. */
  readonly kind: string;
  readonly text: string;
}

/** A name without quotes: one that has none means its lower case. */
export function unquoted({ kind, text }: CqlName): string {
  return kind === 'word' ? text.toLowerCase() : text.slice(1, -1).replaceAll('""', '"');
}
