import { settingDefinitions, settingNamed, type SettingName } from '../stress-client/settings.ts';
import type { Clause, StatementNode, Text } from './ast.ts';
import { isPlain, plainText } from './text.ts';

/** A text of a statement that may hold a secret. */
export type SecretText =
  /** The value of a setting; which one is not known where its name is a parameter. */
  | { readonly of: 'setting'; readonly setting: SettingName | undefined; readonly text: Text }
  /** A text for the target that sets a password: what stands after PASSWORD is secret. */
  | { readonly of: 'target'; readonly text: Text };

/** Where secrets may stand in a statement. */
export function secretTextsOf(node: StatementNode): readonly SecretText[] {
  switch (node.kind) {
    case 'go':
      return secretTextsOf(node.statement);
    case 'set':
      return ofSetting(node.name, node.value);
    case 'mix':
      return [...node.members.flatMap(secretTextsOf), ...ofClauses(node.clauses)];
    case 'insert':
    case 'query':
      return ofClauses(node.clauses);
    case 'pass-through':
      return setsPassword(node.text) ? [{ of: 'target', text: node.text }] : [];
    case 'wait':
    case 'exec':
      return [];
  }
}

function ofClauses(clauses: readonly Clause[]): readonly SecretText[] {
  return clauses
    .flatMap((clause) => (clause.kind === 'with' ? clause.settings : []))
    .flatMap(({ name, value }) => ofSetting(name, value));
}

function setsPassword(text: Text): boolean {
  return text.parts.some((part) => typeof part === 'string' && /\bPASSWORD\b/i.test(part));
}

function ofSetting(name: Text, text: Text): readonly SecretText[] {
  if (!isPlain(name)) return [{ of: 'setting', setting: undefined, text }];
  const setting = settingNamed(plainText(name));
  const secret = setting !== undefined && settingDefinitions[setting].kind === 'secret';
  return secret ? [{ of: 'setting', setting, text }] : [];
}

/** Whether something of a value stands in the script; blanks, and parameters without a default, give nothing away. */
export function givesAway(value: Text): boolean {
  return value.parts.some((part) => (typeof part === 'string' ? part : (part.fallback ?? '')).trim() !== '');
}

/** Whether a setting's value must not be shown. */
export function hidesSecret(name: Text, value: Text): boolean {
  return ofSetting(name, value).length > 0 && givesAway(value);
}
