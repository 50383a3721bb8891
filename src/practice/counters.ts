/** What a practice server has been sent, and how it answered. */
export interface PracticeCounters {
  /** Connections accepted. */
  connections: number;
  /** Every request, /ping and /health too. */
  requests: number;
  writes: number;
  /** Requests with InfluxQL; one may hold several statements. */
  queries: number;
  statements: number;
  /** Points that were taken. */
  points: number;
  /** Points that were refused: a line that is none, or a field of another type. */
  refusedPoints: number;
  /** Bytes of bodies as they arrived. */
  bodyBytes: number;
  /** Answers by HTTP status. */
  byStatus: Record<number, number>;
}

export function emptyCounters(): PracticeCounters {
  return {
    connections: 0,
    requests: 0,
    writes: 0,
    queries: 0,
    statements: 0,
    points: 0,
    refusedPoints: 0,
    bodyBytes: 0,
    byStatus: {},
  };
}
