import { isDeepStrictEqual } from 'node:util';
import type { types } from 'cassandra-driver';
import type { ExpectedValues } from '../../../cql-plan.ts';
import type { Operation } from '../../../plan.ts';
import type { DriverClient } from './driver-client.ts';

/**
 * Compares the driver's rows with the one that is expected of an operation. The driver keeps no bytes of an answer: so
 * it is asked to read the expected ones too, and what it made of both is compared.
 */
export class ExpectedResult {
  readonly #values: ExpectedValues;
  readonly #client: DriverClient;
  readonly #row: Buffer;

  constructor(values: ExpectedValues, client: DriverClient) {
    this.#values = values;
    this.#client = client;
    this.#row = Buffer.allocUnsafeSlow(values.bytesAtMost);
  }

  /** Whether each row of a page is the expected one. */
  match(of: Operation, { rows, columns }: types.ResultSet): boolean {
    if (rows === undefined || rows.length === 0) return true;
    const row = this.#row;
    const end = this.#values.write(of, row, 0);
    const expected: unknown[] = [];
    for (let at = 0; at < end;) {
      const start = at + 4;
      const length = row.readInt32BE(at);
      const value = length < 0 ? null : row.subarray(start, start + length);
      const column = columns[expected.length];
      if (column === undefined) return false;
      expected.push(this.#client.decode(value, column.type));
      at = start + Math.max(0, length);
    }
    return (
      expected.length === columns.length &&
      rows.every((each) => expected.every((value, column) => isDeepStrictEqual(each.get(column), value)))
    );
  }
}
