import { comment, gap, optionalGap } from './gap.ts';
import { passThroughWords, statementWords } from './vocabulary.ts';

/*
 * Where statements and clauses begin. Everything here looks at the text alone.
 */

const nameAhead = String.raw`${gap}(?:"|\$\{|[\p{L}_@])`;
const statementStart = new RegExp(
  String.raw`(?:(?:GO|WAIT|EXEC|INFLUXQL|CQL)(?=[\s;]|$)` +
    String.raw`|SET${gap}(?:"[^"]*(?:""[^"]*)*"|[^\s[\];"]+)${optionalGap}\[` +
    `|(?:QUERY|MIX)${nameAhead}` +
    String.raw`|INSERT(?!${gap}INTO(?![\p{L}\p{N}@_:.-]))${nameAhead})`,
  'iuy',
);

/** Whether the line whose first word stands at `at` begins a statement, wherever it is. */
export function beginsStatement(text: string, at: number): boolean {
  statementStart.lastIndex = at;
  return statementStart.test(text);
}

const mixEnd = /END(?=[\s;]|$)/iy;

/** Whether the line whose first word stands at `at` ends a MIX. */
export function endsMix(text: string, at: number): boolean {
  mixEnd.lastIndex = at;
  return mixEnd.test(text);
}

const amount = String.raw`${gap}[-+]?\.?(?:\d|\$\{)`;
const clauseStart = new RegExp(
  `(?:(?:DO|EVERY|FOR|AT|WARMUP|WEIGHT)${amount}` +
    String.raw`|PICK${gap}(?:uniform|latest|each|zipf)(?![\p{L}\p{N}_])` +
    String.raw`|CLUSTER${gap}~?\p{L}+\(` +
    String.raw`|POPULATION${gap}(?:\d|\$\{|~?\p{L}+${optionalGap}\()` +
    String.raw`|PARTITIONS${gap}~?\p{L}+${optionalGap}\(` +
    String.raw`|ROWS?${gap}\[` +
    String.raw`|RETURNS${gap}(?:['"[({$%*]|[-+]?\.?\d|[\da-f]{8}-|(?:true|false|null)(?![\p{L}\p{N}_]))` +
    String.raw`|SERIES${gap}\(` +
    String.raw`|WITH${gap}(?:"[^"]*(?:""[^"]*)*"|[^\s[\];",]+)${optionalGap}\[` +
    String.raw`|TAG${gap}(?:"[^"]*(?:""[^"]*)*"|[^\s=[\];",]+)${optionalGap}=` +
    String.raw`|EXPECT${gap}[\p{L}\p{N}_.]+${optionalGap}[<>=!])`,
  'iuy',
);
const written = /WRITTEN(?=[\s;]|$)/iy;
const countStart = /\d|\$\{/y;

/** Whether a clause begins at `at`; `count`: also the bare count of a point template. */
export function clauseAt(text: string, at: number, count = false): boolean {
  clauseStart.lastIndex = at;
  if (clauseStart.test(text)) return true;
  if (count) {
    countStart.lastIndex = at;
    if (countStart.test(text)) return true;
  }
  written.lastIndex = at;
  return written.test(text) && endsAfter(text, at + 'WRITTEN'.length);
}

const toNextWord = new RegExp(optionalGap, 'uy');
const betweenBlanks = new RegExp(comment, 'u');

/** Whether the statement's end or another clause follows. */
function endsAfter(text: string, at: number): boolean {
  toNextWord.lastIndex = at;
  const skipped = toNextWord.exec(text)?.[0] ?? '';
  const after = at + skipped.length;
  if (after >= text.length || text[after] === ';') return true;
  const blanks = skipped.split(betweenBlanks);
  if (blanks.some((each) => /\n[^\S\n]*\n/.test(each))) return true;
  const lineBegins = blanks.some((each) => each.includes('\n'));
  return (lineBegins && (beginsStatement(text, after) || endsMix(text, after))) || clauseAt(text, after);
}

const keywordLine = new RegExp(`(?:${[...statementWords, ...passThroughWords].join('|')})(?=[\\s;]|$)`, 'iy');
const emptyLine = /[^\S\n]*(?:\n|$)/y;
const commentLine = /[^\S\n]*(?:#|--)/y;

/**
 * Where reading resumes after something that opened at `from` and never closed: the next line that starts,
 * in its first column, with a statement's first word, with a blank line before it (comments may stand
 * between). `limit` where there is none before it.
 */
export function findResumption(text: string, from: number, limit: number): number {
  let blank = false;
  for (let at = text.indexOf('\n', from) + 1; at > 0 && at < limit; at = text.indexOf('\n', at) + 1) {
    emptyLine.lastIndex = at;
    commentLine.lastIndex = at;
    keywordLine.lastIndex = at;
    if (emptyLine.test(text)) blank = true;
    else if (blank && keywordLine.test(text)) return at;
    else if (!commentLine.test(text)) blank = false;
  }
  return limit;
}
