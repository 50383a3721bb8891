import type { Parameter, Text } from './ast.ts';

/** The text, once its parameters are bound; a parameter that is left stands as it was written. */
export function plainText(text: Pick<Text, 'parts'>): string {
  return text.parts.length === 1 && typeof text.parts[0] === 'string'
    ? text.parts[0]
    : text.parts.map((part) => (typeof part === 'string' ? part : printParameter(part))).join('');
}

export function printParameter({ name, environment, fallback }: Parameter): string {
  const value = fallback === undefined ? '' : `:-${fallback.replace(/[\\}]/g, '\\$&')}`;
  return `\${${environment ? 'env:' : ''}${name}${value}}`;
}

/** Whether the text holds no parameter, so that it is known what it says. */
export function isPlain(text: Pick<Text, 'parts'>): boolean {
  return text.parts.every((part) => typeof part === 'string');
}
