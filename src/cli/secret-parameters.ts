import type { Script, Text } from '../parser/ast.ts';
import { secretTextsOf } from '../parser/secret-texts.ts';

/**
 * Names of parameters whose values are secrets: they stand in a secret setting, or in a pass-through text that
 * sets a password. Takes the script before its parameters are bound.
 */
export function secretParameters(script: Script): ReadonlySet<string> {
  const secrets = script.statements
    .flatMap(secretTextsOf)
    .filter(({ of, text }) => of === 'setting' || setsPassword(text));
  return new Set(secrets.flatMap(({ text }) => parametersIn(text)));
}

function setsPassword(text: Text): boolean {
  return text.parts.some((part) => typeof part === 'string' && /\bPASSWORD\b/i.test(part));
}

function parametersIn(text: Text): string[] {
  return text.parts.flatMap((part) => (typeof part === 'string' || part.environment ? [] : [part.name]));
}
