import type { Diagnostic } from '../../src/lexer/diagnostic.ts';
import { Source } from '../../src/lexer/source.ts';
import type { LoadNode } from '../../src/parser/ast.ts';
import { parse } from '../../src/parser/parse.ts';
import type { TemplateContext } from '../../src/statement/load-options.ts';
import { readLoadOptions } from '../../src/statement/read-load-options.ts';
import { compileInsert, type InsertPlan } from '../../src/statement/template/compile-insert.ts';
import { compileQuery, type QueryPlan } from '../../src/statement/template/compile-query.ts';
import { defaultSettings, type Settings } from '../../src/stress-client/settings.ts';

export interface Conditions {
  readonly settings?: Partial<Settings>;
  readonly seed?: number;
  readonly compatibility?: 'influx-v2';
  readonly startMs?: number;
  readonly files?: Readonly<Record<string, string>>;
}

export interface Compiled {
  readonly diagnostics: readonly Diagnostic[];
  readonly insert: InsertPlan | undefined;
  readonly query: QueryPlan | undefined;
}

/** Compiles a script of at most one INSERT and one QUERY. */
export function compiled(text: string, conditions: Conditions = {}): Compiled {
  const { script, diagnostics } = parse([new Source('profile.sql', text)]);
  const found = [...diagnostics];
  let insert: InsertPlan | undefined;
  let query: QueryPlan | undefined;
  const { settings, seed = 42, startMs = 0, compatibility, files = {} } = conditions;
  const readFile: TemplateContext['readFile'] = (name) => {
    const file = files[name];
    return file === undefined ? { problem: 'there is no such file' } : { text: file };
  };
  const load = (
    node: LoadNode,
  ): { options: ReturnType<typeof readLoadOptions>['options']; context: TemplateContext } => {
    const read = readLoadOptions(node, { ...defaultSettings(compatibility), ...settings });
    found.push(...read.diagnostics);
    return {
      options: read.options,
      context: { seed, settings: read.settings, startMs, compatibility, readFile },
    };
  };
  for (const node of script.statements) {
    if (node.kind === 'insert') {
      const { options, context } = load(node);
      const result = compileInsert(node, options, context);
      insert = result.plan;
      found.push(...result.diagnostics);
    } else if (node.kind === 'query') {
      const { options, context } = load(node);
      const result = compileQuery(node, insert, options, context);
      query = result.plan;
      found.push(...result.diagnostics);
    }
  }
  return { diagnostics: found, insert, query };
}

/** The plan of a script whose one INSERT has no errors. */
export function insertPlan(text: string, conditions?: Conditions): InsertPlan {
  const { insert, diagnostics } = compiled(text, conditions);
  if (insert === undefined)
    throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return insert;
}

export function queryPlan(text: string, conditions?: Conditions): QueryPlan {
  const { query, diagnostics } = compiled(text, conditions);
  if (query === undefined)
    throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return query;
}

/** A plan of one point template with the given fields or tags, as its lines. */
export function lines(plan: InsertPlan, count: number): string[] {
  return Array.from({ length: count }, (_, index) => plan.item(index));
}
