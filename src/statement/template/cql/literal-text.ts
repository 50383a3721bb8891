import { quoteCqlString } from '../cql-literal.ts';
import type { LiteralTree } from './literal-tree.ts';

/** A literal as CQL writes it. */
export function literalTreeText<Value>(tree: LiteralTree<Value>, textOf: (value: Value) => string): string {
  const all = (of: readonly LiteralTree<Value>[]): string =>
    of.map((each) => literalTreeText(each, textOf)).join(', ');
  switch (tree.kind) {
    case 'value':
      return textOf(tree.value);
    case 'constant':
      return tree.quoted ? quoteCqlString(tree.text) : tree.text;
    case 'list':
      return `[${all(tree.of)}]`;
    case 'tuple':
      return `(${all(tree.of)})`;
    case 'set':
      return `{${all(tree.of)}}`;
    case 'map':
      return `{${tree.of.map((pair) => pair.map((each) => literalTreeText(each, textOf)).join(': ')).join(', ')}}`;
  }
}
