/** The requests of the protocol, by their opcodes. */
export const cqlOpcodes = {
  STARTUP: 0x01,
  OPTIONS: 0x05,
  QUERY: 0x07,
  PREPARE: 0x09,
  EXECUTE: 0x0a,
  REGISTER: 0x0b,
  BATCH: 0x0d,
  AUTH_RESPONSE: 0x0f,
} as const;
export type CqlRequestName = keyof typeof cqlOpcodes;

/** What a practice server that speaks CQL has been sent, and how it answered. */
export interface CqlCounters {
  /** Connections accepted, over all nodes. */
  connections: number;
  openConnections: number;
  openConnectionsAtMost: number;
  /** Frames received by the client's port, of the connections that are open. */
  framesByRemotePort: Record<number, number>;
  /** Every frame received. */
  frames: Record<CqlRequestName, number>;
  /** Of QUERY, EXECUTE and BATCH; nothing is kept of it with `store: false`, but it is counted. */
  rowsWritten: number;
  /** Rows that were answered; those of the system tables don't count. */
  rowsRead: number;
  /** Statements that are prepared now, over all nodes: each has its own. */
  prepared: number;
  /** ERRORs by their code. */
  errors: Record<number, number>;
  /** QUERY, EXECUTE and BATCH by node. */
  requestsByNode: number[];
  /** With `shards`: EXECUTEs by the shard of their connection. */
  executesByShard: number[];
  /** With `shards`: EXECUTEs whose token belongs to another shard than that of their connection. */
  executesOnWrongShard: number;
  requestBytes: number;
}

export function emptyCqlCounters(nodes: number, shards: number): CqlCounters {
  return {
    connections: 0,
    openConnections: 0,
    openConnectionsAtMost: 0,
    framesByRemotePort: {},
    frames: {
      STARTUP: 0,
      OPTIONS: 0,
      QUERY: 0,
      PREPARE: 0,
      EXECUTE: 0,
      REGISTER: 0,
      BATCH: 0,
      AUTH_RESPONSE: 0,
    },
    rowsWritten: 0,
    rowsRead: 0,
    prepared: 0,
    errors: {},
    requestsByNode: Array<number>(nodes).fill(0),
    executesByShard: Array<number>(shards).fill(0),
    executesOnWrongShard: 0,
    requestBytes: 0,
  };
}
