import { renderDiagnostic } from '../lexer/render-diagnostic.ts';
import type { Diagnostic } from '../lexer/diagnostic.ts';
import { Source } from '../lexer/source.ts';
import { maskSecrets } from '../parser/mask-secrets.ts';

/** Whether to colour what goes to `stream`: a terminal, unless --no-color or NO_COLOR say otherwise. */
export function wantsColor(stream: NodeJS.WriteStream, option: boolean): boolean {
  return option && stream.isTTY === true && stream.hasColors();
}

/** Prints diagnostics to stderr, with a line that counts them. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[],
  options: { readonly color: boolean },
): void {
  if (diagnostics.length === 0) return;
  const color = wantsColor(process.stderr, options.color);
  const masked = sources.map(({ name, text }) => new Source(name, maskSecrets(text)));
  for (const diagnostic of diagnostics) {
    process.stderr.write(`${renderDiagnostic(diagnostic, masked, { color })}\n\n`);
  }
  process.stderr.write(`${countDiagnostics(diagnostics)}\n`);
}

/** `2 errors, 1 warning`. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const words: string[] = [];
  if (errors > 0) words.push(`${errors} error${errors === 1 ? '' : 's'}`);
  if (warnings > 0) words.push(`${warnings} warning${warnings === 1 ? '' : 's'}`);
  return words.join(', ') || 'no errors, no warnings';
}
