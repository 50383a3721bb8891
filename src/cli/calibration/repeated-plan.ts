import type { AcknowledgedIndexes } from '../../stress-client/acknowledged.ts';
import type { CqlPlan, CqlValues } from '../../stress-client/cql-plan.ts';
import type { Operation, Plan } from '../../stress-client/plan.ts';

/**
 * The full operations of a plan with `items` items, over and over, however long it takes: operation k is the plan's
 * operation k modulo their number. A plan that its items do not fill one operation of has an operation of them.
 */
export class RepeatedPlan implements Plan {
  readonly kind: Plan['kind'];
  readonly itemName: Plan['itemName'];
  readonly batchSize: number;
  readonly operationBytesAtMost: number;
  readonly idempotent: boolean;
  readonly seriesCardinality: number;
  readonly fieldCount: number;
  readonly cql?: CqlPlan;
  readonly pick?: (operation: number, acknowledged: AcknowledgedIndexes) => number;
  readonly #plan: Plan;
  readonly #items: number;
  readonly #operations: number;
  /** Of the operation that is being written. */
  readonly #repeated = { operation: 0, intendedNs: 0, pick: -1 };

  constructor(plan: Plan, items: number) {
    this.#plan = plan;
    this.#items = items;
    this.batchSize = repeatedBatchSize(plan, items);
    this.#operations = Math.max(1, Math.floor(items / this.batchSize));
    this.kind = plan.kind;
    this.itemName = plan.itemName;
    this.operationBytesAtMost = plan.operationBytesAtMost;
    this.idempotent = plan.idempotent;
    this.seriesCardinality = plan.seriesCardinality;
    this.fieldCount = plan.fieldCount;
    if (plan.cql !== undefined) this.cql = repeatedCql(plan.cql, this.#operations * this.batchSize);
    if (plan.pick !== undefined) {
      this.pick = (operation, acknowledged) => plan.pick!(operation % this.#operations, acknowledged);
    }
  }

  write(of: Operation, _items: number, staging: Uint8Array, offset: number): number {
    const repeated = this.#repeated;
    repeated.operation = of.operation % this.#operations;
    repeated.intendedNs = of.intendedNs;
    repeated.pick = of.pick;
    return this.#plan.write(repeated, this.#items, staging, offset);
  }
}

/** Items of each operation of a RepeatedPlan. */
export function repeatedBatchSize({ batchSize }: Pick<Plan, 'batchSize'>, items: number): number {
  return Math.max(1, Math.min(batchSize, items));
}

function repeatedCql(cql: CqlPlan, items: number): CqlPlan {
  return {
    tables: cql.tables,
    batch: cql.batch,
    schema: cql.schema,
    texts: (keys) => cql.texts(keys),
    bind(prepared, keys) {
      const values = cql.bind(prepared, keys);
      return 'problem' in values ? values : repeatedValues(values, items);
    },
  };
}

function repeatedValues(values: CqlValues, items: number): CqlValues {
  return {
    itemBytesAtMost: values.itemBytesAtMost,
    warnings: values.warnings,
    textOf: (index, pick) => values.textOf(index % items, pick),
    write: (index, pick, intendedNs, staging, offset) =>
      values.write(index % items, pick, intendedNs, staging, offset),
  };
}
