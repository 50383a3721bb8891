import type { Diagnostic } from '../lexer/diagnostic.ts';
import type { Source, Span } from '../lexer/source.ts';
import type { StatementNode } from './ast.ts';
import { layOut, standsAsWritten, type Line } from './layout.ts';
import { parseWithComments } from './parse.ts';
import { fencesOf } from './print.ts';

interface Comment {
  readonly start: number;
  readonly end: number;
}

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
  const { script, diagnostics, comments } = parseWithComments(source);
  if (diagnostics.some(({ severity }) => severity === 'error')) return { text: source.text, diagnostics };
  const blocks: Block[] = [];
  let next = 0;
  for (const statement of script.statements) {
    for (; next < comments.length && comments[next]!.end <= statement.span.start; next++) {
      addComment(blocks, comments[next]!, source);
    }
    const inside: Comment[] = [];
    for (; next < comments.length && comments[next]!.start < statement.span.end; next++)
      inside.push(comments[next]!);
    blocks.push(formatStatement(statement, inside, source));
  }
  for (; next < comments.length; next++) addComment(blocks, comments[next]!, source);
  return { text: join(blocks, source), diagnostics };
}

function addComment(blocks: Block[], comment: Comment, source: Source): void {
  const text = commentText(comment, source);
  const last = blocks.at(-1);
  if (
    last !== undefined &&
    !/\n/.test(source.text.slice(last.end, comment.start)) &&
    !endsWithComment(last)
  ) {
    last.lines[last.lines.length - 1] += ` ${text}`;
    last.end = comment.end;
  } else {
    blocks.push({ kind: 'comment', start: comment.start, end: comment.end, lines: [text] });
  }
}

function commentText({ start, end }: Comment, source: Source): string {
  return source.text.slice(start, end).trimEnd();
}

/** Whether nothing may follow on the block's last line. */
function endsWithComment({ kind, end, lines }: Block): boolean {
  return kind === 'comment' ? !lines.at(-1)!.endsWith('*/') : end < 0;
}

function formatStatement(statement: StatementNode, comments: readonly Comment[], source: Source): Block {
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

function join(blocks: readonly Block[], source: Source): string {
  let text = '';
  for (const [index, block] of blocks.entries()) {
    const previous = blocks[index - 1];
    if (previous !== undefined) {
      const apart = /\n[^\S\n]*\n/.test(source.text.slice(previous.end, block.start));
      const together =
        previous.kind === 'comment' ||
        (previous.kind === 'set' && (block.kind === 'set' || block.kind === 'comment'));
      text += apart || !together ? '\n' : '';
    }
    text += `${block.lines.join('\n')}\n`;
  }
  return text;
}
