import type { DiagnosticCode } from '../../lexer/diagnostic-codes.ts';
import type { Diagnostic } from '../../lexer/diagnostic.ts';
import type { Span } from '../../lexer/source.ts';

type More = Pick<Diagnostic, 'expected' | 'suggestion' | 'hint'>;

/** What is found while a template is compiled. */
export class DiagnosticList {
  readonly items: Diagnostic[] = [];

  error(code: DiagnosticCode, span: Span, message: string, more: More = {}): undefined {
    this.items.push({ severity: 'error', code, message, span, ...more });
  }

  warning(code: DiagnosticCode, span: Span, message: string, more: More = {}): void {
    this.items.push({ severity: 'warning', code, message, span, ...more });
  }

  get failed(): boolean {
    return this.items.some((item) => item.severity === 'error');
  }
}
