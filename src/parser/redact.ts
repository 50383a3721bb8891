import type { Source } from '../lexer/source.ts';
import { redacted } from '../stress-client/settings.ts';
import type { Script, StatementNode } from './ast.ts';
import { givesAway, secretTextsOf } from './secret-texts.ts';

/** `PASSWORD '…'`, `PASSWORD = '…'`, `SET PASSWORD FOR "name" = '…'`; an unclosed literal reaches to the end. */
export const passwords =
  /((?<!['"\w])PASSWORD\b\s*(?:=\s*|FOR\s+(?:"(?:[^"\\]|\\[^])*"|[^\s=]+)\s*=\s*)?)('(?:[^'\\]|\\[^]|'')*(?:'|$))/gi;
const onlyParameter = /^'\$\{(?:env:)?[^}:]*\}'$/;

/** A text for the target with the string literals after PASSWORD as `[REDACTED]`. Parameters may stay. */
export function redactSecrets(text: string): string {
  return text.replace(passwords, (whole, before: string, literal: string) =>
    onlyParameter.test(literal) ? whole : before + redacted,
  );
}

/** The text of file `index` of the script, as its author wrote it, without its secrets. */
export function redactScript(source: Source, script: Script, index = 0): string {
  const cuts = script.statements
    .flatMap((statement) => cutsOf(statement, source))
    .filter((cut) => cut.source === index);
  let text = '';
  let at = 0;
  for (const { start, end, instead } of cuts.toSorted((one, other) => one.start - other.start)) {
    text += source.text.slice(at, start) + instead;
    at = end;
  }
  return text + source.text.slice(at);
}

interface Cut {
  readonly source: number;
  readonly start: number;
  readonly end: number;
  readonly instead: string;
}

function cutsOf(statement: StatementNode, source: Source): readonly Cut[] {
  return secretTextsOf(statement).flatMap((secret) => {
    const { span } = secret.text;
    if (secret.of === 'target') {
      return [{ ...span, instead: redactSecrets(source.text.slice(span.start, span.end)) }];
    }
    return givesAway(secret.text) ? [{ ...span, instead: redacted }] : [];
  });
}
