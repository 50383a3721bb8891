import { Source } from '../lexer/source.ts';
import type { Script, StatementNode } from './ast.ts';
import { layOut } from './layout.ts';
import { parse } from './parse.ts';
import { redactSecrets } from './redact.ts';
import { sameTree } from './same-tree.ts';

export interface PrintOptions {
  /** Secrets are printed as `[REDACTED]`, for whatever is shown, logged or stored. */
  readonly redact?: boolean;
}

/** The script in canonical layout, with a line end after each statement: parsing it gives the same tree. */
export function print({ statements }: Script, options: PrintOptions = {}): string {
  let text = '';
  for (const piece of printStatements(statements, options)) text += piece;
  return text;
}

/** What `print` gives, statement by statement. */
export function* printStatements(
  statements: Iterable<StatementNode>,
  options: PrintOptions = {},
): Generator<string> {
  let previous: StatementNode['kind'] | undefined;
  for (const statement of statements) {
    const isApart = previous !== undefined && !(previous === 'set' && statement.kind === 'set');
    yield `${isApart ? '\n' : ''}${printStatement(statement, options)}\n`;
    previous = statement.kind;
  }
}

/** One statement in canonical layout, without a final line end; in a fence where it would be read otherwise. */
export function printStatement(statement: StatementNode, { redact = false }: PrintOptions = {}): string {
  const lines = layOut(statement, { redact, fences: fencesOf(statement) });
  const text = lines.map((line) => line.text).join('\n');
  return redact && statement.kind === 'pass-through' ? redactSecrets(text) : text;
}

/** What of the statement, printed without a fence and before another one, would not be read back as it is. */
export function fencesOf(statement: StatementNode): ReadonlySet<StatementNode> {
  const operation = statement.kind === 'go' ? statement.statement : statement;
  const parts = operation.kind === 'mix' ? operation.members : [operation];
  const isMember = operation.kind === 'mix';
  return new Set(parts.filter((part) => needsFence(part, isMember)));
}

function needsFence(statement: StatementNode, isMember: boolean): boolean {
  if (statement.kind !== 'pass-through' && statement.kind !== 'insert' && statement.kind !== 'query')
    return false;
  if (statement.fenced) return true;
  const text = layOut(statement, { redact: false, fences: new Set() })
    .map((line) => line.text)
    .join('\n');
  const whole = isMember ? `MIX mix1\n${text}\nEND` : text;
  const { script, diagnostics } = parse([new Source('', `${whole}\n\nWAIT`)]);
  const [first, wait] = script.statements;
  const read = isMember && first?.kind === 'mix' && first.members.length === 1 ? first.members[0] : first;
  return diagnostics.length > 0 || wait?.kind !== 'wait' || !sameTree(read, statement);
}
