/** Items to sample from where there is no end of them. */
const unboundedSpan = 1e6;
const goldenRatio = (Math.sqrt(5) - 1) / 2;

/**
 * Up to `size` indexes that stand for all of `items` items (Infinity: for the first million). Spread by the
 * golden ratio: even steps would meet only some digits of an odometer.
 */
export function sampleIndexes(items: number, size: number): readonly number[] {
  const span = Number.isFinite(items) ? items : unboundedSpan;
  if (size >= span) return Array.from({ length: span }, (_, index) => index);
  return Array.from({ length: size }, (_, sample) => Math.floor(((sample * goldenRatio) % 1) * span));
}
