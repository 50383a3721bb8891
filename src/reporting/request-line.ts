import { printDuration } from '../lexer/scalar.ts';
import type { Interval, RequestRows, StatementInterval } from '../stress-client/results.ts';

/** A line of requests.ndjson: up to 500 requests of a statement, column by column. */
export interface RequestLine {
  readonly schemaVersion: 1;
  /** Start of the run's clock, milliseconds since 1970. */
  readonly startedMs: number;
  readonly statementId: string;
  readonly name: string;
  readonly kind: 'insert' | 'query';
  readonly position: number;
  readonly tags: Readonly<Record<string, string>>;
  /** What `influx stress` v2 told of a statement, by its names. */
  readonly shape: Readonly<Record<string, string | number>>;
  /** When the outcome was known, since the run's start; strictly rising in a statement. */
  readonly doneNs: readonly number[];
  /** Response time; in a closed model service time. */
  readonly timeNs: readonly number[];
  /** What a write sent, or a query's answer had. */
  readonly bytes: readonly number[];
  /** HTTP status or CQL error code; 0 without an answer. */
  readonly status: readonly number[];
  /** 0 acknowledged, 1 failed, 2 unknown. */
  readonly outcome: readonly number[];
}

const requestsAtMost = 500;

/** The lines of a statement's requests in an interval, each made when it is called for. */
export function* requestLinesLater(
  interval: Interval,
  { identity, requests }: StatementInterval,
): Iterable<() => RequestLine> {
  if (requests === undefined) return;
  const { statementId, name, kind, position, tags } = identity;
  const shape = shapeOf(kind, requests);
  const { startedMs } = interval;
  const head = { schemaVersion: 1, startedMs, statementId, name, kind, position, tags, shape } as const;
  for (const { doneNs, timeNs, bytes, status, outcome } of requests.columns) {
    for (let from = 0; from < doneNs.length; from += requestsAtMost) {
      const part = (column: Float64Array | Uint16Array | Uint8Array): number[] => [
        ...column.subarray(from, from + requestsAtMost),
      ];
      yield () => ({
        ...head,
        doneNs: part(doneNs),
        timeNs: part(timeNs),
        bytes: part(bytes),
        status: part(status),
        outcome: part(outcome),
      });
    }
  }
}

function shapeOf(kind: 'insert' | 'query', requests: RequestRows): RequestLine['shape'] {
  const { settings, batchSize, items, seriesCardinality, fieldCount } = requests;
  const bounded = (count: number): string => (Number.isFinite(count) ? String(count) : 'unlimited');
  return {
    batch_size: batchSize,
    number_targets: settings.Addresses.length,
    precision: settings.Precision,
    query_interval: printDuration(settings.QueryInterval),
    readers: settings.QueryConcurrency,
    write_interval: printDuration(settings.WriteInterval),
    writers: settings.WriteConcurrency,
    ...(kind === 'insert' && {
      number_fields: fieldCount,
      number_points_write: bounded(items),
      number_series: bounded(seriesCardinality),
    }),
  };
}
