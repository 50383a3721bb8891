const longestNs = 1e9;

/**
 * How long to wait after the `setback`-th failure in a row, from 1: `baseNs`, doubling to 1 s, of which a
 * share between a half and the whole that follows from the seed and the operation, so that slots that failed
 * together do not come back together.
 */
export function backoffNs(baseNs: number, setback: number, seed: number, operation: number): number {
  const doubled = Math.min(baseNs * 2 ** Math.min(setback - 1, 40), Math.max(longestNs, baseNs));
  let hash =
    Math.imul(seed ^ Math.imul(operation, 0x9e37_79b1), 0x85eb_ca6b) ^ Math.imul(setback, 0xc2b2_ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a_2d39);
  const share = ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
  return Math.round(doubled * (0.5 + share / 2));
}
