import { inert } from './inert.ts';

/** A table of CommonMark's tables (GFM); numbers from the column `numbersFrom` on stand to the right. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbersFrom = 1,
): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownText).join(' | ')} |`;
  const rule = head.map((_, at) => (at < numbersFrom ? '---' : '--:'));
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** A text as Markdown shows it: nothing in it is markup, a link or HTML. */
export function markdownText(text: string): string {
  return inert(text).replace(/[\\`*_{}[\]<>#|~&@]/g, '\\$&');
}
