import type { Placeholder, QueryTemplate, QuotedTemplate, Slot } from '../../parser/ast.ts';
import type { LiteralTree } from './cql/literal-tree.ts';
import { readLiteral } from './cql/read-literal.ts';
import { cqlTokens } from './cql-tokens.ts';

/** A value of RETURNS: a slot, a string with slots, a placeholder, a constant, or a collection of these. */
export type ReturnedValue = LiteralTree<Slot | QuotedTemplate | Placeholder>;

/** The values of RETURNS, with commas between, or its `*`, which every row matches. What stands where a value should is told. */
export function readReturns(
  template: QueryTemplate,
): readonly ReturnedValue[] | 'any' | { readonly found: string } {
  const tokens = cqlTokens(template);
  const [first, second] = tokens;
  if (first?.kind === 'symbol' && first.text === '*' && second === undefined) return 'any';
  const values: ReturnedValue[] = [];
  for (let at = 0; ; at++) {
    const read = readLiteral(tokens, at);
    if (!('expected' in read)) values.push(read.tree);
    at = read.end;
    const next = tokens[at];
    if (!('expected' in read) && next === undefined) return values;
    if ('expected' in read || next?.kind !== 'symbol' || next.text !== ',')
      return { found: next === undefined ? 'its end' : next.kind === 'value' ? 'a slot' : next.text };
  }
}
