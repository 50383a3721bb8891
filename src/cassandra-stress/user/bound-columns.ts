import { nameOf, tokensOf, type PlainToken } from './table-definition.ts';

/** A marker of a query: where it stands, and what it is a value of. */
export interface BoundMarker {
  /** The offset of the `?`. */
  readonly offset: number;
  /** Undefined where it stands for no value of a column, as in LIMIT. */
  readonly column: string | undefined;
}

/** What stands between a column and the value that it is compared with or set to. */
const operators = new Set(['=', '<', '>', '<=', '>=', '!=', '+', '-', '+=', '-=', 'in', 'contains', 'like']);

/** Which columns the markers of a CQL text are values of, in their order. */
export function boundColumns(text: string): readonly BoundMarker[] {
  const tokens = tokensOf(text);
  return tokens.flatMap((token, at) =>
    token.text === '?' && token.kind === 'symbol'
      ? [{ offset: token.from.offset, column: insertedColumn(tokens, at) ?? comparedColumn(tokens, at) }]
      : [],
  );
}

/** `INSERT INTO t (a, b) VALUES (?, ?)` */
function insertedColumn(tokens: readonly PlainToken[], marker: number): string | undefined {
  const values = tokens.findLastIndex((token, at) => at < marker && isWord(token, 'values'));
  if (values < 0 || !isWord(tokens[0], 'insert')) return undefined;
  const place = placeInBrackets(tokens, values + 1, marker);
  const open = tokens.findIndex(({ text }) => text === '(');
  return place === undefined ? undefined : columnsOf(tokens, open)[place];
}

/** `a = ?`, `a IN (?, ?)`, `(a, b) > (?, ?)`, `m[?] = ?`, `token(a) > ?` */
function comparedColumn(tokens: readonly PlainToken[], marker: number): string | undefined {
  let at = marker - 1;
  let place: number | undefined;
  if (tokens[at]?.text === ',' || tokens[at]?.text === '(') {
    const open = openingOf(tokens, marker);
    place = placeInBrackets(tokens, open, marker);
    at = open - 1;
  }
  const start = at;
  if (isWord(tokens[at], 'key') && isWord(tokens[at - 1], 'contains')) at--;
  while (operators.has(tokens[at]?.text.toLowerCase() ?? '')) at--;
  if (at === start) return undefined;
  if (tokens[at]?.text !== ')') return nameOf(tokens[at]);
  const open = openingOf(tokens, at);
  if (nameOf(tokens[open - 1]) === 'token') return undefined;
  return columnsOf(tokens, open)[place ?? 0];
}

/** The bracket that is open before a token. */
function openingOf(tokens: readonly PlainToken[], before: number): number {
  let depth = 0;
  for (let at = before - 1; at >= 0; at--) {
    const { text } = tokens[at]!;
    if (text === ')') depth++;
    if (text === '(' && depth-- === 0) return at;
  }
  return -1;
}

/** Which of the values between brackets a token is; undefined outside of these brackets, or deeper inside. */
function placeInBrackets(tokens: readonly PlainToken[], open: number, token: number): number | undefined {
  let depth = 0;
  let place = 0;
  for (let at = open; at < token; at++) {
    const { text } = tokens[at]!;
    if (text === '(') depth++;
    if (text === ')') depth--;
    if (text === ',' && depth === 1) place++;
  }
  return depth === 1 ? place : undefined;
}

/** The names between brackets. */
function columnsOf(tokens: readonly PlainToken[], open: number): readonly (string | undefined)[] {
  const names: (string | undefined)[] = [];
  for (let at = open + 1; at < tokens.length && tokens[at]!.text !== ')'; at++)
    if (tokens[at]!.text !== ',') names.push(nameOf(tokens[at]));
  return names;
}

function isWord(token: PlainToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toLowerCase() === word;
}
