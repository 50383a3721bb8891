import type { CqlPlan } from '../../cql-plan.ts';
import type { Work } from '../../work.ts';
import type { Sender, TargetError } from '../target.ts';
import type { BoundPlan } from './bind-plan.ts';
import type { PreparedStatement } from './protocol/result.ts';

/** A statement's texts, prepared, with the values for them. */
export interface PreparedWork extends BoundPlan {
  /** Its Keyspace is the name as it is spelt, without quotes: `Shop` is not `shop`. */
  readonly work: Work;
  /** In the order of `texts`. */
  readonly texts: readonly string[];
  readonly prepared: readonly PreparedStatement[];
  readonly batch: CqlPlan['batch'];
}

/** What carries operations to the nodes: frames of our own (`Driver [direct]`), or cassandra-driver. */
export interface CqlTransport {
  /** Connects to the nodes that get the load. */
  open(): Promise<TargetError | undefined>;
  /** Prepares a text in a keyspace, whose name is as it is spelt. */
  prepare(text: string, keyspace: string): Promise<PreparedStatement | TargetError>;
  sender(work: PreparedWork): Promise<Sender | TargetError>;
  /** Hands what senders have gathered in this turn to the sockets; may do nothing. */
  flush(): void;
  /** Closes every socket; attempts in flight are answered as connection-lost first. */
  close(): Promise<void>;
}
