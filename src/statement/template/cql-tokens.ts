import type { CqlTemplate, QuotedTemplate, Slot } from '../../parser/ast.ts';

/** A piece of a CQL write, as far as its shape depends on it. */
export type CqlToken = (
  | {
      readonly kind: 'word' | 'name' | 'literal' | 'symbol';
      readonly text: string;
    }
  | { readonly kind: 'value'; readonly value: Slot | QuotedTemplate }
) & { readonly from: TemplatePosition; readonly to: TemplatePosition };

/** A place in a template: before character `offset` of a text among its parts; 0 before and 1 behind a slot. */
export interface TemplatePosition {
  readonly part: number;
  readonly offset: number;
}

const pattern =
  /(?<skip>\s+|--[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\/)|(?<name>"(?:[^"]|"")*")|(?<literal>'(?:[^']|'')*'|\$\$[^]*?\$\$|\d[\w.]*)|(?<word>[A-Za-z_]\w*)|(?<symbol>[+\-<>!]=|[^])/gy;

/** Splits a CQL write into tokens; comments and blanks are left out, slots are values. */
export function cqlTokens(template: CqlTemplate): readonly CqlToken[] {
  return template.parts.flatMap((part, index): CqlToken[] => {
    const at = (offset: number): TemplatePosition => ({ part: index, offset });
    if (typeof part !== 'string') {
      if (part.kind === 'parameter') throw new Error(`parameter ${part.name} is not bound`);
      return [{ kind: 'value', value: part, from: at(0), to: at(1) }];
    }
    const tokens: CqlToken[] = [];
    for (const match of part.matchAll(pattern)) {
      for (const kind of ['word', 'name', 'literal', 'symbol'] as const) {
        const text = match.groups![kind];
        if (text !== undefined)
          tokens.push({ kind, text, from: at(match.index), to: at(match.index + text.length) });
      }
    }
    return tokens;
  });
}
