import type { CqlPlan, CqlProblem, CqlValues, ExpectedValues } from '../../cql-plan.ts';
import type { PreparedTexts } from './prepare-texts.ts';

/** The values of a plan, fitted to the types that PREPARE told. */
export interface BoundPlan {
  readonly values: CqlValues;
  /** The row that each answer has to consist of, or any; undefined where the plan expects none. */
  readonly expected: ExpectedValues | 'any' | undefined;
}

/** Fits what a plan writes, and the row that it expects of its answers, to the texts that were prepared. */
export function bindPlan(cql: CqlPlan, { answers, keys }: PreparedTexts): BoundPlan | CqlProblem {
  const values = cql.bind(answers, keys);
  if ('problem' in values) return values;
  if (cql.expected === undefined) return { values, expected: undefined };
  const columns = answers[0]!.resultColumns;
  if (cql.expected === 'any') {
    if (columns.length === 0) return { problem: 'RETURNS expects a row, and the answer has no columns' };
    return { values, expected: 'any' };
  }
  if (columns.length !== cql.expected.columns) {
    return {
      problem: `RETURNS has ${counted(cql.expected.columns, 'value')}, the answer ${counted(columns.length, 'column')}`,
      ...(columns.length > 0 && { hint: `its columns are ${columns.map(({ name }) => name).join(', ')}` }),
    };
  }
  const expected = cql.expected.bind(columns.map(({ type }) => type));
  return 'problem' in expected ? expected : { values, expected };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
