import type { CqlTemplate, QuotedTemplate, Slot } from '../../parser/ast.ts';

/** A piece of a CQL write, as far as its shape depends on it. */
export type CqlToken =
  | {
      readonly kind: 'word' | 'name' | 'literal' | 'symbol';
      readonly text: string;
    }
  | { readonly kind: 'value'; readonly value: Slot | QuotedTemplate };

const pattern =
  /(?<skip>\s+|--[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\/)|(?<name>"(?:[^"]|"")*")|(?<literal>'(?:[^']|'')*'|\$\$[^]*?\$\$|\d[\w.]*)|(?<word>[A-Za-z_]\w*)|(?<symbol>[+\-<>!]=|[^])/gy;

/** Splits a CQL write into tokens; comments and blanks are left out, slots are values. */
export function cqlTokens(template: CqlTemplate): readonly CqlToken[] {
  return template.parts.flatMap((part): CqlToken[] => {
    if (typeof part !== 'string') {
      if (part.kind === 'parameter') throw new Error(`parameter ${part.name} is not bound`);
      return [{ kind: 'value', value: part }];
    }
    const tokens: CqlToken[] = [];
    for (const { groups } of part.matchAll(pattern)) {
      for (const kind of ['word', 'name', 'literal', 'symbol'] as const) {
        const text = groups![kind];
        if (text !== undefined) tokens.push({ kind, text });
      }
    }
    return tokens;
  });
}
