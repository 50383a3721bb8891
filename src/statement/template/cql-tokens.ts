import type { Parameter, Placeholder, QuotedTemplate, Slot } from '../../parser/ast.ts';

/** A piece of a CQL write, as far as its shape depends on it. */
export type CqlToken<Value = Slot | QuotedTemplate> = (
  | {
      readonly kind: 'word' | 'name' | 'literal' | 'symbol';
      readonly text: string;
    }
  | { readonly kind: 'value'; readonly value: Value }
) & { readonly from: TemplatePosition; readonly to: TemplatePosition };

/** A place in a template: before character `offset` of a text among its parts; 0 before and 1 behind a slot. */
export interface TemplatePosition {
  readonly part: number;
  readonly offset: number;
}

/** Tried in this order; the last takes any character. */
const patterns: readonly (readonly ['skip' | 'name' | 'literal' | 'word' | 'symbol', RegExp])[] = [
  ['skip', /\s+|--[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\//y],
  ['name', /"(?:[^"]|"")*"/y],
  ['literal', /'(?:[^']|'')*'|\$\$[^]*?\$\$|\d[\w.]*/y],
  ['word', /[A-Za-z_]\w*/y],
  ['symbol', /[+\-<>!]=|[^]/y],
];

/** Splits CQL into tokens; comments and blanks are left out, slots are values. */
export function cqlTokens<Value extends Slot | QuotedTemplate | Placeholder>(template: {
  readonly parts: readonly (string | Parameter | Value)[];
}): readonly CqlToken<Value>[] {
  const tokens: CqlToken<Value>[] = [];
  for (const [index, part] of template.parts.entries()) {
    const position = (offset: number): TemplatePosition => ({ part: index, offset });
    if (typeof part === 'string') {
      for (let at = 0, end = 0; at < part.length; at = end) {
        const [kind, pattern] = patterns.find(([, each]) => matchesAt(each, part, at))!;
        end = pattern.lastIndex;
        if (kind !== 'skip')
          tokens.push({ kind, text: part.slice(at, end), from: position(at), to: position(end) });
      }
    } else if (part.kind === 'parameter') {
      throw new Error(`parameter ${part.name} is not bound`);
    } else {
      tokens.push({ kind: 'value', value: part, from: position(0), to: position(1) });
    }
  }
  return tokens;
}

function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
