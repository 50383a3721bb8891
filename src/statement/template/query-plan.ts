import type { AcknowledgedIndexes } from '../../stress-client/acknowledged.ts';
import type { CqlPlan } from '../../stress-client/cql-plan.ts';
import type { Operation, Plan } from '../../stress-client/plan.ts';
import { writeText } from './bytes.ts';
import type { Places } from './places.ts';

/** A compiled QUERY. `pick` is there iff it is filled from its companion's items. */
export interface QueryPlan extends Plan {
  readonly kind: 'query';
  /** Query `index`, filled from item `pick` of its companion (-1 without one), as it is sent. */
  item(index: number, pick: number): string;
  /** The values that RETURNS says each row of its answer has, as CQL writes them; there with RETURNS. */
  answer?(index: number, pick: number): string;
}

/** A query's text as a function of its index and the item picked. */
export class TextQueryPlan implements QueryPlan {
  readonly kind = 'query';
  readonly itemName = 'query';
  readonly batchSize = 1;
  readonly idempotent = true;
  readonly seriesCardinality = 0;
  readonly fieldCount = 0;
  readonly operationBytesAtMost: number;
  readonly cql?: CqlPlan;
  readonly answer?: (index: number, pick: number) => string;
  readonly pick?: (operation: number, acknowledged: AcknowledgedIndexes) => number;
  readonly #places: Places;
  readonly #text: (index: number, pick: number, intendedNs: number) => string;

  constructor(
    text: (index: number, pick: number, intendedNs: number) => string,
    places: Places,
    bytesAtMost: number,
    pick: QueryPlan['pick'],
    cql: CqlPlan | undefined,
    answer: QueryPlan['answer'],
  ) {
    this.#text = text;
    this.#places = places;
    this.operationBytesAtMost = bytesAtMost;
    if (pick !== undefined) this.pick = pick;
    if (cql !== undefined) this.cql = cql;
    if (answer !== undefined) this.answer = answer;
  }

  item(index: number, pick: number): string {
    return this.#text(index, pick, 0);
  }

  indexesOf(operation: number): readonly number[] {
    return [this.#places.indexOf(operation)];
  }

  write(of: Operation, items: number, staging: Uint8Array, offset: number): number {
    if (of.operation >= items) return offset;
    return writeText(this.#text(of.operation, of.pick, of.intendedNs), staging, offset);
  }
}
