import type { Diagnostic } from '../lexer/diagnostic.ts';
import type { CommentSpan } from '../lexer/scan.ts';
import type { Source, Span } from '../lexer/source.ts';
import type { StatementNode } from './ast.ts';
import { layOut, standsAsWritten, type Line } from './layout.ts';
import { byPlace, readStatements } from './parse.ts';
import { fencesOf } from './print.ts';

/** What stands between blank lines or statement ends: a statement, or a comment of its own. */
interface Block {
  readonly kind: StatementNode['kind'] | 'comment';
  readonly start: number;
  end: number;
  readonly lines: string[];
}

/**
 * The script in canonical layout: one clause a line, a blank line between statements other than SETs, every
 * comment kept where it belongs, bodies and texts for the target as they stand. It means the same, and
 * formatting it again changes nothing. A script with an error comes back as it is.
 */
export function format(source: Source): { text: string; diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const comments: CommentSpan[] = [];
  const page = new Page(source);
  let failed = false;
  const report = (diagnostic: Diagnostic): void => {
    diagnostics.push(diagnostic);
    failed ||= diagnostic.severity === 'error';
  };
  const onComment = (comment: CommentSpan): void => void comments.push(comment);
  for (const statement of readStatements(source, 0, report, { onComment })) {
    if (failed) continue;
    const { start, end } = statement.span;
    const own = comments.splice(0);
    for (const comment of own) if (comment.end <= start) page.comment(comment);
    const inside = own.filter((comment) => comment.end > start && comment.start < end);
    page.add(formatStatement(statement, inside, source));
    for (const comment of own) if (comment.end > start && comment.start >= end) page.comment(comment);
  }
  for (const comment of comments) page.comment(comment);
  return { text: failed ? source.text : page.text, diagnostics: diagnostics.sort(byPlace) };
}

/** Blocks one below the other; only the last one may still change. */
class Page {
  readonly #source: Source;
  #text = '';
  #last: Block | undefined;

  constructor(source: Source) {
    this.#source = source;
  }

  get text(): string {
    return this.#text + textOf(this.#last);
  }

  add(block: Block): void {
    const previous = this.#last;
    if (previous !== undefined) {
      const isApart = /\n[^\S\n]*\n/.test(this.#source.text.slice(previous.end, block.start));
      const isTogether =
        previous.kind === 'comment' ||
        (previous.kind === 'set' && (block.kind === 'set' || block.kind === 'comment'));
      this.#text += textOf(previous) + (isApart || !isTogether ? '\n' : '');
    }
    this.#last = block;
  }

  comment(comment: CommentSpan): void {
    const text = commentText(comment, this.#source);
    const last = this.#last;
    if (
      last !== undefined &&
      !/\n/.test(this.#source.text.slice(last.end, comment.start)) &&
      !endsWithComment(last)
    ) {
      last.lines[last.lines.length - 1] += ` ${text}`;
      last.end = comment.end;
    } else {
      this.add({ kind: 'comment', start: comment.start, end: comment.end, lines: [text] });
    }
  }
}

function textOf(block: Block | undefined): string {
  return block === undefined ? '' : `${block.lines.join('\n')}\n`;
}

function commentText({ start, end }: CommentSpan, source: Source): string {
  return source.text.slice(start, end).trimEnd();
}

/** Whether nothing may follow on the block's last line. */
function endsWithComment({ kind, end, lines }: Block): boolean {
  return kind === 'comment' ? !lines.at(-1)!.endsWith('*/') : end < 0;
}

function formatStatement(statement: StatementNode, comments: readonly CommentSpan[], source: Source): Block {
  const fenced = fencesOf(statement);
  const verbatim = bodiesOf(statement, fenced);
  const lines: Line[] = layOut(statement, {
    redact: false,
    fences: fenced,
    body: ({ start, end }) => source.text.slice(start, end),
  });
  const fences = fencesIn(lines);
  const before = lines.map((): string[] => []);
  const after = lines.map((): string[] => []);
  for (const comment of comments) {
    if (verbatim.some(({ start, end }) => comment.start >= start && comment.end <= end)) continue;
    const text = commentText(comment, source);
    const ownLine = /(?:^|\n)[^\S\n]*$/.test(
      source.text.slice(Math.max(0, comment.start - 4096), comment.start),
    );
    const line = ownLine
      ? lines.findIndex(({ span }) => span.start >= comment.start)
      : lines.findLastIndex(({ span }) => span.start <= comment.start);
    const at = line < 0 ? lines.length - 1 : line;
    // From the opening fence to the closing one a comment would be text.
    const fence = fences.find(({ open, close }) => at >= open && (at < close || (at === close && ownLine)));
    if (fence !== undefined && !(at === fence.open && ownLine)) before[fence.open]!.push(text);
    else if (ownLine || after[at]!.length > 0) before[at]!.push(text);
    else after[at]!.push(text);
  }
  return {
    kind: statement.kind,
    start: statement.span.start,
    end: statement.span.end,
    lines: lines.flatMap(({ text }, index) => {
      const indent = /^ */.exec(text)![0];
      return [...before[index]!.map((comment) => indent + comment), [text, ...after[index]!].join(' ')];
    }),
  };
}

/** Which lines open a fence, and which close it. */
function fencesIn(lines: readonly Line[]): { readonly open: number; readonly close: number }[] {
  const fences: { open: number; close: number }[] = [];
  for (const [close, { text }] of lines.entries()) {
    if (!/^ *"{3,}$/.test(text)) continue;
    const open = lines.findLastIndex((line, index) => index < close && line.text.endsWith(` ${text.trim()}`));
    if (open >= 0) fences.push({ open, close });
  }
  return fences;
}

/** The parts of a statement that stay as they stand, comments included. */
function bodiesOf(statement: StatementNode, fences: ReadonlySet<StatementNode>): readonly Span[] {
  switch (statement.kind) {
    case 'go':
      return bodiesOf(statement.statement, fences);
    case 'mix':
      return statement.members.flatMap((member) => bodiesOf(member, fences));
    case 'pass-through':
      return standsAsWritten(statement, fences) ? [statement.text.span] : [];
    case 'insert':
    case 'query':
      return statement.template.kind !== 'point-template' && standsAsWritten(statement, fences)
        ? [statement.template.span]
        : [];
    case 'set':
    case 'wait':
    case 'exec':
      return [];
  }
}
