import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generatedSections } from './generated-sections.ts';

/*
 * `npm run docs`: rewrites the parts of the documents that stand between `<!-- generated: name -->` and
 * `<!-- /generated -->` from the tables and types in the code.
 */

export const documents: readonly string[] = [
  'language',
  'syntax-tree',
  'run-folder',
  'reporting-database',
  'cql',
  'compare',
  'cassandra-stress',
].map((name) => fileURLToPath(new URL(`../docs/${name}.md`, import.meta.url)));

/** A document with every generated part as the code has it now. Throws where a mark names no part. */
export function regenerate(text: string): string {
  return text.replace(
    /(<!-- generated: ([\w-]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (_, open: string, name: string, close: string) => {
      const section = generatedSections[name];
      if (section === undefined) throw new Error(`there is no generated part "${name}"`);
      return `${open}\n${section()}\n\n${close}`;
    },
  );
}

if (import.meta.main) {
  for (const path of documents) writeFileSync(path, regenerate(readFileSync(path, 'utf8')));
}
