import { CqlRefusal } from './cql-refusal.ts';

export type TokenKind =
  'word' | 'quoted' | 'string' | 'uuid' | 'hex' | 'duration' | 'float' | 'integer' | 'sign' | 'end';

export interface CqlToken {
  readonly kind: TokenKind;
  /** As it is written; a string and a quoted name without quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const hexDigit = '[0-9a-fA-F]';
/** In the order in which they are tried. */
const patterns: readonly (readonly [TokenKind | 'blank', string])[] = [
  ['blank', String.raw`\s+|--[^\n]*|//[^\n]*|/\*[\s\S]*?\*/`],
  ['string', String.raw`'(?:[^']|'')*'|\$\$[\s\S]*?\$\$`],
  ['quoted', String.raw`"(?:[^"]|"")+"`],
  ['uuid', `${hexDigit}{8}-${hexDigit}{4}-${hexDigit}{4}-${hexDigit}{4}-${hexDigit}{12}`],
  ['hex', `0[xX]${hexDigit}*`],
  ['duration', String.raw`(?:\d+(?:mo|ms|us|µs|ns|[ywdhms]))+(?![\w])|P(?=\d|T\d)[\dYMWDTHS]+(?![\w])`],
  ['float', String.raw`\d+\.\d*(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+`],
  ['integer', String.raw`\d+`],
  ['word', '[a-zA-Z][a-zA-Z0-9_]*'],
  ['sign', String.raw`<=|>=|!=|\.\.|[^\s]`],
];
const tokenPattern = new RegExp(patterns.map(([, pattern]) => `(${pattern})`).join('|'), 'uy');

/** The tokens of a CQL text, with one of kind `end` behind them. */
export function cqlTokens(text: string): readonly CqlToken[] {
  const tokens: CqlToken[] = [];
  tokenPattern.lastIndex = 0;
  for (let match = tokenPattern.exec(text); match !== null; match = tokenPattern.exec(text)) {
    const kind = patterns[match.findIndex((group, index) => index > 0 && group !== undefined) - 1]![0];
    if (kind === 'blank') continue;
    tokens.push({
      kind,
      text: bare(kind, match[0]),
      start: match.index,
      end: match.index + match[0].length,
    });
  }
  tokens.push({ kind: 'end', text: '<EOF>', start: text.length, end: text.length });
  return tokens;
}

/** What ANTLR says in Cassandra, without its guesses: `line 1:9 mismatched input 'FRO' expecting K_FROM`. */
export function syntaxError(text: string, token: CqlToken, expected: string | undefined): CqlRefusal {
  const before = text.slice(0, token.start).split('\n');
  const place = token.kind === 'end' ? '0:-1' : `${before.length}:${before.at(-1)!.length}`;
  const input = token.kind === 'end' ? '<EOF>' : text.slice(token.start, token.end);
  const problem =
    expected === undefined
      ? `no viable alternative at input '${input}'`
      : `mismatched input '${input}' expecting ${expected}`;
  return new CqlRefusal({ error: 'syntaxError', message: `line ${place} ${problem}` });
}

function bare(kind: TokenKind, text: string): string {
  if (kind === 'quoted') return text.slice(1, -1).replaceAll('""', '"');
  if (kind !== 'string') return text;
  return text.startsWith('$') ? text.slice(2, -2) : text.slice(1, -1).replaceAll("''", "'");
}
