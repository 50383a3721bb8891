import type { Diagnostic } from '../../lexer/diagnostic.ts';
import type { InsertNode } from '../../parser/ast.ts';
import type { LoadOptions, TemplateContext } from '../load-options.ts';
import { compilePoints } from './compile-points.ts';
import { compileRows } from './compile-rows.ts';
import { DiagnosticList } from './diagnostic-list.ts';
import type { InsertPlan } from './insert-plan.ts';

export type { InsertPlan } from './insert-plan.ts';

/** Compiles an INSERT whose parameters are bound; the plan is undefined after an error. */
export function compileInsert(
  node: InsertNode,
  options: LoadOptions,
  context: TemplateContext,
): { plan: InsertPlan | undefined; diagnostics: readonly Diagnostic[] } {
  const diagnostics = new DiagnosticList();
  const { template } = node;
  const plan =
    template.kind === 'point-template'
      ? compilePoints(node, template, options, context, diagnostics)
      : compileRows(node, template, options, context, diagnostics);
  return { plan, diagnostics: diagnostics.items };
}
