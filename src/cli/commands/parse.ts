import type { Diagnostic } from '../../lexer/diagnostic.ts';
import { byPlace, readScript } from '../../parser/parse.ts';
import { printStatements } from '../../parser/print.ts';
import { syntaxTreeToJson } from '../../parser/syntax-tree-json.ts';
import { printTexts } from '../print-texts.ts';
import { ProfileFiles } from '../profile-files.ts';
import { printDiagnostics } from '../terminal.ts';

export interface ParseOptions {
  readonly format: 'json' | 'text';
  readonly compat?: 'influx-v2';
  readonly color: boolean;
}

/**
 * Prints the syntax tree, as JSON or as canonical text, and then what is wrong; parameters stay unbound. Statements are
 * printed as they are read, and none is kept.
 */
export async function parseCommand(
  paths: readonly string[],
  { format, color }: ParseOptions,
): Promise<number> {
  const { sources } = new ProfileFiles(paths);
  const diagnostics: Diagnostic[] = [];
  const statements = readScript(sources, (diagnostic) => diagnostics.push(diagnostic));
  await printTexts(format === 'json' ? syntaxTreeToJson(statements, sources) : printStatements(statements));
  printDiagnostics(diagnostics.sort(byPlace), sources, { color });
  return diagnostics.some(({ severity }) => severity === 'error') ? 2 : 0;
}
