import type { Text } from '../../parser/ast.ts';

export function plainText(text: Text): string {
  return text.parts.join('');
}
