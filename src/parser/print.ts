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
export function print(script: Script, options: PrintOptions = {}): string {
  let text = '';
  let previous: StatementNode | undefined;
  for (const statement of script.statements) {
    if (previous !== undefined && !(previous.kind === 'set' && statement.kind === 'set')) text += '\n';
    text += `${printStatement(statement, options)}\n`;
    previous = statement;
  }
  return text;
}

/** One statement in canonical layout, without a final line end; in a fence where it would be read otherwise. */
export function printStatement(statement: StatementNode, { redact = false }: PrintOptions = {}): string {
  const fence = needsFence(statement);
  const lines = layOut(statement, { redact, fence });
  const text = lines.map((line) => line.text).join('\n');
  return redact && statement.kind === 'pass-through' ? redactSecrets(text) : text;
}

/** Whether the statement, printed without a fence and before another one, would not be read back as it is. */
export function needsFence(statement: StatementNode): boolean {
  const operation = statement.kind === 'go' ? statement.statement : statement;
  if (operation.kind !== 'pass-through' && operation.kind !== 'insert' && operation.kind !== 'query')
    return false;
  if (operation.fenced) return true;
  const text = layOut(statement, { redact: false, fence: false })
    .map((line) => line.text)
    .join('\n');
  const { script, diagnostics } = parse([new Source('', `${text}\n\nWAIT`)]);
  const [read, wait] = script.statements;
  return diagnostics.length > 0 || wait?.kind !== 'wait' || !sameTree(read, statement);
}
