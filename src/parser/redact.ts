import type { Source } from '../lexer/source.ts';
import { redacted } from '../stress-client/settings.ts';
import { givesAway, type SecretText } from './secret-texts.ts';

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

/** The text of file `index` of a script, as its author wrote it, without the secrets of the script. */
export function redactScript(source: Source, secrets: readonly SecretText[], index = 0): string {
  const cuts = secrets
    .filter(({ text }) => text.span.source === index)
    .flatMap((secret) => cutsOf(secret, source));
  let text = '';
  let at = 0;
  for (const { start, end, instead } of cuts.toSorted((one, other) => one.start - other.start)) {
    text += source.text.slice(at, start) + instead;
    at = end;
  }
  return text + source.text.slice(at);
}

interface Cut {
  readonly start: number;
  readonly end: number;
  readonly instead: string;
}

function cutsOf({ of, text }: SecretText, source: Source): readonly Cut[] {
  const { start, end } = text.span;
  if (of === 'target') return [{ start, end, instead: redactSecrets(source.text.slice(start, end)) }];
  return givesAway(text) ? [{ start, end, instead: redacted }] : [];
}
