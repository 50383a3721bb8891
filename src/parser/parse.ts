import type { IRecognitionException, IToken } from 'chevrotain';
import type { Diagnostic } from '../lexer/diagnostic.ts';
import { nearestWord } from '../lexer/nearest-word.ts';
import { scan, shorten, type CommentSpan, type ScannedStatement } from '../lexer/scan.ts';
import type { Source } from '../lexer/source.ts';
import {
  Chars,
  clauseKeywords,
  Insert,
  Query,
  QuoteClose,
  QuoteOpen,
  SlotOpen,
  type Token,
} from '../lexer/tokens.ts';
import { clauseWords } from '../lexer/vocabulary.ts';
import type { Script, StatementNode } from './ast.ts';
import { expectedBy, Grammar } from './grammar.ts';
import { maskSecrets } from './mask-secrets.ts';
import { checkScalars, checkWords } from './scalars.ts';

export interface ParseOptions {
  /** v2's parser took no text that this one refuses or reads otherwise, so that nothing here depends on it. */
  readonly compatibility?: 'influx-v2';
}

/** The grammar is made once, on first use: analysing itself takes it some milliseconds. */
let grammar: Grammar | undefined;

/**
 * Reads a script of one or more files. Never throws: what is wrong is in `diagnostics`, all of it at once, in
 * the order of the source, and the statements it is in are left out of the script. Unknown names of settings,
 * functions and types, and clauses that don't go together, are none of its business.
 */
export function parse(
  sources: readonly Source[],
  _options: ParseOptions = {},
): { script: Script; diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const statements = [...readScript(sources, (diagnostic) => diagnostics.push(diagnostic))];
  return { script: { kind: 'script', statements }, diagnostics: diagnostics.sort(byPlace) };
}

/** The statements that `parse` gives, each when it is asked for; what is wrong goes to `report` as it is found. */
export function* readScript(
  sources: readonly Source[],
  report: (diagnostic: Diagnostic) => void,
): Generator<StatementNode> {
  for (const [index, source] of sources.entries()) yield* readStatements(source, index, report);
}

/**
 * Reads file `index` of a script statement by statement, each when it is asked for, and keeps none of them. What is
 * wrong goes to `report`. `from`: where to begin, at the script's start or at that of a statement.
 */
export function* readStatements(
  source: Source,
  index: number,
  report: (diagnostic: Diagnostic) => void,
  { from = 0, onComment }: { from?: number; onComment?: (comment: CommentSpan) => void } = {},
): Generator<StatementNode> {
  for (const scanned of scan(source, index, report, { from, onComment })) {
    const statement = parseStatement(scanned, source, index, report);
    if (statement !== undefined) yield statement;
  }
}

/** The order of the source. */
export function byPlace(one: Diagnostic, other: Diagnostic): number {
  return one.span.source - other.span.source || one.span.start - other.span.start;
}

/** Makes a node of a statement's tokens, and reports what is wrong with them. */
function parseStatement(
  scanned: ScannedStatement,
  source: Source,
  index: number,
  report: (diagnostic: Diagnostic) => void,
): StatementNode | undefined {
  grammar ??= new Grammar();
  grammar.source = index;
  grammar.input = scanned.tokens as unknown as IToken[];
  const node = scanned.kind === 'bare' ? grammar.bare() : grammar.statement();
  if (grammar.errors.length > 0) {
    for (const error of independent(grammar.errors, scanned.tokens))
      report(describe(error, scanned, source, index));
    return undefined;
  }
  const wrong = [...checkScalars(node), ...checkWords(node)];
  for (const diagnostic of wrong) report(diagnostic);
  return scanned.failed || wrong.length > 0 ? undefined : node;
}

/**
 * The errors that don't follow from the one before: after an error the grammar goes on at the next clause or
 * slot, and what it finds before that is the same mistake again.
 */
function independent(
  errors: readonly IRecognitionException[],
  tokens: readonly Token[],
): IRecognitionException[] {
  const places = new Map(tokens.map((token, place) => [token, place]));
  let next = 0;
  let fresh = true;
  return errors.filter((error) => {
    const place = places.get(error.token as Token) ?? tokens.length;
    for (; next < place; next++) fresh ||= restartTypes.has(tokens[next]!.tokenType);
    if (!fresh) return false;
    fresh = false;
    next = place + 1;
    return true;
  });
}

const restartTypes = new Set([SlotOpen, ...clauseKeywords.values()]);

/** Says in the language's words what the grammar did not like. */
function describe(
  error: IRecognitionException,
  scanned: ScannedStatement,
  source: Source,
  index: number,
): Diagnostic {
  const token = error.token as Token;
  const atEnd = !(token.end > 0);
  const start = atEnd ? scanned.end : token.startOffset;
  const end = atEnd ? scanned.end : token.end;
  const shown = maskSecrets(source.text.slice(scanned.start, scanned.end));
  const said = shown.slice(start - scanned.start, end - scanned.start);
  const found = /^\s*$/.test(said) ? 'a blank' : `\`${shorten(said)}\``;
  const isLoad = scanned.tokens.some(({ tokenType }) => tokenType === Insert || tokenType === Query);
  const endExpected = error.name === 'NotAllInputParsedException';
  const noClause = isLoad && endExpected && /^[\p{L}\p{N}]/u.test(said) && token.tokenType !== Chars;
  const expected = noClause
    ? [`a clause: ${clauseWords.join(', ')}`, 'the end of the statement']
    : expectedBy(error.message);
  const near = nearestWord(said, noClause ? clauseWords : expected);
  return {
    severity: 'error',
    code: 'S001',
    message: noClause
      ? `${found} begins no clause`
      : atEnd
        ? `the statement ends where ${list(expected)} should follow`
        : `found ${found} where ${list(expected)} should stand`,
    span: { source: index, start, end },
    expected,
    ...(near === undefined ? {} : { suggestion: near }),
    ...(endExpected && !noClause && !isLoad
      ? { hint: 'a blank line, or ; at a line’s end, ends a statement' }
      : {}),
    ...longStringBefore(token, scanned.tokens, source),
  };
}

/** A string over several lines right before the error is likely one whose quote was not closed where it was meant to be. */
function longStringBefore(
  token: Token,
  tokens: readonly Token[],
  source: Source,
): Pick<Diagnostic, 'hint'> | undefined {
  const close = tokens.indexOf(token) - 1;
  if (tokens[close]?.tokenType !== QuoteClose) return undefined;
  const open = tokens.findLast(({ tokenType }, place) => tokenType === QuoteOpen && place < close)!;
  const from = source.position(open.startOffset).line;
  if (source.position(tokens[close].startOffset).line === from) return undefined;
  return { hint: `the string before it began in line ${from}: is its quote closed there?` };
}

function list(words: readonly string[]): string {
  return words.length === 1 ? words[0]! : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
