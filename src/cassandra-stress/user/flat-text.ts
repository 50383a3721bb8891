import { tokensOf } from './table-definition.ts';

/** A CQL text in one line, without comments and without a semicolon at its end. */
export function flatText(text: string): string {
  const tokens = [...tokensOf(text)];
  while (tokens.at(-1)?.text === ';') tokens.pop();
  let flat = '';
  let end = 0;
  for (const { text: piece, from, to } of tokens) {
    flat += flat !== '' && from.offset > end ? ` ${piece}` : piece;
    end = to.offset;
  }
  return flat;
}
