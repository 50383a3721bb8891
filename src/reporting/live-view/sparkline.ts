const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * The last values of a series, a character each, on a scale from 0 to `highest`: a full bar is `highest`, a bar of n
 * eighths more than n - 1 of them. `·` is 0, a blank no value. As wide as `width`, the newest at the right.
 */
export function sparkline(
  values: readonly (number | undefined)[],
  { width, highest }: { readonly width: number; readonly highest: number },
): string {
  return values
    .slice(-width)
    .map((value) => {
      if (value === undefined) return ' ';
      if (!(value > 0)) return '·';
      return bars[Math.min(bars.length, Math.max(1, Math.ceil((value / highest) * bars.length))) - 1]!;
    })
    .join('')
    .padStart(width);
}
