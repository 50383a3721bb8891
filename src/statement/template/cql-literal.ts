import type { SlotTypeDefinition } from './matrix.ts';

export function quoteCqlString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A value as a CQL literal. A choice (no type) is a number or a boolean where its text is one. */
export function cqlLiteral(type: SlotTypeDefinition | undefined, text: string): string {
  const bare = type === undefined ? /^(-?\d+(\.\d+)?|true|false)$/.test(text) : type.literal === 'bare';
  return bare ? text : quoteCqlString(text);
}
