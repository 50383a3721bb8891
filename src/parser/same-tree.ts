/** Whether two trees say the same: spans, and whether a text is fenced, do not count. */
export function sameTree(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item: unknown, index) => sameTree(item, other[index]))
    );
  }
  const keys = meaningfulKeys(one);
  return (
    keys.length === meaningfulKeys(other).length &&
    keys.every((key) => sameTree(one[key as never], other[key as never]))
  );
}

function meaningfulKeys(node: object): string[] {
  return Object.keys(node).filter((key) => key !== 'span' && key !== 'fenced');
}
