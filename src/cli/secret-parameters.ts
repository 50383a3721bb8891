import type { Clause, Script, StatementNode, Text } from '../parser/ast.ts';
import { settingDefinitions, settingNamed } from '../stress-client/settings.ts';

/**
 * Names of parameters whose values are secrets: they stand in a secret setting, or in a pass-through text that
 * sets a password. Takes the script before its parameters are bound.
 */
export function secretParameters(script: Script): ReadonlySet<string> {
  return new Set(script.statements.flatMap(secretsOf));
}

function secretsOf(node: StatementNode): string[] {
  switch (node.kind) {
    case 'go':
      return secretsOf(node.statement);
    case 'set':
      return ofSetting(node.name, node.value);
    case 'insert':
    case 'query':
      return node.clauses.flatMap(ofClause);
    case 'pass-through':
      return /\bPASSWORD\b/i.test(literal(node.text)) ? namesIn(node.text) : [];
    case 'wait':
    case 'exec':
      return [];
  }
}

function ofClause(clause: Clause): string[] {
  return clause.kind === 'with' ? clause.settings.flatMap(({ name, value }) => ofSetting(name, value)) : [];
}

function ofSetting(name: Text, value: Text): string[] {
  const setting = settingNamed(literal(name));
  return setting !== undefined && settingDefinitions[setting].kind === 'secret' ? namesIn(value) : [];
}

function literal(text: Text): string {
  return text.parts.filter((part) => typeof part === 'string').join('');
}

function namesIn(text: Text): string[] {
  return text.parts.flatMap((part) => (typeof part === 'string' || part.environment ? [] : [part.name]));
}
