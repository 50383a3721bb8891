/**
 * The p values, each as small as it may be so that the chance of one false alarm among all of them stays what is asked:
 * S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6, 1979. It
 * holds however the tests depend on each other.
 */
export function holmAdjusted(pValues: readonly number[]): readonly number[] {
  const order = pValues.map((_, at) => at).toSorted((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = pValues.slice();
  let atLeast = 0;
  for (const [rank, at] of order.entries()) {
    atLeast = Math.max(atLeast, Math.min(1, pValues[at]! * (pValues.length - rank)));
    adjusted[at] = atLeast;
  }
  return adjusted;
}
