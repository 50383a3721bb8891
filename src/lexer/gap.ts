/*
 * Blanks, line ends and comments, as they may stand between two words: sources for expressions. `Reader.commentAt` has
 * the same rule for comments.
 */

const opens = (mark: string): string => String.raw`(?:(?<=\n[^\S\n]*)${mark}|(?<=\s)${mark}(?=\s|$))`;

/** A comment behind a blank or a line end. */
export const comment =
  String.raw`(?:${opens('(?:#|--)')}[^\n]*(?![^\n])` +
  String.raw`|${opens(String.raw`\/\*`)}[^*]*(?:\*(?!\/)[^*]*)*\*\/)`;

// A comment's mark must not be taken for the word that follows.
const rest = String.raw`(?:${comment}\s*)*(?!${opens(String.raw`(?:#|--|\/\*)`)})`;

/** What stands between two words. */
export const gap = String.raw`\s+${rest}`;

/** What may stand between a word and a mark such as `[`. */
export const optionalGap = String.raw`\s*${rest}`;
