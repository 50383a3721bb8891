import type { CqlToken } from '../cql-tokens.ts';
import type { LiteralTree } from './literal-tree.ts';

/** What was read, and the token behind it; or what is wrong with the token at `end`. */
type Read<Value> =
  | { readonly tree: LiteralTree<Value>; readonly end: number }
  | { readonly expected: string; readonly end: number };

/** Reads the value at token `start`: a slot, a constant, the literal of a collection, tuple or UDT. */
export function readLiteral<Value>(tokens: readonly CqlToken<Value>[], start: number): Read<Value> {
  const reader = new LiteralReader(tokens, start);
  try {
    return { tree: reader.read(), end: reader.at };
  } catch (error) {
    if (error instanceof Unexpected) return { expected: error.expected, end: reader.at };
    throw error;
  }
}

/** The token that closes the bracket at token `start`; undefined where none does. */
export function closingToken(tokens: readonly CqlToken[], start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.kind !== 'symbol') continue;
    if ('([{'.includes(token.text)) depth++;
    else if (')]}'.includes(token.text) && --depth === 0) return at;
  }
  return undefined;
}

class Unexpected {
  readonly expected: string;
  constructor(expected: string) {
    this.expected = expected;
  }
}

const listOrTuple = { '[': ['list', ']'], '(': ['tuple', ')'] } as const;

class LiteralReader<Value> {
  at: number;
  readonly #tokens: readonly CqlToken<Value>[];

  constructor(tokens: readonly CqlToken<Value>[], start: number) {
    this.#tokens = tokens;
    this.at = start;
  }

  read(): LiteralTree<Value> {
    const token = this.#tokens[this.at];
    if (token?.kind === 'value') {
      this.at++;
      return { kind: 'value', value: token.value };
    }
    const open = this.#symbol('[', '(', '{');
    if (open === '{') return this.#braces();
    if (open === undefined) return this.#constant();
    const [kind, close] = listOrTuple[open];
    const of: LiteralTree<Value>[] = [];
    if (this.#symbol(close) !== undefined) return { kind, of };
    do of.push(this.read());
    while (this.#symbol(',') !== undefined);
    this.#expect(close);
    return { kind, of };
  }

  #braces(): LiteralTree<Value> {
    if (this.#symbol('}') !== undefined) return { kind: 'set', of: [] };
    const first = this.read();
    if (this.#symbol(':') === undefined) {
      const of = [first];
      while (this.#symbol(',') !== undefined) of.push(this.read());
      this.#expect('}');
      return { kind: 'set', of };
    }
    const of: (readonly [LiteralTree<Value>, LiteralTree<Value>])[] = [[first, this.read()]];
    while (this.#symbol(',') !== undefined) {
      const key = this.read();
      this.#expect(':');
      of.push([key, this.read()]);
    }
    this.#expect('}');
    return { kind: 'map', of };
  }

  /** Tokens without blanks between them, as `-5` and a UUID are. */
  #constant(): LiteralTree<Value> {
    let text = '';
    let end: CqlToken<Value>['to'] | undefined;
    for (let token = this.#tokens[this.at]; token !== undefined; token = this.#tokens[this.at]) {
      if (token.kind === 'value' || (token.kind === 'symbol' && token.text !== '-')) break;
      if (end !== undefined && (token.from.part !== end.part || token.from.offset !== end.offset)) break;
      text += token.text;
      end = token.to;
      this.at++;
    }
    if (text === '') throw new Unexpected('a slot or a constant');
    if (text.startsWith("'"))
      return { kind: 'constant', text: text.slice(1, -1).replaceAll("''", "'"), quoted: true };
    if (text.startsWith('$$')) return { kind: 'constant', text: text.slice(2, -2), quoted: true };
    return { kind: 'constant', text, quoted: false };
  }

  #symbol<Text extends string>(...texts: readonly Text[]): Text | undefined {
    const token = this.#tokens[this.at];
    const found = token?.kind === 'symbol' ? texts.find((text) => text === token.text) : undefined;
    if (found !== undefined) this.at++;
    return found;
  }

  #expect(text: string): void {
    if (this.#symbol(text) === undefined) throw new Unexpected(text);
  }
}
