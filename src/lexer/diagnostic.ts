import type { DiagnosticCode } from './diagnostic-codes.ts';
import type { Span } from './source.ts';

/** What a person must know about a script: an error stops the run before anything is sent, a warning does not. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable across versions; `docs/language.md` lists them. */
  readonly code: DiagnosticCode;
  /** One sentence in the language's own words, naming what was found. No final period. */
  readonly message: string;
  readonly span: Span;
  /** What would have been right here, in the language's words. */
  readonly expected?: readonly string[];
  /** The nearest right word, where a word is nearly right. */
  readonly suggestion?: string;
  /** What to do about it, where that is more than a word. */
  readonly hint?: string;
}
