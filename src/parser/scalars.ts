import type { DiagnosticCode } from '../lexer/diagnostic-codes.ts';
import type { Diagnostic } from '../lexer/diagnostic.ts';
import { nearestWord } from '../lexer/nearest-word.ts';
import { shorten } from '../lexer/scan.ts';
import { largestCount, parseCount, parseDuration, parseNumber, parseRate } from '../lexer/scalar.ts';
import type { Span } from '../lexer/source.ts';
import { isStatementWord } from '../lexer/vocabulary.ts';
import {
  checkMetrics,
  percentileMetrics,
  type Check,
  type Clause,
  type StatementNode,
  type Text,
} from './ast.ts';
import { isPlain, plainText } from './text.ts';

/** What a text must be where it stands. */
export type ScalarKind =
  'count' | 'duration' | 'rate' | 'number' | 'amount' | 'name' | 'wait' | 'time' | 'percent';

const name = /^[\p{L}_@][\p{L}\p{N}@_:.-]*$/u;

/** Whether the text is a name without quotes. */
export function isBareName(text: string): boolean {
  return name.test(text) && !isStatementWord(text);
}

type Visit = (text: Text, kind: ScalarKind) => void;

/** Visits every text of the statement that must be a count, name or the like, in the order of the source. */
function visitScalars(statement: StatementNode, visit: Visit): void {
  switch (statement.kind) {
    case 'go':
      return visitScalars(statement.statement, visit);
    case 'wait':
      if (statement.argument !== undefined) visit(statement.argument, 'wait');
      return;
    case 'insert':
    case 'query':
      visit(statement.name, 'name');
      if (statement.kind === 'query' && statement.of !== undefined) visit(statement.of, 'name');
      for (const clause of statement.clauses) visitClause(clause, visit);
      return;
    case 'mix':
      visit(statement.name, 'name');
      for (const member of statement.members) visitScalars(member, visit);
      for (const clause of statement.clauses) visitClause(clause, visit);
      return;
    case 'set':
    case 'exec':
    case 'pass-through':
  }
}

function visitClause(clause: Clause, visit: Visit): void {
  switch (clause.kind) {
    case 'count':
      visit(clause.count, 'count');
      if (clause.step !== undefined) visit(clause.step, 'duration');
      return;
    case 'do':
      return visit(clause.count, 'count');
    case 'every':
      return visit(clause.step, 'duration');
    case 'for':
      return visit(clause.duration, 'duration');
    case 'at':
      for (const { rate, to, duration } of clause.stages) {
        visit(rate, 'rate');
        if (to !== undefined) visit(to, 'rate');
        if (duration !== undefined) visit(duration, 'duration');
      }
      return;
    case 'warmup':
      return visit(clause.amount, 'amount');
    case 'pick':
      if (clause.exponent !== undefined) visit(clause.exponent, 'number');
      return;
    case 'weight':
      return visit(clause.weight, 'number');
    case 'expect':
      for (const check of clause.checks) visit(check.value, limitKind(check));
      if (clause.abort?.after !== undefined) visit(clause.abort.after, 'duration');
      return;
    case 'written':
    case 'series':
    case 'population':
    case 'returns':
    case 'partitions':
    case 'row':
    case 'with':
    case 'tag':
    case 'cluster':
  }
}

function limitKind({ metric }: Check): ScalarKind {
  if (metric === 'errors' || metric === 'rows') return 'number';
  if (metric === 'error_rate') return 'percent';
  return metric === 'throughput' ? 'rate' : 'time';
}

const scalars: Readonly<
  Record<
    ScalarKind,
    { code: DiagnosticCode; is: (text: string) => boolean; expected: string; called: string }
  >
