import { createToken, Lexer, type IToken, type TokenType } from 'chevrotain';
import type { Span } from './source.ts';

/** A parameter as it stands in a word or text. */
export interface ParameterPart {
  readonly kind: 'parameter';
  readonly name: string;
  readonly environment: boolean;
  readonly fallback?: string;
  readonly span: Span;
}

export interface PlaceholderPart {
  readonly kind: 'placeholder';
  readonly what:
    'tag' | 'tags' | 'field' | 'measurement' | 'timestamp' | 'partition-key' | 'primary-key' | 'value';
  readonly name?: string;
  readonly span: Span;
}

/** What a word, quoted text, setting value or piece of a body says, escapes taken away. */
export type Part = string | ParameterPart;

/** A token that the scanner has made: what it says stands in `parts`, not in `image`. */
export interface Token extends IToken {
  readonly parts: readonly Part[];
  readonly placeholder: PlaceholderPart | undefined;
  /** One past the last character. */
  readonly end: number;
}

/** The scanner makes every token by hand, since where a word stands decides what it is. */
function define(name: string, label: string, categories: TokenType[] = []): TokenType {
  return createToken({ name, label, pattern: Lexer.NA, categories });
}

/* Heads of statements. */
export const Set = define('Set', 'SET');
export const Insert = define('Insert', 'INSERT');
export const Query = define('Query', 'QUERY');
export const Mix = define('Mix', 'MIX');
export const End = define('End', 'END');
export const Of = define('Of', 'OF');
export const Go = define('Go', 'GO');
export const Wait = define('Wait', 'WAIT');
export const Exec = define('Exec', 'EXEC');
export const Influxql = define('Influxql', 'INFLUXQL');
export const Cql = define('Cql', 'CQL');
export const Name = define('Name', 'a name');
export const SettingValue = define('SettingValue', 'a value in brackets, such as [10s]');
export const Argument = define('Argument', 'a word or a quoted string');

/* Bodies. */
export const FenceOpen = define('FenceOpen', '"""');
export const FenceClose = define('FenceClose', '"""');
export const CqlBody = define('CqlBody', 'a CQL write');
export const PointBody = define('PointBody', 'a point template such as cpu,host=a value=1');
export const Piece = define('Piece', 'text');
export const Chars = define('Chars', 'text', [Piece]);
export const ParameterText = define('ParameterText', 'a parameter', [Piece]);
export const Placeholder = define('Placeholder', 'a placeholder');
export const QuoteOpen = define('QuoteOpen', "'");
export const QuoteClose = define('QuoteClose', "'");
export const Blank = define('Blank', 'a blank');

/* Slots, clauses and bodies share these. */
export const Comma = define('Comma', 'a comma');
export const Equals = define('Equals', '=');
export const Operator = define('Operator', 'one of < <= > >= = !=');
export const LeftParenthesis = define('LeftParenthesis', '(');
export const RightParenthesis = define('RightParenthesis', ')');
export const SlotOpen = define('SlotOpen', 'a slot');
export const SlotClose = define('SlotClose', ']');
export const SlotName = define('SlotName', 'the name of a slot');
export const SlotWord = define('SlotWord', 'a word');
export const OfType = define('OfType', 'of', [SlotWord]);
export const ArgumentString = define('ArgumentString', "a string in '…'");
export const Option = define('Option', 'a choice');
export const OptionWeight = define('OptionWeight', 'a weight such as *80');
export const Bar = define('Bar', '|');

/* Clauses. A keyword is a word too, where a word is asked for. */
export const Word = define('Word', 'a word');
export const PlainWord = define('PlainWord', 'a word', [Word]);
export const QuotedWord = define('QuotedWord', 'a quoted text', [Word]);
export const Count = define('Count', 'a count such as 1000', []);
export const Do = define('Do', 'DO', [Word]);
export const Every = define('Every', 'EVERY', [Word]);
export const For = define('For', 'FOR', [Word]);
export const At = define('At', 'AT', [Word]);
export const To = define('To', 'TO', [Word]);
export const Warmup = define('Warmup', 'WARMUP', [Word]);
export const Pick = define('Pick', 'PICK', [Word]);
export const Written = define('Written', 'WRITTEN', [Word]);
export const Series = define('Series', 'SERIES', [Word]);
export const Population = define('Population', 'POPULATION', [Word]);
export const Lookback = define('Lookback', 'LOOKBACK', [Word]);
export const Returns = define('Returns', 'RETURNS', [Word]);
export const Partitions = define('Partitions', 'PARTITIONS', [Word]);
export const Visits = define('Visits', 'VISITS', [Word]);
export const Over = define('Over', 'OVER', [Word]);
export const Share = define('Share', 'SHARE', [Word]);
export const Columns = define('Columns', 'COLUMNS', [Word]);
export const Row = define('Row', 'ROW', [Word]);
export const Rows = define('Rows', 'ROWS', [Word]);
export const With = define('With', 'WITH', [Word]);
export const Tag = define('Tag', 'TAG', [Word]);
export const Expect = define('Expect', 'EXPECT', [Word]);
export const Weight = define('Weight', 'WEIGHT', [Word]);
export const Cluster = define('Cluster', 'CLUSTER', [Word]);
export const Abort = define('Abort', 'ABORT', [Word]);
export const After = define('After', 'AFTER', [Word]);

/** What fits nowhere; the scanner or the grammar says so. */
export const Unexpected = define('Unexpected', 'nothing of the language');

export const clauseKeywords: ReadonlyMap<string, TokenType> = new Map(
  [
    Do,
    Every,
    For,
    At,
    To,
    Warmup,
    Pick,
    Written,
    Series,
    Population,
    Lookback,
    Returns,
    Partitions,
    Visits,
    Over,
    Share,
    Columns,
    Row,
    Rows,
    With,
    Tag,
    Expect,
    Weight,
    Cluster,
    Abort,
    After,
  ].map((type) => [type.name.toUpperCase(), type]),
);

export const allTokens: readonly TokenType[] = [
  [Set, Insert, Query, Mix, End, Of, Go, Wait, Exec, Influxql, Cql, Name, SettingValue, Argument],
  [
    FenceOpen,
    FenceClose,
    CqlBody,
    PointBody,
    Piece,
    Chars,
    ParameterText,
    Placeholder,
    QuoteOpen,
    QuoteClose,
  ],
  [Blank, Comma, Equals, Operator, LeftParenthesis, RightParenthesis],
  [SlotOpen, SlotClose, SlotName, SlotWord, OfType, ArgumentString, Option, OptionWeight, Bar],
  [Word, PlainWord, QuotedWord, Count, ...clauseKeywords.values(), Unexpected],
].flat();
