import type { CqlProblem, ExpectedRow, ExpectedValues } from '../../stress-client/cql-plan.ts';
import { cqlTypeText, type CqlType } from '../../stress-client/cql-type.ts';
import { formatItems } from '../../stress-client/units.ts';
import { markerBytesAtMost } from './bind-markers.ts';
import { inServerOrder } from './cql/server-order.ts';
import type { QueryValue } from './query-text.ts';
import { queryValuesWriter, type QueryPlaces } from './query-values.ts';
import type { ValueEncoder } from './value-source.ts';

/** What RETURNS says that every row of an answer is. */
export class CqlExpectedRow implements ExpectedRow {
  readonly columns: number;
  readonly #values: readonly QueryValue[];
  readonly #places: QueryPlaces;

  constructor(values: readonly QueryValue[], places: QueryPlaces) {
    this.columns = values.length;
    this.#values = values;
    this.#places = places;
  }

  bind(columnTypes: readonly CqlType[]): ExpectedValues | CqlProblem {
    if (columnTypes.length !== this.columns)
      return {
        problem: `the answer has ${formatItems(columnTypes.length, 'column')}, and RETURNS has ${formatItems(this.columns, 'value')}`,
        hint: 'RETURNS has a value for each column, in the order of the answer',
      };
    const encoders: ValueEncoder[] = [];
    for (const [at, type] of columnTypes.entries()) {
      const { text, encoder } = this.#values[at]!.source!;
      const fitted = encoder(type);
      if ('problem' in fitted)
        return {
          ...fitted,
          problem: `value ${at + 1} of RETURNS (${cqlTypeText(type)}): ${text} ${fitted.problem}`,
        };
      encoders.push(inServerOrder(fitted, type));
    }
    const write = queryValuesWriter(encoders, this.#values, this.#places);
    return {
      bytesAtMost: markerBytesAtMost(encoders),
      write: ({ operation, pick, intendedNs }, staging, offset) =>
        write(operation, pick, intendedNs, staging, offset),
    };
  }
}
