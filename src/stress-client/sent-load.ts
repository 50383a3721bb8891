import { LoadRecord } from './load-record.ts';
import type { Lease, LeasePackage } from './package.ts';
import type { Tracer } from './tracer.ts';

/** What a statement has sent to the hub: an INSERT or QUERY with its record, or a MIX with those of its members. */
export class SentLoad {
  readonly statementId: string;
  readonly records: readonly LoadRecord[];
  readonly lease: Lease;
  readonly tracer: Tracer;
  /** Why it failed as a whole. */
  problem: string | undefined;
  /** Why it was ended before its time, without the run. */
  endedBecause: string | undefined;
  /** Its clients have it. */
  started = false;

  constructor({ statementId, loads, lease, tracer }: LeasePackage) {
    this.statementId = statementId;
    this.records = loads.map((load) => new LoadRecord(load));
    this.lease = lease;
    this.tracer = tracer;
  }

  /** The one record, or that of the first member: all have the same schedule. */
  get first(): LoadRecord {
    return this.records[0]!;
  }
}
