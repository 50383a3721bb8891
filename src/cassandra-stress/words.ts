import { Refusal } from './refusal.ts';

/** The words of a command line by group, in its order. The first is the command. */
export type Words = ReadonlyMap<string, readonly string[]>;

/**
 * Splits arguments as cassandra-stress does: they are one text, without the blanks around `,`, `=` and parentheses,
 * split at its blanks. Words that begin with `-` begin a group. Ours: blanks between parentheses separate as commas
 * do. Throws Refusal where a group comes twice.
 */
export function splitWords(words: readonly string[]): Words {
  const text = words
    .join(' ')
    .replace(/\s+([,=()])/g, '$1')
    .replace(/([,=(])\s+/g, '$1');
  const groups = new Map<string, readonly string[]>();
  let group: string[] = [];
  for (const [index, word] of withoutInnerBlanks(text).trim().split(/ +/).entries()) {
    if (index > 0 && !word.startsWith('-')) {
      group.push(word);
      continue;
    }
    const name = word.toLowerCase();
    if (groups.has(name)) {
      throw new Refusal(
        `${name} is defined multiple times. Each option/command can be specified at most once.`,
      );
    }
    groups.set(name, (group = []));
  }
  return groups;
}

/** Parentheses that never close are left as they are, to be refused with their word. */
function withoutInnerBlanks(text: string): string {
  return text.replace(/\([^()]*(?:\([^()]*\)[^()]*)*\)/g, (nested) => nested.replace(/\s+/g, ','));
}
