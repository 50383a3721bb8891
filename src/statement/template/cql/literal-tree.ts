import type { ValueSource } from '../value-source.ts';

/** A literal of a list, set, map, UDT, vector or tuple with slots somewhere inside. */
export type LiteralTree =
  /** A slot, or a string with slots. */
  | { readonly kind: 'value'; readonly source: ValueSource }
  /** `5`, `'x'`, `true`, `null`, `0x00`, a UUID; strings unescaped. */
  | { readonly kind: 'constant'; readonly text: string; readonly quoted: boolean }
  /** `[a, b]`. */
  | { readonly kind: 'list'; readonly of: readonly LiteralTree[] }
  /** `(a, b)`. */
  | { readonly kind: 'tuple'; readonly of: readonly LiteralTree[] }
  /** `{a, b}`. */
  | { readonly kind: 'set'; readonly of: readonly LiteralTree[] }
  /** `{a: b}`, a map or a UDT. */
  | { readonly kind: 'map'; readonly of: readonly (readonly [key: LiteralTree, value: LiteralTree])[] };