> = {
  count: {
    code: 'S020',
    is: (text) => parseCount(text) !== undefined,
    called: 'no count',
    expected: 'a count such as 1000, 1_000_000 or 1e6',
  },
  duration: {
    code: 'S022',
    is: (text) => parseDuration(text) !== undefined,
    called: 'no duration',
    expected: 'a duration such as 10s, 500ms or 1m30s',
  },
  rate: {
    code: 'S023',
    is: (text) => parseRate(text) !== undefined,
    called: 'no rate',
    expected: 'a rate such as 1000/s, 30/m or 5/h',
  },
  amount: {
    code: 'S024',
    is: (text) => parseCount(text) !== undefined || parseDuration(text) !== undefined,
    called: 'neither a count nor a duration',
    expected: 'a count such as 1000, or a duration such as 30s',
  },
  number: {
    code: 'S026',
    is: (text) => parseNumber(text) !== undefined,
    called: 'no number',
    expected: 'a number such as 100 or 1.1',
  },
  time: {
    code: 'S027',
    is: (text) => parseDuration(text) !== undefined,
    called: 'no duration',
    expected: 'a duration such as 20ms',
  },
  percent: {
    code: 'S027',
    is: (text) => text.endsWith('%') && parseNumber(text.slice(0, -1)) !== undefined,
    called: 'no percentage',
    expected: 'a percentage such as 1% or 0.1%',
  },
  wait: {
    code: 'S025',
    is: (text) => parseDuration(text) !== undefined || text !== '',
    called: 'neither a name nor a duration',
    expected: 'the name of an INSERT or QUERY, or a duration such as 30s',
  },
  name: {
    code: 'S004',
    is: (text) => text !== '',
    called: 'no name',
    expected: 'a name such as cpu_load, or any text in "…"',
  },
};

function checkScalar(text: string, kind: ScalarKind, span: Span): Diagnostic | undefined {
  const { code, is, called, expected } = scalars[kind];
  if (is(text)) {
    if ((kind !== 'count' && kind !== 'amount') || (parseCount(text) ?? 0) <= largestCount) return undefined;
    return {
      severity: 'error',
      code: 'S021',
      message: `the count ${shorten(text)} is above 1e15: it looks like a timestamp`,
      span,
      expected: [expected],
      hint: 'points get their timestamps from StartDate and the step between them, not from the script',
    };
  }
  return {
    severity: 'error',
    code,
    message: `\`${shorten(text)}\` is ${called}`,
    span,
    expected: [expected],
  };
}

/** What is wrong with the statement's names, counts, durations, rates and the like, as far as they are known. */
export function checkScalars(
  statement: StatementNode,
  only: (text: Text) => boolean = () => true,
): Diagnostic[] {
  const found: Diagnostic[] = [];
  visitScalars(statement, (text, kind) => {
    if (!isPlain(text) || !only(text)) return;
    const diagnostic = checkScalar(plainText(text), kind, text.span);
    if (diagnostic !== undefined) found.push(diagnostic);
  });
  return found;
}

/** What is wrong with the words of PICK and EXPECT, which the tree has as they were written. */
export function checkWords(statement: StatementNode): Diagnostic[] {
  const found: Diagnostic[] = [];
  visitWords(statement, found);
  return found;
}

function visitWords(statement: StatementNode, found: Diagnostic[]): void {
  if (statement.kind === 'go') return visitWords(statement.statement, found);
  if (statement.kind !== 'insert' && statement.kind !== 'query' && statement.kind !== 'mix') return;
  if (statement.kind === 'mix') for (const member of statement.members) visitWords(member, found);
  for (const clause of statement.clauses) {
    if (clause.kind === 'pick')
      found.push(
        ...checkWord(clause.distribution, ['uniform', 'latest', 'each', 'zipf'], clause.span, 'S030'),
      );
    else if (clause.kind === 'expect')
      for (const check of clause.checks)
        found.push(...checkWord(check.metric, checkMetrics, check.span, 'S031'));
  }
}

function checkWord(word: string, known: readonly string[], span: Span, code: 'S030' | 'S031'): Diagnostic[] {
  if (known.includes(word)) return [];
  const near =
    nearestWord(word, known) ??
    (/^p\d/.test(word) ? percentileMetrics.find((each) => each.startsWith(word)) : undefined);
  const what = code === 'S030' ? 'no distribution of PICK' : 'nothing that EXPECT measures';
  return [
    {
      severity: 'error',
      code,
      message: `\`${shorten(word)}\` is ${what}`,
      span,
      expected: known,
      ...(near === undefined ? {} : { suggestion: near }),
    },
  ];
}
