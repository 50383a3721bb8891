import { Source } from '../lexer/source.ts';
import { parse } from '../parser/parse.ts';
import type { Expectation } from '../statement/load-options.ts';
import { readLoadOptions } from '../statement/read-load-options.ts';
import { defaultSettings } from '../stress-client/settings.ts';
import { UsageError } from './usage-error.ts';

/**
 * Reads what --expect says: checks as EXPECT has them, of all INSERTs and QUERYs, or after `name:` of those of that
 * name. Throws UsageError.
 */
export function readExpectation(text: string): Expectation {
  const [, name, checks = ''] = /^\s*(?:([^:<>=!]+?)\s*:)?\s*(.+?)\s*$/su.exec(text) ?? [];
  const head = 'QUERY expected\nSELECT 1\nDO 1\nEXPECT ';
  const { script, diagnostics } = parse([new Source('--expect', head + checks)]);
  const [query] = script.statements;
  const isAlone = query?.kind === 'query' && query.clauses.length === 2 && script.statements.length === 1;
  const read = isAlone ? readLoadOptions(query, defaultSettings()) : undefined;
  const error = [...diagnostics, ...(read?.diagnostics ?? [])].find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new UsageError(`--expect '${text}': ${error.message}`);
  if (read === undefined || read.options.abort !== undefined) {
    throw new UsageError(`--expect '${text}': expected checks, such as 'p99 < 20ms' or 'name: errors = 0'`);
  }
  return { name, checks: read.options.checks };
}
