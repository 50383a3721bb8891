import type { LoadStatement, LoadSummary, Summary } from './summary.ts';

export interface LoadedStatement extends LoadStatement {
  readonly load: LoadSummary;
}

/** The INSERTs and QUERYs that have sent, in script order. */
export function loadsOf({ statements }: Pick<Summary, 'statements'>): readonly LoadedStatement[] {
  return statements.flatMap((statement) =>
    'load' in statement && statement.load !== undefined ? [{ ...statement, load: statement.load }] : [],
  );
}
