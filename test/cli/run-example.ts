import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { LoadSummary, Summary } from '../../src/reporting/summary.ts';
import { onlyRunFolder, stressql, temporaryFolder } from './stressql.ts';

/**
 * Runs a profile of the examples with parameters such as `HOST=localhost`, and gives what its statements did, by name.
 * Everything must have arrived.
 */
export async function runExample(
  name: string,
  ...parameters: readonly string[]
): Promise<Map<string, LoadSummary>> {
  const out = temporaryFolder();
  const words = parameters.flatMap((each) => ['-p', each]);
  const ran = await stressql(['run', `examples/${name}.sql`, '--no-report', '--out', out, ...words]);
  // Rates and expected times are this machine's matter; that everything arrived is not.
  expect([0, 1, 5], ran.stdout + ran.stderr).toContain(ran.code);
  const summary = JSON.parse(readFileSync(join(onlyRunFolder(out), 'summary.json'), 'utf8')) as Summary;
  const loads = new Map<string, LoadSummary>();
  for (const statement of summary.statements) {
    if (statement.kind === 'pass-through')
      expect(statement.reason ?? statement.outcome, ran.stdout).toMatch(/^ok$|is not the language of Target/);
    if (!('load' in statement) || statement.load === undefined) continue;
    const { name: statementName, state, operations } = statement.load;
    expect(state, `${statementName}\n${ran.stdout}`).toBe('ended');
    expect(operations, `${statementName}\n${ran.stdout}`).toMatchObject({
      failed: 0,
      unknown: 0,
      unsent: 0,
      acknowledged: operations.asked,
    });
    loads.set(statementName, statement.load);
  }
  return loads;
}
