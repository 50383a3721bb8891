import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter();

/** Columns of a terminal that text without control characters takes. */
export function displayWidth(text: string): number {
  return isPlain(text) ? text.length : stringWidth(text);
}

/** Text of at most so many columns, its end cut off where it has more. */
export function cutToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return '';
  let kept = '';
  let columns = 0;
  for (const { segment } of graphemes.segment(text)) {
    columns += displayWidth(segment);
    if (columns > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** What most lines are made of: a column a character. */
function isPlain(text: string): boolean {
  return /^[\u0020-\u007e\u2500-\u2593…µ·↑↓›]*$/.test(text);
}
