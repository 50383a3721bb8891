import { parse } from '../../parser/parse.ts';
import { print } from '../../parser/print.ts';
import { syntaxTreeToJson } from '../../parser/syntax-tree-json.ts';
import { ProfileFiles } from '../profile-files.ts';
import { printDiagnostics } from '../terminal.ts';

export interface ParseOptions {
  readonly format: 'json' | 'text';
  readonly compat?: 'influx-v2';
  readonly color: boolean;
}

/** Prints the syntax tree, as JSON or as canonical text; parameters stay unbound. */
export function parseCommand(paths: readonly string[], options: ParseOptions): number {
  const { sources } = new ProfileFiles(paths);
  const { script, diagnostics } = parse(sources, options.compat ? { compatibility: options.compat } : {});
  printDiagnostics(diagnostics, sources, options);
  const json = options.format === 'json';
  process.stdout.write(
    json ? `${JSON.stringify(syntaxTreeToJson(script, sources), null, 2)}\n` : print(script),
  );
  return diagnostics.some(({ severity }) => severity === 'error') ? 2 : 0;
}
