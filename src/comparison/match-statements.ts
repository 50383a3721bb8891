/** What a statement is found again by in another run. */
interface Matched {
  readonly statement: { readonly kind: string; readonly position: number };
  readonly load: { readonly name: string };
}

/**
 * Pairs the statements of two runs by kind and name. Of several that share both, those at the same position belong
 * together, and of the others the first with the first. In the order of `first`.
 */
export function matchStatements<Statement extends Matched>(
  first: readonly Statement[],
  second: readonly Statement[],
): {
  readonly pairs: readonly (readonly [Statement, Statement])[];
  readonly onlyFirst: readonly Statement[];
  readonly onlySecond: readonly Statement[];
} {
  const left = new Set(second);
  const partners = new Map<Statement, Statement>();
  for (const samePosition of [true, false]) {
    for (const one of first) {
      if (partners.has(one)) continue;
      for (const other of left) {
        if (!isSame(one, other) || (samePosition && one.statement.position !== other.statement.position))
          continue;
        partners.set(one, other);
        left.delete(other);
        break;
      }
    }
  }
  return {
    pairs: first.flatMap((one) => (partners.has(one) ? [[one, partners.get(one)!] as const] : [])),
    onlyFirst: first.filter((one) => !partners.has(one)),
    onlySecond: [...left],
  };
}

function isSame(one: Matched, other: Matched): boolean {
  return one.statement.kind === other.statement.kind && one.load.name === other.load.name;
}
