import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generatedSections } from './generated-sections.ts';

/*
 * `npm run docs`: rewrites the parts of docs/language.md that stand between `<!-- generated: name -->` and
 * `<!-- /generated -->` from the tables in the code.
 */

export const languageReference = fileURLToPath(new URL('../docs/language.md', import.meta.url));

/** The reference with every generated part as the code has it now. Throws where a mark names no table. */
export function regenerate(text: string): string {
  return text.replace(
    /(<!-- generated: ([\w-]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (_, open: string, name: string, close: string) => {
      const section = generatedSections[name];
      if (section === undefined)
        throw new Error(`docs/language.md asks for a table "${name}", which there is none of`);
      return `${open}\n${section()}\n\n${close}`;
    },
  );
}

if (import.meta.main) {
  writeFileSync(languageReference, regenerate(readFileSync(languageReference, 'utf8')));
}
