import type { Text } from '../parser/ast.ts';
import type { SecretText } from '../parser/secret-texts.ts';

/**
 * Names of parameters whose values are secrets: they stand in a secret setting, or in a pass-through text that
 * sets a password. Takes the script's secrets as they are before parameters are bound.
 */
export function secretParameters(secrets: readonly SecretText[]): ReadonlySet<string> {
  return new Set(secrets.flatMap(({ text }) => parametersIn(text)));
}

function parametersIn(text: Text): string[] {
  return text.parts.flatMap((part) => (typeof part === 'string' || part.environment ? [] : [part.name]));
}
