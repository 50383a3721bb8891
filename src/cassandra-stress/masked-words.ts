const mask = '*suppressed*';

/** The words of a command line without the passwords in it. */
export function maskedWords(words: readonly string[]): readonly string[] {
  return words.map((word) => word.replaceAll(/(password\s*=\s*)[^\s,)]+/gi, `$1${mask}`));
}
