import type { Diagnostic } from '../../src/lexer/diagnostic.ts';
import { Source } from '../../src/lexer/source.ts';
import { BoundScript } from '../../src/parser/bound-script.ts';
import { analyse } from '../../src/statement/analyse.ts';
import type { Analysis } from '../../src/statement/analyse.ts';
import { secretWarnings, warningsOf } from '../../src/statement/warnings.ts';

/** A script as `check` sees it, with a fixed start and no files. */
export function analysed(text: string): { analysis: Analysis; diagnostics: readonly Diagnostic[] } {
  const sources = [new Source('profile.sql', text)];
  const script = new BoundScript(sources, new Map(), {});
  const analysis = analyse(script, sources, {
    seed: undefined,
    startMs: Date.UTC(2026, 0, 1),
    compatibility: undefined,
    readFile: (name) => ({ problem: `${name} does not exist` }),
  });
  return {
    analysis,
    diagnostics: [
      ...script.diagnostics,
      ...script.parameters.diagnostics,
      ...analysis.diagnostics,
      ...secretWarnings(script.secrets),
      ...warningsOf(analysis),
    ],
  };
}
