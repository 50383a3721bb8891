/** A literal of a list, set, map, UDT, vector or tuple, with values that are made for each item inside. */
export type LiteralTree<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  /** `5`, `'x'`, `true`, `null`, `0x00`, a UUID, the name of a field; strings unescaped. */
  | { readonly kind: 'constant'; readonly text: string; readonly quoted: boolean }
  /** `[a, b]`. */
  | { readonly kind: 'list'; readonly of: readonly LiteralTree<Value>[] }
  /** `(a, b)`. */
  | { readonly kind: 'tuple'; readonly of: readonly LiteralTree<Value>[] }
  /** `{a, b}`. */
  | { readonly kind: 'set'; readonly of: readonly LiteralTree<Value>[] }
  /** `{a: b}`, a map or a UDT. */
  | {
      readonly kind: 'map';
      readonly of: readonly (readonly [key: LiteralTree<Value>, value: LiteralTree<Value>])[];
    };

/** The same literal with other values in the places of its values. */
export function mapLiteral<From, To>(tree: LiteralTree<From>, to: (value: From) => To): LiteralTree<To> {
  const each = (element: LiteralTree<From>): LiteralTree<To> => mapLiteral(element, to);
  switch (tree.kind) {
    case 'value':
      return { kind: 'value', value: to(tree.value) };
    case 'constant':
      return tree;
    case 'map':
      return { kind: 'map', of: tree.of.map(([key, value]) => [each(key), each(value)]) };
    default:
      return { kind: tree.kind, of: tree.of.map(each) };
  }
}

/** The values of a literal, from first to last. */
export function literalValues<Value>(tree: LiteralTree<Value>): readonly Value[] {
  switch (tree.kind) {
    case 'value':
      return [tree.value];
    case 'constant':
      return [];
    case 'map':
      return tree.of.flat().flatMap(literalValues);
    default:
      return tree.of.flatMap(literalValues);
  }
}
